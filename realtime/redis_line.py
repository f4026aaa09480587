"""Hints through Redis or Valkey, supervised like those through the database: broadcaster's own backend just ends."""

import asyncio
import math
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from realtime.carrier import CHANNEL, CONNECTING, SPEAKING, SupervisedCarrier
from realtime.recovery import CarrierFault

if TYPE_CHECKING:
    from redis.asyncio.connection import AbstractConnection

UNTIMED: Final = {"socket_timeout": None, "socket_connect_timeout": CONNECTING}  # time is kept here


class RedisHints(SupervisedCarrier):
    """Hints by PUBLISH and SUBSCRIBE, each on a plain connection that nothing but the supervision reconnects.

    Raises ValueError, TypeError or AttributeError where the address cannot be one. The client library is imported
    where it is used.
    """

    def __init__(self, url: str) -> None:
        from redis.asyncio.connection import ConnectionPool
        from redis.exceptions import RedisError

        super().__init__()
        if urlsplit(url).path.strip("/").strip("0123456789"):
            raise ValueError("a database of Redis has a number")
        try:
            self._pool: ConnectionPool = ConnectionPool.from_url(url, protocol=2, driver_info=None, **UNTIMED)
            self._pool.make_connection()  # options that do not exist are found now
        except RedisError as fault:
            raise ValueError(type(fault).__name__) from None

    @asynccontextmanager
    async def _line(self, lost: asyncio.Event) -> AsyncIterator[None]:
        line = await self._connected("portal-listen")
        try:
            with translated():
                async with asyncio.timeout(CONNECTING):
                    await line.send_command("SUBSCRIBE", CHANNEL)
                    await line.read_response()
            hearing = asyncio.create_task(self._hear(line), name="portal-listen")
            hearing.add_done_callback(lambda _: lost.set())
            try:
                yield
            finally:
                hearing.cancel()
                await asyncio.gather(hearing, return_exceptions=True)
        finally:
            await line.disconnect(nowait=True)

    async def _open_mouth(self) -> "Publishing":
        return Publishing(await self._connected("portal-notify"))

    async def _hear(self, line: "AbstractConnection") -> None:
        while True:
            _, _, message = await line.read_response(timeout=math.inf)
            self._on_said(message.decode(errors="replace"))

    async def _connected(self, name: str) -> "AbstractConnection":
        connection: AbstractConnection = self._pool.make_connection()
        connection.client_name = name
        try:
            with translated():
                async with asyncio.timeout(CONNECTING):
                    await connection.connect()
        except BaseException:
            await connection.disconnect(nowait=True)
            raise
        return connection


class Publishing:
    """PUBLISH on a connection of its own."""

    def __init__(self, connection: "AbstractConnection") -> None:
        self._connection = connection

    async def say(self, channel: str, message: str) -> None:
        with translated():
            async with asyncio.timeout(SPEAKING):
                await self._connection.send_command("PUBLISH", channel, message)
                await self._connection.read_response()

    async def hang_up(self) -> None:
        await self._connection.disconnect(nowait=True)


@contextmanager
def translated() -> Iterator[None]:
    """Faults of the client library as one that this folder waits out."""
    from redis.exceptions import RedisError

    try:
        yield
    except RedisError as fault:
        raise CarrierFault(type(fault).__name__) from None
