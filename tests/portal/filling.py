"""A demonstration of a test's own: a founded database, its shell, and a world of two providers and few referrals."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
from sqlalchemy.ext.asyncio import create_async_engine

import schema
from portal.app import Installation, shell_of
from portal.database import asyncpg_dsn, sqlalchemy_url
from portal.demo import FOUNDER
from portal.demonstration import content
from portal.demonstration.acts import Contracts
from portal.demonstration.content import Content
from portal.demonstration.known import KnownToken
from portal.demonstration.steps import (
    DraftOffer,
    DrawUpAgreements,
    ProposeUplift,
    ProviderStep,
    SignAgreements,
    WriteMessage,
)
from portal.demonstration.world import Filling
from portal.embedded import EmbeddedPostgres
from portal.founding import found, migrate
from portal.keys import Keys
from portal.served import ServedSchema
from schema.public import build_public
from tests.conftest import administer, database_url
from tests.world import as_app


@dataclass
class Demonstration:
    """What a test fills; `filling` may be used again and again, as one start after the other."""

    filling: Filling
    url: str

    async def count(self, table: str, condition: str = "true") -> int:
        connection = await asyncpg.connect(asyncpg_dsn(self.url))
        try:
            return int(await connection.fetchval(f"SELECT count(*) FROM {table} WHERE {condition}"))
        finally:
            await connection.close()

    async def states(self, table: str) -> dict[str, int]:
        connection = await asyncpg.connect(asyncpg_dsn(self.url))
        try:
            rows = await connection.fetch(f"SELECT status, count(*) AS n FROM {table} GROUP BY 1")
            return {row["status"]: row["n"] for row in rows}
        finally:
            await connection.close()


@asynccontextmanager
async def demonstration(
    server: EmbeddedPostgres, folder: Path, now: datetime, of: Callable[[date], Content] = content.content
) -> AsyncIterator[Demonstration]:
    """Founded, and with nobody in it but the regional administrator who has been invited."""
    folder.mkdir(exist_ok=True)
    name = f"demonstration_{uuid4().hex}"
    await administer(server, f"CREATE DATABASE {name}")
    url = database_url(server, name)
    keys = Keys(b"a secret that is known to everyone")
    await _founded(url, keys, now)
    where = Installation(as_app(url), folder, keys, lambda: now, "http://127.0.0.1:8000", {}, demonstration=True)
    async with shell_of(where) as shell:
        contracts = Contracts(schema.built(ServedSchema), build_public(ServedSchema))
        yield Demonstration(Filling(shell, contracts, folder, KnownToken.of(keys).invitation, content=of), url)
    keys.close()
    await administer(server, f"DROP DATABASE {name} WITH (FORCE)")


async def _founded(url: str, keys: Keys, now: datetime) -> None:
    await migrate(url)
    engine = create_async_engine(sqlalchemy_url(url))
    await found(engine, KnownToken.of(keys), FOUNDER, now, datetime.now(UTC))
    await engine.dispose()


def small(today: date) -> Content:
    """The people whose sign-ins are printed, their two providers with a home each, and referrals among them."""
    whole = content.content(today)
    providers = tuple(whole.providers[:2])
    kept = {"REGION", "birmingham", *(provider.key for provider in providers)}
    return Content(
        authorities=whole.authorities[:1],
        providers=providers,
        users=tuple(person for person in whole.users if person.organisation in kept),
        referrals=tuple(each for each in whole.referrals if each.authority == "birmingham" and _among(each, kept))[:5],
    )


def _among(referral: Any, kept: set[str]) -> bool:
    return all(step.provider in kept for step in referral.steps if isinstance(step, ProviderStep))


def expected(of: Content) -> dict[str, int]:
    """How many rows the content makes where each is made once."""
    performed = [step for referral in of.referrals for step in referral.steps]
    offers = [step.offer for step in performed if isinstance(step, DraftOffer)]
    papers = sum(len(provider.all_documents) for provider in of.providers)
    papers += sum(len(referral.attachments) for referral in of.referrals)
    return {
        "person": len(of.users),
        "provider": len(of.providers),
        "home": sum(len(provider.homes) for provider in of.providers),
        "fostering_family": sum(len(provider.families) for provider in of.providers),
        "referral": len(of.referrals),
        "document": papers + sum(len(offer.attachments) for offer in offers),
        "offer": len(offers),
        "message": sum(isinstance(step, WriteMessage) for step in performed),
        "ipa": sum(len(step.agreements) for step in performed if isinstance(step, DrawUpAgreements)),
        "signature": sum(isinstance(step, SignAgreements) for step in performed),
        "uplift": sum(
            len(each.children) for each in of.referrals for step in each.steps if isinstance(step, ProposeUplift)
        ),
    }
