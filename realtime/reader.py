"""Reads the log for all listeners of this process together."""

import asyncio
import random
from collections.abc import Sequence
from uuid import UUID

from realtime.entry import Row
from realtime.hints import Ear
from realtime.inbox import InboxLog, Page
from realtime.party import Parties, Party
from realtime.place import Place
from realtime.sessions import Sessions

CATCHING_UP = 32


class Reader:
    """One statement a turn: for everybody who is up to date, where there was a hint or it is time, and for a few of
    those who have much to catch up with; who comes or catches up costs nothing for the others.

    Those who are up to date are kept by where they are, and move on together, so that a turn costs by what there is to
    tell, not by how many listen; whoever cannot move with the others is looked at again.
    """

    def __init__(self, log: InboxLog, ear: Ear, sessions: Sessions) -> None:
        self._log = log
        self._ear = ear
        self._sessions = sessions
        self._epoch = ""
        self._listeners: set[Place] = set()
        self._moved: set[Place] = set()
        self._parties = Parties()

    @property
    def listeners(self) -> list[Place]:
        return list(self._listeners)

    def add(self, listener: Place) -> None:
        """It has a place, or another one than before."""
        self._parties.leave(listener)
        self._listeners.add(listener)
        self._moved.add(listener)

    def discard(self, listener: Place) -> None:
        self._parties.leave(listener)
        self._listeners.discard(listener)
        self._moved.discard(listener)

    def wanted_by(self, listener: Place) -> None:
        """Read on without waiting for a hint where this listener has room for what is known to be there."""
        if listener.behind and listener in self._listeners:
            self.add(listener)
            if listener.hungry:
                self._ear.nudge()

    async def turn(self) -> None:
        """Read and hand out once, then wait until there may be more."""
        catching_up = self._catching_up()
        everybody = self._parties if self._ear.due else ()
        if parties := [*everybody, *catching_up]:
            await self._hand_out(parties, len(catching_up))
        if any(listener.behind and listener.hungry for listener in self._moved):
            await asyncio.sleep(0)
        else:
            await self._ear.wait()

    def _catching_up(self) -> list[Party]:
        """Those to read for now who are not up to date; whoever has come to be is with the others from now on."""
        behind: list[Place] = []
        soon: list[Place] = []
        for listener in list(self._moved):
            if listener.hungry and listener.behind:
                (soon if listener.few else behind).append(listener)
            elif listener.hungry:
                self._moved.discard(listener)
                self._parties.join(listener)
        found: dict[tuple[UUID, int], Party] = {}
        for listener in soon + random.sample(behind, min(len(behind), CATCHING_UP)):
            key = (listener.person_id, listener.read_up_to)
            found.setdefault(key, Party(str(listener.person_id), listener.read_up_to)).members.append(listener)
        return list(found.values())

    async def _hand_out(self, parties: list[Party], catching_up: int) -> None:
        page = await self._log.entries([party.asked for party in parties])
        others = len(parties) - catching_up
        anew, ended = page.epoch != self._epoch, set[UUID]()
        if others:
            self._epoch = page.epoch
        for position, (party, rows) in enumerate(zip(parties, page.rows, strict=True)):
            if rows or anew or position >= others:
                self._tell(party, rows, page, ended)
        self._sessions.end(ended)

    def _tell(self, party: Party, rows: Sequence[Row], page: Page, ended: set[UUID]) -> None:
        """Hand them what was read, unless their session had ended by then: those are noted."""
        epoch, alive, no = page.epoch, page.alive, party.no
        for listener in party.members.copy():
            if rows and listener.session_id not in alive:
                ended.add(listener.session_id)
            elif listener.fill(epoch, no, rows):
                continue
            if listener in self._listeners:
                self.add(listener)
        if rows and party in self._parties:
            party.move(rows)
            self._parties.gather(party)
