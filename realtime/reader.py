"""Reads the log for all listeners of this process together."""

import asyncio
import random
from uuid import UUID

from realtime.hints import Ear
from realtime.inbox import InboxLog, Page
from realtime.place import Place
from realtime.sessions import Sessions

CATCHING_UP = 32


class Reader:
    """One statement a turn: for everybody who is up to date, and for a few of those who have much to catch up with."""

    def __init__(self, log: InboxLog, ear: Ear, sessions: Sessions) -> None:
        self._log = log
        self._ear = ear
        self._sessions = sessions
        self.listeners: set[Place] = set()

    def wanted_by(self, listener: Place) -> None:
        """Read on without waiting for a hint where this listener has room for what is known to be there."""
        if listener.behind and listener.hungry:
            self._ear.nudge()

    async def turn(self) -> None:
        """Read and hand out once, then wait until there may be more."""
        if places := self._places():
            await self._hand_out(places)
        if any(listener.behind and listener.hungry for listener in self.listeners):
            await asyncio.sleep(0)
        else:
            await self._ear.wait()

    def _places(self) -> list[list[Place]]:
        """Those to read for now, grouped by where they are: the screens of one person mostly are at one place."""
        hungry = [listener for listener in self.listeners if listener.hungry]
        behind = [listener for listener in hungry if listener.behind]
        chosen = [listener for listener in hungry if not listener.behind]
        chosen += random.sample(behind, min(len(behind), CATCHING_UP))
        places: dict[tuple[int, int], list[Place]] = {}
        for listener in chosen:
            places.setdefault((listener.person_id.int, listener.read_up_to), []).append(listener)
        return list(places.values())

    async def _hand_out(self, places: list[list[Place]]) -> None:
        asked = [(listener.person_id, listener.read_up_to) for listener, *_ in places]
        page = await self._log.entries(asked)
        ended = await self._ended(places, page)
        for (_, no), listeners, rows in zip(asked, places, page.rows, strict=True):
            for listener in listeners:
                if listener.read_up_to == no and not (rows and listener.session_id in ended):
                    listener.fill(page.epoch, rows)

    async def _ended(self, places: list[list[Place]], page: Page) -> set[UUID]:
        """Asked after the page was read: nobody is handed anything whose session had ended by then."""
        groups = zip(places, page.rows, strict=True)
        told = {listener.session_id for listeners, rows in groups if rows for listener in listeners}
        ended = await self._log.ended(told) if told else set()
        self._sessions.end(ended)
        return ended
