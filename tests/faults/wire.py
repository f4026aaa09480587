"""The way from a server to its database, which a test can disturb for the connections of one name."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NAME = b"application_name\0"
NOTIFICATION = b"A"
LISTENING, TELLING = "portal-listen", "portal-notify"


@dataclass(eq=False)
class Way:
    """One connection; `dead` once something that went over it has been swallowed."""

    name: str
    ends: tuple[asyncio.StreamWriter, asyncio.StreamWriter]
    dead: bool = False
    half: bytes = field(default=b"")

    def cut(self) -> None:
        for end in self.ends:
            end.transport.abort()

    def without_notifications(self, data: bytes) -> bytes:
        """What a pooler passes on of it that lends the server connection to others between statements."""
        data, passed = self.half + data, b""
        while len(data) >= 5 and len(data) > int.from_bytes(data[1:5]):
            length = int.from_bytes(data[1:5]) + 1
            passed += b"" if data[:1] == NOTIFICATION else data[:length]
            data = data[length:]
        self.half = data
        return passed


class Wire:
    """A TCP address in front of the database's socket. A connection is called what it calls itself at its start."""

    def __init__(self, socket: Path, database: str) -> None:
        self._socket = socket
        self._database = database
        self._silent: set[str] = set()
        self._pumps: set[asyncio.Task[None]] = set()
        self.ways: set[Way] = set()
        self.deaf = False
        self.shut = False

    @property
    def url(self) -> str:
        return f"postgresql://portal_app@127.0.0.1:{self._port}/{self._database}?sslmode=disable"

    @contextmanager
    def silence(self, name: str) -> Iterator[None]:
        """Nothing arrives, on either side, over connections of this name, and none of them is closed.

        One over which something was swallowed stays as it is; those that are made afterwards work.
        """
        self._silent.add(name)
        try:
            yield
        finally:
            self._silent.discard(name)

    def cut(self, *names: str) -> None:
        """Break the connections of these names, or all."""
        for way in list(self.ways):
            if not names or way.name in names:
                way.cut()

    @asynccontextmanager
    async def laid(self) -> AsyncIterator["Wire"]:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for pump in self._pumps:
                pump.cancel()
            await asyncio.gather(*self._pumps, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self.shut:
                raise ConnectionError
            first = await _opening(reader)
            inner_reader, inner_writer = await asyncio.open_unix_connection(str(self._socket))
        except (OSError, asyncio.IncompleteReadError):  # the database is away
            writer.transport.abort()
            return
        way = Way(_name_in(first), (writer, inner_writer))
        self.ways.add(way)
        if not self._swallowed(way):
            inner_writer.write(first)
        self._pump(way, self._to_server(way, reader, inner_writer))
        self._pump(way, self._to_client(way, inner_reader, writer))

    def _pump(self, way: Way, work: Coroutine[Any, Any, None]) -> None:
        def ended(pump: asyncio.Task[None]) -> None:
            self._pumps.discard(pump)
            self.ways.discard(way)
            way.cut()

        pump = asyncio.create_task(work)
        self._pumps.add(pump)
        pump.add_done_callback(ended)

    async def _to_server(self, way: Way, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                if not self._swallowed(way):
                    target.write(data)
                    await target.drain()

    async def _to_client(self, way: Way, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                if not self._swallowed(way):
                    target.write(way.without_notifications(data) if self.deaf else data)
                    await target.drain()

    def _swallowed(self, way: Way) -> bool:
        way.dead = way.dead or way.name in self._silent
        return way.dead


async def _opening(reader: asyncio.StreamReader) -> bytes:
    """The message with which a client says who it is."""
    length = await reader.readexactly(4)
    return length + await reader.readexactly(int.from_bytes(length) - 4)


def _name_in(first: bytes) -> str:
    return first.partition(NAME)[2].partition(b"\0")[0].decode()
