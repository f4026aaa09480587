"""Signing in without the authenticator: a recovery code is the second step, once (TRUST E5)."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import func, select

from models.credential import RecoveryCode
from models.organisation import Organisation
from models.person import AccountStatus, Person
from models.refusal import Code, Refused
from models.session import ENROLMENT_LASTS, SESSION_LASTS, LinkPurpose, Session
from resolvers.act import Answer
from resolvers.context import Context, Info
from resolvers.link import give_link
from resolvers.recovery_code import matching, spend
from resolvers.session import NOT_ACTIVE, begun, refused, set_cookie, tried_challenge, use_up
from resolvers.throttle import by_address, counted, second_factor


@strawberry.input(description="The second step of signing in for whoever has lost the authenticator.")
class SignInRecoverInput:
    challenge: str = strawberry.field(description="What the first step answered.")
    recovery_code: str = strawberry.field(description="One of your recovery codes; spaces and hyphens do not matter.")
    cookie: bool = strawberry.field(
        default=False, description="For browsers: keep the session in a cookie that no script can read, not in `token`."
    )


@dataclass(frozen=True)
class Recovering:
    """Somebody with a right password and a right recovery code."""

    person_id: UUID
    code_id: UUID


@asynccontextmanager
async def with_recovery_code(context: Context, arguments: Mapping[str, Any]) -> AsyncIterator[Recovering]:
    """Whose code it is. A wrong one counts like a wrong code of the authenticator, and is refused in the same words."""
    given: SignInRecoverInput = arguments["input"]
    person_id = await tried_challenge(context, context.shell.keys.token_hash(given.challenge))
    of_person = second_factor(context, person_id) if person_id else ()
    async with counted(context, by_address(context), *of_person) as admitted:
        code_id = await matching(context, person_id or UUID(int=0), given.recovery_code)
        if not admitted or person_id is None or code_id is None:
            raise refused()
        yield Recovering(person_id, code_id)


async def recover(info: Info, input: SignInRecoverInput) -> Answer:
    """A session, and a link of an hour to enrol another authenticator. Every other session ends; the person is told."""
    context = info.context
    proof: Recovering = context.proof
    person = await context.session.get_one(Person, proof.person_id, with_for_update={"read": True})
    if not await spend(context, proof.code_id):
        raise refused()
    await use_up(context, context.shell.keys.token_hash(input.challenge))
    if person.status is not AccountStatus.ACTIVE:
        raise Refused(Code.ACCOUNT_NOT_ACTIVE, NOT_ACTIVE)
    await context.session.execute(Session.ending(person.id, "RECOVERY_CODE_USED", at=context.now))
    token, session = await begun(context, person)
    person.follow("recover", by=context.by)
    organisation = await context.session.get_one(Organisation, person.organisation_id)
    context.signed_in = person.in_session(organisation, session.id, session.expires_at)
    if input.cookie:
        set_cookie(context, token, SESSION_LASTS)
    enrolment = give_link(context, person, LinkPurpose.AUTHENTICATOR, ENROLMENT_LASTS)
    shown = {"token": None if input.cookie else token, "expires_at": session.expires_at}
    return Answer(more={**shown, "enrolment": enrolment["invitation"], "recovery_codes_left": await _left(context)})


async def _left(context: Context) -> int:
    left = (RecoveryCode.person_id == context.viewer.person_id) & RecoveryCode.spent_at.is_(None)
    return await context.session.scalar(select(func.count()).select_from(RecoveryCode).where(left)) or 0
