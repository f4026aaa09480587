"""A connection that stands in the database as somebody, for what a buggy portal might ask there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from models.person import Viewer
from portal.database import asyncpg_dsn, standing
from tests.world import World, as_app


@asynccontextmanager
async def standing_as(world: World, viewer: Viewer | None) -> AsyncIterator[Any]:
    """A connection of portal_app in a transaction that stands as the viewer, as a buggy portal might leave it."""
    connection = await asyncpg.connect(asyncpg_dsn(as_app(world.dsn)))
    try:
        async with connection.transaction():
            if viewer is not None:
                await connection.execute(standing(viewer, world.clock.now))
            yield connection
            raise Undone
    except Undone:
        pass
    finally:
        await connection.close()


class Undone(Exception):
    """Takes back what a try has done."""
