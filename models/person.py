"""People: one account each, with an e-mail address of their own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Select,
    Text,
    UniqueConstraint,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from models.account import (
    ACTIVE,
    APPROVERS,
    LEADING,
    LIFECYCLE,
    REQUESTED,
    ROLES_OF,
    SUSPENDED,
    AccountStatus,
    NewAccount,
    fitting,
    named,
)
from models.base import Base, Identified, coded, shown
from models.email import email_key, personal_email
from models.event import Actor, Told
from models.lifecycle import AUTHORITY_ADMINISTRATOR, Role, Rule, Side
from models.organisation import Organisation
from models.provider import Provider
from models.record import Governed
from models.refusal import Code, Refused

__all__ = ["APPROVERS", "LIFECYCLE", "ROLES_OF", "AccountStatus", "NewAccount", "Person", "Viewer", "named"]


EVERY_ROLE = tuple(sorted(Role))


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


class Person(Governed[AccountStatus], Identified, Base):
    """Someone who signs in, always on behalf of one organisation; or an authority's case system."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("id", "organisation_id"),
        CheckConstraint("cardinality(roles) > 0", name="roles"),
    )
    noun = "account"
    subject = "PERSON"
    lifecycle = LIFECYCLE
    led = False
    answering: tuple[Told, ...] = ()

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
    active_since: Mapped[datetime | None]
    override_reason: Mapped[str | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise", viewonly=True)

    @classmethod
    def ask(cls, organisation: Organisation, who: NewAccount, *, by: Actor) -> "Person":
        """One account for one person (S-023); the roles must be ones that the organisation's side has."""
        roles = fitting(who.roles, organisation.side)
        reason = (who.override_reason or "").strip() or None
        address = personal_email(who.email, generic=reason is not None, shared=who.shared)
        return cls(
            id=uuid4(),
            organisation_id=organisation.id,
            email=address,
            email_key=email_key(address),
            name=named(who.name),
            job_title=who.job_title,
            phone=who.phone,
            roles=roles,
            status=REQUESTED,
            version=0,
            requested_at=by.at,
            override_reason=reason,
        )

    @classmethod
    def machine(cls, organisation_id: UUID, name: str, *, by: Actor) -> "Person":
        """An authority's case system: it has a token instead of an e-mail address and a password (S-122)."""
        if not AUTHORITY_ADMINISTRATOR.includes(by.viewer.side, by.viewer.roles):
            raise Refused(Code.FORBIDDEN, "Only an administrator of an authority can connect a case system.")
        system = cls(
            id=uuid4(), organisation_id=organisation_id, name=named(name), roles=[Role.MACHINE.value],
            status=REQUESTED, version=0, requested_at=by.at,
        )  # fmt: skip
        system.step("request", by=by)
        system.step("approve", by=by)
        system.activate(by=by)
        return system

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        """Colleagues; the people of a provider for the authority that manages it; everybody for the region."""
        if me.side is Side.REGION:
            return and_(row.id.is_not(None))
        colleague: ColumnElement[bool] = row.organisation_id == me.organisation_id
        if me.side is Side.PROVIDER:
            return colleague
        managed = aliased(Provider)
        theirs = exists().where(and_(managed.id == row.organisation_id, managed.managing_la_id == me.organisation_id))
        return or_(colleague, theirs)

    @classmethod
    def led_from_within(cls, row: Any, me: Any) -> ColumnElement[bool]:
        """Whether a provider's own administrator, and not the viewer's authority, decides on this account."""
        if me.side is not Side.LOCAL_AUTHORITY:
            return literal(False)
        foreign = row.organisation_id != me.organisation_id
        return and_(foreign, cls.has_administrator(row.organisation_id))

    @shown
    def can(row: Any, me: Any) -> Any:
        """What the viewer may do with this account now; nothing with their own."""
        closed = row.id == me.person_id
        if me.side is Side.LOCAL_AUTHORITY and Role.ADMINISTRATOR not in me.roles:
            closed = or_(closed, row.organisation_id == me.organisation_id)
        seen = SimpleNamespace(status=row.status, led=Person.led_from_within(row, me))
        return case((closed, cast(literal("[]"), JSON)), else_=LIFECYCLE.can(seen, me))

    @shown
    def mail_undelivered_since(row: Any, me: Any) -> Any:
        """As far as the viewer is told; never which message, which would tell of reading and wishes (S-070)."""
        since = func.portal_mail_undelivered(row.id, type_=Date())
        if me.side is Side.REGION:
            return since
        own = row.organisation_id == me.organisation_id if Role.ADMINISTRATOR in me.roles else row.id == me.person_id
        return case((own, since))

    def request(self, *, by: Actor) -> None:
        self._decided_by(by)
        self.step("request", by=by, genericEmail=self.override_reason is not None)

    def approve(self, *, by: Actor) -> None:
        """Let the person in as soon as they are invited; nobody approves themselves (S-024)."""
        self._decided_by(by)
        self.step("approve", by=by, roles=self.roles)

    def invite(self, *, by: Actor) -> None:
        """Issue the login; an invitation given before stops working (S-024)."""
        self._decided_by(by)
        self.step("invite", by=by)

    def activate(self, *, by: Actor) -> None:
        """From here on the person can sign in; what is said to the organisation is news to them from here on."""
        self.follow("activate", by=by)
        self.active_since = by.at

    def change_roles(self, roles: Iterable[str], side: Side, *, by: Actor) -> bool:
        """What the person may do from the next sign-in on; a case system is what it is (S-034). False: no other."""
        self._decided_by(by)
        if Role.MACHINE in self.roles:
            raise Refused(Code.INVALID_INPUT, "A case system has no other role.", ["id"])
        before, wanted = self.roles, fitting(roles, side)
        if set(wanted) == set(before):
            return False
        self.roles = wanted
        self.step("change_roles", by=by, before=before, roles=wanted)
        return True

    def reset_authenticator(self, *, by: Actor) -> None:
        """The authenticator is lost: it works no more, and a new one can be enrolled with the password (TRUST E6)."""
        self._decided_by(by)
        self.step("reset_authenticator", by=by)

    def reset_password(self, *, by: Actor) -> None:
        """The password is forgotten: a new one can be chosen with the authenticator (TRUST E6)."""
        self._decided_by(by)
        self.step("reset_password", by=by)

    def suspend(self, *, by: Actor) -> None:
        self._decided_by(by)
        self.step("suspend", by=by)

    def reinstate(self, *, by: Actor) -> None:
        """Let the person sign in again; sessions from before stay ended."""
        self._decided_by(by)
        self.step("reinstate", by=by)

    def _decided_by(self, by: Actor) -> None:
        """Not by the person; within an authority by its administrators, not by all who look after its providers."""
        viewer = by.viewer
        if viewer.person_id == self.id:
            raise Refused(Code.FORBIDDEN, "Somebody else has to do this with your account.")
        within = viewer.side is Side.LOCAL_AUTHORITY and viewer.organisation_id == self.organisation_id
        if within and Role.ADMINISTRATOR not in viewer.roles:
            raise Refused(Code.FORBIDDEN, f"Only {AUTHORITY_ADMINISTRATOR.spoken} can do this with its accounts.")

    def in_session(self, organisation: Organisation, session_id: UUID, expires_at: datetime) -> Viewer:
        """This person, signed in."""
        return Viewer(
            self.id, organisation.id, organisation.side, frozenset(Role(role) for role in self.roles), session_id,
            self.name, self.job_title, organisation.name, expires_at,
        )  # fmt: skip

    def told(self, by_rule: Rule[Any]) -> tuple[Told, ...]:
        """The person hears of what others do to the account; of a forgotten password, those who can help."""
        if by_rule.action == "forget_password":
            return self.answering
        if by_rule.action == "reinstate":
            return (Told(person=self.id),)
        return (Told(person=self.id, notice=by_rule.notice),) if by_rule.notice else ()

    def looking(self, rule: Rule[Any], side: Side) -> tuple[Told, ...]:
        """Whoever sees the account, of whatever gives it another version: not of how its owner signs in."""
        if rule.reads:
            return ()
        return (Told((self.organisation_id,), EVERY_ROLE, accounts=True),)

    @classmethod
    def leading(
        cls, organisation_id: Any, *, beside: Any = None, among: Iterable[AccountStatus] = (ACTIVE,)
    ) -> ColumnElement[bool]:
        """Whether the organisation has an administrator in one of these states, beside that person."""
        other = aliased(cls)
        holds = other.roles.overlap(cast([role.value for role in LEADING], ARRAY(Text())))
        counted = or_(*(other.status == status for status in among))
        within = and_(other.organisation_id == organisation_id, counted, holds)
        return exists().where(and_(within, other.id.is_distinct_from(beside)))

    @classmethod
    def has_administrator(cls, organisation_id: Any) -> ColumnElement[bool]:
        """Whether the organisation has or had an administrator of its own: one who is suspended counts.

        Else whoever could take the last one away could put a person of their own in.
        """
        return cls.leading(organisation_id, among=(ACTIVE, SUSPENDED))
