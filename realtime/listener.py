"""Somebody who comes and takes the entries of a log one by one."""

import asyncio
import contextlib
from collections.abc import Callable
from uuid import UUID

from realtime.entry import Entry
from realtime.place import Place


class Listener(Place):
    """Hands out what `wants` chooses, which sees entries before they are made tombstones."""

    __slots__ = ("_news", "_wants", "at_rest")

    def __init__(self, person_id: UUID, session_id: UUID, wants: Callable[[Entry], bool]) -> None:
        super().__init__(person_id, session_id)
        self._wants = wants
        self._news = asyncio.Event()
        self.at_rest = False

    def awake(self) -> None:
        self._news.set()

    def take(self) -> Entry | None:
        """The next entry that is wanted, or None where there is none to hand out now."""
        while row := self.pop():
            entry = row.entry(self.cursor, self.last)
            if self._wants(entry):
                self.spoke()
                return entry if row.told.visible else entry.tombstone()
        return None

    async def news(self, seconds: float) -> None:
        """Wait until something changed, at most this long; meanwhile all that was handed out has been dealt with."""
        self.at_rest = not self._news.is_set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()
        self.at_rest = False
        self._news.clear()
