"""People whom several files of tests begin with."""

from collections.abc import AsyncIterator

import pytest_asyncio

from models.lifecycle import Role
from models.person import Viewer
from resolvers.context import Shell
from tests.following import live_in
from tests.people import Enrolled, enrolled
from tests.world import World


@pytest_asyncio.fixture(loop_scope="session")
async def admin(world: World) -> Viewer:
    return await world.person(await world.authority(), Role.ADMINISTRATOR)


@pytest_asyncio.fixture(loop_scope="session")
async def ada(world: World, admin: Viewer) -> Enrolled:
    return await enrolled(world, admin, "ada.moss@example.org", "PLACEMENT_OFFICER")


@pytest_asyncio.fixture(loop_scope="session")
async def live(world: World) -> AsyncIterator[Shell]:
    """The world's shell with a hub that listens to its database."""
    async with live_in(world) as shell:
        yield shell
