"""One subscription's place in a log: what was read for it, and what it has been given."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from time import monotonic
from uuid import UUID

from realtime.cursor import Cursor, numbering, written
from realtime.entry import Heartbeat, Reason, Resync, Row
from realtime.inbox import PAGE, Standing

QUEUE = 256
FRESH = 1.0
FEW = 8


class Place(ABC):
    """At most 256 entries wait for it; the rest waits in the log.

    An entry that waited longer than a second is not handed out: the queue is dropped and read again, so that a slow
    listener is not told what was withdrawn while it was busy. Everything up to `cursor` has been dealt with, and
    `last` is what it was when something was told.
    """

    __slots__ = (
        "_epoch", "_life", "_no", "_placed", "_queue", "_read_at", "_reread_at", "_spoke_at", "behind", "cursor",
        "ended", "fault", "few", "last", "person_id", "read_up_to", "session_id",
    )  # fmt: skip

    def __init__(self, person_id: UUID, session_id: UUID) -> None:
        self.person_id = person_id
        self.session_id = session_id
        self.read_up_to = 0
        self.behind = True
        self.ended = self.few = False
        self.fault: Reason | None = None
        self.cursor = self.last = ""
        self._placed = False
        self._life, self._epoch, self._no = "", "", 0
        self._spoke_at = monotonic()
        self._read_at = 0.0
        self._reread_at = -1
        self._queue: list[Row] = []

    @abstractmethod
    def awake(self) -> None:
        """There is something to do for it: entries, a lost place, or its end."""

    @property
    def hungry(self) -> bool:
        """Whether a page may be read for it."""
        return self._placed and not self.ended and len(self._queue) <= QUEUE - PAGE

    @property
    def up_to_date(self) -> bool:
        """Whether it may wait with others for what comes next."""
        return self._placed and not self.behind and not self.ended and len(self._queue) <= QUEUE - PAGE

    @property
    def quiet_for(self) -> float:
        """Seconds since the last item."""
        return monotonic() - self._spoke_at

    def place(self, cursor: Cursor, head: int | None = None) -> None:
        """Go on from here; `head` tells how far the log reaches, so that who has missed little need not wait."""
        self._life, self._epoch, self._no = "", cursor.epoch, cursor.no
        self.read_up_to, self.fault = cursor.no, None
        self.last = self.cursor = written(cursor.epoch, cursor.no)
        self.behind = self._placed = True
        self.few = head is not None and head - cursor.no <= FEW

    def take_up(self, standing: Standing, after: str | None) -> Heartbeat | Resync | None:
        """Go on after this cursor, or from now where there is none or it leads nowhere; what is to be told first."""
        lost = self.fault
        cursor, reason = standing.take_up(after) if after is not None and not lost else (standing.now, lost)
        self.place(cursor, standing.head)
        if reason:
            return self.resync(reason)
        return self.heartbeat() if after is None else None

    def fill(self, epoch: str, no: int, rows: Sequence[Row]) -> bool:
        """Take what was read after `no`, or find that it does not follow; whether it goes on from there with others."""
        if self.read_up_to != no or not self.hungry:
            return False
        if epoch != self._life:
            if numbering(epoch, self.person_id) != self._epoch:
                return self._lose(Reason.EPOCH_CHANGED)
            self._life = epoch
        reached = no + len(rows)
        if rows and rows[-1].no != reached:
            return self._lose(Reason.OLDER_THAN_RETAINED)
        self.behind, self.few = len(rows) == PAGE, False
        if rows:
            if not self._queue:
                self._read_at = monotonic()
            self._queue.extend(rows)
            self.read_up_to = reached
            self.awake()
        return self.up_to_date and self.read_up_to == reached

    def pop(self) -> Row | None:
        """The next entry, wanted or not; None where there is none to hand out now."""
        if not self._queue:
            return None
        if self._stale():
            self._queue.clear()
            self.read_up_to = self._reread_at = self._no
            self.behind = True
            return None
        row = self._queue.pop(0)
        self._no, self.cursor = row.no, written(self._epoch, row.no)
        return row

    def spoke(self) -> str:
        """Everything up to the cursor has been told of, or passed by; the cursor."""
        self._spoke_at, self.last = monotonic(), self.cursor
        return self.last

    def heartbeat(self) -> Heartbeat:
        return Heartbeat(self.spoke())

    def resync(self, reason: Reason) -> Resync:
        return Resync(reason, self.spoke())

    def end(self) -> None:
        """Nothing more is handed out."""
        self.ended = True
        self._queue.clear()
        self.awake()

    def complete(self) -> None:
        """The same, where the one who listens is to be told."""
        self.end()

    def _stale(self) -> bool:
        """What was read twice is taken even so: a slow loop must not keep a listener from moving on."""
        return monotonic() - self._read_at > FRESH and self._no != self._reread_at

    def _lose(self, reason: Reason) -> bool:
        self._queue.clear()
        self.fault, self._placed = reason, False
        self.awake()
        return False
