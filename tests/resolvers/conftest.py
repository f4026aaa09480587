"""People whom several files of tests begin with."""

import pytest_asyncio

from models.lifecycle import Role
from models.person import Viewer
from tests.people import Enrolled, enrolled
from tests.world import World


@pytest_asyncio.fixture(loop_scope="session")
async def admin(world: World) -> Viewer:
    return await world.person(await world.authority(), Role.ADMINISTRATOR)


@pytest_asyncio.fixture(loop_scope="session")
async def ada(world: World, admin: Viewer) -> Enrolled:
    return await enrolled(world, admin, "ada.moss@example.org", "PLACEMENT_OFFICER")
