"""What a listener is handed: entries of its log, heartbeats, and the news that it must read afresh."""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

import asyncpg

from realtime.cursor import Cursor

WITHDRAWN = "withdrawn"


class Reason(StrEnum):
    """Why a listener cannot be brought from its cursor to now without a loss."""

    EPOCH_CHANGED = "EPOCH_CHANGED"
    AHEAD_OF_HEAD = "AHEAD_OF_HEAD"
    OLDER_THAN_RETAINED = "OLDER_THAN_RETAINED"
    ACCESS_CHANGED = "ACCESS_CHANGED"
    UNREADABLE_CURSOR = "UNREADABLE_CURSOR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event as one person was told of it.

    `after` is the cursor of the item delivered before this one, so a client can prove that it missed nothing.
    `notice` is set where the entry belongs in the person's list of notifications, and `unread` counts what was unread
    there at this number. `ids` are the notifications that it marks as read or takes off the list, `thread_id` the
    conversation that it opens or closes to them; `from_others` says that another organisation did it. Once the person
    may no longer see the subject, the entry is a tombstone: kind "withdrawn", nothing else told.
    """

    no: int
    cursor: str
    after: str
    unread: int
    event_id: UUID
    at: datetime
    kind: str
    notice: str | None = None
    ids: tuple[UUID, ...] = ()
    thread_id: UUID | None = None
    from_others: bool = False
    subject_kind: str | None = None
    subject_id: UUID | None = None
    referral_id: UUID | None = None
    reference: str | None = None
    la_id: UUID | None = None
    provider_id: UUID | None = None
    actor_id: UUID | None = None
    version: int | None = None

    @classmethod
    def of(cls, row: asyncpg.Record, *, cursor: Cursor, after: str) -> Self:
        told = {name: row[name] for name in READ}
        return cls(cursor=str(cursor), after=after, **{**told, "ids": tuple(row["ids"] or ())})

    def tombstone(self) -> Self:
        return type(self)(kind=WITHDRAWN, **{name: getattr(self, name) for name in (*CHAIN, *BARE)})


CHAIN = ("cursor", "after")
BARE = ("no", "unread", "event_id", "at")
READ = tuple(field.name for field in fields(Entry) if field.name not in CHAIN)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Nothing new for a while: the subscription is alive, and everything up to `cursor` has been dealt with."""

    cursor: str


@dataclass(frozen=True, slots=True)
class Resync:
    """Read afresh what this subscription keeps up to date; it goes on with what follows `cursor`."""

    reason: Reason
    cursor: str


Item = Entry | Heartbeat | Resync
