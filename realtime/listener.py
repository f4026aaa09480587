"""One listener's place in a log: what was read for it, and what it has been given."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Sequence
from time import monotonic
from uuid import UUID

import asyncpg

from realtime.cursor import Cursor, numbering
from realtime.entry import Entry, Heartbeat, Reason, Resync
from realtime.inbox import PAGE

QUEUE = 256
FRESH = 1.0


class Listener:
    """At most 256 entries wait for it; the rest waits in the log.

    An entry that waited longer than a second is not handed out: the queue is dropped and read again, so that a slow
    listener is not told what was withdrawn while it was busy.
    """

    def __init__(self, person_id: UUID, session_id: UUID, wants: Callable[[Entry], bool]) -> None:
        self.person_id = person_id
        self.session_id = session_id
        self.read_up_to = 0
        self.behind = True
        self.ended = False
        self.fault: Reason | None = None
        self._wants = wants
        self._placed = False
        self._seen = Cursor("", 0)
        self._last = ""
        self._spoke_at = monotonic()
        self._reread_at = -1
        self._queue: deque[tuple[float, asyncpg.Record]] = deque()
        self._news = asyncio.Event()

    @property
    def hungry(self) -> bool:
        """Whether a page may be read for it."""
        return self._placed and not self.ended and len(self._queue) <= QUEUE - PAGE

    @property
    def quiet_for(self) -> float:
        """Seconds since the last item."""
        return monotonic() - self._spoke_at

    def place(self, cursor: Cursor) -> None:
        """Go on from here."""
        self._seen, self.read_up_to, self.fault = cursor, cursor.no, None
        self._last = str(cursor)
        self.behind = self._placed = True

    def fill(self, epoch: str, rows: Sequence[asyncpg.Record]) -> None:
        """Take what was read after `read_up_to`, or find that it does not follow."""
        if numbering(epoch, self.person_id) != self._seen.epoch:
            return self._lose_place(Reason.EPOCH_CHANGED)
        if rows and rows[-1]["no"] != self.read_up_to + len(rows):
            return self._lose_place(Reason.OLDER_THAN_RETAINED)
        self.behind = len(rows) == PAGE
        if rows:
            now = monotonic()
            self._queue.extend((now, row) for row in rows)
            self.read_up_to += len(rows)
            self._news.set()

    def take(self) -> Entry | None:
        """The next entry that is wanted, or None where there is none to hand out now."""
        while row := self._pop():
            self._seen = Cursor(self._seen.epoch, row["no"])
            entry = Entry.of(row, cursor=self._seen, after=self._last)
            if self._wants(entry):
                self._spoke(entry.cursor)
                return entry if row["visible"] else entry.tombstone()
        return None

    def heartbeat(self) -> Heartbeat:
        return Heartbeat(self._spoke(str(self._seen)))

    def resync(self, reason: Reason) -> Resync:
        return Resync(reason, self._spoke(str(self._seen)))

    def end(self) -> None:
        """Nothing more is handed out."""
        self.ended = True
        self._queue.clear()
        self._news.set()

    async def news(self, seconds: float) -> None:
        """Wait until something changed, at most this long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()
        self._news.clear()

    def _spoke(self, cursor: str) -> str:
        self._spoke_at, self._last = monotonic(), cursor
        return cursor

    def _pop(self) -> asyncpg.Record | None:
        if self._queue and self._stale():
            self._queue.clear()
            self.read_up_to = self._reread_at = self._seen.no
            self.behind = True
        return self._queue.popleft()[1] if self._queue else None

    def _stale(self) -> bool:
        """What was read twice is taken even so: a slow loop must not keep a listener from moving on."""
        return monotonic() - self._queue[0][0] > FRESH and self._seen.no != self._reread_at

    def _lose_place(self, reason: Reason) -> None:
        self._queue.clear()
        self.fault, self._placed = reason, False
        self._news.set()
