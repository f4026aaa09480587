"""Accounts: asked for, approved, invited, suspended, reinstated; and an authority's case system."""

from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import Select, Text, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from models.account import LEADING
from models.lifecycle import Role, Side
from models.organisation import Organisation
from models.person import AccountStatus, NewAccount, Person
from models.provider import Provider
from models.refusal import Code, Refused, not_found
from models.session import MACHINE_LASTS, LinkPurpose, Origin, Session
from resolvers.act import Answer
from resolvers.context import Context, Info
from resolvers.link import give_link
from resolvers.pages import Page
from resolvers.ports import SignedOut

LAST = "An organisation needs an administrator. Make somebody else one first."


@strawberry.input(description="The request form for one person's account.")
class AccountInput:
    name: str = strawberry.field(description="The person's name.")
    email: str = strawberry.field(description="The person's own e-mail address; no shared mailbox.")
    roles: list[Role] = strawberry.field(description="What the person shall be allowed to do.")
    job_title: str | None = strawberry.field(default=None, description="Job title, as it stands beside a signature.")
    phone: str | None = strawberry.field(default=None, description="Telephone number.")
    organisation_id: UUID | None = strawberry.field(
        default=None, description="The person's organisation, where it is not yours: a provider that you manage."
    )
    override_reason: str | None = strawberry.field(
        default=None, description="Why an address that reads like a shared mailbox is one person's after all."
    )


@strawberry.input(description="An authority's case system that shall read and act through this API.")
class MachineInput:
    name: str = strawberry.field(description="A name by which it is known in the audit.")


@strawberry.input(description="Which accounts to list. Every condition given must hold.")
class AccountFilter:
    status: list[AccountStatus] | None = strawberry.field(default=None, description="In one of these states.")
    organisation_id: UUID | None = strawberry.field(default=None, description="Of this organisation.")


def one(me: Any, id: UUID) -> Select[Any]:
    return Person.visible_to(me).where(Person.id == id)


def page(me: Any, filter: AccountFilter | None = None, first: int = 20, after: str | None = None) -> Page:
    wanted: Any = filter
    rows = Person.visible_to(me)
    if wanted and wanted.status is not None:
        rows = rows.where(Person.status == func.any(wanted.status))
    if wanted and wanted.organisation_id is not None:
        rows = rows.where(Person.organisation_id == wanted.organisation_id)
    return Page(rows, Person.requested_at, Person.id, first, after)


async def request(info: Info, input: AccountInput) -> Person:
    context = info.context
    organisation = await _looked_after(context, input.organisation_id)
    asked = NewAccount(
        input.name, input.email, input.roles, input.job_title, input.phone, input.override_reason,
        context.shell.shared_mailboxes,
    )  # fmt: skip
    person = Person.ask(organisation, asked, by=context.by)
    person.led = await _led(context, person)
    person.request(by=context.by)
    context.session.add(person)
    return person


async def approve(info: Info, id: UUID, expected_version: int) -> Person:
    person = await decided_on(info.context, id, expected_version)
    person.approve(by=info.context.by)
    return person


async def invite(info: Info, id: UUID, expected_version: int) -> Answer:
    """The login is issued: a link that works once and is shown once."""
    person = await decided_on(info.context, id, expected_version)
    person.invite(by=info.context.by)
    return Answer(person, give_link(info.context, person, LinkPurpose.INVITATION))


async def suspend(info: Info, id: UUID, expected_version: int) -> Person:
    """Sign the person out everywhere and keep them out."""
    context = info.context
    Person.entitle("suspend", by=context.by)
    await keeping_an_administrator(context, id)
    person = await decided_on(context, id, expected_version)
    person.suspend(by=context.by)
    await context.session.flush()
    await context.session.execute(select(func.portal_end_sessions(id, context.now, "SUSPENDED")))
    return person


async def reinstate(info: Info, id: UUID, expected_version: int) -> Person:
    person = await decided_on(info.context, id, expected_version)
    person.reinstate(by=info.context.by)
    return person


async def decided_on(context: Context, id: UUID, expected_version: int) -> Person:
    """The account, held, with what decides on whether the viewer or its organisation decides on it."""
    person = await context.change(Person, id, expected_version)
    person.led = await _led(context, person)
    return person


async def _led(context: Context, person: Person) -> bool:
    viewer = context.viewer
    if viewer.side is not Side.LOCAL_AUTHORITY or viewer.organisation_id == person.organisation_id:
        return False
    led = Person.has_administrator(person.organisation_id)
    return bool(await context.session.scalar(select(led)))


async def keeping_an_administrator(context: Context, id: UUID) -> None:
    """Refuse to take an organisation's last administrator away from within, also when two do so to each other at once.

    Administrators are held in one order, before the account itself. Whoever looks after the organisation may do it.
    """
    viewer = context.viewer
    leads = Person.roles.overlap(cast([role.value for role in LEADING], ARRAY(Text())))
    leading = select(Person.id).where(
        Person.organisation_id == viewer.organisation_id, Person.status == AccountStatus.ACTIVE, leads
    )
    left = set((await context.session.scalars(leading.order_by(Person.id).with_for_update())).all())
    if left == {id}:
        raise Refused(Code.LAST_ADMINISTRATOR, LAST, ["id"])
    if viewer.roles.intersection(LEADING) and viewer.person_id not in left:
        raise SignedOut  # suspended, or without the role, while this waited


async def connect_machine(info: Info, input: MachineInput) -> Answer:
    """A bearer token for a year, shown once."""
    context = info.context
    machine = Person.machine(context.viewer.organisation_id, input.name, by=context.by)
    context.session.add(machine)
    await context.session.flush()
    token, digest = context.shell.keys.new_token()
    session = Session.start(machine.id, digest, Origin(), by=context.by, lasts=MACHINE_LASTS)
    context.session.add(session)
    return Answer(machine, {"token": token, "expires_at": session.expires_at})


async def _looked_after(context: Context, organisation_id: UUID | None) -> Organisation:
    """One's own organisation, a provider one's authority manages, or any for the region; to others it is not there."""
    viewer = context.viewer
    if organisation_id not in (None, viewer.organisation_id) and viewer.side is not Side.REGION:
        managed = select(Provider.id).where(
            Provider.id == organisation_id, Provider.managing_la_id == viewer.organisation_id
        )
        if viewer.side is Side.PROVIDER or await context.session.scalar(managed) is None:
            raise not_found("organisation")
    return await context.find(Organisation, organisation_id or viewer.organisation_id)
