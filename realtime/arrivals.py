"""Those who have just come, or have lost their place: placed together, by one statement for as many as there are."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from realtime.inbox import InboxLog, Standing
from realtime.place import Place
from realtime.pushed import Pushed
from realtime.sessions import Sessions

log = logging.getLogger("portal.hub")

TOGETHER = 0.002


class Arrivals:
    """`welcome` is told of each that has its place now, before anything is handed to it.

    Whose session had ended by then is not placed, and told nothing, not even where now is.
    """

    def __init__(self, log: InboxLog, sessions: Sessions, welcome: Callable[[Place], None]) -> None:
        self._log = log
        self._sessions = sessions
        self._welcome = welcome
        self._waiting: dict[Pushed, None] = {}
        self._come = asyncio.Event()

    def add(self, listener: Place) -> None:
        if isinstance(listener, Pushed):
            self._waiting[listener] = None
            self._come.set()

    def forget(self, listener: Pushed) -> None:
        self._waiting.pop(listener, None)

    async def turn(self) -> None:
        """Wait until somebody comes, and place everybody who has come by then; nobody is forgotten where that fails."""
        await self._come.wait()
        await asyncio.sleep(TOGETHER)
        self._come.clear()
        come, self._waiting = list(self._waiting), {}
        try:
            standings = await self._log.standings({listener.person_id for listener in come})
            ended = await self._log.ended({listener.session_id for listener in come})
        except Exception:
            self._again(come)
            raise
        self._sessions.end(ended)
        for listener in come:
            if not listener.ended and listener.session_id not in ended:
                self._place(listener, standings)

    def _place(self, listener: Pushed, standings: Mapping[UUID, Standing]) -> None:
        try:
            self._welcome(listener)
            listener.open(standings[listener.person_id])
        except Exception as fault:
            log.exception("a subscription cannot be placed")
            listener.fail(fault)

    def _again(self, come: Iterable[Pushed]) -> None:
        for listener in come:
            if not listener.ended:
                self.add(listener)
