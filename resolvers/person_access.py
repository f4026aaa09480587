"""What an administrator does for somebody's access: roles, a new authenticator, a new password."""

from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import func, select

from models.account import LEADING
from models.lifecycle import Role
from models.organisation import Organisation
from models.person import Person
from models.session import LinkPurpose
from resolvers.act import Answer
from resolvers.code import spend_code
from resolvers.context import Info
from resolvers.link import give_link
from resolvers.person import decided_on, keeping_an_administrator


@strawberry.input(description="What a person shall be allowed to do.")
class RolesInput:
    roles: list[Role] = strawberry.field(description="Every role the person shall hold, those held now included.")
    code: str | None = strawberry.field(
        default=None,
        description="The six digits that your authenticator app shows now: needed where the right to sign is given.",
    )


async def change_roles(info: Info, id: UUID, expected_version: int, input: RolesInput) -> Person:
    """The person's sessions end; giving the right to sign takes a fresh code of whoever gives it (TRUST D8).

    Where the roles are those already, nothing happens and nobody is told.
    """
    context = info.context
    Person.entitle("change_roles", by=context.by)
    if not set(LEADING).intersection(input.roles):
        await keeping_an_administrator(context, id)
    person = await decided_on(context, id, expected_version)
    signs = Role.SIGNATORY in input.roles and Role.SIGNATORY not in person.roles
    organisation = await context.find(Organisation, person.organisation_id)
    if not person.change_roles(input.roles, organisation.side, by=context.by):
        return person
    if signs or input.code is not None:
        await spend_code(context, context.viewer.person_id, input.code or "")
    await context.session.flush()
    await context.session.execute(select(func.portal_end_sessions(id, context.now, "ROLES_CHANGED")))
    return person


async def reset_authenticator(info: Info, id: UUID, expected_version: int) -> Answer:
    """The lost one and its recovery codes work no more, sessions end; a link to enrol another, to be passed on."""
    context = info.context
    person = await decided_on(context, id, expected_version)
    person.reset_authenticator(by=context.by)
    await context.session.flush()
    await context.session.execute(select(func.portal_reset_authenticator(id, context.now)))
    return _passed_on(info, person, LinkPurpose.AUTHENTICATOR)


async def reset_password(info: Info, id: UUID, expected_version: int) -> Answer:
    """A link to choose a new password, to be passed on; it takes the person's second factor to use it."""
    person = await decided_on(info.context, id, expected_version)
    person.reset_password(by=info.context.by)
    return _passed_on(info, person, LinkPurpose.PASSWORD)


def _passed_on(info: Info, person: Person, purpose: LinkPurpose) -> Answer:
    more: dict[str, Any] = give_link(info.context, person, purpose)
    return Answer(person, more)
