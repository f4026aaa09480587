"""Providers: their registration, and what care they are registered to give."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Select, and_, case, func, or_, select
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from models.base import Base, Json, coded, shown
from models.event import Actor
from models.lifecycle import (
    PROVIDER_STAFF,
    REGION_ADMINISTRATOR,
    REGISTRATION_TEAM,
    Audience,
    Lifecycle,
    Side,
    rule,
)
from models.organisation import Organisation
from models.record import Governed
from models.refusal import Code, Refused, reason_given, refuse_all

if TYPE_CHECKING:
    from models.care import RegisteredCare
    from models.home import FrameworkMembership, Home
    from models.registration_change import RegistrationChange


class Category(StrEnum):
    """Categories of care. Family assessment falls under the residential framework (S-038)."""

    RESIDENTIAL = "RESIDENTIAL"
    FOSTERING = "FOSTERING"
    SUPPORTED_ACCOMMODATION = "SUPPORTED_ACCOMMODATION"
    RESIDENTIAL_FAMILY_ASSESSMENT = "RESIDENTIAL_FAMILY_ASSESSMENT"


class Gender(StrEnum):
    FEMALE = "FEMALE"
    MALE = "MALE"
    OTHER = "OTHER"


class ContactPurpose(StrEnum):
    """What somebody at the provider is asked about."""

    REFERRALS = "REFERRALS"
    REGISTRATION = "REGISTRATION"
    RESPONSIBLE_INDIVIDUAL = "RESPONSIBLE_INDIVIDUAL"
    SAFEGUARDING = "SAFEGUARDING"
    EMERGENCY = "EMERGENCY"
    FINANCE = "FINANCE"


class RegistrationStatus(StrEnum):
    DRAFT = "DRAFT"
    PENDING_APPROVAL = "PENDING_APPROVAL"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    OPEN_FOR_EDITING = "OPEN_FOR_EDITING"


DRAFT, PENDING, APPROVED, REJECTED, OPEN = RegistrationStatus
REVIEWERS = (REGISTRATION_TEAM, REGION_ADMINISTRATOR)
LIFECYCLE = Lifecycle(
    (
        rule("edit", by=PROVIDER_STAFF, when=[DRAFT, OPEN]),
        rule("edit_profile", by=PROVIDER_STAFF, when=[DRAFT, OPEN, APPROVED]),
        rule("propose", by=PROVIDER_STAFF, when=[APPROVED], tells=Audience.REVIEWERS,
             notice="REGISTRATION_CHANGE_PROPOSED"),
        rule("add_document", by=PROVIDER_STAFF, when=[DRAFT, OPEN, APPROVED], reads=True),
        rule("submit", by=PROVIDER_STAFF, when=[DRAFT, OPEN], then=PENDING, tells=Audience.REVIEWERS,
             notice="REGISTRATION_SUBMITTED"),
        rule("approve", by=REVIEWERS, when=[PENDING], then=APPROVED, tells=Audience.PROVIDER,
             notice="REGISTRATION_APPROVED"),
        rule("reject", by=REVIEWERS, when=[PENDING], then=REJECTED, tells=Audience.PROVIDER,
             notice="REGISTRATION_REJECTED"),
        rule("open_for_editing", by=REVIEWERS, when=[PENDING, APPROVED, REJECTED], then=OPEN,
             tells=Audience.PROVIDER, notice="REGISTRATION_OPENED"),
    ),
    start=DRAFT,
    frozen=frozenset({PENDING, APPROVED, REJECTED}),
    locked=Code.REGISTRATION_LOCKED,
)  # fmt: skip


class Provider(Governed[RegistrationStatus], Base):
    """A provider's registration. `effective_since` is its last approval: what was approved is in effect, also while
    it is edited again; changes made meanwhile wait beside it for the next approval (S-007).
    """

    __tablename__ = "provider"
    noun = "registration"
    subject = "PROVIDER"
    lifecycle = LIFECYCLE

    id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    managing_la_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    status: Mapped[RegistrationStatus] = coded(RegistrationStatus, default=DRAFT)
    version: Mapped[int] = mapped_column(default=0)
    legal_name: Mapped[str]
    trading_name: Mapped[str | None]
    company_number: Mapped[str | None]
    address: Mapped[str | None]
    postcode: Mapped[str]
    agency_urn: Mapped[str | None]
    contacts: Mapped[list[Json]] = mapped_column(default=list)
    announced: Mapped[list[Json]] = mapped_column(default=list)
    effective_since: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None]

    organisation: Mapped[Organisation] = relationship(foreign_keys=[id], lazy="raise", viewonly=True)
    managing_local_authority: Mapped[Organisation | None] = relationship(
        foreign_keys=[managing_la_id], lazy="raise", viewonly=True
    )
    care: Mapped[list["RegisteredCare"]] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="and_(Provider.id == RegisteredCare.provider_id, RegisteredCare.ended_at == None)",
        order_by="RegisteredCare.category, RegisteredCare.id",
    )
    homes: Mapped[list["Home"]] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="and_(Provider.id == Home.provider_id, Home.ended_at == None)",
        order_by="Home.name",
    )
    memberships: Mapped[list["FrameworkMembership"]] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="and_(Provider.id == FrameworkMembership.provider_id, FrameworkMembership.home_id == None,"
        " FrameworkMembership.ended_at == None)",
        order_by="FrameworkMembership.valid_from",
    )
    changes: Mapped[list["RegistrationChange"]] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="and_(Provider.id == RegistrationChange.provider_id, RegistrationChange.status == 'PENDING')",
        order_by="RegistrationChange.label, RegistrationChange.proposed_at, RegistrationChange.id",
    )

    @property
    def provider_id(self) -> UUID:
        return self.id

    @property
    def la_id(self) -> UUID | None:
        return self.managing_la_id

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        """Its own people; authorities see those that are approved and those they manage; the region sees all."""
        if me.side is Side.PROVIDER:
            own: ColumnElement[bool] = row.id == me.organisation_id
            return own
        if me.side is Side.REGION:
            return and_(row.id.is_not(None))
        return or_(row.effective_since.is_not(None), row.managing_la_id == me.organisation_id)

    @shown
    def can(row: Any, me: Any) -> Any:
        """What the viewer may do with this registration now."""
        return LIFECYCLE.can(row, me)

    @shown
    def reason(row: Any, me: Any) -> Any:
        """Why it was rejected: for the provider and for those who decide."""
        if me.side is Side.LOCAL_AUTHORITY:
            return case((row.managing_la_id == me.organisation_id, row.decision_reason))
        return row.decision_reason

    @shown
    def waiting_days(row: Any, me: Any) -> Any:
        """How many days it has waited for a decision, as London counts them (S-018)."""
        today, since = (func.date(func.timezone("Europe/London", at)) for at in (me.now, row.submitted_at))
        return case((row.status == PENDING, today - since))

    def edit(self, *, by: Actor, **facts: Any) -> None:
        self.step("edit", by=by, **facts)

    def edit_profile(self, *, by: Actor, **facts: Any) -> None:
        """Change what needs no approval: of an approved registration too, once that has opened (S-049)."""
        self.step("edit_profile", by=by, **facts)

    def propose(self, *, by: Actor, **facts: Any) -> None:
        """Ask for what widens an approved registration: it waits for a decision of its own (S-049)."""
        self.step("propose", by=by, **facts)

    def add_document(self, *, by: Actor, **facts: Any) -> None:
        """Take in a document of the profile, which is locked as the profile is (S-087)."""
        self.step("add_document", by=by, **facts)

    def submit(self, care: bool, bare_homes: Sequence[str], *, by: Actor) -> None:
        """Ask for approval. All that is missing is told at once: an address, any care, care of a home (S-013)."""
        self.step("submit", by=by)
        missing = []
        if not (self.address or "").strip():
            missing.append(Refused(Code.INCOMPLETE, "Give the organisation's registered address first.", ["address"]))
        if not care:
            sentence = "Register at least one category of care with its age range and genders first."
            missing.append(Refused(Code.INCOMPLETE, sentence, ["care"]))
        for name in bare_homes:
            sentence = f"Say what {name} is registered for: a category of care with its age range and genders."
            missing.append(Refused(Code.INCOMPLETE, sentence, ["homes", name]))
        refuse_all(missing)
        self.submitted_at = by.at

    def approve(self, *, by: Actor) -> None:
        """From here the provider receives what it matches (S-042)."""
        self._managed_by(by)
        self.step("approve", by=by)
        self.effective_since = by.at
        self.decision_reason = None

    def reject(self, reason: str | None, *, by: Actor) -> None:
        text = reason_given(reason)
        self._managed_by(by)
        self.step("reject", by=by)
        self.decision_reason = text

    def open_for_editing(self, *, by: Actor) -> None:
        """Let the provider change its registration; an approval already given stays in effect (S-007)."""
        self._managed_by(by)
        self.step("open_for_editing", by=by)

    def _managed_by(self, by: Actor) -> None:
        if by.viewer.side is Side.LOCAL_AUTHORITY and by.viewer.organisation_id != self.managing_la_id:
            raise Refused(Code.FORBIDDEN, "Only the authority that manages this registration can decide on it.")


def decided_scope(row: Any, me: Any) -> ColumnElement[bool]:
    """Parts of a registration: its provider sees its own, authorities what is approved and what they decide on."""
    if me.side is Side.PROVIDER:
        own: ColumnElement[bool] = row.provider_id == me.organisation_id
        return own
    if me.side is Side.REGION:
        return and_(row.id.is_not(None))
    managed = aliased(Provider)
    mine = and_(managed.id == row.provider_id, managed.managing_la_id == me.organisation_id)
    return or_(row.approved_at.is_not(None), select(managed.id).where(mine).exists())
