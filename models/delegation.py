"""Authority to sign for somebody else of the same organisation: given by a signatory, or recorded for one (S-033)."""

import secrets
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Mapped, aliased, mapped_column

from models.age import london_day
from models.base import Base, Identified, coded, shown
from models.delegation_term import Colleague, Principal, Term
from models.event import Actor, Told
from models.lifecycle import (
    AUTHORITY_ADMINISTRATOR,
    AUTHORITY_READERS,
    AUTHORITY_SIGNATORY,
    PROVIDER_ADMINISTRATOR,
    PROVIDER_READERS,
    PROVIDER_SIGNATORY,
    Lifecycle,
    Role,
    Rule,
    Side,
    rule,
)
from models.record import Governed
from models.referral_reference import ALPHABET
from models.refusal import Code, Refused
from models.rollout import spoken_day

if TYPE_CHECKING:
    from models.document import Document


class DelegationStatus(StrEnum):
    """Whether an authority still stands; the days it covers are its own."""

    GIVEN = "GIVEN"
    REVOKED = "REVOKED"


GIVEN, REVOKED = DelegationStatus
LIFECYCLE = Lifecycle(
    (
        rule("give", by=(AUTHORITY_SIGNATORY, PROVIDER_SIGNATORY), when=[GIVEN], notice="DELEGATION_GIVEN",
             denied=Code.NOT_A_SIGNATORY),
        rule("record", by=(AUTHORITY_ADMINISTRATOR, PROVIDER_ADMINISTRATOR), when=[GIVEN], notice="DELEGATION_GIVEN"),
        rule("revoke", by=(AUTHORITY_READERS, PROVIDER_READERS), when=[GIVEN], then=REVOKED,
             notice="DELEGATION_REVOKED"),
    ),
    start=GIVEN,
    begins=("give", "record"),
    frozen=frozenset({REVOKED}),
    locked=Code.DELEGATION_REVOKED,
)  # fmt: skip


class Revoking:
    """Who is just revoking it: known during the act, never stored."""

    revoking: UUID | None = None


