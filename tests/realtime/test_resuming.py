"""Coming back with a cursor: what was missed first, or the plain news that it cannot be told any more."""

import asyncio
from collections.abc import Callable
from time import monotonic
from uuid import UUID

import pytest

from realtime.cursor import Cursor, numbering
from realtime.entry import Entry, Heartbeat, Reason, Resync
from tests.realtime.live import Follower, Live, alive
from tests.realtime.stage import Stage
from tests.waiting import until


async def test_repeated_drops_deliver_each_entry_exactly_once_and_in_order(live: Live) -> None:
    # S-028, S-124
    who = await live.someone()
    cursor, told = live.at(who, 0), list[Entry]()
    writing = asyncio.create_task(keep_telling(live, who[0], 120))
    while len(told) < 120:
        follower = await live.follow(who, cursor)
        await follower.told(min(len(told) % 7 + 1, 120 - len(told)))
        await follower.stop()
        told += follower.entries
        cursor = told[-1].cursor if told else cursor
    await writing
    assert [entry.no for entry in told] == list(range(1, 121))
    assert [entry.after for entry in told] == [live.at(who, 0), *(entry.cursor for entry in told[:-1])]


async def keep_telling(live: Live, person: UUID, times: int) -> None:
    for _ in range(times):
        await live.tell(person)
        await asyncio.sleep(0.003)


async def test_a_long_absence_is_replayed_whole_before_anything_new(live: Live) -> None:
    # S-124
    who = await live.someone()
    for _ in range(700):
        await live.stage.tell(who[0])
    follower = await live.follow(who, live.at(who, 50))
    await follower.told(300)
    await live.tell(who[0], kind="ipa.sign")
    entries = await follower.told(651)
    assert [entry.no for entry in entries] == list(range(51, 702))
    assert [entry.kind for entry in entries[-2:]] == ["offer.submit", "ipa.sign"]
    await follower.stop()


@pytest.mark.usefixtures("unasked")
async def test_a_replay_does_not_wait_for_hints_or_polls(live: Live) -> None:
    # S-124
    who = await live.someone()
    for _ in range(600):
        await live.stage.tell(who[0])
    follower = await live.follow(who, live.at(who, 0))
    await follower.told(600)
    assert follower.numbers == list(range(1, 601))
    await follower.stop()


async def test_without_a_cursor_it_starts_from_now_and_says_where_that_is(live: Live) -> None:
    who = await live.someone()
    await live.tell(who[0])
    follower = await live.follow(who)
    await live.tell(who[0])
    (entry,) = await follower.told(1)
    assert follower.items == [Heartbeat(live.at(who, 1)), entry]
    assert (entry.no, entry.after) == (2, live.at(who, 1))
    await follower.stop()


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        (lambda live, who: "not a cursor", Reason.UNREADABLE_CURSOR),
        (lambda live, who: "", Reason.UNREADABLE_CURSOR),
        (lambda live, who: str(Cursor("an older life", 4)), Reason.EPOCH_CHANGED),
        (lambda live, who: live.at((UUID(int=7), who[1]), 4), Reason.NOT_YOURS),
        (lambda live, who: live.at(who, 7), Reason.AHEAD_OF_HEAD),
        (lambda live, who: live.at(who, 2), Reason.OLDER_THAN_RETAINED),
    ],
)
async def test_a_cursor_that_cannot_be_honoured_asks_for_a_fresh_read_and_goes_on(
    live: Live, after: Callable[[Live, tuple[UUID, UUID]], str], reason: Reason
) -> None:
    who = await someone_with_a_past(live)
    follower = await live.follow(who, after(live, who))
    await until(lambda: bool(follower.items))
    await live.tell(who[0])
    (entry,) = await follower.told(1)
    assert follower.items == [Resync(reason, live.at(who, 6)), entry]
    assert (entry.no, entry.after) == (7, live.at(who, 6))
    await follower.stop()


async def test_the_oldest_cursor_that_still_connects_is_honoured(live: Live) -> None:
    who = await someone_with_a_past(live)
    follower = await live.follow(who, live.at(who, 3))
    await follower.told(3)
    assert [type(item) for item in follower.items] == [Entry] * 3
    assert follower.numbers == [4, 5, 6]
    await follower.stop()


async def someone_with_a_past(live: Live) -> tuple[UUID, UUID]:
    """Six entries, of which the first three are no longer kept."""
    who = await live.someone()
    for _ in range(6):
        await live.stage.tell(who[0])
    await live.stage.database.execute("delete from inbox_entry where person_id = $1 and no <= 3", who[0])
    await live.stage.database.execute("update inbox set oldest = 4 where person_id = $1", who[0])
    return who


async def test_a_restored_database_tells_those_who_are_connected_to_read_afresh(live: Live) -> None:
    who = await live.someone()
    for _ in range(5):
        await live.stage.tell(who[0])
    follower = await live.follow(who)
    await restore(live.stage)
    await live.tell(who[0])
    await until(lambda: len(follower.items) > 1)
    assert isinstance(follower.items[1], Resync)
    assert follower.items[1].reason is Reason.EPOCH_CHANGED
    epoch = numbering(live.stage.epoch + "+", who[0])
    assert Cursor.parse(follower.items[1].cursor) in (Cursor(epoch, 3), Cursor(epoch, 4))
    await live.tell(who[0])
    await until(lambda: follower.numbers[-1:] == [5])
    await follower.stop()


async def restore(stage: Stage) -> None:
    """As it was when there were three entries, numbered on in a new epoch."""
    await stage.database.execute("""
        begin; delete from inbox_entry where no > 3; update inbox set head = 3;
        update portal_epoch set epoch = epoch || '+'; commit""")


async def test_a_quiet_subscription_beats_with_its_cursor(stage: Stage) -> None:
    async with alive(stage, heartbeat=0.15) as live:
        who = await live.someone()
        follower = await live.follow(who)
        began = monotonic()
        await live.tell(who[0])
        (first,) = await follower.told(1)
        await until(lambda: len(follower.items) > follower.items.index(first) + 3)
        await live.tell(who[0])
        first, last = await follower.told(2)
        quiet = slice(follower.items.index(first) + 1, follower.items.index(last))
        beats = follower.items[quiet]
        assert 3 <= len(beats) <= (monotonic() - began) / 0.15
        assert beats == [Heartbeat(live.at(who, 1))] * len(beats)
        assert last.after == beats[-1].cursor
        await follower.stop()


async def test_what_is_not_wanted_is_passed_by_and_the_chain_still_holds(live: Live) -> None:
    who = await live.someone()
    follower = Follower(live.hub.listen(*who, live.at(who, 0), lambda entry: entry.notice is not None))
    for notice in ("OFFER_SUBMITTED", None, None, "OFFER_SUBMITTED"):
        await live.tell(who[0], notice=notice)
    entries = await follower.told(2)
    await asyncio.sleep(0.05)
    assert [entry.no for entry in entries] == [1, 4]
    assert entries[1].after == entries[0].cursor
    assert [entry.unread for entry in entries][-1] == 2
    await follower.stop()


async def test_leaving_is_immediate_and_leaves_nothing_behind(live: Live) -> None:
    who = await live.someone()
    follower = await live.follow(who)
    assert (live.hub.listening, live.hub.watching) == (1, 1)
    await follower.stop()
    assert (live.hub.listening, live.hub.watching) == (0, 0)
