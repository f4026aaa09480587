"""One stage for the histories of this process, each of which begins with referrals of its own."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import pytest_asyncio

from portal.embedded import EmbeddedPostgres
from portal.keys import Keys
from tests.conftest import administer, database_url
from tests.promises.stage import Stage
from tests.world import World


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stage(
    postgres: EmbeddedPostgres, furnished: str, keys: Keys, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    name = f"promises_{uuid4().hex}"
    await administer(postgres, f"CREATE DATABASE {name} TEMPLATE {furnished} STRATEGY FILE_COPY")
    world = await World.of(database_url(postgres, name), keys, tmp_path_factory.mktemp("documents"))
    stage = await Stage.of(world)
    try:
        yield stage
    finally:
        await stage.tables.close()
        await world.close()
        await administer(postgres, f"DROP DATABASE {name} WITH (FORCE)")
