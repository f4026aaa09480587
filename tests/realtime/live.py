"""A process that delivers, those who listen to it, and the ways it is disturbed."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from realtime.carrier import Carrier
from realtime.cursor import Cursor, numbering
from realtime.entry import Entry, Item
from realtime.hints import Hints, PostgresHints
from realtime.hub import Hub
from tests.realtime.stage import Stage
from tests.waiting import until


@dataclass(frozen=True)
class Live:
    """What one process of the portal has of this folder."""

    stage: Stage
    backend: Carrier
    hints: Hints
    hub: Hub

    async def tell(self, *people: UUID, **event: Any) -> UUID:
        told = await self.stage.tell(*people, **event)
        self.hints.announce()
        return told

    def at(self, who: tuple[UUID, UUID], no: int) -> str:
        """The cursor of entry `no` of that person."""
        return str(Cursor(numbering(self.stage.epoch, who[0]), no))

    async def someone(self, organisation: UUID | None = None) -> tuple[UUID, UUID]:
        """A person and their session."""
        person = await self.stage.person(organisation)
        return person, await self.stage.session(person)

    async def read_up_to(self, no: int) -> None:
        """Return once so much has been read for everybody who listens."""
        await until(lambda: all(place.read_up_to == no for place in self.hub._reader.listeners))

    async def rests(self) -> None:
        """Return once everybody who listens has been read for, and no hint is left to be looked at."""
        reader, ear = self.hub._reader, self.hub._ear
        await until(lambda: not (ear._hinted or any(place.behind for place in reader.listeners)))

    async def follow(self, who: tuple[UUID, UUID], after: str | None = None) -> "Follower":
        """A follower; one that starts from now is listening by now."""
        follower = Follower(self.hub.listen(*who, after, lambda _: True))
        if after is None:
            await until(lambda: bool(follower.items) or follower.ended)
        return follower


@contextlib.asynccontextmanager
async def alive(
    stage: Stage, *, heartbeat: float = 3600.0, hints_dsn: str = "", hub_dsn: str = "", carrier: Carrier | None = None
) -> AsyncIterator[Live]:
    """A process whose hints come through, by this carrier or connected by these addresses where they are given.

    No heartbeat comes within a test that does not ask for one: what is told is not to depend on how long it takes.
    """
    backend = carrier or PostgresHints(hints_dsn or stage.dsn, stage.dsn)
    hints = Hints(backend)
    hub = Hub(hints, stage.pool(hub_dsn), stage.clock, heartbeat=heartbeat)
    await hints.start()
    await hub.start()
    try:
        await until(lambda: backend.echo_alive)
        yield Live(stage, backend, hints, hub)
    finally:
        await hub.stop()
        await hints.stop()


class Follower:
    """Somebody who listens, and keeps what it was told."""

    def __init__(self, stream: AsyncGenerator[Item, None]) -> None:
        self.items: list[Item] = []
        self._stream = stream
        self._task = asyncio.create_task(self._follow())

    @property
    def entries(self) -> list[Entry]:
        return [item for item in self.items if isinstance(item, Entry)]

    @property
    def cursor(self) -> str:
        """Where this follower is, as its client would keep it."""
        return self.items[-1].cursor

    @property
    def numbers(self) -> list[int]:
        return [entry.no for entry in self.entries]

    @property
    def ended(self) -> bool:
        return self._task.done()

    async def told(self, count: int) -> list[Entry]:
        await until(lambda: len(self.entries) >= count)
        return self.entries

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._stream.aclose()

    async def _follow(self) -> None:
        async for item in self._stream:
            self.items.append(item)


class Proxy:
    """A way to the server that can go silent without closing."""

    def __init__(self, stage: Stage, tls: ssl.SSLContext | None = None) -> None:
        self.silent = False
        self._stage = stage
        self._tls = tls
        self._pumps: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> str:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls)
        port = self._server.sockets[0].getsockname()[1]
        return f"postgresql://portal_app@127.0.0.1:{port}/{self._stage.name}?sslmode=disable"

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await self._reach()
        for source, target in ((reader, inner_writer), (inner_reader, writer)):
            pump = asyncio.create_task(self._pump(source, target))
            self._pumps.add(pump)

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_unix_connection(str(self._stage.socket))

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(ConnectionError):
                while data := await source.read(65536):
                    if not self.silent:
                        target.write(data)
                        await target.drain()
        finally:
            target.close()
