"""Offers: a provider's one live answer to a referral."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Select,
    UniqueConstraint,
    Uuid,
    and_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from models.base import Base, Identified, Json, coded, shown
from models.event import Actor
from models.home import FrameworkStatus
from models.lifecycle import PLACEMENT_TEAM, PROVIDER_STAFF, Audience, Lifecycle, Side, rule
from models.message import A_CONDITION, Message
from models.offer_answer import Answer
from models.offer_change import Traced
from models.offer_check import OfferChecks
from models.offer_decline import DeclineReason
from models.offer_derived import Derived
from models.offer_document import Documented
from models.offer_freeze import open_acts
from models.offer_parts import OfferDocument, OfferVersion
from models.offer_standing import Standing
from models.offer_voiding import Voidable
from models.organisation import Organisation
from models.provider import Category
from models.record import Governed, within
from models.referral import Referral
from models.refusal import Code, Refused, reason_given

if TYPE_CHECKING:
    from models.ipa import Ipa


class OfferStatus(StrEnum):
    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"
    VOIDED = "VOIDED"


DRAFT, SUBMITTED, ACCEPTED, DECLINED, WITHDRAWN, VOIDED = OfferStatus
LIVE = (DRAFT, SUBMITTED, ACCEPTED)
LIFECYCLE = Lifecycle(
    (
        rule("create", by=PROVIDER_STAFF, when=[DRAFT], private=True),
        rule("edit", by=PROVIDER_STAFF, when=[DRAFT], private=True),
        rule("edit", by=PROVIDER_STAFF, when=[SUBMITTED], tells=Audience.AUTHORITY, notice="OFFER_UPDATED"),
        rule("attach", by=PROVIDER_STAFF, when=[DRAFT], private=True),
        rule("attach", by=PROVIDER_STAFF, when=[SUBMITTED], tells=Audience.AUTHORITY, notice="OFFER_UPDATED"),
        rule("detach", by=PROVIDER_STAFF, when=[DRAFT], private=True),
        rule("detach", by=PROVIDER_STAFF, when=[SUBMITTED], tells=Audience.AUTHORITY, notice="OFFER_UPDATED"),
        rule("submit", by=PROVIDER_STAFF, when=[DRAFT], then=SUBMITTED, tells=Audience.AUTHORITY,
             notice="OFFER_SUBMITTED"),
        rule("refresh_documents", by=PROVIDER_STAFF, when=[SUBMITTED], tells=Audience.AUTHORITY,
             notice="OFFER_UPDATED"),
        rule("withdraw", by=PROVIDER_STAFF, when=[DRAFT], then=WITHDRAWN, private=True),
        rule("withdraw", by=PROVIDER_STAFF, when=[SUBMITTED], then=WITHDRAWN, tells=Audience.AUTHORITY,
             notice="OFFER_WITHDRAWN"),
        rule("accept", by=PLACEMENT_TEAM, when=[SUBMITTED], then=ACCEPTED, tells=Audience.PROVIDER,
             notice="OFFER_ACCEPTED"),
        rule("decline", by=PLACEMENT_TEAM, when=[SUBMITTED], then=DECLINED, tells=Audience.PROVIDER,
             notice="OFFER_DECLINED"),
        rule("end", by=(), when=[DRAFT, SUBMITTED], then=DECLINED, tells=Audience.PROVIDER, notice="OFFER_DECLINED"),
        rule("void", by=PLACEMENT_TEAM, when=[ACCEPTED], then=VOIDED, tells=[Audience.AUTHORITY, Audience.PROVIDER],
             notice="OFFER_VOIDED"),
        rule("void_with_agreement", by=(), when=[ACCEPTED], then=VOIDED,
             tells=[Audience.AUTHORITY, Audience.PROVIDER]),
    ),
    start=DRAFT,
    frozen=frozenset({ACCEPTED, DECLINED, WITHDRAWN, VOIDED}),
    locked=Code.OFFER_LOCKED,
    free=("status", "version", "void_reason", "voided_at", "updated_at"),
)  # fmt: skip


class Offer(Traced, Voidable, Governed[OfferStatus], Derived, Documented, Standing, Identified, Base):
    """Exactly one home, or one fostering family, with its fees and promises (S-072 to S-075).

    Editable until accepted, draft and submitted alike, under the same id; from acceptance on nothing of it changes
    (S-076, S-077). `terms` and `placement` are plain JSON; the money columns are computed from `terms`.
    """

    __tablename__ = "offer"
    __table_args__ = (
        UniqueConstraint("id", "la_id", "provider_id"),
        ForeignKeyConstraint(["referral_id", "la_id"], ["referral.id", "referral.la_id"]),
        CheckConstraint("(home_id IS NULL) <> (family_id IS NULL)", name="one_home_or_one_family"),
        CheckConstraint("(category = 'FOSTERING') = (family_id IS NOT NULL)", name="placement_suits_category"),
        CheckConstraint("core_fee_weekly > 0", name="core_fee_above_zero"),
        Index(
            "uq_offer_live",
            "referral_id",
            "provider_id",
            unique=True,
            postgresql_where="status IN ('DRAFT', 'SUBMITTED', 'ACCEPTED')",
        ),
        Index("uq_offer_accepted", "referral_id", unique=True, postgresql_where="status = 'ACCEPTED'"),
        Index("ix_offer_provider_id", "provider_id", "referral_id"),
        Index("ix_offer_la_id", "la_id", "status", postgresql_where="submitted_at IS NOT NULL"),
        Index("ix_offer_undecided", "la_id", "submitted_at", "id", postgresql_where="status = 'SUBMITTED'"),
        Index("ix_offer_authority_list", "la_id", "updated_at", "id", postgresql_where="submitted_at IS NOT NULL"),
    )
    noun = "offer"
    subject = "OFFER"
    lifecycle = LIFECYCLE

    referral_id: Mapped[UUID] = mapped_column(index=True)
    la_id: Mapped[UUID]
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    reference: Mapped[str]
    revision: Mapped[int]
    category: Mapped[Category] = coded(Category)
    status: Mapped[OfferStatus] = coded(OfferStatus, default=DRAFT)
    version: Mapped[int] = mapped_column(default=0)
    home_id: Mapped[UUID | None] = mapped_column(ForeignKey("home.id"))
    family_id: Mapped[UUID | None] = mapped_column(ForeignKey("fostering_family.id"))
    placement: Mapped[Json]
    framework_status: Mapped[FrameworkStatus] = coded(FrameworkStatus)
    terms: Mapped[Json]
    available_from: Mapped[date | None]
    core_fee_weekly: Mapped[Decimal]
    weekly_total: Mapped[Decimal]
    first_year_total: Mapped[Decimal]
    author_name: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_name: Mapped[str | None]
    checks_confirmed: Mapped[bool] = mapped_column(default=False)
    acknowledged_conditions: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), default=list, server_default="{}")
    decline_reasons: Mapped[list[str] | None]
    decline_note: Mapped[str | None]
    withdraw_reason: Mapped[str | None]
    void_reason: Mapped[str | None]
    voided_at: Mapped[datetime | None]
    supersedes_id: Mapped[UUID | None] = mapped_column(ForeignKey("offer.id"))

    referral: Mapped[Referral] = relationship(
        primaryjoin="foreign(Offer.referral_id) == Referral.id", lazy="raise", viewonly=True
    )
    provider: Mapped[Organisation] = relationship(foreign_keys=[provider_id], lazy="raise", viewonly=True)
    documents: Mapped[list[OfferDocument]] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="and_(Offer.id == OfferDocument.offer_id, OfferDocument.removed_at == None)",
        order_by="OfferDocument.compulsory.desc(), OfferDocument.kind, OfferDocument.id",
    )
    former_documents: Mapped[list[OfferDocument]] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="and_(Offer.id == OfferDocument.offer_id, OfferDocument.removed_at != None,"
        " OfferDocument.compulsory)",
        order_by="OfferDocument.removed_at, OfferDocument.kind, OfferDocument.id",
    )
    versions: Mapped[list[OfferVersion]] = relationship(lazy="raise", viewonly=True, order_by="OfferVersion.version")
    conditions: Mapped[list[Message]] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin=lambda: and_(
            Offer.referral_id == foreign(Message.referral_id),
            Offer.provider_id == foreign(Message.provider_id),
            Message.tag == A_CONDITION,
        ),
        order_by=Message.no,
    )
    confirmed_checks: Mapped[OfferChecks | None] = relationship(
        primaryjoin="Offer.id == foreign(OfferChecks.offer_id)", lazy="raise", viewonly=True
    )
    ipas: Mapped[list["Ipa"]] = relationship(
        primaryjoin="Offer.id == foreign(Ipa.offer_id)", lazy="raise", viewonly=True, order_by="Ipa.created_at, Ipa.id"
    )

    statement_of_purpose: Mapped[OfferDocument | None] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="and_(Offer.id == OfferDocument.offer_id, OfferDocument.removed_at == None,"
        " OfferDocument.compulsory, OfferDocument.kind == 'STATEMENT_OF_PURPOSE')",
    )

    @property
    def stream(self) -> UUID:
        return self.referral_id

    @property
    def children(self) -> list[UUID]:
        """The children that it is for: it has a fee for each (S-061)."""
        return [UUID(fee["childId"]) for fee in self.terms["fees"]]

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        """The provider's own; for the authority those that were ever submitted."""
        if me.side is Side.LOCAL_AUTHORITY:
            return and_(row.la_id == me.organisation_id, row.submitted_at.is_not(None))
        return within(row, me)

    @shown
    def can(row: Any, me: Any) -> Any:
        """What the viewer may do with this offer now."""
        return open_acts(row, me, LIFECYCLE)

    def create(self, answer: Answer, *, by: Actor) -> None:
        self.step("create", by=by)
        self._take_answer(answer, by)

    def edit(self, answer: Answer, *, by: Actor) -> None:
        """Change the home and any other information, until the offer is accepted (S-076)."""
        self.step("edit", by=by)
        self._take_answer(answer, by)

    def _take_answer(self, answer: Answer, by: Actor) -> None:
        self.home_id, self.family_id = answer.home_id, answer.family_id
        self.placement, self.framework_status, self.terms = answer.placement, answer.framework_status, answer.terms
        self.available_from = answer.available_from
        self.core_fee_weekly, self.weekly_total = answer.core_fee_weekly, answer.weekly_total
        self.first_year_total = answer.first_year_total
        self.updated_at = by.at

    def submit(self, answer: Answer, *, by: Actor) -> None:
        """Send it to the authority, as it stands on this day."""
        self.step("submit", by=by)
        self._take_answer(answer, by)
        self.submitted_at = by.at

    def withdraw(self, reason: str | None, *, by: Actor) -> None:
        self.ready("withdraw", by=by)
        text = reason_given(reason)
        self.step("withdraw", by=by)
        self.withdraw_reason, self.updated_at = text, by.at

    def accept(self, checks_confirmed: bool, conditions: Sequence[UUID], *, by: Actor) -> None:
        """Lock the offer; the authority has done its checks and knows these conditions (S-066, S-092, S-094)."""
        self.ready("accept", by=by)
        if not checks_confirmed:
            sentence = "Confirm that the authority's checks are complete before you accept."
            raise Refused(Code.CHECKS_REQUIRED, sentence, ["input", "checksConfirmed"], checks=[])
        self._decided(by, "accept", conditions=list(conditions))
        self.checks_confirmed, self.acknowledged_conditions = True, list(conditions)

    def was_accepted(self, version: int) -> bool:
        """Whether an acceptance of exactly that version stands, and nothing has happened since."""
        return self.status is ACCEPTED and version == self.version - 1

    def decline(self, reasons: Sequence[DeclineReason], note: str | None, *, by: Actor) -> None:
        """Turn the offer down; the provider reads why (S-093)."""
        self.ready("decline", by=by)
        if not reasons:
            raise Refused(Code.REASON_REQUIRED, "Choose at least one reason.", ["input", "reasons"])
        if DeclineReason.REFERRAL_CLOSED in reasons:
            sentence = "The portal gives this reason when you close the referral. Choose another."
            raise Refused(Code.INVALID_INPUT, sentence, ["input", "reasons"])
        text = reason_given(note, "input", "note")
        self._decided(by, "decline")
        self.decline_reasons, self.decline_note = list(dict.fromkeys(r.value for r in reasons)), text

    def _decided(self, by: Actor, action: str, **facts: Any) -> None:
        self.step(action, by=by, **facts)
        self.decided_at, self.decided_by_name, self.updated_at = by.at, by.viewer.name, by.at

    def end(self, reason: DeclineReason, *, by: Actor) -> None:
        """Declined because the referral it answers has ended."""
        self.follow("end", by=by, reason=reason)
        self.decline_reasons, self.decided_by_name = [reason.value], by.viewer.name
        self.decided_at = self.updated_at = by.at
