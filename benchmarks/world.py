"""A region's records in bulk: a year of the fourteen authorities, loaded in a few statements."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks import stories
from benchmarks.ground import Ground
from portal.clock import system_clock
from portal.database import asyncpg_dsn, sqlalchemy_url
from portal.founding import Founder, found, migrate
from portal.keys import Keys

SECRET = b"a secret that is known to everyone"
STORIES = 8
DELIVERIES = 20


@dataclass(frozen=True)
class Size:
    """How much there is: referrals each reach 20 providers, about 1.5 of which have answered."""

    providers: int = 300
    referrals: int = 20_000
    drafts: int = 4_000
    entries: int = 130

    @classmethod
    def scaled(cls, scale: float) -> "Size":
        """`scale` 1 is 20 000 referrals. There are never so few providers that a referral would reach one twice."""
        full = cls()
        providers = max(round(full.providers * scale / DELIVERIES), 2) * DELIVERIES
        return cls(providers, max(round(full.referrals * scale), 60), round(full.drafts * scale), full.entries)

    def filled_in(self, statements: str) -> str:
        for name in ("providers", "referrals", "drafts", "entries"):
            statements = statements.replace(f":{name}", str(getattr(self, name)))
        return statements


def token(person: str) -> str:
    """The bearer token of a loaded person, such as staff-7-0 or officer-0-2."""
    return person.ljust(43, "_")


async def region(ground: Ground, size: Size) -> str:
    """The superuser's address of a region of that size."""
    return await ground.database(f"region_{size.referrals}_{size.providers}", lambda url: load(url, Keys(SECRET), size))


async def founded(url: str, keys: Keys) -> None:
    """Migrate the database of this superuser's address and found the portal in it."""
    await migrate(url)
    engine = create_async_engine(sqlalchemy_url(url))
    await found(engine, keys, Founder("Region", "region@wmpp.example"), system_clock(), datetime.now(UTC))
    await engine.dispose()


async def load(url: str, keys: Keys, size: Size) -> None:
    """Found the portal in the database of this superuser's address and fill it."""
    await founded(url, keys)
    connection = await asyncpg.connect(asyncpg_dsn(url))
    try:
        await _fill(connection, size)
    finally:
        await connection.close()


async def _fill(connection: "asyncpg.Connection[Any]", size: Size) -> None:
    await connection.execute("SET synchronous_commit = on")  # so that all of it can be marked as visible to all
    await connection.execute("CREATE TEMP TABLE story (no int, content jsonb, child jsonb, terms jsonb)")
    told = [
        (no, *(json.dumps(part(no)) for part in (stories.summary, stories.child, stories.terms)))
        for no in range(STORIES)
    ]
    await connection.executemany("INSERT INTO story VALUES ($1, $2::jsonb, $3::jsonb, $4::jsonb)", told)
    await connection.execute(size.filled_in((Path(__file__).parent / "world.sql").read_text()))
    await connection.execute("VACUUM ANALYZE")
    await connection.execute("CHECKPOINT")
