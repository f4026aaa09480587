"""Deliveries: one referral as it reached one provider organisation, and what that organisation did with it."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    and_,
    case,
    cast,
    literal,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import DEADLINE, NEEDED, Base, Identified, Json, coded, shown
from models.event import Actor
from models.lifecycle import PROVIDER_STAFF, Audience, Lifecycle, Side, rule
from models.organisation import Organisation
from models.record import Governed, within
from models.refusal import Code, Refused

if TYPE_CHECKING:
    from models.offer import Offer


class DeliveryStatus(StrEnum):
    NEW = "NEW"
    OPENED = "OPENED"
    DECLINED = "DECLINED"
    OFFERED = "OFFERED"


class DeclineReferralReason(StrEnum):
    """Why a provider cannot help; optional, and never sent by a machine (S-048, S-057)."""

    NO_SUITABLE_PLACE = "NO_SUITABLE_PLACE"
    NEEDS_CANNOT_BE_MET = "NEEDS_CANNOT_BE_MET"
    MATCHING = "MATCHING"
    LOCATION = "LOCATION"
    TIMESCALE = "TIMESCALE"
    OTHER = "OTHER"


NEW, OPENED, DECLINED, OFFERED = DeliveryStatus
LIVE = ("DRAFT", "SUBMITTED", "ACCEPTED")  # states of an offer
LIFECYCLE = Lifecycle(
    (
        rule("deliver", by=(), when=[NEW, OPENED, DECLINED], then=NEW),
        rule("open", by=PROVIDER_STAFF, when=[NEW], then=OPENED),
        rule("open", by=PROVIDER_STAFF, when=[OPENED, DECLINED, OFFERED], private=True, reads=True),
        rule("decline", by=PROVIDER_STAFF, when=[NEW, OPENED], then=DECLINED),
        rule("undo_decline", by=PROVIDER_STAFF, when=[DECLINED], then=OPENED),
        rule("take_on", by=PROVIDER_STAFF, when=[NEW, OPENED, OFFERED], private=True, tells=Audience.PROVIDER),
        rule("offer", by=(), when=[NEW, OPENED, DECLINED], then=OFFERED, private=True),
        rule("end_offer", by=(), when=[OFFERED], then=OPENED, private=True),
    ),
    start=NEW,
)  # fmt: skip
ANSWERS = ("decline", "undo_decline")


class Delivery(Governed[DeliveryStatus], Identified, Base):
    """The row by which a provider may see a referral at all; `withdrawn_at` takes that away again.

    Of its history the provider sees what was sent from `first_revision` on, which begins anew when it comes back.
    `searching`, `date_required` and `response_deadline` are the referral's, as last sent: the database keeps them here
    so that a provider's lists and counts are read from one index.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("referral_id", "provider_id"),
        Index("ix_delivery_inbox", "provider_id", "delivered_at", "referral_id"),
        Index("ix_delivery_needed", "provider_id", NEEDED, "referral_id"),
        Index("ix_delivery_deadline", "provider_id", DEADLINE, "referral_id"),
        Index(
            "ix_delivery_waiting",
            "provider_id",
            "status",
            "response_deadline",
            postgresql_where="searching AND withdrawn_at IS NULL",
        ),
    )
    noun = "referral"
    subject = "REFERRAL"
    lifecycle = LIFECYCLE

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    la_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id"))
    reference: Mapped[str]
    status: Mapped[DeliveryStatus] = coded(DeliveryStatus, default=NEW)
    version: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int]
    first_revision: Mapped[int]
    delivered_at: Mapped[datetime]
    first_opened_at: Mapped[datetime | None]
    first_opened_by: Mapped[str | None]
    handled_by: Mapped[str | None]
    declined_at: Mapped[datetime | None]
    declined_by: Mapped[str | None]
    decline_reason: Mapped[DeclineReferralReason | None] = coded(DeclineReferralReason)
    decline_note: Mapped[str | None]
    matched_care_id: Mapped[UUID | None]
    match_reason: Mapped[Json | None]
    withdrawn_at: Mapped[datetime | None]
    opened_revision: Mapped[int | None]
    searching: Mapped[bool]
    date_required: Mapped[date | None]
    response_deadline: Mapped[datetime | None]

    provider: Mapped[Organisation] = relationship(
        primaryjoin="foreign(Delivery.provider_id) == Organisation.id", lazy="raise", viewonly=True
    )
    offers: Mapped[list["Offer"]] = relationship(
        primaryjoin="and_(Delivery.referral_id == foreign(Offer.referral_id),"
        " Delivery.provider_id == foreign(Offer.provider_id))",
        lazy="raise",
        viewonly=True,
        order_by="Offer.created_at.desc(), Offer.id",
    )

    @property
    def stream(self) -> UUID:
        return self.referral_id

    @property
    def subject_id(self) -> UUID:
        return self.referral_id

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        return within(row, me)

    @shown
    def can(row: Any, me: Any) -> Any:
        """What the viewer may do with the referral as it reached this provider; once the search has ended, read it.

        While an offer on it is accepted it is neither declined nor a declining taken back: there is nothing to answer.
        """
        from models.referral import Referral, ReferralStatus

        sent = select(Referral.id).where(Referral.id == row.referral_id, Referral.status == ReferralStatus.SENT)
        drafting = and_(row.searching, _has_live(row, LIVE)) if me.side is Side.PROVIDER else literal_column("false")
        accepted = (sent.exists(), LIFECYCLE.can(row, me, but=ANSWERS))
        ended = '["OPEN"]' if PROVIDER_STAFF.includes(me.side, me.roles) else "[]"
        whens = (
            (drafting, LIFECYCLE.can(row, me, but=("decline",))),
            (row.searching, LIFECYCLE.can(row, me)),
            accepted,
        )
        return case(*whens, else_=cast(literal(ended), JSON))

    @shown
    def shown_status(row: Any, me: Any) -> Any:
        """As it is; for the provider itself offered from the first draft on, of which the authority learns nothing."""
        if me.side is Side.PROVIDER:
            return case((_has_live(row, LIVE), OFFERED.value), else_=row.status)
        drafting = and_(row.status == OFFERED, ~_has_live(row, LIVE[1:]))  # a draft was kept so once
        return case((drafting, OPENED.value), else_=row.status)

    @shown
    def handler(row: Any, me: Any) -> Any:
        """The colleague who is working on it, for colleagues alone (S-029)."""
        return row.handled_by if me.side is Side.PROVIDER else null()

    @shown
    def matched(row: Any, me: Any) -> Any:
        """By which care it matched on the day of the delivery: kept as it was, whatever the registration became."""
        return row.match_reason

    @shown
    def withdrawn(row: Any, me: Any) -> Any:
        """Since when the provider sees it no longer; for the authority, since to the provider it is not there."""
        return row.withdrawn_at if me.side is Side.LOCAL_AUTHORITY else null()

    def open(self, *, by: Actor) -> None:
        """Read the referral; the first opening is kept and shown to the authority (S-054)."""
        self.step("open", by=by, revision=self.revision)
        self._opened(by)

    def drafted(self, *, by: Actor) -> None:
        """Somebody writes an offer on its present revision, and so has read it (S-059); nothing more is told of it."""
        if self.status is NEW:
            self.step("open", by=by, revision=self.revision)
        self._opened(by)

    def offer(self, *, by: Actor) -> None:
        """It has been answered with an offer; whatever was declined before is so no longer."""
        if self.status is not OFFERED:
            self.follow("offer", by=by)
        self._opened(by)
        self.declined_at = self.declined_by = self.decline_reason = self.decline_note = None

    def _opened(self, by: Actor) -> None:
        self.first_opened_at = self.first_opened_at or by.at
        self.first_opened_by = self.first_opened_by or by.viewer.name
        self.handled_by = self.handled_by or by.viewer.name
        self.opened_revision = self.revision

    def take_on(self, *, by: Actor) -> None:
        """Deal with it from now on, instead of whoever did; colleagues see that, nobody else (S-029)."""
        self.step("take_on", by=by)
        self.handled_by = by.viewer.name

    def decline(self, revision: int, reason: DeclineReferralReason | None, note: str | None, *, by: Actor) -> None:
        """Decline the revision that was read; a newer one must be read first (S-057)."""
        self.ready("decline", by=by)
        if not 1 <= revision <= self.revision:
            sentence = "There is no such revision of this referral. Say which one you have read."
            raise Refused(Code.INVALID_INPUT, sentence, ["revision"])
        if revision != self.revision:
            sentence = "The authority has sent a newer revision. Please read it before you decline."
            raise Refused(Code.STALE_VERSION, sentence, ["revision"], current_version=self.revision)
        self.step("decline", by=by, revision=revision, reason=reason)
        self.opened_revision = revision
        self.declined_at, self.declined_by = by.at, by.viewer.name
        self.decline_reason, self.decline_note = reason, note

    def undo_decline(self, *, by: Actor) -> None:
        self.step("undo_decline", by=by)
        self.declined_at = self.declined_by = self.decline_reason = self.decline_note = None


def _has_live(row: Any, states: tuple[str, ...]) -> ColumnElement[bool]:
    """Whether the provider has an offer on it in one of these states, as far as the viewer sees."""
    from models.offer import Offer

    mine = (Offer.referral_id == row.referral_id, Offer.provider_id == row.provider_id)
    return select(Offer.id).where(*mine, or_(*(Offer.status == state for state in states))).exists()


def still_has(row: Any, me: Any) -> ColumnElement[bool]:
    """Whether the viewer's side has the referral of a row that carries both parties: its own, or delivered to it."""
    if me.side is Side.LOCAL_AUTHORITY:
        return within(row, me)
    here = (Delivery.referral_id == row.referral_id, Delivery.provider_id == me.organisation_id)
    return and_(within(row, me), select(Delivery.id).where(*here, Delivery.withdrawn_at.is_(None)).exists())
