"""Those at one place in one log are read for together, and nobody is read for without a reason."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from realtime.inbox import Asked
from tests.realtime.live import Live
from tests.waiting import until


async def test_screens_of_one_person_go_on_as_one_and_part_where_one_cannot_follow(live: Live) -> None:
    # S-119
    who = await live.someone()
    quick, slow = await live.follow(who), live.hub.listen(*who, live.at(who, 0), lambda _: True)
    first = asyncio.create_task(anext(slow))
    for no in range(1, 301):
        await live.stage.tell(who[0])
        if no % 100 == 0:
            live.hints.announce()
            await quick.told(no)
    counted = [(await first), *[await anext(slow) for _ in range(299)]]
    assert [getattr(entry, "unread", None) for entry in counted] == list(range(1, 301))
    assert [entry.unread for entry in quick.entries] == list(range(1, 301))
    await slow.aclose()
    await quick.stop()


@pytest.mark.usefixtures("unasked", "unhurried")
async def test_who_comes_is_read_for_without_reading_for_those_who_wait(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    # S-119
    waiting = await live.someone()
    follower = await live.follow(waiting)
    await live.rests()
    asked, entries = list[str](), live.hub._log.entries

    async def noted(places: Sequence[Asked]) -> Any:
        asked.extend(str(place.person) for place in places)
        return await entries(places)

    monkeypatch.setattr(live.hub._log, "entries", noted)
    comes = await live.someone()
    other = await live.follow(comes)
    await until(lambda: str(comes[0]) in asked)
    assert str(waiting[0]) not in asked
    await live.tell(waiting[0], comes[0])
    assert [entry.no for entry in [*await follower.told(1), *await other.told(1)]] == [1, 1]
    for each in (follower, other):
        await each.stop()
