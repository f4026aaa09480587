"""The wall between organisations: what belongs to others is not there, however one asks (S-030)."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from models.lifecycle import Role
from models.person import Viewer
from portal.database import asyncpg_dsn, standing
from tests.agreeing import Agreeing
from tests.standing import standing_as
from tests.world import World, as_app

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
