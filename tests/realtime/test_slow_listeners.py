"""Somebody who does not keep up costs bounded memory, loses nothing and holds nobody up."""

import asyncio
import gc
from collections import Counter
from uuid import UUID, uuid4

from realtime.entry import WITHDRAWN, Entry, Reason, Resync, Row
from tests.realtime.live import Live
from tests.waiting import until


async def many(live: Live, person: UUID, times: int, referral: UUID | None = None) -> None:
    for _ in range(times):
        await live.stage.tell(person, referral=referral)
    live.hints.announce()


def queued() -> int:
    """How many rows of the log this process holds on to."""
    gc.collect()
    return sum(isinstance(row, Row) for row in gc.get_objects())


async def test_a_listener_that_stops_reading_falls_back_to_the_log(live: Live) -> None:
    who = await live.someone()
    slow = live.hub.listen(*who, live.at(who, 0), lambda _: True)
    quick = await live.follow(who)
    await many(live, who[0], 1)
    first = await anext(slow)
    await many(live, who[0], 1000)
    assert [entry.no for entry in await quick.told(1001)] == list(range(1, 1002))
    await until(lambda: queued() <= 256)
    told = [first]
    while len(told) < 1001:
        told.append(await anext(slow))
    assert [entry.no for entry in told if isinstance(entry, Entry)] == list(range(1, 1002))
    await slow.aclose()
    await quick.stop()


async def test_what_was_withdrawn_while_a_listener_was_busy_is_not_told_when_it_comes_back(live: Live) -> None:
    # S-030
    provider, referral = uuid4(), uuid4()
    who = await live.someone(provider)
    await live.stage.deliver(referral, provider)
    slow = live.hub.listen(*who, live.at(who, 0), lambda _: True)
    await many(live, who[0], 5, referral)
    first = await anext(slow)
    await live.read_up_to(5)
    await live.stage.withdraw()
    await asyncio.sleep(1.1)
    rest = [await anext(slow) for _ in range(4)]
    assert isinstance(first, Entry)
    assert first.kind == "offer.submit"
    assert [entry.kind for entry in rest if isinstance(entry, Entry)] == [WITHDRAWN] * 4
    assert [entry.cursor for entry in rest] == [live.at(who, no) for no in range(2, 6)]
    await slow.aclose()


async def test_a_listener_whose_place_is_no_longer_kept_is_told_to_read_afresh(live: Live) -> None:
    who = await live.someone()
    slow = live.hub.listen(*who, live.at(who, 0), lambda _: True)
    await many(live, who[0], 300)
    first = await anext(slow)
    await asyncio.sleep(1.1)
    await live.stage.database.execute("delete from inbox_entry where person_id = $1 and no < 290", who[0])
    assert await anext(slow) == Resync(Reason.OLDER_THAN_RETAINED, live.at(who, 300))
    await many(live, who[0], 1)
    last = await anext(slow)
    assert isinstance(first, Entry)
    assert isinstance(last, Entry)
    assert (first.no, last.no, last.after) == (1, 301, live.at(who, 300))
    await slow.aclose()


async def test_a_long_replay_lets_others_run(live: Live) -> None:
    who = await live.someone()
    await many(live, who[0], 600)
    turns, runs = 0, Counter[int]()

    async def somebody_else() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(somebody_else())
    stream = live.hub.listen(*who, live.at(who, 0), lambda _: True)
    while runs.total() < 600:
        await anext(stream)
        runs[turns] += 1
    other.cancel()
    assert max(runs.values()) <= 32
    await stream.aclose()
