"""Changing one's own authenticator, and its recovery codes, each with a fresh code (TRUST D8)."""

import strawberry

from models.person import Person
from models.session import Session
from resolvers.act import Answer
from resolvers.code import spend_code
from resolvers.context import Context, Info
from resolvers.enrolment import issue_recovery_codes, propose, take_into_use


@strawberry.input(description="A fresh code, for an act of yours on your own account.")
class CodeInput:
    code: str = strawberry.field(description="The six digits that your authenticator app shows now; used up by this.")


@strawberry.input(description="The second step of changing the authenticator.")
class AuthenticatorConfirmInput:
    code: str = strawberry.field(description="The six digits that the new authenticator shows now.")


async def change(info: Info, input: CodeInput) -> Answer:
    """A new secret, shown this once; the present authenticator goes on working until the new one is confirmed."""
    context = info.context
    await spend_code(context, context.viewer.person_id, input.code)
    return Answer(more=await propose(context, await _me(context)))


async def confirm(info: Info, input: AuthenticatorConfirmInput) -> Answer:
    """The new authenticator is the one from here on, and every other session ends."""
    context = info.context
    viewer = context.viewer
    await take_into_use(context, viewer.person_id, input.code)
    others = Session.ending(viewer.person_id, "AUTHENTICATOR_CHANGED", at=context.now, kept=viewer.session_id)
    await context.session.execute(others)
    (await _me(context)).follow("change_authenticator", by=context.by)
    return Answer(more={"changed": True})


async def renew_recovery_codes(info: Info, input: CodeInput) -> Answer:
    """Ten new ones in place of all that were left."""
    context = info.context
    await spend_code(context, context.viewer.person_id, input.code)
    (await _me(context)).follow("renew_recovery_codes", by=context.by)
    return Answer(more={"recovery_codes": await issue_recovery_codes(context, context.viewer.person_id)})


async def _me(context: Context) -> Person:
    return await context.find(Person, context.viewer.person_id)
