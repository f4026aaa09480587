"""Workers that die, and workers that are replaced, while others serve on the same database."""
# S-028, S-119: 0 lost, 0 doubled, 0 out of order

import asyncio
import random
from uuid import UUID

import pytest

from tests.faults.site import Site, Worker
from tests.faults.verdict import verdict
from tests.faults.wire import TELLING
from tests.faults.writing import writing
from tests.journeys.asking import Asking, Somebody
from tests.journeys.placing import Placing
from tests.waiting import until

GOING_AWAY = 1012
HEARS = "select head from inbox where person_id = $1"


async def dies_before_its_hint(site: Site) -> None:
    """Its hints are held up on their way out; it is killed when others can see what it has committed."""
    dying, writer, hearer = site.workers[0], site.people[0], site.people[-1]
    head = await site.stage.database.fetchval(HEARS, hearer.id)
    placing = Placing(Asking(dying.server.address))
    with dying.wire.silence(TELLING):
        saying = asyncio.create_task(placing.say(somebody(writer.token), writer.threads[-1], "Before the end"))
        await until(lambda: grown(site, hearer.id, head))
        await dying.kill()
    await asyncio.gather(saying, return_exceptions=True)


async def grown(site: Site, person: UUID, head: int) -> bool:
    return bool(await site.stage.database.fetchval(HEARS, person) > head)


def somebody(token: str) -> Somebody:
    return Somebody("", "", "", token)


async def test_what_a_worker_committed_before_it_was_killed_is_told_without_its_hint(site: Site) -> None:
    async with site.listening() as clients:
        await dies_before_its_hint(site)
        found = await verdict(site.stage, clients, "kill -9 between commit and hint")
    assert found.clean, found
    assert found.committed > 0


@pytest.mark.long
async def test_what_workers_committed_before_they_were_killed_is_told_without_their_hints(site: Site) -> None:
    async with site.listening() as clients:
        for _ in range(8):
            await dies_before_its_hint(site)
            await site.workers[0].start()
        found = await verdict(site.stage, clients, "kill -9 between commit and hint, 8 times")
    assert found.clean, found


@pytest.mark.long
async def test_nothing_is_lost_when_workers_are_killed_at_any_moment(site: Site) -> None:
    chance = random.Random(11)
    async with site.listening() as clients:
        async with writing(site):
            for _ in range(12):
                await asyncio.sleep(chance.random())
                dying = chance.choice(site.workers)
                await dying.kill()
                await dying.start()
        found = await verdict(site.stage, clients, "kill -9 at any moment, 12 times")
    assert found.clean, found


async def replaced(site: Site, *workers: Worker) -> None:
    """One after the other, as when a new release is put in place; the last is not started again."""
    async with site.listening() as clients:
        async with writing(site):
            for worker in workers:
                await site.whole()
                await worker.stop()
            await asyncio.sleep(0.5)
        found = await verdict(site.stage, clients, f"{len(workers)} workers replaced one after the other")
        closes = {code for client in clients for code in client.closes}
        told = sum(client.closes[GOING_AWAY] for client in clients)
    assert found.clean, found
    assert closes == {GOING_AWAY}, closes
    assert told > 0


async def test_a_worker_that_is_replaced_tells_its_clients_to_come_back_and_loses_nothing(site: Site) -> None:
    await replaced(site, site.workers[1])


@pytest.mark.long
async def test_rolling_restarts_one_after_the_other_lose_nothing(site: Site) -> None:
    await replaced(site, *site.workers * 4)
