"""Listening within this process, to a hub of the test's own."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from typing import Any

import asyncpg
from strawberry.types import ExecutionResult

from portal.database import asyncpg_dsn
from realtime.hints import Hints, PostgresHints
from realtime.hub import Hub
from realtime.ports import HUB_SETTINGS
from resolvers.context import Shell
from schema import schema
from tests.world import World, as_app

QUIET = 3600.0  # seconds: on a slow machine as well nothing comes between what a test brings about


@asynccontextmanager
async def live_in(world: World) -> AsyncIterator[Shell]:
    """The world's shell with a hub that listens to its database."""
    dsn = asyncpg_dsn(as_app(world.dsn))
    hints = Hints(PostgresHints(dsn))

    async def pool() -> Any:
        return await asyncpg.create_pool(dsn, min_size=1, max_size=2, server_settings=HUB_SETTINGS)

    hub = Hub(hints, pool, world.clock, heartbeat=QUIET)
    await hints.start()
    await hub.start()
    world.shell = replace(world.shell, hub=hub, announce=hints.announce)
    yield world.shell
    await hub.stop()
    await hints.stop()


async def stream(world: World, viewer: Any, document: str, **variables: Any) -> AsyncGenerator[dict[str, Any], None]:
    source: Any = await schema.subscribe(document, variables, world.context(viewer))
    async with aclosing(source):
        async for result in source:
            assert isinstance(result, ExecutionResult)
            assert result.errors is None
            (item,) = (result.data or {}).values()
            yield item
