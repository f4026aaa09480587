"""One region for all schedules of this process."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from portal.embedded import EmbeddedPostgres
from portal.keys import Keys
from tests.veil.region import Region, region_of


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def region(
    postgres: EmbeddedPostgres, furnished: str, keys: Keys, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Region]:
    async with region_of(postgres, furnished, keys, tmp_path_factory.mktemp("region")) as region:
        yield region
