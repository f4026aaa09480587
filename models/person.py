"""People: one account each, with an e-mail address of their own."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Select, and_, exists, or_, select
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from models.base import Base, Identified, coded, shown
from models.event import Actor, Told
from models.lifecycle import (
    AUTHORITY_ADMINISTRATOR,
    PROVIDER_ADMINISTRATOR,
    REGION_ADMINISTRATOR,
    REGISTRATION_TEAM,
    Lifecycle,
    Role,
    Rule,
    Side,
    rule,
)
from models.organisation import Organisation
from models.provider import Provider
from models.record import Governed
from models.refusal import Code, Refused

GENERIC = frozenset(
    "accounts admin administrator bookings care contact contracts duty enquiries enquiry fostering hello help home "
    "homes info information mail manager office placement placements postmaster reception referral referrals "
    "residential staff support team".split()
)
ROLES_OF = {
    Side.LOCAL_AUTHORITY: {
        Role.PLACEMENT_OFFICER,
        Role.REGISTRATION_OFFICER,
        Role.SIGNATORY,
        Role.ADMINISTRATOR,
        Role.READ_ONLY,
        Role.MACHINE,
    },
    Side.PROVIDER: {Role.MEMBER, Role.SIGNATORY, Role.ADMINISTRATOR},
    Side.REGION: {Role.REGION_ADMIN},
}


class AccountStatus(StrEnum):
    REQUESTED = "REQUESTED"
    APPROVED = "APPROVED"
    INVITED = "INVITED"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"


REQUESTED, APPROVED, INVITED, ACTIVE, SUSPENDED = AccountStatus
APPROVERS = (AUTHORITY_ADMINISTRATOR, PROVIDER_ADMINISTRATOR, REGISTRATION_TEAM, REGION_ADMINISTRATOR)
LIFECYCLE = Lifecycle(
    (
        rule("request", by=APPROVERS, when=[REQUESTED]),
        rule("approve", by=APPROVERS, when=[REQUESTED], then=APPROVED),
        rule("invite", by=APPROVERS, when=[APPROVED, INVITED], then=INVITED),
        rule("activate", by=(), when=[INVITED], then=ACTIVE),
        rule("suspend", by=APPROVERS, when=[ACTIVE], then=SUSPENDED),
        rule("reinstate", by=APPROVERS, when=[SUSPENDED], then=ACTIVE),
    ),
    start=REQUESTED,
    begins="request",
)


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person: what every read is limited to and every act is made by."""

    person_id: UUID
    organisation_id: UUID
    side: Side
    roles: frozenset[Role]
    session_id: UUID
    name: str
    job_title: str | None
    organisation_name: str
    expires_at: datetime

    @classmethod
    def nobody(cls) -> "Viewer":
        """Somebody who is signing in, or asking for an organisation's registration: no rights anywhere."""
        none = UUID(int=0)
        return cls(none, none, Side.PROVIDER, frozenset(), none, "", None, "", datetime.max.replace(tzinfo=UTC))

    @property
    def sign_only(self) -> bool:
        """Signatories of a provider who hold no other role see agreements and nothing else (S-031)."""
        return self.side is Side.PROVIDER and self.roles == {Role.SIGNATORY}

    @property
    def database_role(self) -> str:
        if self.sign_only:
            return "portal_signatory"
        return {
            Side.LOCAL_AUTHORITY: "portal_la",
            Side.PROVIDER: "portal_provider",
            Side.REGION: "portal_admin",
        }[self.side]


def email_key(email: str) -> str:
    """What makes two addresses the same one: NFC and case-folded, "+tags" kept (S-020)."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", email.strip()).casefold())


def personal_email(email: str) -> str:
    """The address as given, or a refusal when it cannot be one person's (S-021)."""
    text = unicodedata.normalize("NFC", email.strip())
    local, at, domain = text.rpartition("@")
    if not at or not local or "." not in domain or any(c.isspace() or not c.isprintable() for c in text):
        raise Refused(Code.INVALID_INPUT, "This is not an e-mail address.", ["input", "email"])
    if email_key(local).split("+")[0].strip(".-_0123456789") in GENERIC:
        sentence = "Please give a person's own e-mail address; a shared mailbox cannot have an account."
        raise Refused(Code.GENERIC_EMAIL, sentence, ["input", "email"])
    return text


class Person(Governed[AccountStatus], Identified, Base):
    """Someone who signs in, always on behalf of one organisation; or an authority's case system."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("cardinality(roles) > 0", name="roles"),)
    noun = "account"
    subject = "PERSON"
    lifecycle = LIFECYCLE

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    email: Mapped[str | None]
    email_key: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    job_title: Mapped[str | None]
    phone: Mapped[str | None]
    roles: Mapped[list[str]]
    status: Mapped[AccountStatus] = coded(AccountStatus, default=REQUESTED)
    version: Mapped[int] = mapped_column(default=0)
    requested_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(lazy="raise", viewonly=True)

    @classmethod
    def ask(cls, organisation: Organisation, who: "NewAccount", *, by: Actor) -> "Person":
        """One account for one person (S-023); the roles must be ones that the organisation's side has."""
        wanted = sorted({Role(r) for r in who.roles})
        if not wanted or not set(wanted) <= ROLES_OF[organisation.side]:
            raise Refused(Code.INVALID_INPUT, "Choose roles that this organisation has.", ["input", "roles"])
        address = personal_email(who.email)
        person = cls(
            organisation_id=organisation.id,
            email=address,
            email_key=email_key(address),
            name=who.name.strip(),
            job_title=who.job_title,
            phone=who.phone,
            roles=[r.value for r in wanted],
            status=REQUESTED,
            version=0,
            requested_at=by.at,
        )
        return person

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        """Colleagues; the people of a provider for the authority that manages it; everybody for the region."""
        if me.side is Side.REGION:
            return row.id.is_not(None)
        colleague = row.organisation_id == me.organisation_id
        if me.side is Side.PROVIDER:
            return colleague
        managed = aliased(Provider)
        theirs = exists().where(and_(managed.id == row.organisation_id, managed.managing_la_id == me.organisation_id))
        return or_(colleague, theirs)

    @shown
    def can(row: Any, me: Any) -> Any:
        """What the viewer may do with this account now."""
        return LIFECYCLE.can(row, me)

    def told(self, by_rule: Rule[Any]) -> tuple[Told, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What is asked of somebody who shall have an account."""

    name: str
    email: str
    roles: Iterable[str]
    job_title: str | None = None
    phone: str | None = None
