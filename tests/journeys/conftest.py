"""A town that was made through the API once, and for every test a copy of it with a server process of its own."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import create_async_engine

from portal.database import asyncpg_dsn, sqlalchemy_url
from portal.embedded import EmbeddedPostgres
from portal.founding import Founder, found, migrate
from portal.keys import Keys
from tests.conftest import administer, database_url
from tests.journeys.asking import Asking
from tests.journeys.town import Founding, Town
from tests.server import Server
from tests.world import AN_ORDINARY_DAY, as_app

TOWN = "town"
FORM = Path(__file__).resolve().parents[2] / "client-examples" / "local-referral-form.pdf"


@dataclass
class Made:
    """The town as it was made: copied, never used."""

    town: Town
    home: Path


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
    server = Server(as_app(url), tmp_path_factory.mktemp("town")).start()
    founding = Founding(Asking(server.address), FORM.read_bytes())
    town = await founding.from_nothing(invitation, str(authority))
    server.stop()
    return Made(town, server.home)


@pytest_asyncio.fixture(loop_scope="session")
async def town_url(postgres: EmbeddedPostgres, made: Made) -> AsyncIterator[str]:
    """The superuser's address of a copy of the town."""
    name = f"town_{uuid4().hex}"
    await administer(postgres, f"CREATE DATABASE {name} TEMPLATE {TOWN} STRATEGY FILE_COPY")
    yield database_url(postgres, name)
    await administer(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def town(made: Made) -> Town:
    return made.town


@pytest_asyncio.fixture(loop_scope="session")
async def server(town_url: str, made: Made, tmp_path: Path) -> AsyncIterator[Server]:
    """A portal that serves this test alone."""
    shutil.copytree(made.home, tmp_path / "home")
    server = Server(as_app(town_url), tmp_path / "home").start()
    yield server
    server.stop()


@pytest.fixture
def asking(server: Server) -> Asking:
    return Asking(server.address)


async def value(url: str, query: str) -> object:
    """One value as the superuser sees it."""
    connection = await asyncpg.connect(asyncpg_dsn(url))
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()
