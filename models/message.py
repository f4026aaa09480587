"""Messages: one conversation for each referral and provider, numbered without gaps; reading is the reader's own."""

import unicodedata
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Select,
    UniqueConstraint,
    and_,
    func,
    literal_column,
    select,
)
from sqlalchemy.orm import Mapped, aliased, foreign, mapped_column, relationship

from models.base import Base, Identified, coded, shown
from models.delivery import still_has
from models.event import Actor, Happened, Told
from models.lifecycle import PLACEMENT_TEAM, PROVIDER_STAFF, Side
from models.looking import at_authority
from models.message_document import MessageDocument
from models.organisation import Organisation
from models.person import Person
from models.referral import Referral
from models.refusal import Code, Refused

LONGEST = 10_000
FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that look like nothing at all."""


class MessageTag(StrEnum):
    """What a message is about, where that must not be lost (S-065, S-066)."""

    URGENT = "URGENT"
    CONDITION = "CONDITION"
    FURTHER_INFORMATION = "FURTHER_INFORMATION"
    EXPRESSION_OF_INTEREST = "EXPRESSION_OF_INTEREST"


A_CONDITION: Any = literal_column("'CONDITION'")
"""The tag in the words of the index by which the conditions of an offer are found."""


class Thread(Identified, Base):
    """The conversation about one referral between its authority and one provider; it outlives declining (S-064)."""

    __tablename__ = "thread"
    __table_args__ = (
        UniqueConstraint("referral_id", "provider_id"),
        UniqueConstraint("id", "la_id", "provider_id"),
        CheckConstraint("(head = 0) = (newest_at IS NULL)", name="newest"),
        Index(
            "ix_thread_la_spoken", "la_id", "newest_at", "id", postgresql_where="head > 0", postgresql_include=["head"]
        ),
        Index("ix_thread_provider_spoken", "provider_id", "newest_at", "id", postgresql_where="head > 0"),
    )

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    la_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    head: Mapped[int] = mapped_column(default=0)
    newest_at: Mapped[datetime | None]

    authority: Mapped[Organisation] = relationship(foreign_keys=[la_id], lazy="raise", viewonly=True)
    provider: Mapped[Organisation] = relationship(foreign_keys=[provider_id], lazy="raise", viewonly=True)
    newest: Mapped["Message | None"] = relationship(
        primaryjoin="and_(Thread.id == foreign(Message.thread_id), Thread.head == foreign(Message.no))",
        lazy="raise",
        viewonly=True,
        uselist=False,
    )

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        return still_has(row, me)

    @shown
    def reference(row: Any, me: Any) -> Any:
        return select(Referral.reference).where(Referral.id == row.referral_id).scalar_subquery()

    @shown
    def unread(row: Any, me: Any) -> Any:
        """How many messages of the other side the viewer has not read; nobody else's reading enters (S-070)."""
        new = and_(Message.thread_id == row.id, news(Message, read_up_to(row.id, me), me))
        return select(func.count()).select_from(Message).where(new).scalar_subquery()

    @classmethod
    def spoken(cls) -> ColumnElement[bool]:
        """Whether something has been said in it: written as its indexes have it."""
        return cls.head > literal_column("0")

    @classmethod
    def with_news(cls, me: Any) -> ColumnElement[bool]:
        """Whether there is something in it that the viewer has not read."""
        new = and_(Message.thread_id == cls.id, news(Message, read_up_to(cls.id, me), me))
        return and_(cls.spoken(), cls.newest_at >= joined(me), select(Message.id).where(new).exists())

    def send(self, body: str, tag: MessageTag | None, *, by: Actor, reference: str) -> "Message":
        """Add the next message; the other organisation's staff are told, colleagues see it without a label."""
        side, text = by.viewer.side, valid_body(body)
        self.head += 1
        self.newest_at = max(by.at, self.newest_at or by.at)  # whoever began earlier may have waited for a number
        message = Message(
            id=uuid4(), thread_id=self.id, referral_id=self.referral_id, la_id=self.la_id, provider_id=self.provider_id,
            no=self.head, side=side, author_id=by.viewer.person_id, author_name=by.viewer.name, body=text, tag=tag,
            sent_at=self.newest_at,
        )  # fmt: skip
        by.says(self._sent(side, reference))
        return message

    def _sent(self, side: Side, reference: str) -> Happened:
        """All who can read it, so that their screens show it; the bell rings for the other side's staff alone."""
        staff = {Side.LOCAL_AUTHORITY: (self.la_id, PLACEMENT_TEAM), Side.PROVIDER: (self.provider_id, PROVIDER_STAFF)}
        tells = [*at_authority(self.la_id)]
        for where, (organisation, team) in staff.items():
            roles = tuple(sorted(team.roles))
            notice = None if where is side else "MESSAGE_RECEIVED"
            tells.append(Told((organisation,), roles, notice=notice))
        return self._happened("message.send", reference, {"no": self.head}, tells)

    def read(self, up_to: int, *, by: Actor, reference: str) -> Happened:
        """What is recorded of a reading: for the reader's own organisation and screens alone (S-069, S-070).

        Recording it marks the reader's notifications of these messages as read.
        """
        if not 0 <= up_to <= self.head:
            sentence = f"This conversation has messages up to number {self.head:,}: give one of 0 to {self.head:,}."
            raise Refused(Code.INVALID_INPUT, sentence, ["upTo"])
        event = self._happened("thread.read", reference, {"upTo": up_to}, [Told(person=by.viewer.person_id)])
        own = by.viewer.side is Side.LOCAL_AUTHORITY
        return Happened(
            **{
                **{name: getattr(event, name) for name in Happened.__slots__},
                "la_id": self.la_id if own else None,
                "provider_id": None if own else self.provider_id,
                "stream": by.viewer.person_id,
                "version": up_to,
            }
        )

    def _happened(self, kind: str, reference: str, facts: dict[str, Any], tells: list[Told]) -> Happened:
        return Happened(
            kind=kind,
            stream=self.referral_id,
            subject_kind="THREAD",
            subject_id=self.id,
            version=self.head,
            referral_id=self.referral_id,
            reference=reference,
            la_id=self.la_id,
            provider_id=self.provider_id,
            facts=facts,
            tells=tuple(tells),
        )


