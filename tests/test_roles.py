"""What roles beside the viewers' can reach: the hub that listens, whoever signs in, and a portal that lies."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from models.event import Actor, Happened
from models.person import Viewer
from portal.audit import verify
from portal.database import asyncpg_dsn, standing
from tests.agreeing import Agreeing
from tests.world import World, as_app

HUB_READS = {
    "delivery": {"referral_id", "provider_id", "withdrawn_at"},
    "event": "*",
    "inbox": "*",
    "inbox_entry": "*",
    "organisation": "*",
    "person": {"id", "organisation_id", "status", "roles"},
    "portal_epoch": "*",
    "session": {"id", "person_id", "expires_at", "revoked_at"},
    "thread": {"id", "la_id", "provider_id", "head", "referral_id"},
}


@asynccontextmanager
async def app(world: World) -> AsyncIterator[Any]:
    """A connection of the portal's own, standing as nobody yet."""
    connection = await asyncpg.connect(asyncpg_dsn(as_app(world.dsn)))
    try:
        yield connection
    finally:
        await connection.close()


async def test_the_hub_reads_the_log_and_who_may_hear_of_it_and_nothing_more(world: World) -> None:
    """No names, no contents, no secrets; and it writes nothing at all."""
    granted = await world.sql(
        "SELECT table_name, privilege_type, array_agg(column_name::text) AS columns"
        " FROM information_schema.role_column_grants WHERE grantee = 'portal_hub' GROUP BY 1, 2"
    )
    assert {row["privilege_type"] for row in granted} == {"SELECT"}
    assert {row["table_name"] for row in granted} == set(HUB_READS)
    for row in granted:
        wanted = HUB_READS[row["table_name"]]
        assert wanted == "*" or set(row["columns"]) == wanted, row["table_name"]
    callable_ = await world.sql(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        " AND has_function_privilege('portal_hub', oid, 'EXECUTE')"
    )
    assert not {row["proname"] for row in callable_} & {"portal_record", "portal_place", "portal_end_draft_offers"}


async def test_whoever_is_signing_in_sees_no_placement(world: World) -> None:
    await (await (await Agreeing.among(world)).referred()).offered()
    for table in ("referral", "child", "delivery", "offer", "ipa", "message", "thread", "document", "event"):
        async with app(world) as connection, connection.transaction():
            await connection.execute("SET LOCAL ROLE portal_signin")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch(f"SELECT 1 FROM {table}")


async def test_no_viewer_takes_the_role_of_the_owner_the_guard_or_the_backup(world: World) -> None:
    for role in ("portal_owner", "portal_guard", "portal_backup", "postgres"):
        async with app(world) as connection:
            with pytest.raises(asyncpg.PostgresError):
                await connection.execute(f"SET ROLE {role}")
            assert await connection.fetchval("SELECT current_user") == "portal_app"


# ── the record ───────────────────────────────────────────────────────────────
def claimed(agreeing: Agreeing, **more: Any) -> str:
    """An event as the portal would write it down, with whatever a liar adds."""
    by = Actor(agreeing.member, agreeing.world.clock.now)
    by.says(Happened(kind="offer.edit", stream=uuid4(), subject_kind="OFFER", subject_id=uuid4(), version=1))
    (row,) = json.loads(by.as_rows())
    return json.dumps([{**row, **more}])


async def record(connection: Any, viewer: Viewer, world: World, happened: str) -> None:
    await connection.execute(standing(viewer, world.clock.now))
    await connection.execute("SELECT portal_record($1::jsonb)", happened)


