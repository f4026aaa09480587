"""Providers: their registration, and what care they are registered to give."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Select, and_, case, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship
from sqlalchemy.orm.attributes import set_committed_value

from models.base import Base, Json, coded, shown
from models.event import Actor, Told
from models.lifecycle import Rule, Side
from models.looking import at_authority, at_provider
from models.organisation import Organisation
from models.record import Governed
from models.refusal import Code, Refused, reason_given, refuse_all
from models.registration import BEFORE_PROFILES_OPEN, LIFECYCLE, RegistrationStatus

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


class Provider(Governed[RegistrationStatus], Base):
    """A provider's registration. `effective_since` is its last approval: what was approved is in effect, also while
    it is edited again; changes made meanwhile wait beside it for the next approval (S-007).
    """

    __tablename__ = "provider"
    noun = "registration"
    givers: Sequence[UUID] = ()
    subject = "PROVIDER"
    lifecycle = LIFECYCLE

    id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    managing_la_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    status: Mapped[RegistrationStatus] = coded(RegistrationStatus, default=RegistrationStatus.DRAFT)
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
    hand_over_reason: Mapped[str | None]

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
        """Its own people but sign-only ones (S-031); authorities those approved or managed by them; the region all."""
        if me.side is Side.PROVIDER:
            own: ColumnElement[bool] = row.id == me.organisation_id
            return and_(own, row.id.is_(None)) if me.sign_only else own
        if me.side is Side.REGION:
            return and_(row.id.is_not(None))
        return or_(row.effective_since.is_not(None), row.managing_la_id == me.organisation_id)

    @shown
    def can(row: Any, me: Any) -> Any:
        """What the viewer may do with this registration now: an authority only with those it manages."""
        from models.rollout import Feature, Rollout

        can = case(
            (Rollout.opened(Feature.PROFILE_EDITING, me.now), LIFECYCLE.can(row, me)),
            else_=BEFORE_PROFILES_OPEN.can(row, me),
        )
        if me.side is not Side.LOCAL_AUTHORITY:
            return can
        return case((row.managing_la_id == me.organisation_id, can), else_=cast(literal("[]"), JSON))

    @shown
    def reason(row: Any, me: Any) -> Any:
        """Why it was rejected: for the provider and for those who decide."""
        return between_these(row, me, row.decision_reason)

    @shown
    def handed_over_because(row: Any, me: Any) -> Any:
        """Why it was handed over last: for the provider and for those who decide."""
        return between_these(row, me, row.hand_over_reason)

    @shown
    def pending_changes(row: Any, me: Any) -> Any:
        """How many changes wait for approval; none to be seen by others than the provider and those who decide."""
        return select(func.count()).select_from(waiting_changes(row, me)).scalar_subquery()

    @shown
    def waiting_since(row: Any, me: Any) -> Any:
        """Since when it, or the oldest change of an approved one, has waited for a decision (S-018)."""
        waiting = waiting_changes(row, me)
        oldest = select(func.min(waiting.c.proposed_at)).scalar_subquery()
        return case(
            (row.status == RegistrationStatus.PENDING_APPROVAL, row.submitted_at),
            (row.status == RegistrationStatus.APPROVED, oldest),
        )

    @shown
    def waiting_days(row: Any, me: Any) -> Any:
        """For how many days, as London counts them."""
        since = Provider.waiting_since(row, me)
        today, day = (func.date(func.timezone("Europe/London", at)) for at in (me.now, since))
        return today - day

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

    def withdraw_change(self, change: UUID, *, by: Actor) -> None:
        """Take back what was proposed and not yet decided on."""
        self.step("withdraw_change", by=by, change=change)

    def approve_change(self, change: UUID, *, by: Actor) -> None:
        """One change that widens what the provider receives is in effect from now on."""
        self._managed_by(by)
        self.step("approve_change", by=by, change=change)

    def reject_change(self, change: UUID, *, by: Actor) -> None:
        self._managed_by(by)
        self.step("reject_change", by=by, change=change)

    def hand_over(self, heir: Organisation, reason: str | None, *, by: Actor) -> None:
        """Another authority manages it from here; that one and the provider are told (S-005).

        The heir itself is written down by the database's own function, since the giver may no longer see the row.
        """
        text = reason_given(reason)
        self._managed_by(by)
        if heir.id == self.managing_la_id:
            raise Refused(Code.INVALID_INPUT, f"{heir.name} manages it already.", ["localAuthorityId"])
        self.ready("hand_over", by=by)
        giver = self.managing_la_id
        self.givers = [giver] if giver else []
        set_committed_value(self, "managing_la_id", heir.id)
        self.step("hand_over", by=by, giver=giver, heir=heir.id)
        self.hand_over_reason = text

    def looking(self, rule: Rule[Any], side: Side) -> tuple[Told, ...]:
        """Its staff, and the people of the authority that manages it; of a handing over, those of both."""
        return (*at_authority(self.la_id, *self.givers), *at_provider(self.id))

    def _managed_by(self, by: Actor) -> None:
        if by.viewer.side is Side.LOCAL_AUTHORITY and by.viewer.organisation_id != self.managing_la_id:
            raise Refused(Code.FORBIDDEN, "Only the authority that manages this registration can decide on it.")


def between_these(row: Any, me: Any, said: Any) -> Any:
    """What is said between the provider and those who decide: nothing for other authorities."""
    if me.side is Side.LOCAL_AUTHORITY:
        return case((row.managing_la_id == me.organisation_id, said))
    return said


def waiting_changes(row: Any, me: Any) -> Any:
    """The changes of a registration that wait, as far as the viewer sees them."""
    from models.registration_change import ChangeStatus, RegistrationChange

    mine = RegistrationChange.provider_id == row.id, RegistrationChange.status == ChangeStatus.PENDING
    seen = row.managing_la_id == me.organisation_id if me.side is Side.LOCAL_AUTHORITY else literal(True)
    return select(RegistrationChange.proposed_at).where(*mine, seen).correlate(row).subquery()


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