class Delegation(Revoking, Governed[DelegationStatus], Identified, Base):
    """One person's authority to sign for another: for one agreement, or for days of which there are a year at most.

    Without `principal_id` it is the recorded authority of somebody without access, and carries the document that says
    so. The names are those of the day on which it was given.
    """

    __tablename__ = "delegation"
    __table_args__ = (
        ForeignKeyConstraint(["principal_id", "organisation_id"], ["person.id", "person.organisation_id"]),
        ForeignKeyConstraint(["delegate_id", "organisation_id"], ["person.id", "person.organisation_id"]),
        CheckConstraint("principal_id <> delegate_id", name="two_people"),
        CheckConstraint(
            "(principal_id IS NULL) = (document_id IS NOT NULL AND document_name IS NOT NULL"
            " AND document_sha256 IS NOT NULL)",
            name="given_or_documented",
        ),
        CheckConstraint(
            "valid_from <= valid_until AND valid_until <= valid_from + interval '1 year'", name="a_year_at_most"
        ),
        CheckConstraint("(status = 'REVOKED') = (revoked_at IS NOT NULL)", name="revoked"),
        Index("ix_delegation_live", "delegate_id", postgresql_where="status = 'GIVEN'"),
    )
    noun = "delegation"
    subject = "DELEGATION"
    lifecycle = LIFECYCLE

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    side: Mapped[Side] = coded(Side)
    reference: Mapped[str] = mapped_column(unique=True)
    principal_id: Mapped[UUID | None]
    principal_name: Mapped[str]
    principal_job_title: Mapped[str | None]
    delegate_id: Mapped[UUID]
    delegate_name: Mapped[str]
    delegate_job_title: Mapped[str | None]
    ipa_id: Mapped[UUID | None] = mapped_column(ForeignKey("ipa.id"), index=True)
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    authority: Mapped[str]
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("document.id"), index=True)
    document_name: Mapped[str | None]
    document_sha256: Mapped[str | None]
    status: Mapped[DelegationStatus] = coded(DelegationStatus, default=GIVEN)
    version: Mapped[int] = mapped_column(default=0)
    given_at: Mapped[datetime]
    given_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    given_by_name: Mapped[str]
    code_step: Mapped[int]
    session_id: Mapped[UUID]
    revoked_at: Mapped[datetime | None]
    revoked_by_name: Mapped[str | None]
    revoke_reason: Mapped[str | None]

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        """The organisation's own; a sign-only person's those they gave or hold (S-031)."""
        own: ColumnElement[bool] = row.organisation_id == me.organisation_id
        if not me.sign_only:
            return own
        return and_(own, or_(row.principal_id == me.person_id, row.delegate_id == me.person_id))

    @shown
    def can(row: Any, me: Any) -> Any:
        """What the viewer may do with it now: it is revoked by whose it is, or by an administrator."""
        if Role.ADMINISTRATOR in me.roles:
            return LIFECYCLE.can(row, me)
        mine = func.coalesce(row.principal_id == me.person_id, False)
        return case((mine, LIFECYCLE.can(row, me)), else_=cast(literal("[]"), JSON))

    @shown
    def in_force(row: Any, me: Any) -> Any:
        """Whether one could sign by it now: it stands, today is one of its days, and its principal may sign."""
        return _in_force(row, me)

    @classmethod
    def to(cls, delegate: Colleague, term: Term, *, by: Actor) -> "Delegation":
        """An authority for that colleague and that time; `give` or `record` says whose it is."""
        viewer = by.viewer
        delegate.check(by)
        return cls(
            id=uuid4(), organisation_id=viewer.organisation_id, side=viewer.side, status=GIVEN, version=0,
            reference="AU-" + "".join(secrets.choice(ALPHABET) for _ in range(7)), delegate_id=delegate.id,
            delegate_name=delegate.name, delegate_job_title=delegate.job_title, ipa_id=term.ipa_id,
            valid_from=term.valid_from, valid_until=term.valid_until, given_at=by.at, given_by_id=viewer.person_id,
            given_by_name=viewer.name, session_id=viewer.session_id,
        )  # fmt: skip

    def give(self, code_step: int, *, by: Actor) -> None:
        """A signatory's own authority, given in the portal with a fresh code."""
        viewer = by.viewer
        self.principal_id, self.code_step = viewer.person_id, code_step
        self.step("give", by=by, **self._facts())
        self.principal_name, self.principal_job_title = viewer.name, viewer.job_title
        self.authority = f"{self.reference}, given by {viewer.name} in the portal on {spoken_day(by.at)}"

    def record(self, principal: Principal, document: "Document", code_step: int, *, by: Actor) -> None:
        """The authority of somebody without access, by the document that an administrator attaches."""
        self.step("record", by=by, **self._facts(), sha256=document.sha256)
        self.principal_name, self.principal_job_title = principal.name, principal.job_title
        self.document_id, self.document_name, self.document_sha256 = document.id, document.name, document.sha256
        self.code_step = code_step
        self.authority = (
            f"{self.reference}, recorded by {by.viewer.name} on {spoken_day(by.at)} from the document {document.name}"
            f" (SHA-256 {document.sha256})"
        )

    def revoke(self, reason: str | None, *, by: Actor) -> None:
        """Nothing is signed by it from now on; what was signed by it stands."""
        self.entitle("revoke", by=by)
        if by.viewer.person_id != self.principal_id and Role.ADMINISTRATOR not in by.viewer.roles:
            sentence = "Only the person whose authority it is, or an administrator, can revoke it."
            raise Refused(Code.FORBIDDEN, sentence)
        self.revoking = by.viewer.person_id
        self.step("revoke", by=by)
        self.revoked_at, self.revoked_by_name = by.at, by.viewer.name
        self.revoke_reason = (reason or "").strip() or None

    def admits(self, ipa_id: UUID, principal_signs: bool, *, by: Actor) -> None:
        """Refuse whoever cannot sign that agreement by this authority today."""
        day = london_day(by.at)
        if self.delegate_id != by.viewer.person_id:
            raise _refused(Code.NOT_A_SIGNATORY, "This authority was given to somebody else.")
        if self.status is REVOKED:
            raise _refused(Code.DELEGATION_REVOKED, "This authority has been revoked.")
        if self.ipa_id not in (None, ipa_id):
            raise _refused(Code.NOT_A_SIGNATORY, "This authority is for another agreement.")
        if day > self.valid_until:
            raise _refused(Code.DELEGATION_EXPIRED, f"This authority ended on {self.valid_until:%-d %B %Y}.")
        if day < self.valid_from:
            raise _refused(Code.DELEGATION_NOT_IN_FORCE, f"This authority begins on {self.valid_from:%-d %B %Y}.")
        if not principal_signs:
            sentence = f"{self.principal_name} may not sign at present, so nobody may for them."
            raise _refused(Code.DELEGATION_NOT_IN_FORCE, sentence)

    @property
    def spoken_principal(self) -> str:
        """Whose authority it is, as it stands beside a signature."""
        return ", ".join(filter(None, (self.principal_name, self.principal_job_title)))

    def of(self, name: str) -> UUID | None:
        party = {Side.LOCAL_AUTHORITY: "la_id", Side.PROVIDER: "provider_id"}.get(self.side)
        return self.organisation_id if name == party else None

    def told(self, by_rule: Rule[Any]) -> tuple[Told, ...]:
        """Who was authorised, and who authorised them; whoever acts needs no telling."""
        concerned = {self.delegate_id, *([self.principal_id] if by_rule.action == "revoke" else [])}
        others = concerned - {None, self.revoking}
        return tuple(Told(person=person, notice=by_rule.notice) for person in sorted(others, key=str))

    def looking(self, rule: Rule[Any], side: Side) -> tuple[Told, ...]:
        """Colleagues, and whom it is about even where they only sign (S-031)."""
        concerned = [Told(person=person) for person in (self.principal_id, self.delegate_id) if person]
        return (*super().looking(rule, side), *concerned)

    def _facts(self) -> dict[str, Any]:
        days = {"from": self.valid_from, "until": self.valid_until}
        return {"delegate": self.delegate_id, "agreement": self.ipa_id, **days}


def _refused(code: Code, sentence: str) -> Refused:
    return Refused(code, sentence, ["input", "onBehalfOf"])


def _in_force(row: Any, me: Any) -> ColumnElement[bool]:
    today = func.date(func.timezone("Europe/London", me.now))
    principal_signs = or_(row.principal_id.is_(None), func.portal_signs(row.principal_id))
    return and_(row.status == GIVEN, row.valid_from <= today, today <= row.valid_until, principal_signs)


def signs_for_somebody(agreement: Any, me: Any) -> ColumnElement[bool]:
    """Whether somebody has authorised the viewer to sign that agreement, and it holds now."""
    held = aliased(Delegation)
    return select(held.id).where(held_by(held, agreement, me)).exists()


def held_by(held: Any, agreement: Any, me: Any) -> ColumnElement[bool]:
    """Whether it is the viewer's authority to sign that agreement now."""
    mine = and_(held.delegate_id == me.person_id, held.organisation_id == me.organisation_id)
    return and_(mine, or_(held.ipa_id.is_(None), held.ipa_id == agreement.id), _in_force(held, me))
