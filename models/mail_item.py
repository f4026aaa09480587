"""What is still to become e-mail: events that acts have noted, and notifications that wait for a digest."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class MailDue(Base):
    """An event that rang bells while the gate of e-mail was open, until it has been spread: written by the act."""

    __tablename__ = "mail_due"
    __table_args__ = (Index("ix_mail_due_oldest", "at", "event_id"),)

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)
    at: Mapped[datetime]


class MailItem(Base):
    """A notification, by its place in an inbox, that waits for its reader's next digest or stands in one."""

    __tablename__ = "mail_item"
    __table_args__ = (Index("ix_mail_item_waiting", "person_id", postgresql_where="mail_id IS NULL"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True)
    mail_id: Mapped[UUID | None] = mapped_column(ForeignKey("mail.id"), index=True)
