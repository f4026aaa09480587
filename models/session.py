"""Signing in: challenges, one-use links, what slows down guessing, and the sessions that come of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, Update, and_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, coded, shown
from models.event import Actor, Happened, Told

SESSION_LASTS = timedelta(days=14)
MACHINE_LASTS = timedelta(days=365)
CHALLENGE_LASTS = timedelta(minutes=5)
INVITATION_LASTS = timedelta(hours=72)
ENROLMENT_LASTS = timedelta(hours=1)
CHALLENGE_TRIES = 5
BLOCK_LASTS = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where somebody signs in from, as far as that is known."""

    address: str | None = None
    agent: str | None = None


class Session(Identified, Base):
    """Fourteen days from signing in, not longer for being used (S-027); the token is known only by its SHA-256."""

    __tablename__ = "session"
    __table_args__ = (Index("ix_session_live", "person_id", postgresql_where="revoked_at IS NULL"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_because: Mapped[str | None]
    address: Mapped[str | None]
    agent: Mapped[str | None]

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        """One's own that have not been ended."""
        return and_(row.person_id == me.person_id, row.revoked_at.is_(None))

    @shown
    def current(row: Any, me: Any) -> Any:
        """Whether it is the one that asks."""
        return row.id == me.session_id

    @classmethod
    def start(
        cls, person_id: UUID, token_hash: bytes, origin: Origin, *, by: Actor, lasts: timedelta = SESSION_LASTS
    ) -> "Session":
        session = cls(
            id=uuid4(), person_id=person_id, token_hash=token_hash, created_at=by.at, expires_at=by.at + lasts,
            address=origin.address, agent=origin.agent,
        )  # fmt: skip
        by.says(session._happened("session.start"))
        return session

    @classmethod
    def ending(cls, person_id: UUID, because: str, *, at: datetime, kept: UUID | None = None) -> Update:
        """The statement that ends every session of a person, but the one that is kept."""
        alive = and_(cls.person_id == person_id, cls.revoked_at.is_(None), cls.id.is_distinct_from(kept))
        ended = update(cls).where(alive).values(revoked_at=at, revoked_because=because)
        return ended.execution_options(synchronize_session=False)

    def end(self, because: str, *, by: Actor) -> None:
        self.revoked_at, self.revoked_because = by.at, because
        by.says(self._happened("session.end", because=because))

    def _happened(self, kind: str, **facts: Any) -> Happened:
        facts["session"] = self.id
        tells = (Told(person=self.person_id),) if kind == "session.end" else ()
        return Happened(kind, self.person_id, "PERSON", self.person_id, version=0, facts=facts, tells=tells)


class Challenge(Base):
    """A right password waiting for its authenticator code, for five minutes."""

    __tablename__ = "challenge"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class LinkPurpose(StrEnum):
    """What a one-use link leads to: a new account, a new authenticator, or a new password."""

    INVITATION = "INVITATION"
    AUTHENTICATOR = "AUTHENTICATOR"
    PASSWORD = "PASSWORD"


class Invitation(Base):
    """A one-use link, given by whoever answers for the account, valid for 72 hours; a newer one takes its place.

    `alone` is one for a new password that was used without a second factor.
    """

    __tablename__ = "invitation"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[LinkPurpose] = coded(LinkPurpose, default=LinkPurpose.INVITATION)
    given_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    alone: Mapped[bool] = mapped_column(default=False)


class Throttle(Base):
    """Failures under one key, which is a keyed digest of an e-mail or network address, existing or not (TRUST E2).

    `lasting` ones are not forgotten with time: they end with a right answer alone.
    """

    __tablename__ = "throttle"

    key: Mapped[bytes] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    blocked_until: Mapped[datetime | None]
    last_at: Mapped[datetime] = mapped_column(index=True)
    lasting: Mapped[bool] = mapped_column(default=False)


class IdempotencyKey(Base):
    """An act already done: the same key and arguments give its first result, other arguments are refused."""

    __tablename__ = "idempotency_key"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key: Mapped[UUID] = mapped_column(primary_key=True)
    act: Mapped[str]
    arguments: Mapped[bytes]
    result_kind: Mapped[str | None]
    result_id: Mapped[UUID | None]
    result_version: Mapped[int | None]
    at: Mapped[datetime]


class Ticket(Base):
    """Leave to send or fetch the bytes of one document once, within a few minutes."""

    __tablename__ = "ticket"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    session_id: Mapped[UUID]
    document_id: Mapped[UUID | None]
    sha256: Mapped[str | None]
    name: Mapped[str]
    media_type: Mapped[str | None]
    byte_size: Mapped[int | None]
    table_name: Mapped[str]
    row_id: Mapped[UUID]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
