"""Every committed entry reaches every listener of its person: once, in order, without a gap."""

import asyncio
import contextlib
import math
import random
from collections import defaultdict
from itertools import pairwise
from uuid import UUID

import pytest

from realtime.entry import Entry, Heartbeat
from realtime.line import PostgresHints
from tests.realtime.live import Follower, Live, Proxy, alive
from tests.realtime.stage import Stage
from tests.waiting import until


class RolledBack(Exception):
    pass


class Writers:
    """Several transactions at a time that tell several people each; some dawdle before commit, some roll back."""

    def __init__(self, live: Live, people: list[UUID]) -> None:
        self.committed: defaultdict[UUID, set[UUID]] = defaultdict(set)
        self.rolled_back: set[UUID] = set()
        self._live = live
        self._people = people

    async def write(self, times: int, writers: int = 6) -> None:
        await asyncio.gather(*(self._writer(random.Random(n), times) for n in range(writers)))

    async def _writer(self, chance: random.Random, times: int) -> None:
        for _ in range(times):
            told = chance.sample(self._people, chance.randint(1, 4))
            with contextlib.suppress(RolledBack):
                await self._transaction(chance, told)
            await asyncio.sleep(0.002)

    async def _transaction(self, chance: random.Random, told: list[UUID]) -> None:
        async with self._live.stage.database.acquire() as connection, connection.transaction():
            event = await self._live.stage.tell(*told, over=connection)
            if chance.random() < 0.3:
                await asyncio.sleep(chance.random() * 0.02)
            if chance.random() < 0.1:
                self.rolled_back.add(event)
                raise RolledBack
        for person in told:
            self.committed[person].add(event)
        self._live.hints.announce()


def assert_chained(follower: Follower) -> None:
    """A client can prove from what it got that nothing is missing."""
    for before, item in pairwise(follower.items):
        assert isinstance(item, Heartbeat) or (isinstance(item, Entry) and item.after == before.cursor)


async def assert_all_told(writers: Writers, followers: dict[UUID, list[Follower]]) -> None:
    for person, theirs in followers.items():
        for follower in theirs:
            await follower.told(len(writers.committed[person]))
            assert follower.numbers == list(range(1, len(writers.committed[person]) + 1))
            assert {entry.event_id for entry in follower.entries} == writers.committed[person]
            assert_chained(follower)
            await follower.stop()


async def audience(live: Live, people: int) -> dict[UUID, list[Follower]]:
    """Two screens each."""
    several = [await live.someone() for _ in range(people)]
    return {who[0]: [await live.follow(who), await live.follow(who)] for who in several}


async def cut_off(live: Live) -> None:
    """The listening connection is killed, and there is another."""
    lines = live.backend.lines
    await live.stage.kill("portal-listen")
    await until(lambda: live.backend.lines > lines)


async def test_concurrent_writers_and_rollbacks_leave_no_gap_no_double_and_no_disorder(live: Live) -> None:
    # S-028, S-119
    followers = await audience(live, 12)
    writers = Writers(live, list(followers))
    await writers.write(60)
    await assert_all_told(writers, followers)
    assert writers.rolled_back
    told = {entry.event_id for theirs in followers.values() for entry in theirs[0].entries}
    assert not told & writers.rolled_back


async def test_nothing_is_lost_while_the_listening_connection_is_killed_again_and_again(live: Live) -> None:
    # S-028, S-119
    followers = await audience(live, 6)
    writers = Writers(live, list(followers))
    for _ in range(5):
        writing = asyncio.create_task(writers.write(20, writers=4))
        await cut_off(live)
        await writing
    await assert_all_told(writers, followers)


async def test_what_is_said_while_the_listening_connection_is_silent_is_found_without_it(stage: Stage) -> None:
    # S-028
    proxy = Proxy(stage)
    async with proxy as dsn, alive(stage, carrier=(backend := PostgresHints(dsn, stage.dsn))) as live:
        who = await live.someone()
        follower = await live.follow(who)
        await until(lambda: backend.echo_alive)
        proxy.silent, lines = True, backend.lines
        assert live.hints.poll <= 1
        for no in (1, 2):
            await live.tell(who[0])
            await follower.told(no)
        assert backend.lines == lines, "no other line has told of it"
        await until(lambda: backend._heard == -math.inf)  # the line was given up
        assert live.hints.poll == 0.25
        proxy.silent = False
        await until(lambda: backend.echo_alive)
        assert backend.lines > lines
        await asyncio.sleep(0.1)
        assert follower.numbers == [1, 2]
        await follower.stop()


@pytest.mark.usefixtures("unasked")
async def test_what_another_process_commits_is_told_of_by_its_hint(stage: Stage) -> None:
    # S-028
    async with alive(stage) as here, alive(stage) as there:
        who = await here.someone()
        follower = await here.follow(who)
        for no in (1, 2, 3):
            event = await there.tell(who[0])
            entry = (await follower.told(no))[-1]
            assert (entry.event_id, entry.kind, entry.notice) == (event, "offer.submit", "OFFER_SUBMITTED")
        await follower.stop()


async def test_what_a_worker_committed_that_was_killed_before_its_hint_is_found_unasked(live: Live) -> None:
    # S-119
    who = await live.someone()
    follower = await live.follow(who)
    await live.stage.tell(who[0])
    await follower.told(1)
    assert follower.numbers == [1]
    assert live.hints.poll <= 1
    await follower.stop()


async def test_a_person_is_told_nothing_of_what_was_said_to_others(live: Live) -> None:
    # S-123
    me, other = await live.someone(), await live.someone()
    mine, theirs = await live.follow(me), await live.follow(other)
    event = await live.tell(other[0])
    await theirs.told(1)
    mine_alone = await live.tell(me[0])
    assert [entry.event_id for entry in await mine.told(1)] == [mine_alone]
    assert [entry.event_id for entry in theirs.entries] == [event]
    await mine.stop()
    await theirs.stop()
