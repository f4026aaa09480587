"""Passwords: changing one's own, choosing a new one by a link; always with the second factor."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import select, update

from models.credential import Credential, words_of
from models.organisation import Organisation
from models.person import Person
from models.refusal import Code, Refused
from models.session import Invitation, LinkPurpose, Session
from resolvers.act import Answer
from resolvers.code import WRONG, Tried, spend_code, with_code
from resolvers.context import Context, Info
from resolvers.link import UNKNOWN, gone, taken_up
from resolvers.recovery_code import matching, reads_like_one, spend
from resolvers.throttle import Kept, by_address, counted, second_factor

NOT_YOURS = "This is not your present password, or there have been too many tries."


@strawberry.input(description="A new password in place of the present one.")
class PasswordChangeInput:
    current: str = strawberry.field(description="Your present password.")
    password: str = strawberry.field(description="A new password of 12 to 256 characters that is not easily guessed.")
    code: str = strawberry.field(description="The six digits that your authenticator app shows now.")


@strawberry.input(description="Taking up a link for a new password.")
class PasswordResetInput:
    invitation: str = strawberry.field(description="What stands in the link behind the #.")
    password: str = strawberry.field(description="A new password of 12 to 256 characters that is not easily guessed.")
    code: str | None = strawberry.field(
        default=None,
        description="The six digits that your authenticator app shows now, or one of your recovery codes. Left out "
        "only where an administrator ended your authenticator before giving this link: you enrol a new one next.",
    )


@dataclass
class NewPassword(Tried):
    """A second factor that is tried together with a new password, which has been weighed and hashed."""

    hash: str
    recovery_code: UUID | None = None


# ── one's own, signed in ─────────────────────────────────────────────────────
@asynccontextmanager
async def with_present_password(context: Context, arguments: Mapping[str, Any]) -> AsyncIterator[NewPassword]:
    """That the present password is right, and the new one's hash; no transaction waits for either."""
    given: PasswordChangeInput = arguments["input"]
    keys, person_id = context.shell.keys, context.viewer.person_id
    own = Kept(keys.keyed_digest(f"present password|{person_id}"), 6, clears=True)
    known = await _known(context, Person.id == person_id)
    async with counted(context, own) as admitted:
        right = await keys.verify_password(known.password_hash if known else None, given.current)
        if not (right and admitted and known):
            raise Refused(Code.SIGN_IN_REFUSED, NOT_YOURS, ["input", "current"])
        hashed = await keys.hash_password(given.password, known.words)
        async with with_code(context, arguments) as tried:
            yield NewPassword(tried.person_id, tried.admitted, hashed)


async def change(info: Info, input: PasswordChangeInput) -> Answer:
    """From the next sign-in on; every other session ends."""
    context = info.context
    viewer = context.viewer
    await spend_code(context, viewer.person_id, input.code)
    await _set(context, viewer.person_id, context.proof.hash)
    others = Session.ending(viewer.person_id, "PASSWORD_CHANGED", at=context.now, kept=viewer.session_id)
    await context.session.execute(others)
    (await context.find(Person, viewer.person_id)).follow("change_password", by=context.by)
    return Answer(more={"changed": True})


# ── by a link ────────────────────────────────────────────────────────────────
@asynccontextmanager
async def with_link_and_code(context: Context, arguments: Mapping[str, Any]) -> AsyncIterator[NewPassword]:
    """Whose link it is and the new password's hash; a wrong code or recovery code counts as one at signing in."""
    given: PasswordResetInput = arguments["input"]
    digest = context.shell.keys.token_hash(given.invitation)
    held = select(Invitation.person_id).where(
        Invitation.token_hash == digest, Invitation.purpose == LinkPurpose.PASSWORD
    )
    known = await _known(context, Person.id.in_(held))
    if known is None:
        raise gone(Code.NOT_FOUND, UNKNOWN)
    if not given.code:
        yield NewPassword(known.person_id, False, await context.shell.keys.hash_password(given.password, known.words))
        return
    async with counted(context, *second_factor(context, known.person_id), by_address(context)) as admitted:
        recovery = await matching(context, known.person_id, given.code) if reads_like_one(given.code) else None
        if reads_like_one(given.code) and not (recovery and admitted):
            raise Refused(Code.CODE_REFUSED, WRONG, ["input", "code"])
        hashed = await context.shell.keys.hash_password(given.password, known.words)
        yield NewPassword(known.person_id, admitted, hashed, recovery)


async def reset(info: Info, input: PasswordResetInput) -> Answer:
    """A new password; the link is used up and every session ends."""
    context = info.context
    link, person = await taken_up(context, input.invitation, LinkPurpose.PASSWORD)
    if not input.code:
        await _enrols_next(context, link)
        link.alone = True
    elif context.proof.recovery_code is None:
        await spend_code(context, person.id, input.code)
    elif not await spend(context, context.proof.recovery_code):
        raise Refused(Code.CODE_REFUSED, WRONG, ["input", "code"])
    await _set(context, person.id, context.proof.hash)
    await context.becomes(person.id)
    await context.session.execute(Session.ending(person.id, "PASSWORD_CHANGED", at=context.now))
    person.follow("change_password", by=context.by)
    link.used_at = context.now
    return Answer(more={"email": person.email})


async def _enrols_next(context: Context, link: Invitation) -> None:
    """Refused unless somebody else ended the authenticator, and gave a link for another before this one (TRUST E6).

    Nobody is in with the password alone: that other link takes it, and a code of the authenticator enrolled by it. As
    two people give the two links, nobody who helps can get in instead.
    """
    other = (Invitation.person_id == link.person_id) & (Invitation.purpose == LinkPurpose.AUTHENTICATOR)
    newest = select(Invitation).where(other).order_by(Invitation.given_at.desc()).limit(1)
    begun = await context.session.scalar(newest)
    own = Credential.person_id == link.person_id
    ended = select(Credential.person_id).where(own, Credential.authenticator.is_(None))
    if not (begun and _by_two(begun, link) and await context.session.scalar(ended)):
        raise Refused(Code.CODE_REFUSED, WRONG, ["input", "code"])


def _by_two(first: Invitation, then: Invitation) -> bool:
    givers = {first.given_by, then.given_by}
    return first.given_at < then.given_at and len(givers) == 2 and None not in givers


@dataclass(frozen=True)
class Known:
    """What is on file of somebody, as far as a new password has to do with it."""

    person_id: UUID
    name: str
    email: str | None
    organisation: str
    password_hash: str | None

    @property
    def words(self) -> Any:
        return words_of(self.name, self.email, self.organisation)


async def _known(context: Context, who: Any) -> Known | None:
    found = (
        select(Person.id, Person.name, Person.email, Organisation.name, Credential.password_hash)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .join(Credential, Credential.person_id == Person.id)
        .where(who)
    )
    async with context.shell.database.acting(None, context.now) as session:
        row = (await session.execute(found)).one_or_none()
    return Known(*row) if row else None


async def _set(context: Context, person_id: UUID, hashed: str) -> None:
    own = update(Credential).where(Credential.person_id == person_id).values(password_hash=hashed)
    await context.session.execute(own.execution_options(synchronize_session=False))
