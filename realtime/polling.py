"""The log as it is read by those who ask now and then instead of listening: the same entries, cursors and chain."""

from dataclasses import dataclass
from uuid import UUID

from realtime.cursor import MOST, Cursor
from realtime.entry import Entry, Reason, Resync
from realtime.inbox import InboxLog


@dataclass(frozen=True, slots=True)
class Polled:
    """What follows a cursor, and where to go on; `remaining` counts what follows that. With `resync` there is none."""

    entries: tuple[Entry, ...]
    cursor: str
    remaining: int
    resync: Resync | None = None


async def polled(log: InboxLog, person_id: UUID, after: str, first: int) -> Polled:
    """One statement. What the person may no longer see is a tombstone, as it is to those who listen."""
    asked = Cursor.parse(after)
    standing, page = await log.poll(person_id, asked.no if isinstance(asked, Cursor) else MOST, first)
    cursor, reason = standing.take_up(after)
    (rows,) = page.rows
    if not reason and rows and rows[-1].no != cursor.no + len(rows):
        cursor, reason = standing.now, Reason.OLDER_THAN_RETAINED
    if reason:
        return Polled((), str(cursor), 0, Resync(reason, str(cursor)))
    entries, last = [], str(cursor)
    for row in rows:
        entry = row.entry(str(Cursor(cursor.epoch, row.no)), last)
        entries.append(entry if row.told.visible else entry.tombstone())
        last = entry.cursor
    return Polled(tuple(entries), last, standing.head - cursor.no - len(rows))
