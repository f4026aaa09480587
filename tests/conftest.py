"""What every test can ask for: a server of its own process, and a fresh world on it."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any
from zlib import crc32

import asyncpg
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings
from sqlalchemy.ext.asyncio import create_async_engine

from migrations.run import upgrade
from portal.database import PLANNED, SETTINGS, asyncpg_dsn, sqlalchemy_url
from portal.embedded import EmbeddedPostgres
from portal.keys import Keys
from realtime import hints
from tests.lending import Lending, Lent
from tests.waiting import until
from tests.world import World, furnish

TEMPLATE = "furnished"
BEGINNING = 600.0  # seconds: every process of the tests makes a server, and all do so at once
settings.register_profile(
    "on any machine", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("on any machine")
UNMEASURED = {"tests", "journeys", "veil", "promises"}
"""Folders whose tests walk through everything again: they show that it holds together, and count for no coverage,
which would double their time. What a line does is shown, and measured, by the tests of its own layer."""
SAMPLED = {"resolvers": 3}
"""Folders where one test of so many counts, because most run through the same lines. A sample can only show less than
all tests do; with PORTAL_TESTS_MEASURE_ALL set, all of them count."""
LIMITS = ("statement_timeout", "idle_in_transaction_session_timeout")


def is_measured(item: pytest.Item) -> bool:
    folder = item.path.parent.name
    if folder in UNMEASURED:
        return False
    return "PORTAL_TESTS_MEASURE_ALL" in os.environ or crc32(item.nodeid.encode()) % SAMPLED.get(folder, 1) == 0


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """What counts for no coverage is not traced: neither the test, nor what is made for it, nor what it starts."""
    coverage: Any = item.config.pluginmanager.getplugin("_cov")
    if is_measured(item) or coverage is None or coverage.cov_controller is None:
        return (yield)
    inherited = os.environ.pop("COVERAGE_PROCESS_CONFIG", None)
    coverage.cov_controller.pause()
    try:
        return (yield)
    finally:
        coverage.cov_controller.resume()
        if inherited is not None:
            os.environ["COVERAGE_PROCESS_CONFIG"] = inherited


@pytest.fixture(scope="session", autouse=True)
def limits() -> Iterator[dict[str, str]]:
    """How long the database lets a statement and a transaction take; not so in tests, where a machine may be slow."""
    ordinary = {name: SETTINGS[name] for name in LIMITS}
    with pytest.MonkeyPatch.context() as patch:
        for given, name in product((SETTINGS, PLANNED), LIMITS):
            patch.setitem(given, name, "2min")
        yield ordinary


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """A server for this process of the tests; nothing on it outlives them."""
    folder = Path(tempfile.mkdtemp(prefix="portal-tests-"))
    folder.chmod(0o711)
    server = EmbeddedPostgres(folder / "database", durable=False).start(BEGINNING)
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture
def unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks at the log unasked for an hour: whatever arrives, a hint has told of."""
    for name in ("POLL", "POLL_WITHOUT_ECHO"):
        monkeypatch.setattr(hints, name, 3600.0)


@pytest.fixture(scope="session")
def keys() -> Iterator[Keys]:
    keys = Keys(b"a secret that is known to everyone")
    yield keys
    keys.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def migrated(postgres: EmbeddedPostgres) -> str:
    """The name of a database with the schema and nothing in it, to be copied and never opened."""
    await administer(postgres, "ALTER SYSTEM SET autovacuum = off")  # statistics are what a test makes them
    await administer(postgres, "SELECT pg_reload_conf()")
    await administer(postgres, "CREATE DATABASE migrated")
    engine = create_async_engine(sqlalchemy_url(database_url(postgres, "migrated")))
    async with engine.connect() as connection:
        await connection.run_sync(upgrade)
        await connection.commit()
    await engine.dispose()
    return "migrated"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def furnished(postgres: EmbeddedPostgres, migrated: str) -> str:
    """The name of a migrated database with authorities and gates in it, to be copied and never opened."""
    await administer(postgres, f"CREATE DATABASE {TEMPLATE} TEMPLATE {migrated} STRATEGY FILE_COPY")
    engine = create_async_engine(sqlalchemy_url(database_url(postgres, TEMPLATE)))
    await furnish(engine)
    await engine.dispose()
    return TEMPLATE


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def lending(postgres: EmbeddedPostgres, furnished: str) -> AsyncIterator[Lending]:
    lending = Lending(partial(administer, postgres), partial(database_url, postgres), furnished)
    yield lending
    await lending.close()


@pytest_asyncio.fixture(loop_scope="session")
async def lent(lending: Lending) -> AsyncIterator[Lent]:
    """A database that this test has for itself."""
    lent = await lending.lend()
    yield lent
    await lending.take_back(lent)


@pytest.fixture
def world_url(lent: Lent) -> str:
    """The superuser's address of a database that this test has for itself."""
    return lent.ways.dsn


@pytest.fixture
def world(lent: Lent, keys: Keys, tmp_path: Path) -> World:
    return World.over(lent.ways, keys, tmp_path / "documents")


def database_url(server: EmbeddedPostgres, name: str) -> str:
    return server.dsn.replace("/postgres?", f"/{name}?")


async def administer(server: EmbeddedPostgres, statement: str) -> None:
    connection = await asyncpg.connect(asyncpg_dsn(server.dsn))
    try:
        await until(lambda: _executed(connection, statement))
    finally:
        await connection.close()


async def _executed(connection: Any, statement: str) -> bool:
    """False where somebody was still leaving a database after the five seconds for which the server waits for them."""
    with suppress(asyncpg.ObjectInUseError):
        await connection.execute(statement)
        return True
    return False
