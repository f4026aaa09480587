"""A database that is an older one than it was: its inboxes are numbered anew, by itself or because somebody says so."""
# S-119, S-124

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from portal.embedded import EmbeddedPostgres
from realtime.ports import HUB_SETTINGS
from realtime.recognition import recognise
from tests.conftest import administer, database_url
from tests.portal.test_production import environment, portal
from tests.world import as_app


async def epoch(url: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        return str(await connection.fetchval("SELECT epoch FROM portal_epoch"))
    finally:
        await connection.close()


async def come(url: str, as_hub: bool = False) -> None:
    """As every connection of the portal does."""
    connection = await asyncpg.connect(as_app(url), server_settings=HUB_SETTINGS if as_hub else {})
    try:
        await recognise(connection)
    finally:
        await connection.close()


@pytest_asyncio.fixture(loop_scope="session")
async def unseen(postgres: EmbeddedPostgres, furnished: str) -> AsyncIterator[str]:
    """The name of a database that no portal has looked at, and to which nobody is connected."""
    name = f"unseen_{uuid4().hex}"
    await administer(postgres, f"CREATE DATABASE {name} TEMPLATE {furnished} STRATEGY FILE_COPY")
    yield name
    await administer(postgres, f"DROP DATABASE {name} WITH (FORCE)")


async def test_a_database_is_numbered_anew_once_where_it_is_not_the_one_it_was(
    postgres: EmbeddedPostgres, unseen: str
) -> None:
    there = database_url(postgres, unseen)
    before = await epoch(there)
    await come(there)
    assert await epoch(there) == before, "the first to look only notes where it is"
    await come(there, as_hub=True)
    assert await epoch(there) == before
    copy = f"restored_{uuid4().hex}"
    await administer(postgres, f"CREATE DATABASE {copy} TEMPLATE {unseen}")
    url = database_url(postgres, copy)
    assert await epoch(url) == before
    await asyncio.gather(*(come(url, as_hub=n % 2 == 0) for n in range(8)))
    after = await epoch(url)
    assert after != before
    await come(url)
    assert await epoch(url) == after
    await administer(postgres, f"DROP DATABASE {copy} WITH (FORCE)")


async def test_an_operator_says_that_it_was_restored_where_the_database_cannot_know(world_url: str) -> None:
    await come(world_url)
    before = await epoch(world_url)
    said = await portal("restored", env=environment(world_url))
    assert (said.returncode, said.stdout) == (0, "Every client reads afresh, and goes on from there.\n")
    after = await epoch(world_url)
    assert after != before
    await come(world_url)
    assert await epoch(world_url) == after


async def test_the_portal_itself_cannot_have_it_numbered_anew(world_url: str) -> None:
    connection = await asyncpg.connect(as_app(world_url))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("SELECT portal_renumber()")
    finally:
        await connection.close()
