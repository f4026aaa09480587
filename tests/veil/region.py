"""A small region that is set back to how it was before every play, and the portal over it."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg

from models.base import Base
from models.lifecycle import Side
from portal.app import Installation, Portal
from portal.database import asyncpg_dsn
from portal.embedded import EmbeddedPostgres
from portal.keys import Keys
from portal.sign_in import SignIn
from realtime.hints import Hints, PostgresHints
from realtime.hub import Hub
from realtime.ports import HUB_SETTINGS
from tests.conftest import administer, database_url
from tests.veil.cast import Cast, assembled
from tests.veil.dice import Dice, fixed_ids, loaded
from tests.veil.playing import Play
from tests.veil.questions import Questions
from tests.veil.schedule import Schedule
from tests.veil.tables import Tables
from tests.veil.watching import Observed
from tests.waiting import PATIENCE
from tests.world import World, as_app

NAME = "region"
ORIGIN = "http://127.0.0.1"
HEARTBEAT = 600.0  # none comes of itself, so that frames do not depend on how fast the machine is
NAMES = sorted(table.name for table in Base.metadata.sorted_tables)
KEPT = "; ".join(["CREATE SCHEMA kept", *(f"CREATE TABLE kept.{name} AS TABLE {name}" for name in NAMES)])
SET_BACK = "; ".join(
    ["SET session_replication_role = replica"]
    + [f"DELETE FROM {name}; INSERT INTO {name} SELECT * FROM kept.{name}" for name in NAMES]
    + ["RESET session_replication_role"]
)


class Nudging(Hints):
    """Hints within this process, at once: what goes over the line between processes is tested elsewhere."""

    def announce(self) -> None:
        for ear in self._ears:
            ear.hear()


@dataclass
class Region:
    """Where schedules are played, one after the other; the connections and their plans outlive a play."""

    world: World
    began: datetime
    portal: Portal
    cast: Cast
    questions: Questions
    dice: Dice
    tables: Tables

    async def played(self, schedule: Schedule, *, reading: bool, of: type[Play] = Play, **more: Any) -> Observed:
        """What the others observed of this schedule from the same beginning, with the reader's readings or without."""
        await self.tables.script(SET_BACK)
        self.world.clock.now = self.began
        self.portal.sign_in = SignIn(self.world.shell)
        play = of(self.portal, self.world, self.cast, self.questions, schedule, self.tables, dice=self.dice, **more)
        try:
            return await play.through(reading=reading)
        finally:
            for screen in play.screens.values():
                await screen.close()


@contextlib.asynccontextmanager
async def region_of(postgres: EmbeddedPostgres, furnished: str, keys: Keys, folder: Path) -> AsyncIterator[Region]:
    await administer(postgres, f"CREATE DATABASE {NAME} TEMPLATE {furnished} STRATEGY FILE_COPY")
    world = await World.of(database_url(postgres, NAME), keys, folder)
    cast = await assembled(world)
    tables = await Tables.of(world.dsn, world.clock)
    await tables.script("; ".join([*fixed_ids(), KEPT, "ANALYZE"]))
    hints = Nudging(PostgresHints(as_app(world.dsn)))
    hub = Hub(hints, lambda: _pool(world.dsn), world.clock, heartbeat=HEARTBEAT)
    world.shell = replace(world.shell, announce=hints.announce, hub=hub, address=ORIGIN)
    portal = Portal(Installation(world.dsn, folder, keys, world.clock, ORIGIN, {}))
    portal.shell = world.shell
    portal.endpoint.seconds = PATIENCE
    officer = next(viewer for viewer in cast.people.values() if viewer.side is Side.LOCAL_AUTHORITY)
    questions = Questions.taken_by(portal.endpoint.operations, officer)
    await hub.start()
    try:
        with loaded() as dice:
            yield Region(world, world.clock.now, portal, cast, questions, dice, tables)
    finally:
        await hub.stop()
        await tables.close()
        await world.close()


async def _pool(dsn: str) -> Any:
    return await asyncpg.create_pool(asyncpg_dsn(as_app(dsn)), min_size=1, max_size=2, server_settings=HUB_SETTINGS)
