"""Reads the log for all listeners of this process together."""

import asyncio
import random
from uuid import UUID

from realtime.entry import Row
from realtime.hints import Ear
from realtime.inbox import InboxLog
from realtime.place import Place
from realtime.sessions import Sessions

CATCHING_UP = 32
Key = tuple[UUID, int]


class Reader:
    """One statement a turn: for everybody who is up to date, and for a few of those who have much to catch up with.

    Those who are up to date are kept by where they are, so that a turn costs by what there is to tell, not by how many
    listen; whoever moves is looked at again.
    """

    def __init__(self, log: InboxLog, ear: Ear, sessions: Sessions) -> None:
        self._log = log
        self._ear = ear
        self._sessions = sessions
        self._epoch = ""
        self._asked: set[Key] = set()
        self._moved: set[Place] = set()
        self._at: dict[Key, list[Place]] = {}
        self._keys: dict[Place, Key | None] = {}

    @property
    def listeners(self) -> list[Place]:
        return list(self._keys)

    def add(self, listener: Place) -> None:
        """It has a place, or another one than before."""
        self._lift(listener)
        self._moved.add(listener)

    def discard(self, listener: Place) -> None:
        self._lift(listener)
        self._moved.discard(listener)
        self._keys.pop(listener, None)

    def wanted_by(self, listener: Place) -> None:
        """Read on without waiting for a hint where this listener has room for what is known to be there."""
        if listener.behind and listener in self._keys:
            self.add(listener)
            if listener.hungry:
                self._ear.nudge()

    async def turn(self) -> None:
        """Read and hand out once, then wait until there may be more."""
        if places := self._places():
            await self._hand_out(places)
        if any(listener.behind and listener.hungry for listener in self._moved):
            await asyncio.sleep(0)
        else:
            await self._ear.wait()

    def _lift(self, listener: Place) -> None:
        if key := self._keys.get(listener):
            here = self._at[key]
            here.remove(listener)
            if not here:
                del self._at[key]
        self._keys[listener] = None

    def _places(self) -> dict[Key, list[Place]]:
        """Those to read for now, grouped by where they are: the screens of one person mostly are at one place."""
        behind: list[Place] = []
        soon: list[Place] = []
        for listener in list(self._moved):
            if listener.hungry and listener.behind:
                (soon if listener.few else behind).append(listener)
            elif listener.hungry:
                self._settle(listener)
        places = {key: here.copy() for key, here in self._at.items()} if behind or soon else self._at.copy()
        self._asked.clear()
        for listener in soon + random.sample(behind, min(len(behind), CATCHING_UP)):
            key = (listener.person_id, listener.read_up_to)
            self._asked.add(key)
            places.setdefault(key, []).append(listener)
        return places

    def _settle(self, listener: Place) -> None:
        self._moved.discard(listener)
        key = self._keys[listener] = (listener.person_id, listener.read_up_to)
        self._at.setdefault(key, []).append(listener)

    async def _hand_out(self, places: dict[Key, list[Place]]) -> None:
        page = await self._log.entries(list(places))
        everybody, self._epoch = page.epoch != self._epoch, page.epoch
        found = [
            (key[1], list(listeners), rows)
            for (key, listeners), rows in zip(places.items(), page.rows, strict=True)
            if rows or everybody or key in self._asked
        ]
        ended = await self._ended(found)
        for no, listeners, rows in found:
            for listener in listeners:
                stays = listener in self._keys and listener.hungry and listener.read_up_to == no
                if stays and not (rows and listener.session_id in ended):
                    self.add(listener)
                    listener.fill(page.epoch, rows)

    async def _ended(self, found: list[tuple[int, list[Place], list[Row]]]) -> set[UUID]:
        """Asked after the page was read: nobody is handed anything whose session had ended by then."""
        told = {listener.session_id for _, listeners, rows in found if rows for listener in listeners}
        ended = await self._log.ended(told) if told else set()
        self._sessions.end(ended)
        return ended
