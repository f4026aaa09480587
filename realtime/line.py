"""The line that hints travel on by default: LISTEN and NOTIFY on one channel, each on a connection of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg

from realtime.carrier import BEAT, CHANNEL, CONNECTING, SPEAKING, SupervisedCarrier

__all__ = ["BEAT", "CHANNEL", "PostgresHints"]

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class PostgresHints(SupervisedCarrier):
    """Hints through the database itself. `listen_dsn` must reach it directly, or through a pooler by session."""

    def __init__(self, listen_dsn: str, publish_dsn: str | None = None) -> None:
        super().__init__()
        self._listen_dsn = listen_dsn
        self._publish_dsn = publish_dsn or listen_dsn

    @asynccontextmanager
    async def _line(self, lost: asyncio.Event) -> AsyncIterator[None]:
        line = await _open(self._listen_dsn, "portal-listen")
        try:
            line.add_termination_listener(lambda _: lost.set())
            async with asyncio.timeout(CONNECTING):
                await line.add_listener(CHANNEL, self._on_notify)
            yield
        finally:
            line.terminate()

    async def _open_mouth(self) -> "Notifying":
        return Notifying(await _open(self._publish_dsn, "portal-notify"))

    def _on_notify(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        self._on_said(payload)


class Notifying:
    """NOTIFY on a connection of its own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def say(self, channel: str, message: str) -> None:
        await self._connection.execute("select pg_notify($1, $2)", channel, message, timeout=SPEAKING)

    async def hang_up(self) -> None:
        self._connection.terminate()


async def _open(dsn: str, name: str) -> Connection:
    return await asyncpg.connect(
        dsn, timeout=CONNECTING, statement_cache_size=0, server_settings={"application_name": name}
    )
