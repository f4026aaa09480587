"""What has happened: one row an act, from which timeline, audit, notification, e-mail and feed are all read."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, Text, UniqueConstraint, and_, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified
from models.lifecycle import Side

if TYPE_CHECKING:
    from models.person import Viewer

READING = "thread.read"
BELL_READ, BELLS_READ = "notification.read", "notifications.read"
READINGS = (READING, BELL_READ, BELLS_READ)
WISHING = "mail_preferences.set"
WITHDRAWING = "referral.withdraw"


@dataclass(frozen=True, slots=True)
class Told:
    """An audience of an event: active people of these organisations who hold one of these roles, or one person.

    Whoever acts needs no telling, except where they are the one person.

    With `holders`, of every provider, too, that has the referral that it concerns. With `accounts`, whoever sees the
    accounts of these organisations: without who only signs for a provider, and with the authority that manages it, and
    the region. With `delegates`, those too who may
    sign the agreement that it concerns for somebody of these organisations. With
    `everybody`, all people of these organisations, whatever their roles and also while they are suspended.
    """

    organisations: tuple[UUID, ...] = ()
    roles: tuple[str, ...] = ()
    person: UUID | None = None
    notice: str | None = None
    delegates: bool = False
    everybody: bool = False
    holders: bool = False
    accounts: bool = False


@dataclass(frozen=True, slots=True)
class Happened:
    """An act as it will be recorded. `facts` hold ids, states and hashes, never personal data (TRUST C7)."""

    kind: str
    stream: UUID
    subject_kind: str
    subject_id: UUID
    version: int
    referral_id: UUID | None = None
    reference: str | None = None
    la_id: UUID | None = None
    provider_id: UUID | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    tells: tuple[Told, ...] = ()
    id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody acting at a moment: what every change is made by, and where it says what it did."""

    viewer: "Viewer"
    at: datetime
    happened: list[Happened] = field(default_factory=list)

    def says(self, event: Happened) -> None:
        self.happened.append(event)

    @property
    def beyond_sight(self) -> bool:
        """Whether something is to be told to others whom those who act need not be able to see."""
        return any(told.holders or told.accounts for event in self.happened for told in event.tells)

    def as_rows(self) -> str:
        """Everything that happened, as the JSON that `portal_record` writes down."""
        return json.dumps([_row(event, self) for event in self.happened])


