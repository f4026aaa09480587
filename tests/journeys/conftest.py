"""A town that was made through the API once, and for every test a copy of it with a server process of its own."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio
import uvicorn
from sqlalchemy.ext.asyncio import create_async_engine

from portal.app import Installation, Portal
from portal.database import asyncpg_dsn, sqlalchemy_url
from portal.embedded import EmbeddedPostgres
from portal.founding import Founder, found, migrate
from portal.keys import Keys
from portal.serving import SERVER
from tests.conftest import administer, database_url
from tests.journeys.asking import Asking
from tests.journeys.town import Founding, Town
from tests.server import SECRET, Server, running
from tests.waiting import PATIENCE
from tests.world import AN_ORDINARY_DAY, World, as_app

TOWN = "town"
FORM = Path(__file__).resolve().parents[2] / "client-examples" / "local-referral-form.pdf"


@dataclass
class Made:
    """The town as it was made: copied, never used. Its clock began at `began`, and goes on in every copy."""

    town: Town
    home: Path
    began: float


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def made(postgres: EmbeddedPostgres, keys: Keys, tmp_path_factory: pytest.TempPathFactory) -> Made:
    await administer(postgres, f"CREATE DATABASE {TOWN}")
    url = database_url(postgres, TOWN)
    await migrate(url)
    engine = create_async_engine(sqlalchemy_url(url))
    founder = Founder("Rae Gion", "rae.gion@example.org")
    invitation = await found(engine, keys, founder, AN_ORDINARY_DAY, datetime.now(UTC))
    await engine.dispose()
    assert invitation
    authority = await value(url, "SELECT id FROM organisation WHERE name = 'Birmingham'")
    with running(as_app(url), tmp_path_factory.mktemp("town")) as server:
        founding = Founding(Asking(server.address), FORM.read_bytes())
        town = await founding.from_nothing(invitation, str(authority))
    return Made(town, server.home, server.began)


@pytest.fixture
def town(made: Made) -> Town:
    return made.town


@asynccontextmanager
async def copied(postgres: EmbeddedPostgres, made: Made, folder: Path) -> AsyncIterator[Server]:
    """A copy of the town with a portal that serves it."""
    name = f"town_{uuid4().hex}"
    await administer(postgres, f"CREATE DATABASE {name} TEMPLATE {TOWN} STRATEGY FILE_COPY")
    shutil.copytree(made.home, folder / "home")
    with running(as_app(database_url(postgres, name)), folder / "home", made.began) as server:
        yield server
    await administer(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture(loop_scope="session")
async def own(postgres: EmbeddedPostgres, made: Made, tmp_path: Path) -> AsyncIterator[Server]:
    """A portal that this test alone uses, so that it may die."""
    async with copied(postgres, made, tmp_path) as server:
        yield server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server(
    postgres: EmbeddedPostgres, made: Made, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Server]:
    """A portal for all tests that let it live."""
    async with copied(postgres, made, tmp_path_factory.mktemp("served")) as server:
        yield server


@pytest.fixture(scope="session")
def second_server(server: Server) -> Iterator[Server]:
    """Another process on the same database."""
    with running(server.database_url, server.home, server.began) as second:
        yield second


@pytest.fixture
def asking(server: Server) -> Asking:
    return Asking(server.address)


@pytest_asyncio.fixture(loop_scope="session")
async def portal(world: World, tmp_path: Path) -> AsyncIterator[Portal]:
    """The portal as it is served, in this process, on a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
        keys = Keys(SECRET)
        portal = Portal(Installation(as_app(world.dsn), tmp_path, keys, world.clock, origin, {}, connections=4))
        portal.endpoint.seconds = PATIENCE
        server = uvicorn.Server(uvicorn.Config(portal.asgi, **{**SERVER, "log_config": None}))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        yield portal
        server.should_exit = True
        await serving
        keys.close()


async def value(url: str, query: str) -> object:
    """One value as the superuser sees it."""
    connection = await asyncpg.connect(asyncpg_dsn(url))
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()