class Message(Identified, Base):
    """One message. Never edited, never deleted: a correction is a new message."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("thread_id", "no"),
        ForeignKeyConstraint(
            ["thread_id", "la_id", "provider_id"], ["thread.id", "thread.la_id", "thread.provider_id"]
        ),
        Index("ix_message_condition", "referral_id", "provider_id", "no", postgresql_where="tag = 'CONDITION'"),
    )

    thread_id: Mapped[UUID]
    referral_id: Mapped[UUID]
    la_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    no: Mapped[int]
    side: Mapped[Side] = coded(Side)
    author_id: Mapped[UUID]
    author_name: Mapped[str]
    body: Mapped[str]
    tag: Mapped[MessageTag | None] = coded(MessageTag)
    sent_at: Mapped[datetime]

    attachments: Mapped[list[MessageDocument]] = relationship(
        primaryjoin=lambda: Message.id == foreign(MessageDocument.message_id),
        lazy="raise",
        viewonly=True,
        order_by=MessageDocument.place,
    )

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        return still_has(row, me)

    @shown
    def is_new(row: Any, me: Any) -> Any:
        """The viewer's own 'New Message' label; always false on the author's side (S-069, S-070)."""
        return news(row, read_up_to(row.thread_id, me), me)


class ThreadRead(Base):
    """How far one person has read one conversation; only ever rises, and only that person can see it."""

    __tablename__ = "thread_read"
    __table_args__ = (Index("ix_thread_read_mark", "person_id", "thread_id", postgresql_include=["last_read_no"]),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    thread_id: Mapped[UUID] = mapped_column(ForeignKey("thread.id"), primary_key=True)
    last_read_no: Mapped[int]


def news(message: Any, read: Any, me: Any) -> ColumnElement[bool]:
    """Whether a message is new to the viewer: of the other side, not read, not from before the viewer was there."""
    return and_(message.side != me.side, message.no > read, message.sent_at >= joined(me))


def joined(me: Any) -> Any:
    """Since when the viewer's account is active: what was said before is news to nobody who came later."""
    viewer = aliased(Person)
    ever: Any = literal_column("'-infinity'::timestamptz")
    return select(func.coalesce(viewer.active_since, ever)).where(viewer.id == me.person_id).scalar_subquery()


def read_up_to(thread_id: Any, me: Any) -> ColumnElement[int]:
    mine = select(ThreadRead.last_read_no).where(
        ThreadRead.person_id == me.person_id, ThreadRead.thread_id == thread_id
    )
    return func.coalesce(mine.correlate_except(ThreadRead).scalar_subquery(), 0)


def may_write(by: Actor) -> None:
    """Refuse whoever may write in no conversation at all."""
    side = by.viewer.side
    team = PROVIDER_STAFF if side is Side.PROVIDER else PLACEMENT_TEAM
    if not team.includes(side, by.viewer.roles):
        raise Refused(Code.FORBIDDEN, f"Only {team.spoken} can send messages.")


def valid_body(body: str) -> str:
    """The text of a message: something that can be seen, at most 10 000 characters, none that cannot be stored."""
    if not any(unicodedata.category(c)[0] in "LNPS" and c not in FILLERS for c in body):
        raise Refused(Code.INVALID_INPUT, "Write something that can be read before you send.", ["input", "body"])
    if "\0" in body:
        raise Refused(Code.INVALID_INPUT, "A message cannot hold the character NUL.", ["input", "body"])
    if len(body) > LONGEST:
        sentence = f"This message has {len(body):,} characters; {LONGEST:,} are the most. Send it in parts."
        raise Refused(Code.INVALID_INPUT, sentence, ["input", "body"])
    return body
