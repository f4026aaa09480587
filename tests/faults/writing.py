"""Those who do things meanwhile: acts through the API, and entries appended as acts append them, many at a time."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from realtime.carriers import carrier_at
from realtime.hints import Hints
from realtime.recovery import FAULTS
from tests.faults.site import Site
from tests.journeys.asking import new_key
from tests.journeys.placing import SAY

TOGETHER = 3  # writers of each kind


class RolledBack(Exception):
    pass


class Writers:
    """Everybody writes until it is enough; what cannot be written now is written again with the same key."""

    def __init__(self, site: Site, hints: Hints, seed: int) -> None:
        self._site = site
        self._hints = hints
        self._seed = seed
        self._enough = False
        self.acts = 0
        self.appended = 0

    def stop(self) -> None:
        self._enough = True

    async def act(self, number: int) -> None:
        """Messages, each sent through one worker or another."""
        chance = random.Random(self._seed + number)
        while not self._enough:
            await self._say(chance)
            await asyncio.sleep(0.05 * chance.random())

    async def append(self, number: int) -> None:
        """Events for a few people at once; some dawdle before they commit, some are rolled back."""
        chance = random.Random(self._seed - number)
        while not self._enough:
            with contextlib.suppress(RolledBack, *FAULTS):
                await self._transaction(chance)
                self.appended += 1
                self._hints.announce()
            await asyncio.sleep(0.04 * chance.random())

    async def _say(self, chance: random.Random) -> None:
        who = chance.choice(self._site.people)
        given = {"thread": chance.choice(who.threads), "body": f"Word {self.acts}", "key": new_key()}
        headers = {"Authorization": f"Bearer {who.token}"}
        patience = aiohttp.ClientTimeout(total=10)
        async with aiohttp.ClientSession(headers=headers, timeout=patience) as session:
            while not await self._said(session, chance.choice(self._site.addresses()), given):
                await asyncio.sleep(0.05)

    async def _said(self, session: aiohttp.ClientSession, address: str, given: dict[str, str]) -> bool:
        with contextlib.suppress(aiohttp.ClientError, *FAULTS):
            async with session.post(f"{address}/graphql", json={"query": SAY, "variables": given}) as answer:
                told = await answer.json()
                if "errors" not in told:
                    assert told["data"]["messageSend"]["problems"] == []
                    self.acts += 1
                    return True
        return False

    async def _transaction(self, chance: random.Random) -> None:
        people = [person.id for person in self._site.people]
        async with self._site.stage.database.acquire(timeout=5) as connection, connection.transaction():
            await self._site.stage.tell(*chance.sample(people, chance.randint(1, 4)), over=connection)
            if chance.random() < 0.3:
                await asyncio.sleep(chance.random() * 0.02)
            if chance.random() < 0.1:
                raise RolledBack


@asynccontextmanager
async def writing(site: Site, seed: int = 7) -> AsyncIterator[Writers]:
    """People act while the block runs; at its end everything that was begun has been done or given up."""
    hints = Hints(carrier_at(site.carrier, site.stage.dsn))
    await hints.start()
    writers = Writers(site, hints, seed)
    tasks = [asyncio.create_task(work(n)) for n in range(TOGETHER) for work in (writers.act, writers.append)]
    try:
        yield writers
    finally:
        writers.stop()
        await asyncio.gather(*tasks)
        await hints.stop()
