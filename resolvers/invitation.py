"""Taking up an invitation: a password, an authenticator, and one code to show that it works (S-024, S-025)."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import strawberry
from sqlalchemy import select

from models.person import AccountStatus, Person
from models.refusal import Code, Refused
from models.session import Credential, Invitation
from resolvers.act import Answer
from resolvers.code import Tried, spend_code
from resolvers.context import Context, Info
from resolvers.throttle import by_address, by_codes_of, counted

GONE = "This invitation is not valid, or not any more. Ask for a new one."


@strawberry.input(description="The first step of taking up an invitation.")
class InvitationAcceptInput:
    invitation: str = strawberry.field(description="The invitation, as it stands in the link.")
    password: str = strawberry.field(description="A new password of 12 to 256 characters.")


@strawberry.input(description="The second step of taking up an invitation.")
class InvitationConfirmInput:
    invitation: str = strawberry.field(description="The invitation, as in the first step.")
    code: str = strawberry.field(description="The six digits that the authenticator app shows now.")


async def accept(info: Info, input: InvitationAcceptInput) -> Answer:
    """A password and a new authenticator. Until a code confirms them it may be done again, and nobody can sign in."""
    context, keys = info.context, info.context.shell.keys
    _, person = await _open(context, input.invitation)
    secret = keys.new_authenticator_secret()
    credential = await context.session.get(Credential, person.id) or Credential(person_id=person.id)
    credential.password_hash = await keys.hash_password(input.password)
    credential.authenticator = keys.seal(secret.encode(), person.id)
    credential.last_step = 0
    context.session.add(credential)
    await context.becomes(person.id)
    person.follow("enrol", by=context.by)
    uri = keys.provisioning_uri(secret, person.email or person.name)
    return Answer(more={"email": person.email, "secret": secret, "otpauth": uri})


@asynccontextmanager
async def with_invitation(context: Context, arguments: Mapping[str, Any]) -> AsyncIterator[Tried]:
    """Whose invitation it is, with wrong codes counted."""
    digest = context.shell.keys.token_hash(arguments["input"].invitation)
    async with context.shell.database.acting(None, context.now) as session:
        person_id = await session.scalar(select(Invitation.person_id).where(Invitation.token_hash == digest))
    if person_id is None:
        raise Refused(Code.NOT_FOUND, GONE, ["input", "invitation"])
    async with counted(context, by_codes_of(context, person_id), by_address(context)) as admitted:
        yield Tried(person_id, admitted)


async def confirm(info: Info, input: InvitationConfirmInput) -> Answer:
    """The account is active from here, and the invitation used up."""
    context = info.context
    invitation, person = await _open(context, input.invitation)
    credential = await context.session.get(Credential, person.id)
    if credential is None:
        raise Refused(Code.WRONG_STATE, "Choose a password first.", ["input", "invitation"])
    await spend_code(context, person.id, input.code)
    await context.becomes(person.id)
    person.follow("activate", by=context.by)
    invitation.used_at = credential.enrolled_at = context.now
    return Answer(more={"email": person.email})


async def _open(context: Context, token: str) -> tuple[Invitation, Person]:
    """An invitation that can be taken up, and its person, both held: unused, in time, and the last one given."""
    digest = context.shell.keys.token_hash(token)
    found = await context.session.get(Invitation, digest, with_for_update=True)
    if found is None:
        raise Refused(Code.NOT_FOUND, GONE, ["input", "invitation"])
    person = await context.session.get_one(Person, found.person_id, with_for_update=True)
    given = select(Invitation.token_hash).where(Invitation.person_id == person.id)
    newest = await context.session.scalar(given.order_by(Invitation.expires_at.desc(), Invitation.token_hash).limit(1))
    stale = found.used_at is not None or found.expires_at <= datetime.now(UTC) or newest != digest
    if stale or person.status is not AccountStatus.INVITED:
        raise Refused(Code.NOT_FOUND, GONE, ["input", "invitation"])
    return found, person
