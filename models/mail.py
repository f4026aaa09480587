"""E-mail: one message to one person, about one event or about a day, and how it is sent (S-050, S-113)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from random import SystemRandom
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    Update,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Identified, coded, shown
from models.lifecycle import Side
from models.mail_kind import ALWAYS
from models.mail_preference import IMMEDIATELY, OFF, USUALLY
from models.person import Person

DIGEST = "DAILY_DIGEST"
"""The kind of the message that tells of a whole day."""
TRIES = 14
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
SPREAD = 20
KEPT = timedelta(days=90)
"""How long a message that was sent or dropped can still be looked at."""
CHANCE = SystemRandom()


class MailState(StrEnum):
    """What has become of it. DEAD was refused for good or tried too often; DROPPED was not to be sent any more."""

    WAITING = "WAITING"
    SENT = "SENT"
    DEAD = "DEAD"
    DROPPED = "DROPPED"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a digest: how many unread notifications of that kind, about that reference."""

    kind: str
    reference: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Due:
    """A message that is this worker's to send until its lease ends: name and address are those of this moment.

    `attempt` is the number of this try; with it the outcome is noted, and a try that lost its lease notes nothing.
    `message_id` is the same for every try, and `again` says that it was begun under it before: perhaps it was taken.
    A digest has its London `day` and its items, every other message neither.
    """

    id: UUID
    attempt: int
    message_id: str
    kind: str
    reference: str | None
    at: datetime
    day: date | None
    name: str
    email: str
    items: tuple[Item, ...] = ()
    again: bool = False

    @classmethod
    def of(cls, row: Any) -> "Due":
        """A row that `Mail.claim` gave."""
        items = tuple(Item(each["kind"], each["reference"], each["count"]) for each in row.items_left or ())
        return cls(
            row.id, row.attempt, row.message_id, row.kind, row.reference, row.at, row.day, row.name, row.email, items,
            row.again,
        )  # fmt: skip


class Mail(Identified, Base):
    """One message to one person: ids and a reference, no name, no address and nothing of a child.

    `due_at` follows the injected clock, the lease the database's own. `must` is sent even where its reader knows of it
    already. `no` is the place of what it tells in its reader's inbox. A digest has a `day` instead of an event.
    """

    __tablename__ = "mail"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        UniqueConstraint("person_id", "day"),
        Index("ix_mail_due", "due_at", "id", postgresql_where="state = 'WAITING'"),
        Index("ix_mail_dead", "at", "id", postgresql_where="state = 'DEAD'"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    reference: Mapped[str | None]
    event_id: Mapped[UUID | None] = mapped_column(ForeignKey("event.id"))
    no: Mapped[int | None]
    day: Mapped[date | None]
    must: Mapped[bool] = mapped_column(server_default=true())
    at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(server_default="1970-01-01 00:00:00+00")
    lease_until: Mapped[datetime | None]
    state: Mapped[MailState] = coded(MailState, server_default=MailState.WAITING)
    attempts: Mapped[int] = mapped_column(server_default="0")
    message_id: Mapped[str | None]
    error: Mapped[str | None]
    sent_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise", viewonly=True)

    # ── for whoever looks after the portal ───────────────────────────────────
    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        """What could not be sent, for the region alone."""
        return row.state == MailState.DEAD if me.side is Side.REGION else false()

    @shown
    def notice(row: Any, me: Any) -> Any:
        """The kind, unless it would tell what somebody has chosen: then nothing, and of a digest neither (S-070).

        The two look the same: that there was a digest would tell that something was wished for in one.
        """
        usual = (row.kind == kind for kind, choice in USUALLY.items() if choice is IMMEDIATELY)
        return case((or_(row.must, *usual) & row.day.is_(None), row.kind))

    @shown
    def told_on(row: Any, me: Any) -> Any:
        """The London day alone: the hour would tell digests from what is mailed at once."""
        return london_day(row.at)

    # ── what becomes a message ───────────────────────────────────────────────
    @staticmethod
    def spread(most: int = SPREAD) -> Select[Any]:
        """Give everybody who was told of the oldest events their message, or their line in the next digest.

        How many events that were: 0 when none is left. Each is spread once, whoever else is at it.
        """
        usual = literal({kind: choice for kind, choice in USUALLY.items() if choice is not OFF}, JSONB)
        return select(func.portal_mail_spread(most, usual, sorted(ALWAYS)))

    @staticmethod
    def digests(day: date, at: datetime) -> Select[Any]:
        """Make the digest of that London day for whoever has something left unread to be told; how many.

        Everything is to be spread before. Called again it makes none twice.
        """
        return select(func.portal_mail_digests(day, at))

    @staticmethod
    def forget(at: datetime) -> Select[Any]:
        """Remove what was sent or dropped so long ago; what is dead stays until somebody has decided on it."""
        return select(func.portal_mail_forget(at - KEPT))

    # ── sending ──────────────────────────────────────────────────────────────
    @staticmethod
    def claim(at: datetime, *, most: int, lease: timedelta, host: str) -> Select[Any]:
        """Take what has been due longest and is nobody's; several workers never take the same. `Due.of` reads a row.

        What is not to be sent any more is dropped instead, and what was begun too often is dead. A message gets its
        Message-ID, at that host, with its first try.
        """
        taken = func.portal_mail_claim(at, most, lease, host, TRIES).table_valued(
            "id", "attempt", "message_id", "kind", "reference", "at", "day", "name", "email", "items_left", "again"
        )
        return select(taken)

    @classmethod
    def sent(cls, dues: Sequence[Due], at: datetime) -> Update:
        return cls._of(dues).values(state=MailState.SENT, sent_at=at, error=None, lease_until=None)

    @classmethod
    def dropped(cls, dues: Sequence[Due], why: str) -> Update:
        return cls._of(dues).values(state=MailState.DROPPED, error=why, lease_until=None)

    @classmethod
    def failed(cls, due: Due, error: str, at: datetime, *, for_good: bool) -> Update:
        """Tried again later, each time later and never many at one moment; or dead: for good, or tried too often."""
        if for_good or due.attempt >= TRIES:
            return cls._of([due]).values(state=MailState.DEAD, error=error, lease_until=None)
        return cls._of([due]).values(due_at=at + pause(due.attempt), error=error, lease_until=None)

    @classmethod
    def given_back(cls, dues: Sequence[Due]) -> Update:
        """As if they had not been claimed: their worker stops, or knows that nothing can be sent now."""
        new = cls.id.in_([due.id for due in dues if not due.again])
        named = case((new, null()), else_=cls.message_id)
        return cls._of(dues).values(lease_until=None, attempts=cls.attempts - 1, message_id=named)

    @classmethod
    def held(cls, dues: Sequence[Due], lease: timedelta) -> Update:
        """Somebody is still at them."""
        return cls._of(dues).values(lease_until=func.clock_timestamp() + lease)

    @classmethod
    def _of(cls, dues: Sequence[Due]) -> Update:
        tries = [(due.id, due.attempt) for due in dues]
        mine = (tuple_(cls.id, cls.attempts).in_(tries), cls.state == MailState.WAITING)
        return update(cls).where(*mine).execution_options(synchronize_session=False)


def london_day(instant: Any) -> ColumnElement[date]:
    """The day of an instant by the clock in London, in SQL."""
    return cast(func.timezone("Europe/London", instant), Date)


def pause(attempt: int) -> timedelta:
    """How long after that try the next one comes: twice as long each time up to six hours, give or take a quarter."""
    return min(FIRST_PAUSE * (1 << (attempt - 1)), LONGEST_PAUSE) * CHANCE.uniform(0.75, 1.25)
