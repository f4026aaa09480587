"""Which sessions this process has open, and who is to be told when one ends."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from realtime.ports import Clock

Close = Callable[[], None]


@dataclass(eq=False, slots=True)
class Watch:
    """One who wants to know of one session's end."""

    session_id: UUID
    close: Close
    timer: asyncio.TimerHandle | None = field(default=None)


class Sessions:
    """Each watch is told once, from the event loop; a watch that was given up is not told."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._watches: defaultdict[UUID, set[Watch]] = defaultdict(set)

    @property
    def watched(self) -> set[UUID]:
        return set(self._watches)

    def watch(self, session_id: UUID, close: Close, expires_at: datetime | None = None) -> Callable[[], None]:
        """Call `close` when the session ends, or at `expires_at` by the clock; calling what is returned gives up."""
        watch = Watch(session_id, close)
        self._watches[session_id].add(watch)
        if expires_at:
            self._at(expires_at, watch)
        return lambda: self._forget(watch)

    def end(self, sessions: Iterable[UUID]) -> None:
        for session_id in sessions:
            for watch in list(self._watches.get(session_id, ())):
                self._tell(watch)

    def _at(self, expires_at: datetime, watch: Watch) -> None:
        """The clock may be set, so the timer only leads to another look at it."""
        left = (expires_at - self._clock()).total_seconds()
        if left <= 0:
            self._tell(watch)
        else:
            watch.timer = asyncio.get_running_loop().call_later(left, self._at, expires_at, watch)

    def _tell(self, watch: Watch) -> None:
        self._forget(watch)
        asyncio.get_running_loop().call_soon(watch.close)

    def _forget(self, watch: Watch) -> None:
        if watch.timer:
            watch.timer.cancel()
        watches = self._watches.get(watch.session_id, set())
        watches.discard(watch)
        if not watches:
            self._watches.pop(watch.session_id, None)
