"""The wall around what has been agreed: no role changes an accepted offer or an agreement by any statement."""

from typing import Any

import asyncpg

from models.person import Viewer
from portal.database import asyncpg_dsn, standing
from tests.agreeing import Agreeing
from tests.world import World, as_app

REFUSED = ("no row was reached", "PT409", "42501", "42883", "428C9")
LOCKED_OFFER = {
    "a fee": "UPDATE offer SET core_fee_weekly = 1",
    "a total": "UPDATE offer SET weekly_total = 1",
    "terms": "UPDATE offer SET terms = '{}'",
    "the home": "UPDATE offer SET home_id = gen_random_uuid()",
    "the placement": "UPDATE offer SET placement = '{}'",
    "the start": "UPDATE offer SET available_from = '2030-01-01'",
    "the version": "UPDATE offer SET version = version + 1",
    "the reason": "UPDATE offer SET void_reason = 'x'",
    "back to submitted": "UPDATE offer SET status = 'SUBMITTED'",
    "back to draft": "UPDATE offer SET status = 'DRAFT'",
    "void with another fee": "UPDATE offer SET status = 'VOIDED', core_fee_weekly = 1",
    "the provider": "UPDATE offer SET provider_id = gen_random_uuid()",
    "the authority": "UPDATE offer SET la_id = gen_random_uuid()",
    "the key": "UPDATE offer SET id = gen_random_uuid()",
    "removing it": "DELETE FROM offer",
    "emptying the table": "TRUNCATE offer CASCADE",
    "by conflict": "INSERT INTO offer SELECT * FROM offer ON CONFLICT (id) DO UPDATE SET core_fee_weekly = 1",
    "by merge": "MERGE INTO offer o USING (SELECT 1) x ON true WHEN MATCHED THEN UPDATE SET core_fee_weekly = 1",
    "by merge, away": "MERGE INTO offer o USING (SELECT 1) x ON true WHEN MATCHED THEN DELETE",
    "a late document": "UPDATE offer_document SET removed_at = now()",
    "a document's name": "UPDATE offer_document SET name = 'x'",
    "a version's terms": "UPDATE offer_version SET terms = '{}'",
    "no trigger": "ALTER TABLE offer DISABLE TRIGGER ALL",
    "no trigger at all": "DROP TRIGGER lock_row ON offer",
    "no policies": "ALTER TABLE offer DISABLE ROW LEVEL SECURITY",
    "as a replica": "SET session_replication_role = replica; UPDATE offer SET core_fee_weekly = 1",
    "without row security": "SET row_security = off; UPDATE offer SET core_fee_weekly = 1",
    "by copying": "COPY offer FROM PROGRAM 'true'",
    "as the owner": "SET ROLE portal_owner; UPDATE offer SET core_fee_weekly = 1",
    "as the guard": "SET ROLE portal_guard; UPDATE offer SET core_fee_weekly = 1",
    "another function": "CREATE OR REPLACE FUNCTION portal_freeze() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN END$$",
}


async def unchanged(world: World, table: str, viewer: Viewer, statement: str) -> None:
    """Try it and commit whatever comes of it: it is refused with an error, or reaches no row at all."""
    before = await everything(world, table)
    connection = await asyncpg.connect(asyncpg_dsn(as_app(world.dsn)))
    try:
        async with connection.transaction():
            await connection.execute(standing(viewer, world.clock.now))
            await connection.execute(f"SELECT set_config('app.party', '{viewer.side}', true)")
            await connection.execute(statement)
    except asyncpg.PostgresError as error:
        state = str(error.sqlstate)
    else:
        state = "no row was reached"
    finally:
        await connection.close()
    assert state in REFUSED or state.startswith("23"), (statement, state)
    assert await everything(world, table) == before, (statement, viewer.side)


async def everything(world: World, table: str) -> list[list[dict[str, Any]]]:
    kept = (table, "signature", "ipa_document", "offer_document", "offer_version")
    return [await world.sql(f"SELECT * FROM {name} ORDER BY 1, 2") for name in kept]


# S-077, S-118
async def test_nothing_changes_an_accepted_offer(world: World) -> None:
    agreeing = await (await (await (await Agreeing.among(world)).referred()).offered()).accepted()
    for statement in LOCKED_OFFER.values():
        for viewer in (agreeing.officer, agreeing.member):
            await unchanged(world, "offer", viewer, statement)
