"""A stage for live delivery, and one process of the portal that delivers."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from portal.embedded import EmbeddedPostgres
from realtime import carrier, carriers, line, redis_line
from tests.realtime.live import Live, alive
from tests.realtime.stage import Stage, staged
from tests.waiting import PATIENCE


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage_url(postgres: EmbeddedPostgres, furnished: str) -> str:
    """One database for all tests of this folder: each has people of its own, who never hear of each other."""
    connection = await asyncpg.connect(postgres.dsn)
    await connection.execute(f"create database stage template {furnished} strategy file_copy")
    await connection.close()
    return postgres.dsn.replace("/postgres?", "/stage?")


@pytest_asyncio.fixture(loop_scope="session")
async def stage(stage_url: str) -> AsyncIterator[Stage]:
    async with staged(stage_url) as stage:
        yield stage


@pytest_asyncio.fixture(loop_scope="session")
async def live(stage: Stage) -> AsyncIterator[Live]:
    async with alive(stage) as live:
        yield live


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No line is given up because nothing was heard on it for a while: what is lost, a test has cut."""
    for where, name in (
        (carrier, "SILENCE"), (carriers, "ECHO_WITHIN"), (line, "CONNECTING"), (line, "SPEAKING"),
        (redis_line, "CONNECTING"), (redis_line, "SPEAKING"),
    ):  # fmt: skip
        monkeypatch.setattr(where, name, PATIENCE)
