"""Connections to the database, lent to one reader after the other."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import asyncpg

from realtime.recovery import FAULTS

Connection = Any
Open = Callable[[], Awaitable[Connection]]


class Connections:
    """At most `size` connections, opened when they are first needed; whoever comes when all are lent waits in turn.

    What is given back has no transaction left on it. It stays as it is: everything that a transaction sets here is
    local to it, so nothing is reset between two readers.
    """

    def __init__(self, open_: Open, size: int) -> None:
        self._open = open_
        self._room = size
        self._idle: list[Connection] = []
        self._waiting: deque[asyncio.Future[Connection | None]] = deque()
        self._closed = False

    async def take(self) -> Connection:
        """A connection that is open, as far as is known; raises what opening one raises."""
        while True:
            if self._closed:
                raise asyncpg.InterfaceError("The connections are closed.")
            while self._idle:
                connection = self._idle.pop()
                if not connection.is_closed():
                    return connection
                self._room += 1
            if self._room:
                return await self._opened()
            connection = await self._lent()
            if connection is not None:
                return connection

    def give_back(self, connection: Connection) -> None:
        """Take back a connection without a transaction on it, and lend it to whoever has waited longest."""
        if self._closed or connection.is_closed():
            self.discard(connection)
        elif not self._told(connection):
            self._idle.append(connection)

    def discard(self, connection: Connection) -> None:
        """Never lend it again: something was interrupted on it."""
        connection.terminate()
        self._make_room()

    async def close(self) -> None:
        """Close what is idle now, and the others as they are given back; one that is gone already is no fault."""
        self._closed = True
        while self._waiting:
            self._told(None)
        while self._idle:
            with suppress(*FAULTS):  # the driver aborts what cannot be closed
                await self._idle.pop().close(timeout=5)

    async def _opened(self) -> Connection:
        self._room -= 1
        try:
            return await self._open()
        except BaseException:
            self._make_room()
            raise

    async def _lent(self) -> Connection | None:
        """The next connection given back; None when there is room for a new one."""
        turn: asyncio.Future[Connection | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._pass_on(turn.result())
            raise

    def _pass_on(self, connection: Connection | None) -> None:
        if connection is None:
            self._told(None)
        else:
            self.give_back(connection)

    def _make_room(self) -> None:
        self._room += 1
        self._told(None)

    def _told(self, connection: Connection | None) -> bool:
        """Whether somebody was waiting, and has it now."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(connection)
                return True
        return False
