"""What a listener is handed: entries of its log, heartbeats, and the news that it must read afresh."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Self
from uuid import UUID

import asyncpg

WITHDRAWN = "withdrawn"


class Reason(StrEnum):
    """Why a listener cannot be brought from its cursor to now without a loss."""

    EPOCH_CHANGED = "EPOCH_CHANGED"
    NOT_YOURS = "NOT_YOURS"
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
    conversation that it opens or closes to them, `thread_unread` how many messages they have not read now in the one
    that it is about; `from_others` says that another organisation did it. Once the person
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
    thread_unread: int | None = None
    subject_kind: str | None = None
    subject_id: UUID | None = None
    referral_id: UUID | None = None
    reference: str | None = None
    la_id: UUID | None = None
    provider_id: UUID | None = None
    actor_id: UUID | None = None
    version: int | None = None

    def tombstone(self) -> Self:
        return type(self)(kind=WITHDRAWN, **{name: getattr(self, name) for name in (*CHAIN, *BARE)})


CHAIN = ("cursor", "after")
BARE = ("no", "unread", "event_id", "at")
PERSONAL = (*CHAIN, "no", "unread")
SHARED = tuple(field.name for field in fields(Entry) if field.name not in PERSONAL)


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What an event is to all who are told of it alike: everything but where it stands in the log of each of them.

    `rendered` keeps what was made of it, by whom it was made for, as long as somebody is still to be given it.
    """

    shared: Mapping[str, Any]
    visible: bool
    rendered: dict[Any, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, row: asyncpg.Record) -> Self:
        shared = {name: row[name] for name in SHARED}
        return cls({**shared, "ids": tuple(row["ids"] or ())}, row["visible"])

    def to(self, **personal: Any) -> Entry:
        """It, at its place in one log."""
        return Entry(**self.shared, **personal)


class Row(NamedTuple):
    """An event at its place in one log; `unread` counts what was unread there then."""

    no: int
    unread: int
    told: Told

    def entry(self, cursor: str, after: str) -> Entry:
        return self.told.to(no=self.no, unread=self.unread, cursor=cursor, after=after)


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
