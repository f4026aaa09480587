"""E-mail that an act calls for: rows written in the act's own transaction, and sent afterwards one by one (S-113)."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Select, UniqueConstraint, select
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.orm import Mapped, mapped_column

from models.age import london_day
from models.base import Base, Identified, coded
from models.job import Job

SEND, SWEEP = "mail.send", "mail.sweep"
"""The kinds of job: one that sends one message, and the daily one that finds those whose job died."""
TRIES = 14
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)


class MailState(StrEnum):
    """What has become of it. DEAD was refused for good or tried too often; DROPPED was not to be sent any more."""

    WAITING = "WAITING"
    SENT = "SENT"
    DEAD = "DEAD"
    DROPPED = "DROPPED"


class Mail(Identified, Base):
    """One message to one person about one event: ids and a reference, no name, no address and nothing of a child.

    `message_id` is given at the first try and stays, so that a message that was sent twice is known as one. The
    database writes a row exactly where a notice of this kind reaches an inbox while the gate of e-mail is open.
    """

    __tablename__ = "mail"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        Index("ix_mail_unsent", "at", postgresql_where="state IN ('WAITING', 'DEAD')"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    reference: Mapped[str | None]
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    at: Mapped[datetime]
    state: Mapped[MailState] = coded(MailState, server_default=MailState.WAITING)
    attempts: Mapped[int] = mapped_column(server_default="0")
    message_id: Mapped[str | None]
    error: Mapped[str | None]
    sent_at: Mapped[datetime | None]

    @classmethod
    def forgotten(cls, most: int) -> Select[Any]:
        """Messages that wait, and nobody is going to send them."""
        waiting = (cls.state == MailState.WAITING, ~Job.awaited(SEND, "mail", cls.id))
        return select(cls.id).where(*waiting).order_by(cls.at).limit(most)

    @staticmethod
    def send_again(id: UUID, at: datetime) -> Insert:
        """The sweep's own job for a message, once each London day."""
        return Job.once(SEND, f"{SEND} {id} {london_day(at)}", {"mail": str(id)}, at)

    @property
    def spent(self) -> bool:
        """Whether it was begun as often as it may be: the last try never came to an end."""
        return self.attempts >= TRIES

    def begin(self, message_id: str) -> None:
        """Another try, under the name of the first."""
        self.attempts += 1
        self.message_id = self.message_id or message_id

    def sent(self, at: datetime) -> None:
        self.state, self.sent_at, self.error = MailState.SENT, at, None

    def drop(self, why: str) -> None:
        self.state, self.error = MailState.DROPPED, why

    def fail(self, error: str, *, for_good: bool) -> timedelta | None:
        """Why it was not taken; how long to wait before the next try, None where there is none."""
        self.error = error
        if for_good or self.spent:
            self.state = MailState.DEAD
            return None
        return min(FIRST_PAUSE * (1 << (self.attempts - 1)), LONGEST_PAUSE)