def _row(event: Happened, by: Actor) -> dict[str, Any]:
    payload = json.dumps(event.facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    tells = [
        {
            "organisations": [str(o) for o in told.organisations],
            "roles": list(told.roles),
            "person": told.person and str(told.person),
            "notice": told.notice,
            "delegates": told.delegates,
            "everybody": told.everybody,
            "holders": told.holders,
            "accounts": told.accounts,
        }
        for told in event.tells
    ]
    plain = {name: getattr(event, name) for name in Happened.__slots__ if name not in ("facts", "tells")}
    plain["stream"] = _chain(event)
    row = {name: str(value) if isinstance(value, UUID) else value for name, value in plain.items()}
    return {**row, "at": by.at.isoformat(), "payload": payload, "tells": tells}


def _chain(event: Happened) -> UUID:
    """What somebody has read or wishes is chained apart: no number in the chain of their account tells (S-070)."""
    return uuid5(event.stream, "readings") if event.kind in (*READINGS, WISHING) else event.stream


class Event(Identified, Base):
    """One act in the hash chain of its stream. Written by `portal_record` alone; never changed, never deleted."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("stream", "seq"),
        Index("ix_event_la_timeline", "la_id", "referral_id", "at"),
        Index("ix_event_provider_timeline", "provider_id", "referral_id", "at"),
    )

    stream: Mapped[UUID]
    seq: Mapped[int]
    at: Mapped[datetime]
    at_text: Mapped[str]
    kind: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID] = mapped_column(index=True)
    referral_id: Mapped[UUID | None] = mapped_column(index=True)
    reference: Mapped[str | None]
    la_id: Mapped[UUID | None]
    provider_id: Mapped[UUID | None]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str | None]
    actor_organisation: Mapped[str | None]
    session_id: Mapped[UUID | None]
    version: Mapped[int]
    payload: Mapped[str] = mapped_column(Text())
    prev: Mapped[bytes]
    hash: Mapped[bytes]

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        """What concerns the viewer's organisation; who has read what they were told is nobody's timeline (S-070)."""
        told = and_(*(row.kind != reading for reading in READINGS))
        if me.side is Side.REGION:
            return and_(told, or_(row.subject_kind == "PROVIDER", row.subject_kind == "PERSON"))
        column = row.la_id if me.side is Side.LOCAL_AUTHORITY else row.provider_id
        return and_(told, column == me.organisation_id)


class EventStream(Base):
    """The head of one hash chain, held while an event is appended."""

    __tablename__ = "event_stream"

    stream: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)
    hash: Mapped[bytes]


class Inbox(Base):
    """A person's numbered log: `head` is the number of the newest entry, gapless by construction.

    `since` is the entry by which the person came to see something else: with other roles, or let in again. What was
    before it does not lead to what they see now.
    """

    __tablename__ = "inbox"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    head: Mapped[int] = mapped_column(default=0)
    oldest: Mapped[int] = mapped_column(default=1)
    since: Mapped[int] = mapped_column(default=0, server_default="0")


class InboxEntry(Base):
    """An event as one person was told of it; `notice` is set where it belongs in the list of notifications.

    `concerns` is what notifications are grouped by beside their kind: their referral, or what bears a reference of its
    own. `read_no` and `gone_no` are the numbers of the entries by which the same person's screens learnt that it was
    read, and that it may no longer be seen: so the list at any number is what the log says up to there.

    What is listed stands in one of two indexes, by whether it was read: what is told is unread, and need not be written
    into the other.

    No key is checked row by row, which would cost more than writing the rows of twelve hundred readers: `portal_record`
    alone adds entries, with the event it has just written and to inboxes it holds, and neither is ever removed.
    """

    __tablename__ = "inbox_entry"
    __table_args__ = (
        Index(
            "ix_inbox_entry_unread_listed",
            "person_id",
            "no",
            postgresql_include=["notice", "concerns"],
            postgresql_where="notice IS NOT NULL AND read_at IS NULL AND gone_no IS NULL",
        ),
        Index(
            "ix_inbox_entry_read_listed",
            "person_id",
            "notice",
            "no",
            postgresql_include=["concerns"],
            postgresql_where="notice IS NOT NULL AND read_at IS NOT NULL AND gone_no IS NULL",
        ),
        Index("ix_inbox_entry_event_id", "event_id", "person_id"),
        Index("ix_inbox_entry_read", "person_id", "read_no", postgresql_where="read_no IS NOT NULL"),
        Index("ix_inbox_entry_gone", "person_id", "gone_no", postgresql_where="gone_no IS NOT NULL"),
    )

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[UUID]
    notice: Mapped[str | None]
    concerns: Mapped[UUID | None]
    read_at: Mapped[datetime | None]
    read_no: Mapped[int | None]
    gone_no: Mapped[int | None]

    @staticmethod
    def listed(row: Any, person_id: Any) -> ColumnElement[bool]:
        """Whether it stands in that person's list of notifications."""
        return and_(row.person_id == person_id, InboxEntry.in_lists(row))

    @staticmethod
    def in_lists(row: Any) -> ColumnElement[bool]:
        """Whether it stands in its reader's list of notifications."""
        return and_(row.notice.is_not(None), row.gone_no.is_(None))


class Epoch(Base):
    """The life of this database's numbering; drawn anew after a restore, so that old cursors are known as such.

    `life` is the database that it was drawn for, by what the server knows of it.
    """

    __tablename__ = "portal_epoch"

    epoch: Mapped[str] = mapped_column(primary_key=True)
    life: Mapped[str | None]
