"""Who listens to one thing is placed, then looks for it, and is told nothing before that is done."""

import asyncio
from uuid import UUID, uuid4

import pytest

from realtime.cursor import Cursor, numbering
from realtime.entry import Heartbeat
from tests.realtime.live import Follower, Live
from tests.realtime.test_pushing import Screen
from tests.waiting import until


class Looking:
    """A look that takes as long as it is let, and then finds `there`."""

    def __init__(self, *, there: bool = True, fault: Exception | None = None) -> None:
        self.places: list[str] = []
        self.done = asyncio.Event()
        self._there, self._fault = there, fault

    async def __call__(self, place: str) -> bool:
        self.places.append(place)
        await self.done.wait()
        if self._fault:
            raise self._fault
        return self._there


async def looking(live: Live, look: Looking, after: int | None = None) -> tuple[tuple[UUID, UUID], Screen]:
    who, made = await live.someone(), Screen()
    await live.tell(who[0])
    live.hub.push(who, None if after is None else live.at(who, after), made, look)
    await until(lambda: bool(look.places))
    return who, made


@pytest.mark.parametrize(("after", "first"), [(None, "beat"), (0, 1)])
async def test_what_happens_during_the_look_is_told_after_it(live: Live, after: int | None, first: int | str) -> None:
    # S-028, S-119
    look = Looking()
    who, made = await looking(live, look, after)
    await live.tell(who[0])
    await asyncio.sleep(0.1)
    assert (made.items, made.kinds) == ([], []), "nothing is so much as rendered"
    look.done.set()
    await until(lambda: 2 in made.numbers)
    assert [no for no, _, _ in made.items] == [first, 2]
    assert look.places == [live.at(who, 1)], "it looked once, and was placed before"
    assert made.items[-1][2] == live.at(who, 1)


async def test_what_is_not_there_ends_the_stream_and_nothing_else_is_told(live: Live) -> None:
    look = Looking(there=False)
    who, made = await looking(live, look, 0)
    look.done.set()
    await until(lambda: bool(made.completed))
    await live.tell(who[0])
    await asyncio.sleep(0.1)
    assert (made.items, made.completed, made.faults) == ([], 1, [])


async def test_a_look_that_fails_ends_the_stream_with_the_fault(live: Live) -> None:
    look = Looking(fault=ConnectionError("away"))
    _, made = await looking(live, look)
    look.done.set()
    await until(lambda: bool(made.faults))
    assert (made.items, made.completed, len(made.faults)) == ([], 0, 1)


async def test_whose_session_ends_while_looking_is_told_nothing(live: Live) -> None:
    # S-027
    look = Looking()
    who, made = await looking(live, look)
    await live.stage.revoke(who[1])
    live.hints.announce()
    await until(lambda: not live.hub.watching)
    look.done.set()
    await live.tell(who[0])
    await asyncio.sleep(0.2)
    assert (made.items, made.completed, made.faults) == ([], 0, [])
    assert await live.hub.look(who, look) is None


async def test_a_place_taken_before_the_look_is_where_a_stream_begins(live: Live) -> None:
    # S-119
    who, look = await live.someone(), Looking()
    look.done.set()
    seen = await live.hub.look(who, look)
    assert seen == (live.at(who, 0), True)
    await live.tell(who[0])
    follower = Follower(live.hub.listen(*who, None, lambda _: True, seen[0]))
    (entry,) = await follower.told(1)
    assert follower.items == [Heartbeat(live.at(who, 0)), entry]
    assert entry.after == live.at(who, 0)
    await follower.stop()


async def test_a_loss_is_found_in_ones_own_log_after_ones_own_cursor(live: Live) -> None:
    # S-030, S-060
    referral, other = uuid4(), uuid4()
    mine, stranger = await live.someone(), await live.someone()
    for case in (referral, other):
        await live.tell(mine[0], stranger[0] if case is other else mine[0], referral=case)
    await live.tell(mine[0], kind="referral.withdraw", referral=referral)
    at = live.at(mine, 3)
    assert await live.hub.lost(mine[0], live.at(mine, 0), referral) == at
    assert await live.hub.lost(mine[0], live.at(mine, 2), referral) == at
    assert await live.hub.lost(mine[0], at, referral) is None, "dealt with already"
    assert await live.hub.lost(mine[0], live.at(mine, 0), other) is None
    assert await live.hub.lost(stranger[0], live.at(stranger, 0), referral) is None
    assert await live.hub.lost(mine[0], live.at(stranger, 0), referral) is None, "the cursor is another's"
    earlier = str(Cursor(numbering("of before", mine[0]), 0))
    assert await live.hub.lost(mine[0], earlier, referral) is None
