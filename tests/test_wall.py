"""The wall: what each role may reach at all, and what no role can change once it is agreed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from migrations.run import differences
from migrations.wall.policies import POLICIES
from models.delegation import Delegation
from models.ipa import Ipa
from models.lifecycle import Role
from models.offer import Offer
from models.person import Viewer
from models.referral import Referral
from portal.database import asyncpg_dsn, sqlalchemy_url, standing
from tests.agreeing import Agreeing
from tests.world import World, as_app

REFUSED = ("no row was reached", "PT409", "42501", "42883", "428C9")
DEFINERS = {
    "portal_session_live", "portal_lock_case", "portal_place", "portal_end_draft_offers", "portal_record",
    "portal_revision", "portal_open_inbox", "portal_parent_open", "portal_signature_binds",
    "portal_signed_means_signed", "portal_end_sessions", "portal_deliver_open", "portal_hand_over",
    "portal_forget_jobs",
    "portal_colleague", "portal_signs", "portal_delegation_stands",
}  # fmt: skip


@asynccontextmanager
async def standing_as(world: World, viewer: Viewer | None) -> AsyncIterator[Any]:
    """A connection of portal_app in a transaction that stands as the viewer, as a buggy portal might leave it."""
    connection = await asyncpg.connect(asyncpg_dsn(as_app(world.dsn)))
    try:
        async with connection.transaction():
            if viewer is not None:
                await connection.execute(standing(viewer, world.clock.now))
            yield connection
            raise Undone
    except Undone:
        pass
    finally:
        await connection.close()


class Undone(Exception):
    """Takes back what a try has done."""


# ── the catalogue (TRUST A1) ─────────────────────────────────────────────────
async def test_every_table_is_forced_behind_its_policies_and_belongs_to_the_owner(world: World) -> None:
    loose = await world.sql(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND relname <> 'alembic_version' AND NOT (relrowsecurity AND relforcerowsecurity"
        " AND pg_get_userbyid(relowner) = 'portal_owner')"
    )
    assert loose == []
    assert await world.count("pg_class", "relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')") == 0


async def test_no_role_has_more_than_reading_inserting_and_updating(world: World) -> None:
    more = await world.sql(
        "SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants"
        " WHERE table_schema = 'public' AND table_name <> 'alembic_version' AND grantee NOT IN ('portal_owner',"
        " 'postgres') AND (privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE')"
        " OR grantee IN ('PUBLIC', 'portal_app') OR (grantee = 'portal_backup' AND privilege_type <> 'SELECT'))"
        " AND (table_name, grantee, privilege_type) <> ('job', 'portal_guard', 'DELETE')"
    )
    assert more == []


async def test_every_granted_command_has_a_policy_of_its_own(world: World) -> None:
    bare = await world.sql(
        "SELECT DISTINCT g.grantee, g.table_name, g.privilege_type FROM information_schema.role_column_grants g"
        " WHERE g.table_schema = 'public' AND g.grantee LIKE 'portal\\_%'"
        " AND g.grantee NOT IN ('portal_owner', 'portal_guard', 'portal_backup')"
        " AND NOT EXISTS (SELECT FROM pg_policies p WHERE p.tablename = g.table_name AND g.grantee = ANY (p.roles)"
        " AND p.cmd = g.privilege_type)"
    )
    assert bare == []
    assert len(POLICIES) > 100


async def test_functions_that_act_for_everybody_are_few_named_and_shut(world: World) -> None:
    found = await world.sql(
        "SELECT proname, pg_get_userbyid(proowner) AS owner, proconfig,"
        " has_function_privilege('public', oid, 'EXECUTE') AS open FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace AND prosecdef"
    )
    assert {row["proname"] for row in found} <= DEFINERS
    assert {row["owner"] for row in found} == {"portal_guard"}
    assert all(row["proconfig"] == ['search_path=""'] and not row["open"] for row in found)


async def test_the_role_the_portal_signs_in_with_has_no_powers_of_its_own(world: World) -> None:
    (app,) = await world.sql("SELECT * FROM pg_roles WHERE rolname = 'portal_app'")
    powers = ("rolsuper", "rolinherit", "rolcreaterole", "rolcreatedb", "rolbypassrls", "rolreplication")
    assert [name for name in powers if app[name]] == []
    async with standing_as(world, None) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("SELECT * FROM referral")


async def test_migrations_from_empty_equal_the_models(world: World) -> None:
    engine = create_async_engine(sqlalchemy_url(world.dsn))
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


@pytest.mark.parametrize("record", [Offer, Ipa, Delegation])
async def test_the_freezing_triggers_say_what_the_lifecycle_tables_say(world: World, record: Any) -> None:
    (row,) = await world.sql(
        "SELECT tgargs FROM pg_trigger WHERE tgname = 'lock_row' AND tgrelid = $1::regclass", record.__tablename__
    )
    table = record.lifecycle
    wanted = (table.frozen, table.free, [f"{old}>{new}" for old, new in table.moves])
    assert row["tgargs"].decode().split("\0")[:3] == [",".join(sorted(words)) for words in wanted]


def test_moves_made_in_the_database_are_rows_of_the_tables() -> None:
    assert {("SENT", "PLACED")} <= {(str(a), str(b)) for a, b in Referral.lifecycle.moves}
    assert {("DRAFT", "DECLINED")} <= {(str(a), str(b)) for a, b in Offer.lifecycle.moves}


# ── what has been agreed ─────────────────────────────────────────────────────
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


# ── what belongs to others (S-030) ───────────────────────────────────────────
ASKING = {
    "by id": "SELECT count(*) FROM {table} WHERE id = $1",
    "all of it": "SELECT count(*) FROM {table} WHERE $1::uuid IN (id)",
    "by a subquery": "SELECT count(*) FROM (SELECT * FROM {table}) t WHERE t.id = $1",
    "by existence": "SELECT EXISTS (SELECT FROM {table} WHERE id = $1)::int",
    "by a join": "SELECT count(*) FROM (VALUES ($1::uuid)) v (id) JOIN {table} t ON t.id = v.id",
    "by a lateral join": "SELECT count(*) FROM (VALUES ($1::uuid)) v (id),"
    " LATERAL (SELECT FROM {table} WHERE id = v.id) t",
    "by a CTE": "WITH t AS MATERIALIZED (SELECT * FROM {table}) SELECT count(*) FROM t WHERE id = $1",
    "by a union": "SELECT count(*) FROM (SELECT id FROM {table} UNION SELECT NULL) t WHERE id = $1",
    "by its text": "SELECT count(*) FROM {table} t WHERE t.id::text LIKE '%' || $1::uuid::text || '%'",
    "by ordering": "SELECT count(*) FROM (SELECT id FROM {table} ORDER BY id LIMIT 99) t WHERE id = $1",
}


async def test_foreign_rows_are_not_there_however_one_asks(world: World) -> None:
    agreeing = await (await Agreeing.among(world)).to_sign()
    competitor = await world.person((await world.provider()).id, Role.MEMBER)
    other = await world.person(await world.authority("Coventry"), Role.PLACEMENT_OFFICER)
    sign_only = await world.person((await world.provider()).id, Role.SIGNATORY)
    for table, id in (("offer", "offer"), ("ipa", "ipa"), ("referral", "referral")):
        await nobody_sees(world, table, UUID(agreeing.ids[id]), (competitor, other, sign_only))
    (thread,) = await world.sql("SELECT id FROM thread WHERE provider_id = $1", agreeing.firm.id)
    (delivery,) = await world.sql("SELECT id FROM delivery WHERE provider_id = $1", agreeing.firm.id)
    await nobody_sees(world, "thread", thread["id"], (competitor, other, sign_only))
    await nobody_sees(world, "delivery", delivery["id"], (competitor, other, sign_only))


async def nobody_sees(world: World, table: str, id: UUID, viewers: tuple[Viewer, ...]) -> None:
    for viewer in viewers:
        async with standing_as(world, viewer) as connection:
            for way, question in ASKING.items():
                assert not await reached(connection, question.format(table=table), id), (table, way, viewer.side)


async def reached(connection: Any, question: str, id: UUID) -> int:
    """How many rows an asking finds; a column that may not be read at all finds none."""
    try:
        async with connection.transaction():
            return int(await connection.fetchval(question, id))
    except asyncpg.InsufficientPrivilegeError:
        return 0


# S-039
async def test_a_provider_reads_nothing_of_the_working_copy_or_of_who_the_children_are(world: World) -> None:
    agreeing = await (await Agreeing.among(world)).referred()
    async with standing_as(world, agreeing.member) as connection:
        assert await connection.fetchval("SELECT count(*) FROM referral") == 1
        assert await connection.fetchval("SELECT count(*) FROM child") == 0
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("SELECT content FROM referral")


async def test_nobody_writes_for_somebody_else(world: World) -> None:
    agreeing = await (await Agreeing.among(world)).referred()
    (thread,) = await world.sql("SELECT * FROM thread")
    forged = (
        "INSERT INTO message (id, thread_id, referral_id, la_id, provider_id, no, side, author_id, author_name, body,"
        " sent_at) VALUES (gen_random_uuid(), $1, $2, $3, $4, 1, $5, $6, 'x', 'x', now())"
    )
    for side, author in (("LOCAL_AUTHORITY", agreeing.officer), ("PROVIDER", agreeing.officer)):
        async with standing_as(world, agreeing.member) as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(
                    forged, thread["id"], thread["referral_id"], thread["la_id"], thread["provider_id"], side,
                    author.person_id,
                )  # fmt: skip


async def test_a_connection_carries_nothing_over_from_whom_it_served_before(world: World) -> None:
    agreeing = await (await Agreeing.among(world)).referred()
    database: Any = world.shell.database
    for _ in range(3):
        async with database.reading(agreeing.officer, world.clock.now) as connection:
            assert await connection.fetchval("SELECT count(*) FROM child") == 1
        with pytest.raises(asyncpg.UndefinedTableError):
            async with database.reading(agreeing.member, world.clock.now) as connection:
                await connection.fetchval("SELECT 1 FROM nothing_of_that_name")
        async with database.reading(agreeing.member, world.clock.now) as connection:
            assert await connection.fetchval("SELECT count(*) FROM child") == 0
            assert await connection.fetchval("SELECT current_user") == "portal_provider"


async def test_an_unknown_session_opens_nothing(world: World) -> None:
    agreeing = await Agreeing.among(world)
    stranger = Viewer(
        agreeing.officer.person_id, agreeing.officer.organisation_id, agreeing.officer.side, agreeing.officer.roles,
        uuid4(), "x", None, "x", agreeing.officer.expires_at,
    )  # fmt: skip
    connection = await asyncpg.connect(asyncpg_dsn(as_app(world.dsn)))
    with pytest.raises(asyncpg.PostgresError) as ended:
        await connection.execute("BEGIN; " + standing(stranger, world.clock.now))
    assert ended.value.sqlstate == "PT401"
    await connection.close()
