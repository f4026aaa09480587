"""Readers share a few connections, and none of them meets what another left behind."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from models.lifecycle import Role
from models.person import Viewer
from portal.database import Database
from resolvers.ports import SignedOut
from tests.world import World, as_app

BACKEND = "SELECT pg_backend_pid()"


@pytest_asyncio.fixture(loop_scope="session")
async def viewer(world: World) -> Viewer:
    return await world.person(await world.authority(), Role.PLACEMENT_OFFICER)


@pytest_asyncio.fixture(loop_scope="session")
async def narrow(world: World) -> AsyncIterator[Database]:
    """A database with one connection for the readers of each side."""
    database = await Database.connect(as_app(world.dsn), size=1)
    yield database
    await database.close()


async def read(world: World, database: Database, viewer: Viewer, query: str = BACKEND) -> object:
    async with database.reading(viewer, world.clock()) as connection:
        return await connection.fetchval(query)


async def test_readers_wait_for_the_one_connection_and_get_it_in_turn(
    world: World, narrow: Database, viewer: Viewer
) -> None:
    turns: list[int] = []

    async def one(number: int) -> object:
        backend = await read(world, narrow, viewer)
        turns.append(number)
        return backend

    assert len(set(await asyncio.gather(*(one(number) for number in range(5))))) == 1
    assert turns == [0, 1, 2, 3, 4]


async def test_nothing_of_a_reader_is_left_on_the_connection(world: World, narrow: Database, viewer: Viewer) -> None:
    await read(world, narrow, viewer)
    async with narrow.reading(viewer, world.clock()) as connection:
        assert await connection.fetchval("SELECT current_user") == "portal_la"
        await connection.execute("COMMIT")
        assert await connection.fetchval("SELECT current_user") == "portal_app"
        assert not await connection.fetchval("SELECT nullif(current_setting('app.person', true), '')")


async def test_a_read_can_change_nothing(world: World, narrow: Database, viewer: Viewer) -> None:
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await read(world, narrow, viewer, "UPDATE thread SET head = 7 RETURNING head")


async def test_a_failed_read_leaves_the_connection_to_the_next(world: World, narrow: Database, viewer: Viewer) -> None:
    before = await read(world, narrow, viewer)
    with pytest.raises(asyncpg.DivisionByZeroError):
        await read(world, narrow, viewer, "SELECT 1 / 0")
    with pytest.raises(LookupError):
        async with narrow.reading(viewer, world.clock()):
            raise LookupError
    assert await read(world, narrow, viewer) == before


async def test_an_ended_session_opens_nothing_and_keeps_no_connection(
    world: World, narrow: Database, viewer: Viewer
) -> None:
    await world.sql("UPDATE session SET revoked_at = now() WHERE id = $1", viewer.session_id)
    with pytest.raises(SignedOut):
        await read(world, narrow, viewer)
    colleague = await world.person(viewer.organisation_id, Role.PLACEMENT_OFFICER)
    assert await read(world, narrow, colleague)


async def test_a_connection_on_which_a_read_was_interrupted_is_not_lent_again(
    world: World, narrow: Database, viewer: Viewer
) -> None:
    before = await read(world, narrow, viewer)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await read(world, narrow, viewer, "SELECT pg_sleep(2)")
    assert await read(world, narrow, viewer) != before


async def test_a_connection_that_the_server_closed_is_replaced(world: World, narrow: Database, viewer: Viewer) -> None:
    before = await read(world, narrow, viewer)

    async def cut_off() -> None:
        async with narrow.reading(viewer, world.clock()) as connection:
            await world.sql("SELECT pg_terminate_backend($1)", before)
            await connection.fetchval(BACKEND)

    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await cut_off()
    assert await read(world, narrow, viewer) != before


async def test_whoever_gives_up_waiting_takes_no_connection_along(
    world: World, narrow: Database, viewer: Viewer
) -> None:
    async with narrow.reading(viewer, world.clock()):
        impatient = asyncio.create_task(read(world, narrow, viewer))
        patient = asyncio.create_task(read(world, narrow, viewer))
        await asyncio.sleep(0)
        impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    assert await patient


async def test_who_waits_when_the_portal_stops_is_told(world: World, viewer: Viewer) -> None:
    database = await Database.connect(as_app(world.dsn), size=1)
    async with database.reading(viewer, world.clock()):
        waiting = asyncio.create_task(read(world, database, viewer))
        await asyncio.sleep(0)
        await database.close()
    with pytest.raises(asyncpg.InterfaceError):
        await waiting
