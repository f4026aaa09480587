"""Work for later: rows that a worker does after their act's transaction, at least once each."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Index, Interval, String, Update, bindparam, cast, func, or_, select, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from models.base import Base, Identified, Json

TRIES = 8
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)
KEPT = timedelta(days=30)
"""How long a job that is done can still be looked at."""


class Job(Identified, Base):
    """Something to be done once it is due. The payload holds ids and no personal data; one key is one job for ever.

    `due_at` follows the injected clock, the lease the database's own. `attempts` is the number of the latest claim:
    whoever lost its lease can no longer say how the job went.
    """

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_waiting", "due_at", postgresql_where="done_at IS NULL AND died_at IS NULL"),)

    kind: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    payload: Mapped[Json]
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    done_at: Mapped[datetime | None]
    died_at: Mapped[datetime | None]

    @classmethod
    def of(cls, kind: str, key: str, payload: Json, due_at: datetime) -> Self:
        """A job to be added to the session of the act that it follows; a key that is taken fails the act."""
        return cls(id=uuid4(), kind=kind, key=key, payload=payload, due_at=due_at, attempts=0)

    @classmethod
    def once(cls, kind: str, key: str, payload: Json, due_at: datetime) -> Insert:
        """The same as a statement that does nothing where the key is taken."""
        new = {"id": uuid4(), "kind": kind, "key": key, "payload": payload, "due_at": due_at, "attempts": 0}
        return insert(cls).values(new).on_conflict_do_nothing()

    @classmethod
    def claim(cls, kinds: Collection[str]) -> Update:
        """Take the job that has been due longest `at` a time and is nobody's, for a `lease`: its parameters.

        Several workers never take the same one.
        """
        nobodys = or_(cls.lease_until.is_(None), cls.lease_until < func.clock_timestamp())
        due = cls.due_at <= bindparam("at", type_=cls.due_at.type)
        waiting = (cls.done_at.is_(None), cls.died_at.is_(None), due, nobodys, cls.kind.in_(sorted(kinds)))
        oldest = select(cls.id).where(*waiting).order_by(cls.due_at, cls.id).limit(1).with_for_update(skip_locked=True)
        until = func.clock_timestamp() + bindparam("lease", type_=Interval())
        taken = update(cls).where(cls.id == oldest.scalar_subquery())
        return taken.values(lease_until=until, attempts=cls.attempts + 1).returning(cls)

    @classmethod
    def awaited(
        cls, kind: str, name: str, id: ColumnElement[UUID] | InstrumentedAttribute[UUID]
    ) -> ColumnElement[bool]:
        """Whether a job of that kind that names this id in its payload is still to be done."""
        named = (cls.kind == kind, cls.payload[name].as_string() == cast(id, String))
        return select(cls.id).where(*named, cls.done_at.is_(None), cls.died_at.is_(None)).exists()

    @property
    def exhausted(self) -> bool:
        """Whether it was claimed once more than it may be tried: its last try ended with its worker."""
        return self.attempts > TRIES

    def hold(self, lease: timedelta) -> Update:
        """Somebody is still at it."""
        return self._mine(lease_until=func.clock_timestamp() + lease)

    def finish(self, at: datetime) -> Update:
        return self._mine(done_at=at, lease_until=None, error=None)

    def give_back(self) -> Update:
        """As if it had not been claimed: its worker stops."""
        return self._mine(lease_until=None, attempts=self.attempts - 1)

    def fail(self, error: str, at: datetime) -> Update:
        """Try again later, each time twice as late, or never again when it has been tried eight times."""
        if self.attempts >= TRIES:
            return self._mine(died_at=at, lease_until=None, error=error)
        pause = min(FIRST_PAUSE * 2 ** (self.attempts - 1), LONGEST_PAUSE)
        return self._mine(due_at=at + pause, lease_until=None, error=error)

    def _mine(self, **values: Any) -> Update:
        held = (Job.id == self.id, Job.attempts == self.attempts, Job.done_at.is_(None), Job.died_at.is_(None))
        return update(Job).where(*held).values(**values)
