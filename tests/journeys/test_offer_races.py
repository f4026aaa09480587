"""Offers under two hands at once, over HTTP: whatever the order, one is done and the other is told why."""

import os
from collections.abc import AsyncIterator
from random import Random

import asyncpg
import pytest
import pytest_asyncio

from portal.database import asyncpg_dsn
from tests.journeys.asking import Asking
from tests.journeys.racing import Racing
from tests.journeys.test_journey import as_owner
from tests.journeys.town import Town
from tests.server import Server

SAMPLE, WHOLE = 4, 200
SEED = int(os.environ.get("RACES_SEED", "2026"))


@pytest_asyncio.fixture(loop_scope="session")
async def racing(server: Server, asking: Asking, town: Town) -> AsyncIterator[Racing]:
    database = await asyncpg.connect(asyncpg_dsn(as_owner(server.database_url)))
    try:
        yield Racing(asking, town, database, Random(SEED))
    finally:
        await database.close()


# S-075, S-076, S-077, S-092
@pytest.mark.parametrize("race", Racing.RACES)
async def test_of_two_at_once_one_is_done_and_the_other_told_why(racing: Racing, race: str) -> None:
    orders = await racing.rounds(race, SAMPLE)
    assert orders.total() == SAMPLE


# S-075, S-076, S-077, S-092
@pytest.mark.long
@pytest.mark.parametrize("race", Racing.RACES)
async def test_of_two_at_once_each_comes_first_sometimes_and_nothing_breaks(racing: Racing, race: str) -> None:
    orders = await racing.rounds(race, WHOLE)
    print(f"{race}: {dict(orders)}, refused with {dict(racing.codes)}, seed {SEED}")  # noqa: T201
    assert len(orders) == 2, "both orders occur"
