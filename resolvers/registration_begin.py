"""A provider's first step: its organisation, and an account asked for by its first person."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import strawberry
from sqlalchemy import select

from models.email import email_key, personal_email
from models.event import Happened
from models.home import valid_postcode
from models.lifecycle import Role, Side
from models.looking import at_authority
from models.organisation import Organisation
from models.person import NewAccount, Person, named
from models.provider import Provider
from resolvers.act import Answer
from resolvers.context import Context, Info
from resolvers.registration import authority_of
from resolvers.throttle import by_address, limited


@strawberry.input(description="A provider that wants to take part, and the person who asks for it.")
class RegistrationBeginInput:
    organisation: str = strawberry.field(description="The provider's legal name.")
    postcode: str = strawberry.field(description="The postcode of its office; it decides which authority answers.")
    name: str = strawberry.field(description="Your own name.")
    email: str = strawberry.field(description="Your own e-mail address; no shared mailbox.")
    job_title: str | None = strawberry.field(default=None, description="Your job title.")
    phone: str | None = strawberry.field(default=None, description="Your telephone number.")


@asynccontextmanager
async def with_patience(context: Context, arguments: Mapping[str, Any]) -> AsyncIterator[None]:
    async with limited(context, by_address(context, "registration", most=10)):
        yield


async def begin(info: Info, input: RegistrationBeginInput) -> Answer:
    """Both wait for approval. Whether the address has an account already is not told to strangers (TRUST E7)."""
    context = info.context
    postcode = valid_postcode(input.postcode)
    shared = context.shell.shared_mailboxes
    asked = NewAccount(
        input.name, personal_email(input.email, shared=shared), [Role.ADMINISTRATOR, Role.MEMBER], input.job_title,
        input.phone, shared=shared,
    )  # fmt: skip
    authority = await authority_of(context, postcode)
    known = select(Person.id).where(Person.email_key == email_key(asked.email))
    if await context.session.scalar(known) is None:
        await _register(context, named(input.organisation), asked, Place(postcode, authority.id if authority else None))
    return Answer(more={"received": True, "managing_local_authority": authority and authority.name})


@dataclass(frozen=True)
class Place:
    """Where the provider's office is, and which authority answers for it."""

    postcode: str
    la_id: UUID | None


async def _register(context: Context, name: str, asked: NewAccount, place: Place) -> None:
    organisation = Organisation(id=uuid4(), side=Side.PROVIDER, name=name)
    context.session.add(organisation)
    await context.session.flush()
    provider = Provider(
        id=organisation.id, managing_la_id=place.la_id, legal_name=name, postcode=place.postcode, version=0,
        status=Provider.lifecycle.start,
    )  # fmt: skip
    context.by.says(_begun(provider))
    person = Person.ask(organisation, asked, by=context.by)
    person.follow("request", by=context.by)
    context.session.add_all([provider, person])


def _begun(provider: Provider) -> Happened:
    return Happened(
        kind="registration.begin", stream=provider.id, subject_kind=Provider.subject, subject_id=provider.id, version=0,
        la_id=provider.la_id, provider_id=provider.id, tells=at_authority(provider.managing_la_id),
    )  # fmt: skip
