"""A migrated database with people in it, and the ways to tell them something."""

import contextlib
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import asyncpg

from realtime.ports import HUB_SETTINGS, OpenPool, Pool

PERSON = """
with organisation as (
  insert into organisation (id, side, name) values ($2, 'PROVIDER', 'One of many') on conflict do nothing)
insert into person (id, organisation_id, name, roles, status, version, requested_at)
values ($1, $2, 'Somebody', '{MEMBER}', 'ACTIVE', 0, now())
"""
SESSION = """
insert into session (id, person_id, token_hash, created_at, expires_at)
values ($1, $2, uuid_send(gen_random_uuid()), now(), $3)
"""
DELIVERY = """
insert into delivery
    (id, referral_id, la_id, provider_id, reference, status, version, revision, first_revision, delivered_at, searching)
values (gen_random_uuid(), $1, $2, $3, 'WM-1', 'NEW', 0, 1, 1, now(), true)
"""
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"


class Stage:
    """People, their inboxes and sessions, and what is said to them."""

    def __init__(self, url: str, database: Pool, epoch: str) -> None:
        self.database = database
        self.epoch = epoch
        self.dsn = url.replace("//postgres@", "//portal_app@")
        self.later = timedelta()

    @property
    def socket(self) -> Path:
        return Path(parse_qs(urlsplit(self.dsn).query)["host"][0]) / ".s.PGSQL.5432"

    @property
    def name(self) -> str:
        return urlsplit(self.dsn).path.removeprefix("/")

    def clock(self) -> datetime:
        return datetime.now(UTC) + self.later

    def pool(self, dsn: str = "") -> OpenPool:
        return lambda: asyncpg.create_pool(dsn or self.dsn, min_size=0, max_size=3, server_settings=HUB_SETTINGS)

    async def person(self, organisation: UUID | None = None) -> UUID:
        person = uuid4()
        await self.database.execute(PERSON, person, organisation or uuid4())
        return person

    async def session(self, person: UUID, lasts: timedelta = timedelta(days=14)) -> UUID:
        session = uuid4()
        await self.database.execute(SESSION, session, person, self.clock() + lasts)
        return session

    async def revoke(self, session: UUID) -> None:
        await self.database.execute("update session set revoked_at = now() where id = $1", session)

    async def deliver(self, referral: UUID, provider: UUID) -> None:
        """A delivery of a referral that need not exist."""
        async with self.database.acquire() as connection, connection.transaction():
            await connection.execute("set local session_replication_role = replica")
            await connection.execute(DELIVERY, referral, uuid4(), provider)

    async def withdraw(self) -> None:
        await self.database.execute("update delivery set withdrawn_at = now()")

    async def tell(
        self,
        *people: UUID,
        kind: str = "offer.submit",
        notice: str | None = "OFFER_SUBMITTED",
        referral: UUID | None = None,
        authority: UUID | None = None,
        over: "Connection | None" = None,
    ) -> UUID:
        """One event to all of them, recorded as every act's is."""
        event = uuid4()
        subject = {
            "stream": event,
            "subject_kind": "REFERRAL",
            "subject_id": uuid4(),
            "reference": "WM-1",
            "version": 1,
        }
        nobody: list[str] = []
        tells = [{"organisations": nobody, "roles": nobody, "person": one, "notice": notice} for one in people]
        row = {"id": event, "at": self.clock().isoformat(), "kind": kind, "payload": "{}", "tells": tells, **subject}
        happened = json.dumps([{**row, "referral_id": referral, "la_id": authority}], default=str)
        await (over or self.database).execute("select portal_record($1)", happened)
        return event

    async def kill(self, name: str) -> None:
        """End the server processes of the connections that call themselves so."""
        sql = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and datname = $2"
        await self.database.execute(sql, name, self.name)


@contextlib.asynccontextmanager
async def staged(url: str) -> AsyncIterator[Stage]:
    async with asyncpg.create_pool(url, min_size=1, max_size=12) as database:
        yield Stage(url, database, await database.fetchval("select epoch from portal_epoch"))
