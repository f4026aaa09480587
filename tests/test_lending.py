"""What one test did to a database that it was lent, the next one finds no trace of."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from models.base import Base
from portal.database import asyncpg_dsn
from portal.embedded import EmbeddedPostgres
from portal.keys import Keys
from tests.conftest import administer, database_url
from tests.lending import Lending, Lent
from tests.permitted import Permitted
from tests.world import World

CONTENT = " UNION ALL ".join(
    f"SELECT '{table.name}', md5(string_agg(t::text, '' ORDER BY t::text)), count(*) FROM {table.name} t"
    for table in Base.metadata.sorted_tables
)
PLANNED_BY = "SELECT relname, reltuples, pg_relation_size(oid) < 81920 FROM pg_class WHERE relkind = 'r' ORDER BY oid"
DEEDS = {
    "a trigger that is off": "ALTER TABLE offer DISABLE TRIGGER ALL",
    "a policy more": "CREATE POLICY another ON offer USING (true)",
    "no wall": "ALTER TABLE offer DISABLE ROW LEVEL SECURITY",
    "a right more": "GRANT DELETE ON child TO portal_provider",
    "a constraint less": "ALTER TABLE ipa DROP CONSTRAINT ck_ipa_hash_fixed_when_ready",
    "a function that is another": "ALTER FUNCTION portal_freeze() COST 7",
    "a function less": "DROP FUNCTION portal_recognise",
    "a table more": "CREATE TABLE leak AS SELECT * FROM child",
    "a column more": "ALTER TABLE offer ADD leak text",
    "an index less": "DROP INDEX ix_offer_la_id",
    "a schema more": "CREATE SCHEMA kept",
    "statistics": "ANALYZE organisation",
    "a setting": "DO $$BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = 64', current_database()); END$$",
}


@pytest_asyncio.fixture(loop_scope="session")
async def own(postgres: EmbeddedPostgres, furnished: str) -> AsyncIterator[Lending]:
    lending = Lending(partial(administer, postgres), partial(database_url, postgres), furnished)
    yield lending
    await lending.close()


async def test_rows_are_gone_and_furniture_is_as_it_was(own: Lending, keys: Keys, tmp_path: Path) -> None:
    lent = await own.lend()
    before, planned = await content(lent), await lent.ways.sql(PLANNED_BY)
    for _ in range(3):
        world = World.over(lent.ways, keys, tmp_path)
        await Permitted.among(world)
        await world.sql("UPDATE organisation SET name = name || ' and all around it'")
        await world.sql("DELETE FROM postcode_area")
        await world.sql("UPDATE portal_epoch SET epoch = 'another'")
        await world.sql("SET session_replication_role = replica")
        await many(world)
        assert await content(lent) != before
        await own.take_back(lent)
        assert await own.lend() is lent
        assert await content(lent) == before
        assert await lent.ways.sql(PLANNED_BY) == planned
        assert await lent.ways.sql("SHOW session_replication_role") == [{"session_replication_role": "origin"}]
    await own.take_back(lent)


async def many(world: World) -> None:
    """So many rows that the planner would see a large table, if it were left as large as it is."""
    await world.sql(
        "INSERT INTO idempotency_key (person_id, key, act, arguments, at)"
        " SELECT (SELECT id FROM person LIMIT 1), gen_random_uuid(), 'x', '\\x00', now() FROM generate_series(1, 5000)"
    )


@pytest.mark.parametrize("deed", DEEDS)
async def test_a_database_that_is_no_longer_what_it_was_is_lent_no_more(own: Lending, deed: str) -> None:
    lent = await own.lend()
    await lent.ways.sql(DEEDS[deed])
    await gone(own, lent)


async def test_neither_is_one_in_which_somebody_goes_on(own: Lending) -> None:
    lent = await own.lend()
    stranger = await asyncpg.connect(asyncpg_dsn(lent.ways.dsn))
    await gone(own, lent)
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await stranger.fetchval("SELECT 1")
    await stranger.close()


async def test_neither_is_one_whose_connections_are_held_or_broken(own: Lending) -> None:
    lent = await own.lend()
    async with lent.ways.owner.connect():
        await gone(own, lent)
    lent = await own.lend()
    await lent.ways.sql("SELECT 1")
    await lent.ways.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        " AND usename = 'portal_app' AND datname = current_database()"
    )
    await gone(own, lent)


async def test_neither_is_one_that_was_cut_off_while_it_waited(own: Lending, postgres: EmbeddedPostgres) -> None:
    lent = await own.lend()
    await lent.ways.sql("SELECT 1")
    async with lent.ways.owner.connect():
        pass
    await own.take_back(lent)
    cut = f"SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity WHERE datname = '{lent.name}'"
    await administer(postgres, cut)
    other = await own.lend()
    assert other is not lent
    assert await other.ways.sql("SELECT 1 AS one") == [{"one": 1}]
    await own.take_back(other)


async def test_what_a_test_puts_before_the_database_goes_with_it(own: Lending, keys: Keys, tmp_path: Path) -> None:
    lent = await own.lend()
    before: Any = World.over(lent.ways, keys, tmp_path).shell.database
    before.reading = None
    await own.take_back(lent)
    assert await own.lend() is lent
    after: Any = World.over(lent.ways, keys, tmp_path).shell.database
    assert after.reading is not None
    await own.take_back(lent)


async def content(lent: Lent) -> list[dict[str, object]]:
    return await lent.ways.sql(CONTENT)


async def gone(own: Lending, lent: Lent) -> None:
    await own.take_back(lent)
    other = await own.lend()
    assert other is not lent
    named = f"SELECT 1 FROM pg_database WHERE datname = '{lent.name}'"
    assert await other.ways.sql(named) == []
    await own.take_back(other)