async def test_an_event_names_who_acts_and_not_who_is_claimed_to(world: World) -> None:
    agreeing = await (await Agreeing.among(world)).referred()
    lie = {
        "actor": str(agreeing.officer.person_id), "actor_id": str(agreeing.officer.person_id),
        "actor_name": agreeing.officer.name, "session": str(agreeing.officer.session_id),
        "session_id": str(agreeing.officer.session_id), "seq": 99, "prev": "00", "hash": "00",
    }  # fmt: skip
    async with app(world) as connection, connection.transaction():
        await record(connection, agreeing.member, world, claimed(agreeing, **lie))
    (event,) = await world.sql("SELECT * FROM event WHERE kind = 'offer.edit'")
    assert (event["actor_id"], event["actor_name"]) == (agreeing.member.person_id, agreeing.member.name)
    assert (event["session_id"], event["seq"]) == (agreeing.member.session_id, 1)


async def test_nobody_appends_to_the_record_but_through_its_function(world: World) -> None:
    agreeing = await (await Agreeing.among(world)).referred()
    before = await world.count("event")
    tries = [
        "INSERT INTO event SELECT * FROM event LIMIT 1",
        "UPDATE event SET actor_name = 'x'",
        "DELETE FROM event",
        "UPDATE event_stream SET seq = 0",
        "UPDATE inbox SET head = 0",
        "INSERT INTO inbox_entry SELECT * FROM inbox_entry",
        "UPDATE inbox_entry SET notice = 'x'",
    ]
    for viewer in (agreeing.officer, agreeing.member):
        for statement in tries:
            async with app(world) as connection:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute("BEGIN; " + standing(viewer, world.clock.now) + "; " + statement)
    async with app(world) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("SELECT portal_record($1::jsonb)", claimed(agreeing))
    assert await world.count("event") == before


# S-119
async def test_an_act_that_comes_to_nothing_leaves_no_gap_in_any_inbox(world: World) -> None:
    """The number was taken in the transaction, so it is given back with it."""
    agreeing = await (await Agreeing.among(world)).referred()
    tells = [{"organisations": [str(agreeing.officer.organisation_id)], "roles": ["PLACEMENT_OFFICER"], "person": None,
              "notice": "OFFER_UPDATED"}]  # fmt: skip
    for turn in range(4):
        async with app(world) as connection:
            transaction = connection.transaction()
            await transaction.start()
            await record(connection, agreeing.member, world, claimed(agreeing, tells=tells))
            await (transaction.rollback() if turn % 2 else transaction.commit())
    heard = await world.sql("SELECT no FROM inbox_entry WHERE person_id = $1 ORDER BY no", agreeing.officer.person_id)
    assert [row["no"] for row in heard] == list(range(1, len(heard) + 1))
    assert await world.count("event", "kind = 'offer.edit'") == 2
    owner = await asyncpg.connect(asyncpg_dsn(world.dsn))
    assert await verify(owner) == []
    await owner.close()


# ── inboxes ──────────────────────────────────────────────────────────────────
async def test_nobody_makes_an_entry_of_an_inbox_lead_nowhere(world: World) -> None:
    """Entries have no foreign keys, so nobody may write one, or remove what it names, but the record."""
    allowed = await world.sql(
        "SELECT r.rolname, t.name, p.name AS privilege FROM pg_roles r,"
        " unnest(ARRAY['inbox_entry', 'inbox', 'event']) t (name),"
        " unnest(ARRAY['INSERT', 'DELETE', 'TRUNCATE']) p (name)"
        " WHERE r.rolname LIKE 'portal%' AND r.rolname <> 'portal_owner' AND has_table_privilege(r.oid, t.name, p.name)"
    )
    guarded = {("portal_guard", table, "INSERT") for table in ("inbox_entry", "inbox", "event")}
    assert {tuple(row.values()) for row in allowed} == guarded
    await (await (await Agreeing.among(world)).referred()).offered()
    (nowhere,) = await world.sql(
        "SELECT count(*) AS n, count(*) FILTER (WHERE e.id IS NULL OR i.person_id IS NULL) AS lost FROM inbox_entry n"
        " LEFT JOIN event e ON e.id = n.event_id LEFT JOIN inbox i ON i.person_id = n.person_id"
    )
    assert nowhere["n"] > 0 == nowhere["lost"]
