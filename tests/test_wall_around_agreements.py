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
LOCKED_IPA = {
    "details": "UPDATE ipa SET details = '{}'",
    "contacts": "UPDATE ipa SET contacts = '{}'",
    "the hash": "UPDATE ipa SET content_hash = 'x'",
    "the form": "UPDATE ipa SET canonical_form = 'x'",
    "the bytes": "UPDATE ipa SET pdf_sha256 = 'x'",
    "the version": "UPDATE ipa SET version = version + 1",
    "back to review": "UPDATE ipa SET status = 'IN_REVIEW'",
    "back to draft": "UPDATE ipa SET status = 'DRAFT', content_hash = NULL",
    "signed without signatures": "UPDATE ipa SET status = 'SIGNED', authority_signed = true, provider_signed = true",
    "partly signed without one": "UPDATE ipa SET status = 'PARTLY_SIGNED'",
    "a signature flag": "UPDATE ipa SET authority_signed = true",
    "the offer": "UPDATE ipa SET offer_id = gen_random_uuid()",
    "removing it": "DELETE FROM ipa",
    "emptying the table": "TRUNCATE ipa CASCADE",
    "a late document": "INSERT INTO ipa_document (id, ipa_id, la_id, provider_id, document_id, kind, name, sha256,"
    " byte_size, media_type, attached_at, attached_by_name) SELECT gen_random_uuid(), id, la_id, provider_id,"
    " gen_random_uuid(), 'OTHER', 'x', 'x', 1, 'application/pdf', now(), 'x' FROM ipa",
    "a signature over something else": "INSERT INTO signature SELECT id, current_setting('app.party'), la_id,"
    " provider_id, current_setting('app.person')::uuid, 'x', NULL, 'x', NULL, 'x', 'x', 1,"
    " current_setting('app.session')::uuid, NULL, NULL, 1, 'another hash', pdf_sha256, now() FROM ipa",
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


# S-106, S-115
async def test_nothing_changes_an_agreement_that_is_ready_but_signatures(world: World) -> None:
    agreeing = await (await Agreeing.among(world)).to_sign()
    for statement in LOCKED_IPA.values():
        for viewer in (agreeing.officer, agreeing.member, agreeing.provider_signatory):
            await unchanged(world, "ipa", viewer, statement)


# S-115, S-116
async def test_nothing_changes_a_signed_agreement_or_its_signatures(world: World) -> None:
    agreeing = await (await Agreeing.among(world)).to_sign()
    for signer in (agreeing.authority_signatory, agreeing.provider_signatory):
        assert (await agreeing.sign(signer))["problems"] == []
    more = {
        "a signature": "UPDATE signature SET name = 'x'",
        "no signature": "DELETE FROM signature",
        "another one": "INSERT INTO signature SELECT * FROM signature",
    }
    for statement in {**LOCKED_IPA, **more}.values():
        for viewer in (agreeing.officer, agreeing.provider_signatory):
            await unchanged(world, "ipa", viewer, statement)
