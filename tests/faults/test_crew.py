"""`portal serve --workers 2` while its processes die or are replaced, and while what carries its hints is restarted."""
# S-028, S-119, S-124: 0 lost, 0 doubled, 0 out of order

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import TypeAlias

import pytest
import pytest_asyncio

from tests.faults.crew import Crew, crew, stopped
from tests.faults.site import Site
from tests.faults.test_workers import somebody
from tests.faults.verdict import verdict
from tests.faults.wire import LISTENING, TELLING
from tests.faults.writing import writing
from tests.journeys.asking import Asking
from tests.journeys.placing import Placing
from tests.waiting import until

SAID = "select count(*) from message where body = $1"
Fault: TypeAlias = Callable[[Crew, random.Random], Awaitable[None]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def by_valkey(founded: Site, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Crew]:
    async with crew(founded, tmp_path_factory.mktemp("home"), by_valkey=True) as two:
        yield two


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def by_database(founded: Site, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Crew]:
    async with crew(founded, tmp_path_factory.mktemp("home"), by_valkey=False) as two:
        yield two


# ── what may happen ──────────────────────────────────────────────────────────
async def valkey_restarts(two: Crew, chance: random.Random) -> None:
    assert two.valkey
    two.valkey.kill()
    await asyncio.sleep(chance.random())
    await asyncio.to_thread(two.valkey.start)


async def valkey_is_silent(two: Crew, chance: random.Random) -> None:
    assert two.gate
    two.gate.silent = True
    await asyncio.sleep(4 * chance.random())
    two.gate.silent = False


async def listening_is_killed(two: Crew, chance: random.Random) -> None:
    await two.site.stage.kill(LISTENING)
    await asyncio.sleep(0.7 * chance.random())


async def one_is_killed(two: Crew, chance: random.Random) -> None:
    await two.kill(chance.choice(sorted(await two.whole())))


async def one_is_killed_before_its_hint(two: Crew, chance: random.Random) -> None:
    """The other is stopped until then, so that it cannot answer in its place; nobody is ever told by the hint.

    While others write, what is stopped would hold locks that they wait for.
    """
    survivor, dying = chance.sample(sorted(await two.whole()), 2)
    writer, word = two.site.people[0], f"The last word of {dying}"
    async with AsyncExitStack() as until_dead:
        await until_dead.enter_async_context(stopped(survivor))
        if two.gate:
            two.gate.silent = True
        else:
            until_dead.enter_context(two.wire.silence(TELLING))
        placing = Placing(Asking(two.server.address))
        saying = asyncio.create_task(placing.say(somebody(writer.token), writer.threads[-1], word))
        await until(lambda: two.site.stage.database.fetchval(SAID, word))
        await two.kill(dying)
    if two.gate:
        two.gate.silent = False
    await asyncio.gather(saying, return_exceptions=True)


async def they_are_renewed(two: Crew, _: random.Random) -> None:
    await two.renew()


async def through(two: Crew, *faults: Fault, after: Fault | None = None, seed: int = 5, calm: float = 0.3) -> None:
    """One after the other, while people act and listen, and one `after` that; hints come through again at the end."""
    chance = random.Random(seed)
    async with two.site.listening(screens=1) as clients:
        async with writing(two.site, seed=seed):
            for fault in faults:
                await fault(two, chance)
                await asyncio.sleep(calm * chance.random())
        if after:
            await after(two, chance)
        if two.valkey:
            await two.hears()
        what = ", ".join(dict.fromkeys(fault.__name__ for fault in faults))
        found = await verdict(two.site.stage, clients, f"{len(faults)} times: {what}")
    assert found.clean, found
    assert not any(client.resyncs for client in clients)


# ── the sample ───────────────────────────────────────────────────────────────
async def test_nothing_is_lost_when_valkey_is_restarted_and_a_process_killed_before_its_hint(by_valkey: Crew) -> None:
    await through(by_valkey, valkey_restarts, after=one_is_killed_before_its_hint)


# ── at full size ─────────────────────────────────────────────────────────────
@pytest.mark.long
async def test_nothing_is_lost_while_valkey_is_restarted_and_silent_under_two_processes(by_valkey: Crew) -> None:
    await through(by_valkey, *[valkey_restarts, valkey_restarts, valkey_is_silent] * 8, seed=6, calm=2)


@pytest.mark.long
async def test_nothing_is_lost_when_siblings_are_killed_at_any_moment_under_valkey(by_valkey: Crew) -> None:
    await through(by_valkey, *[one_is_killed, valkey_restarts, they_are_renewed] * 5, seed=7)


@pytest.mark.long
async def test_nothing_is_lost_when_siblings_are_killed_at_any_moment(by_database: Crew) -> None:
    await through(by_database, *[one_is_killed, listening_is_killed, they_are_renewed] * 5, seed=8)


@pytest.mark.long
async def test_nothing_is_lost_while_listening_is_killed_under_two_processes(by_database: Crew) -> None:
    await through(by_database, *[listening_is_killed] * 60, seed=9)


@pytest.mark.long
@pytest.mark.parametrize("carrier", ["by_valkey", "by_database"])
async def test_what_processes_committed_before_they_were_killed_is_told_by_their_siblings(
    request: pytest.FixtureRequest, carrier: str
) -> None:
    two = request.getfixturevalue(carrier)
    async with two.site.listening(screens=1) as clients:
        for seed in range(8):
            await one_is_killed_before_its_hint(two, random.Random(seed))
        found = await verdict(two.site.stage, clients, "kill -9 of siblings between commit and hint, 8 times")
    assert found.clean, found
