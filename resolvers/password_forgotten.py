"""A forgotten password: those who can give out a link are told; whoever asks learns nothing (TRUST E3)."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

import strawberry
from sqlalchemy import select

from models.email import email_key
from models.event import Told
from models.lifecycle import REGION_ADMINISTRATOR, REGISTRATION_TEAM, Role, Side
from models.organisation import Organisation
from models.person import AccountStatus, Person
from models.provider import Provider
from resolvers.act import Answer
from resolvers.context import Context, Info
from resolvers.throttle import Kept, by_address, limited, tries

NOTICE = "PASSWORD_FORGOTTEN"
TAKES = 0.25  # seconds, whether or not there is such an account


@strawberry.input(description="Somebody who has forgotten their password.")
class PasswordForgottenInput:
    email: str = strawberry.field(description="The e-mail address of the account.")


@asynccontextmanager
async def with_one_answer(context: Context, arguments: Mapping[str, Any]) -> AsyncIterator[bool]:
    """Whether somebody shall be told; it takes the same time for everybody, and a few are told a quarter of an hour."""
    began = monotonic()
    key = email_key(arguments["input"].email)
    by_email = Kept(context.shell.keys.keyed_digest(f"forgotten|{key}"), 3, clears=False)
    async with limited(context, by_address(context, "forgotten", most=20)):
        try:
            yield key.isprintable() and await tries(context, by_email)
        finally:
            await asyncio.sleep(max(0.0, TAKES - (monotonic() - began)))


async def forgotten(info: Info, input: PasswordForgottenInput) -> Answer:
    """Those who can give out a link are told, if there is such an account; the answer does not say (TRUST E3)."""
    context = info.context
    active = (Person.email_key == email_key(input.email)) & (Person.status == AccountStatus.ACTIVE)
    person = await context.session.scalar(select(Person).where(active)) if context.proof else None
    if person is not None:
        person.answering = await _answering(context, person)
        person.follow("forget_password", by=context.by)
    return Answer(more={"received": True})


async def _answering(context: Context, person: Person) -> tuple[Told, ...]:
    """The other administrators of the organisation; where it never had one, who looks after it; else the region."""
    inside = Told((person.organisation_id,), (Role.ADMINISTRATOR, Role.REGION_ADMIN), notice=NOTICE)
    led = Person.leading(person.organisation_id, beside=person.id)
    if await context.session.scalar(select(led)):
        return (inside,)
    unled = ~Person.has_administrator(person.organisation_id)
    authority = await context.session.scalar(
        select(Provider.managing_la_id).where(Provider.id == person.organisation_id, unled)
    )
    if authority is not None:
        return (Told((authority,), tuple(sorted(REGISTRATION_TEAM.roles)), notice=NOTICE),)
    region = await context.session.scalar(select(Organisation.id).where(Organisation.side == Side.REGION))
    return (Told((region,), tuple(REGION_ADMINISTRATOR.roles), notice=NOTICE),) if region else ()
