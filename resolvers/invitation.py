"""Taking up an invitation: a password, an authenticator, and one code to show that it works (S-024, S-025).

A link for a new authenticator is taken up in the same two steps, with the password that the person has.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from models.credential import Credential, words_of
from models.email import email_key
from models.organisation import Organisation
from models.person import Person
from models.refusal import Code, Refused
from models.session import Invitation, LinkPurpose, Session
from resolvers.act import Answer
from resolvers.code import Tried
from resolvers.context import Context, Info
from resolvers.enrolment import issue_recovery_codes, propose, take_into_use
from resolvers.link import UNKNOWN, gone, taken_up
from resolvers.throttle import by_account, by_address, by_link, counted, forget, second_factor

ENROLLING = (LinkPurpose.INVITATION, LinkPurpose.AUTHENTICATOR)
TWO_PEOPLE = (
    "Who gave you the link for your password cannot give you this one too. Ask another administrator, or the region."
)
WRONG = "This is not the password of the account, or there have been too many tries."


@strawberry.input(description="The first step of taking up an invitation, or a link for a new authenticator.")
class InvitationAcceptInput:
    invitation: str = strawberry.field(description="The invitation, as it stands in the link.")
    password: str = strawberry.field(
        description="A new password of 12 to 256 characters that is not easily guessed; "
        "with a link for a new authenticator, the password that you have."
    )


@strawberry.input(description="The second step of taking up an invitation, or a link for a new authenticator.")
class InvitationConfirmInput:
    invitation: str = strawberry.field(description="The invitation, as in the first step.")
    code: str = strawberry.field(description="The six digits that the authenticator app shows now.")


@dataclass(frozen=True)
class Given:
    """What a link says before it is taken up: whose it is, and what is known of them."""

    purpose: LinkPurpose
    person_id: UUID
    name: str
    email: str | None
    organisation: str
    password_hash: str | None


@asynccontextmanager
async def with_password(context: Context, arguments: Mapping[str, Any]) -> AsyncIterator[str | None]:
    """The new password's hash, or None where the person has one and it was right; no transaction waits for it."""
    keys, given = context.shell.keys, arguments["input"]
    link = await _given(context, given.invitation)
    if link is None:
        raise gone(Code.NOT_FOUND, UNKNOWN)
    if link.purpose is LinkPurpose.INVITATION:
        yield await keys.hash_password(given.password, words_of(link.name, link.email, link.organisation))
        return
    async with counted(context, by_account(context, email_key(link.email or "")), by_address(context)) as admitted:
        right = await keys.verify_password(link.password_hash, given.password)
        if not (right and admitted):
            raise Refused(Code.SIGN_IN_REFUSED, WRONG, ["input", "password"])
        yield None


async def accept(info: Info, input: InvitationAcceptInput) -> Answer:
    """A password and a new authenticator. Until a code confirms them it may be done again, and nobody can sign in."""
    context = info.context
    link, person = await taken_up(context, input.invitation, *ENROLLING)
    await _from_somebody_else(context, link)
    if context.proof is not None:
        chosen = {"password_hash": context.proof}
        new = insert(Credential).values(person_id=person.id, last_step=0, **chosen)
        await context.session.execute(new.on_conflict_do_update(index_elements=[Credential.person_id], set_=chosen))
    shown = await propose(context, person)
    await context.becomes(person.id)
    person.follow("enrol", by=context.by)
    return Answer(more={"email": person.email, **shown})


async def _from_somebody_else(context: Context, link: Invitation) -> None:
    """Refused where whoever gave this link gave the password too, and nothing was enrolled since (TRUST E6)."""
    since = select(Credential.enrolled_at).where(Credential.person_id == link.person_id).scalar_subquery()
    gave = select(Invitation.token_hash).where(
        Invitation.person_id == link.person_id, Invitation.alone, Invitation.given_by == link.given_by,
        Invitation.used_at >= since,
    )  # fmt: skip
    if link.purpose is LinkPurpose.AUTHENTICATOR and await context.session.scalar(gave.limit(1)):
        raise gone(Code.FORBIDDEN, TWO_PEOPLE)


@asynccontextmanager
async def with_invitation(context: Context, arguments: Mapping[str, Any]) -> AsyncIterator[Tried]:
    """Whose invitation it is, with wrong codes counted; what was wrong with the authenticator before is forgotten."""
    given = await _given(context, arguments["input"].invitation)
    if given is None:
        raise gone(Code.NOT_FOUND, UNKNOWN)
    async with counted(context, by_link(context, arguments["input"].invitation), by_address(context)) as admitted:
        yield Tried(given.person_id, admitted)
    await forget(context, *second_factor(context, given.person_id))


async def confirm(info: Info, input: InvitationConfirmInput) -> Answer:
    """The account is active from here with ten recovery codes, and the link used up; sessions from before end."""
    context = info.context
    link, person = await taken_up(context, input.invitation, *ENROLLING)
    await take_into_use(context, person.id, input.code)
    await context.becomes(person.id)
    if link.purpose is LinkPurpose.INVITATION:
        person.activate(by=context.by)
    else:
        person.follow("change_authenticator", by=context.by)
        await context.session.execute(Session.ending(person.id, "AUTHENTICATOR_CHANGED", at=context.now))
    link.used_at = context.now
    return Answer(more={"email": person.email, "recovery_codes": await issue_recovery_codes(context, person.id)})


async def _given(context: Context, token: str) -> Given | None:
    digest = context.shell.keys.token_hash(token)
    found = (
        select(
            Invitation.purpose, Person.id, Person.name, Person.email, Organisation.name, Credential.password_hash
        )
        .join(Person, Person.id == Invitation.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(Credential, Credential.person_id == Person.id)
        .where(Invitation.token_hash == digest, Invitation.purpose.in_(ENROLLING))
    )  # fmt: skip
    async with context.shell.database.acting(None, context.now) as session:
        row = (await session.execute(found)).one_or_none()
    return Given(*row) if row else None
