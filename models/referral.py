"""Referrals: a child's need for a placement, sent by an authority to the providers it matches."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, UniqueConstraint, case, func, null, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.age import london_day
from models.base import DEADLINE, NEEDED, Base, Identified, Json, coded, shown
from models.child import Child
from models.deadline import Answerable
from models.delivery import Delivery
from models.event import Actor, Told
from models.lifecycle import PLACEMENT_TEAM, Audience, Lifecycle, Rule, Side, rule
from models.looking import at_authority, at_holders
from models.organisation import Organisation
from models.provider import Category
from models.record import Governed
from models.referral_form import gaps, wrong_ages
from models.referral_revision import ReferralRevision
from models.referral_sent import ReferralDocument, Sending
from models.referral_split import ReferralSplit
from models.refusal import Code, Refused, reason_given, refuse_all

if TYPE_CHECKING:
    from models.message import Thread
    from models.offer import Offer


class ReferralStatus(StrEnum):
    DRAFT = "DRAFT"
    SENT = "SENT"
    PLACED = "PLACED"
    CLOSED = "CLOSED"


class Urgency(StrEnum):
    EMERGENCY = "EMERGENCY"
    SHORT_NOTICE = "SHORT_NOTICE"
    PLANNED = "PLANNED"


class CloseReason(StrEnum):
    NO_LONGER_NEEDED = "NO_LONGER_NEEDED"
    PLACED_WITH_FAMILY = "PLACED_WITH_FAMILY"
    PLACED_IN_HOUSE = "PLACED_IN_HOUSE"
    PLACED_ELSEWHERE = "PLACED_ELSEWHERE"
    WITHDRAWN = "WITHDRAWN"
    ENTERED_IN_ERROR = "ENTERED_IN_ERROR"
    OTHER = "OTHER"


DRAFT, SENT, PLACED, CLOSED = ReferralStatus
SEARCHING = ("close", "accept", "place", "reopen")
"""The acts that end a search or begin it again, which all who have the referral can see."""
LIFECYCLE = Lifecycle(
    (
        rule("create", by=PLACEMENT_TEAM, when=[DRAFT], private=True),
        rule("edit", by=PLACEMENT_TEAM, when=[DRAFT, SENT], unless="accepted", private=True),
        rule("attach", by=PLACEMENT_TEAM, when=[DRAFT, SENT], unless="accepted", private=True),
        rule("split", by=PLACEMENT_TEAM, when=[DRAFT, SENT], unless="accepted", private=True),
        rule("remove_child", by=PLACEMENT_TEAM, when=[DRAFT, SENT], unless="accepted", private=True),
        rule("send", by=PLACEMENT_TEAM, when=[DRAFT], then=SENT, tells=Audience.RECIPIENTS,
             notice="REFERRAL_RECEIVED"),
        rule("resend", by=PLACEMENT_TEAM, when=[SENT], unless="accepted", tells=Audience.RECIPIENTS,
             notice="REFERRAL_UPDATED"),
        rule("close", by=PLACEMENT_TEAM, when=[DRAFT, SENT], then=CLOSED, unless="accepted",
             tells=Audience.RECIPIENTS, notice="REFERRAL_CLOSED"),
        rule("accept", by=(), when=[SENT], private=True),
        rule("place", by=(), when=[SENT], then=PLACED, private=True),
        rule("reopen", by=(), when=[SENT, PLACED], then=SENT, private=True),
    ),
    start=DRAFT,
    because={
        "accepted": (Code.REFERRAL_ACCEPTED, "An offer on this referral has been accepted; void that offer first."),
    },
)  # fmt: skip


class Referral(Governed[ReferralStatus], Answerable, Identified, Base):
    """One child's, or one sibling group's, need for a placement.

    `content` is the authority's working copy; `summary` is what was last sent and all that providers see. The columns
    beside them say what was last sent, so that lists are filtered and sorted by what their reader can see.
    """

    __tablename__ = "referral"
    __table_args__ = (
        UniqueConstraint("id", "la_id"),
        Index("ix_referral_authority_list", "la_id", "created_at", "id"),
        Index("ix_referral_changed", "la_id", "updated_at", "id"),
        Index("ix_referral_needed", "la_id", NEEDED, "id"),
        Index("ix_referral_deadline", "la_id", DEADLINE, "id"),
        Index("ix_referral_awaiting", "la_id", "status", "response_deadline", postgresql_where="NOT accepted"),
    )
    noun = "referral"
    subject = "REFERRAL"
    lifecycle = LIFECYCLE
    newcomers: Sequence[UUID] = ()
    reminding = False

    la_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    reference: Mapped[str] = mapped_column(unique=True)
    status: Mapped[ReferralStatus] = coded(ReferralStatus, default=DRAFT)
    version: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=0)
    category: Mapped[Category | None] = coded(Category)
    urgency: Mapped[Urgency | None] = coded(Urgency)
    date_required: Mapped[date | None]
    response_deadline: Mapped[datetime | None]
    content: Mapped[Json]
    summary: Mapped[Json | None]
    sent_hash: Mapped[bytes | None]
    accepted: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    created_by_name: Mapped[str]
    sent_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    close_reason: Mapped[CloseReason | None] = coded(CloseReason)
    close_note: Mapped[str | None]

    authority: Mapped[Organisation] = relationship(lazy="raise", viewonly=True)
    children: Mapped[list[Child]] = relationship(
        primaryjoin="and_(Referral.id == Child.referral_id, Child.removed_at == None)",
        lazy="raise",
        viewonly=True,
        order_by=Child.position,
    )
    revisions: Mapped[list[ReferralRevision]] = relationship(
        primaryjoin="Referral.id == foreign(ReferralRevision.referral_id)",
        lazy="raise",
        viewonly=True,
        order_by="ReferralRevision.revision",
    )
    split_from: Mapped["Referral | None"] = relationship(
        secondary=ReferralSplit.__table__,
        primaryjoin="Referral.id == ReferralSplit.referral_id",
        secondaryjoin="Referral.id == ReferralSplit.group_id",
        lazy="raise",
        viewonly=True,
    )
    split_into: Mapped[list["Referral"]] = relationship(
        secondary=ReferralSplit.__table__,
        primaryjoin="Referral.id == ReferralSplit.group_id",
        secondaryjoin="Referral.id == ReferralSplit.referral_id",
        lazy="raise",
        viewonly=True,
        order_by="Referral.created_at, Referral.id",
    )
    documents: Mapped[list[ReferralDocument]] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="Referral.id == ReferralDocument.referral_id",
        order_by="ReferralDocument.attached_at, ReferralDocument.id",
    )
    offers: Mapped[list["Offer"]] = relationship(
        primaryjoin="Referral.id == foreign(Offer.referral_id)",
        lazy="raise",
        viewonly=True,
        order_by="Offer.updated_at.desc(), Offer.id",
    )
    threads: Mapped[list["Thread"]] = relationship(lazy="raise", viewonly=True, order_by="Thread.id")
    deliveries: Mapped[list[Delivery]] = relationship(
        lazy="raise", viewonly=True, order_by=(Delivery.delivered_at, Delivery.id)
    )

    @property
    def referral_id(self) -> UUID:
        return self.id

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        """The authority's own, or what was delivered to the provider and not withdrawn from it (S-030, S-039)."""
        if me.side is Side.LOCAL_AUTHORITY:
            return select(cls).where(cls.la_id == me.organisation_id)
        mine = (Delivery.referral_id == cls.id) & (Delivery.provider_id == me.organisation_id)
        return select(cls).join(Delivery, mine).where(Delivery.withdrawn_at.is_(None))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        """The condition behind `visible_to`, for a referral reached from another record."""
        if me.side is Side.LOCAL_AUTHORITY:
            own: ColumnElement[bool] = row.la_id == me.organisation_id
            return own
        mine = (Delivery.referral_id == row.id) & (Delivery.provider_id == me.organisation_id)
        return select(Delivery.id).where(mine, Delivery.withdrawn_at.is_(None)).exists()

    @shown
    def can(row: Any, me: Any) -> Any:
        """What the viewer may do with this referral now; a provider's own acts are those of its delivery and offer.

        The last child is neither split off nor taken out.
        """
        if not PLACEMENT_TEAM.includes(me.side, me.roles):
            return LIFECYCLE.can(row, me)
        two = select(Child.id).where(Child.referral_id == row.id, Child.removed_at.is_(None)).offset(1).exists()
        return case((two, LIFECYCLE.can(row, me)), else_=LIFECYCLE.can(row, me, but=("split", "remove_child")))

    @shown
    def shown_version(row: Any, me: Any) -> Any:
        """Edits of the working copy are the authority's own: a provider counts revisions."""
        return row.version if me.side is Side.LOCAL_AUTHORITY else row.revision

    @shown
    def shown_update(row: Any, me: Any) -> Any:
        return row.updated_at if me.side is Side.LOCAL_AUTHORITY else func.coalesce(row.sent_at, row.created_at)

    @shown
    def working_copy(row: Any, me: Any) -> Any:
        """What the authority would send next; nobody else sees it."""
        return row.content if me.side is Side.LOCAL_AUTHORITY else null()

    def edit(self, content: Json, *, by: Actor) -> None:
        """Change the working copy; providers see nothing of it until it is resent (S-060)."""
        self.step("edit", by=by)
        self.content = content
        self.updated_at = by.at
        if self.status is DRAFT:
            self.publish_header(content)

    def publish_header(self, content: Mapping[str, Any]) -> None:
        self.category = Category(content["category"]) if content.get("category") else None
        self.urgency = Urgency(content["urgency"]) if content.get("urgency") else None
        required, deadline = content.get("dateRequired"), content.get("responseDeadline")
        self.date_required = date.fromisoformat(required) if required else None
        self.response_deadline = datetime.fromisoformat(deadline) if deadline else None

    def faults(self, children: Sequence[Child], at: datetime) -> list[Refused]:
        """All that stands in the way of sending it at that moment, missing fields first; nothing of whom it reaches."""
        emergency = self.content.get("urgency") == Urgency.EMERGENCY
        missing = gaps(self.content, children, emergency=emergency)
        return [*missing, *self.overdue(at), *wrong_ages(self.content, children, at)]

    def ages(self, children: Sequence[Child], at: datetime) -> list[tuple[int, int]]:
        """Every child's age at that moment; all faults of the referral are refused at once."""
        refuse_all(self.faults(children, at))
        return [child.age_at(at, Category(self.content["category"])) for child in children]

    def overdue(self, at: datetime) -> list[Refused]:
        """A first sending asks for answers in time; a deadline that passes later ends nothing and may stand."""
        deadline = self.content.get("responseDeadline")
        if self.status is not DRAFT or not deadline or london_day(datetime.fromisoformat(deadline)) >= london_day(at):
            return []
        return [Refused(Code.INVALID_INPUT, "The deadline for answers has passed.", ["responseDeadline"])]

    def told(self, rule: Rule[Any]) -> tuple[Told, ...]:
        """Whoever matches for the first time has a new referral, at a resending too; an unchanged one is a reminder."""
        told = super().told(replace(rule, notice="REFERRAL_REMINDED") if self.reminding else rule)
        if not self.newcomers:
            return told
        roles = tuple(sorted(Audience.RECIPIENTS.who.roles))
        return (*told, Told(tuple(self.newcomers), roles, notice="REFERRAL_RECEIVED"))

    def looking(self, rule: Rule[Any], side: Side) -> tuple[Told, ...]:
        """The whole authority; of how the search stands, whoever has it, those who declined included."""
        return (*at_authority(self.la_id), *(at_holders() if rule.action in SEARCHING else ()))

    def send(self, recipients: Sequence[UUID], sent: Sending, *, by: Actor) -> None:
        """First sending: revision 1 reaches every provider that matches (S-041)."""
        self.recipients = recipients
        self.step("send", by=by, recipients=len(recipients), identity_acknowledged=sent.acknowledged)
        self._publish(sent, by)

    def remind(self, recipients: Sequence[UUID], *, by: Actor) -> None:
        """Sent again unchanged: a reminder for those who have it and have not declined (S-058)."""
        self.recipients, self.reminding = recipients, True
        self.step("resend", by=by, changed=False, recipients=len(recipients))
        self.updated_at = by.at

    def resend(self, holders: Sequence[UUID], newcomers: Sequence[UUID], sent: Sending, *, by: Actor) -> None:
        """A changed content is a new revision for everybody who matches now, decliners included (S-059)."""
        self.recipients, self.newcomers = holders, newcomers
        reached = len(holders) + len(newcomers)
        self.step("resend", by=by, changed=True, recipients=reached, identity_acknowledged=sent.acknowledged)
        self._publish(sent, by)

    def _publish(self, sent: Sending, by: Actor) -> None:
        self.revision += 1
        self.publish_header(self.content)
        self.summary = sent.summary
        self.sent_hash = sent.content_hash
        self.sent_at = self.updated_at = by.at

    def close(self, reason: CloseReason, note: str | None, *, by: Actor) -> None:
        """Stop the search. `note` must say more where the reason is OTHER."""
        self.ready("close", by=by)
        text = reason_given(note, "note") if reason is CloseReason.OTHER else (note or "").strip() or None
        self.step("close", by=by, reason=reason)
        self.close_reason, self.close_note, self.updated_at = reason, text, by.at
