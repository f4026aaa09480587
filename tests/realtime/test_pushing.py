"""What is read is pushed at once; who does not take it is carried on apart, and holds nobody and nothing up."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from realtime.eager import begun
from realtime.entry import WITHDRAWN, Heartbeat, Reason, Resync, Row
from realtime.ports import At, Frame
from tests.realtime.live import Live, alive
from tests.realtime.stage import Stage
from tests.realtime.test_slow_listeners import many, queued
from tests.waiting import until


class Screen:
    """A sink that keeps what it is sent, as long as its `open` is set."""

    def __init__(self) -> None:
        self.items: list[tuple[int | str, str, str]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.tasks: set[str] = set()
        self.kinds: list[str] = []
        self.completed, self.faults = 0, list[Exception]()
        self.unreachable = False
        self.wants: Callable[[Row], bool] = lambda _: True
        self.breaks = False

    def tells(self, row: Row, at: At) -> Frame | None:
        if not self.wants(row):
            return None
        kind = row.told.shared["kind"] if row.told.visible else WITHDRAWN
        self.kinds.append(kind)
        return f"{row.no} {at.cursor} {at.last} {kind}"

    def says(self, item: Heartbeat | Resync) -> Frame:
        name = item.reason if isinstance(item, Resync) else "beat"

        async def made() -> str:
            await asyncio.sleep(0)
            return f"{name} {item.cursor} {item.cursor} -"

        return made

    async def send(self, frame: str) -> None:
        await self.open.wait()
        if self.breaks:
            raise ConnectionError
        task = asyncio.current_task()
        self.tasks.add(task.get_name() if task else "")
        no, cursor, after, _ = frame.split(" ")
        self.items.append((int(no) if no.isdigit() else no, cursor, after))

    def complete(self) -> None:
        self.completed += 1
        self._reached()

    def failed(self, fault: Exception) -> None:
        self.faults.append(fault)
        self._reached()

    def _reached(self) -> None:
        if self.unreachable:
            raise RuntimeError("Unexpected ASGI message")

    @property
    def numbers(self) -> list[int]:
        return [no for no, _, _ in self.items if isinstance(no, int)]

    async def told(self, count: int) -> list[int]:
        await until(lambda: len(self.numbers) >= count)
        return self.numbers


async def screen(live: Live, who: tuple[UUID, UUID], after: str | None = None) -> tuple[Screen, Callable[[], None]]:
    made = Screen()
    leave = live.hub.push(who, after, made)
    if after is None:
        await until(lambda: bool(made.items))
    return made, leave


async def test_everybody_is_told_in_order_by_the_one_who_reads(live: Live) -> None:
    # S-028, S-123
    people = [await live.someone() for _ in range(20)]
    screens = [await screen(live, who) for who in people]
    for made, _ in screens:
        made.tasks.clear()
    for _ in range(30):
        await live.tell(*(person for person, _ in people))
    for (made, leave), who in zip(screens, people, strict=True):
        assert await made.told(30) == list(range(1, 31))
        assert [after for _, _, after in made.items] == [live.at(who, 0), *(at for _, at, _ in made.items[:-1])]
        assert made.tasks == {"portal-hub"}, "no task of its own"
        leave()
    assert (live.hub.listening, live.hub.watching) == (0, 0)


async def test_who_comes_back_with_a_cursor_is_told_at_once_what_was_missed(live: Live) -> None:
    # S-124
    who = await live.someone()
    await many(live, who[0], 300)
    made, leave = await screen(live, who, live.at(who, 3))
    assert await made.told(297) == list(range(4, 301))
    leave()
    lost, leave = await screen(live, who, "nonsense")
    await until(lambda: bool(lost.items))
    assert lost.items == [(Reason.UNREADABLE_CURSOR.value, live.at(who, 300), live.at(who, 300))]
    leave()


async def test_who_does_not_take_it_holds_nobody_up_and_loses_nothing(live: Live) -> None:
    # S-119
    who = await live.someone()
    (slow, leave_slow), (quick, leave_quick) = await screen(live, who), await screen(live, who)
    slow.open.clear()
    await many(live, who[0], 700)
    assert await quick.told(700) == list(range(1, 701))
    assert slow.numbers == []
    await until(lambda: queued() <= 257)
    slow.open.set()
    assert await slow.told(700) == list(range(1, 701))
    assert "portal-push" in slow.tasks
    for leave in (leave_slow, leave_quick):
        leave()


async def test_what_was_withdrawn_while_a_socket_was_stuck_is_not_told(live: Live) -> None:
    # S-030
    provider, referral = uuid4(), uuid4()
    who = await live.someone(provider)
    await live.stage.deliver(referral, provider)
    made, leave = await screen(live, who)
    made.open.clear()
    await many(live, who[0], 5, referral)
    await live.read_up_to(5)
    await live.stage.withdraw()
    await asyncio.sleep(1.1)
    made.open.set()
    assert await made.told(5) == [1, 2, 3, 4, 5]
    assert made.kinds == ["offer.submit", *[WITHDRAWN] * 4]
    leave()


async def test_nothing_is_pushed_to_a_session_that_has_ended(live: Live) -> None:
    # S-123
    person, session = await live.someone()
    (ended, leave), (still, leave_too) = (
        await screen(live, (person, session)),
        await screen(live, (person, await live.stage.session(person))),
    )
    async with live.stage.database.acquire() as connection, connection.transaction():
        await connection.execute("update session set revoked_at = now() where id = $1", session)
        await live.stage.tell(person, over=connection)
    live.hints.announce()
    await still.told(1)
    assert (ended.numbers, ended.completed) == ([], 0)
    leave()
    leave_too()


async def test_a_quiet_subscription_beats_by_the_one_timer_of_all(stage: Stage) -> None:
    async with alive(stage, heartbeat=0.2) as live:
        who = await live.someone()
        made, leave = await screen(live, who)
        await until(lambda: len(made.items) > 3)
        assert set(made.items) == {("beat", live.at(who, 0), live.at(who, 0))}
        made.wants = lambda _: False
        await live.tell(who[0])
        await until(lambda: made.items[-1][1] == live.at(who, 1))
        assert made.numbers == []
        leave()


async def test_a_fault_ends_one_subscription_and_no_other(live: Live) -> None:
    who = await live.someone()
    (broken, leave), (well, leave_too) = await screen(live, who), await screen(live, who)
    broken.breaks = True
    await many(live, who[0], 3)
    assert await well.told(3) == [1, 2, 3]
    await until(lambda: broken.faults)
    assert [type(fault) for fault in broken.faults] == [ConnectionError]
    leave()
    leave_too()


async def test_who_cannot_even_be_told_of_their_fault_keeps_nothing_from_those_who_came_with_them(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    # S-119
    who = await live.someone()
    broken, well = Screen(), Screen()
    broken.breaks = broken.unreachable = True
    monkeypatch.setattr(broken, "says", lambda item: f"beat {item.cursor} {item.cursor} -")
    live.hub.push(who, None, broken)
    leave = live.hub.push(who, None, well)
    await until(lambda: bool(well.items))
    await live.tell(who[0])
    assert await well.told(1) == [1]
    assert [type(fault) for fault in broken.faults] == [ConnectionError]
    leave()


async def test_a_fault_of_the_reader_s_own_is_not_made_of_a_sink_that_is_gone(
    live: Live, caplog: pytest.LogCaptureFixture
) -> None:
    who = await live.someone()
    (broken, leave), (well, leave_too) = await screen(live, who), await screen(live, who)
    broken.breaks = broken.unreachable = True
    await many(live, who[0], 3)
    assert await well.told(3) == [1, 2, 3]
    await until(lambda: "without its sink" in caplog.text)
    assert [type(fault) for fault in broken.faults] == [ConnectionError]
    assert "the hub goes on" not in caplog.text
    leave()
    leave_too()


@pytest.mark.parametrize("faulty", ["where they are", "one of them"])
async def test_who_came_while_something_was_at_fault_is_placed_after_all(
    live: Live, monkeypatch: pytest.MonkeyPatch, faulty: str
) -> None:
    who, other = await live.someone(), await live.someone()
    failing = [RuntimeError("a fault of ours")]
    standings = live.hub._log.standings

    async def at_fault(people: set[UUID]) -> Any:
        if failing and faulty == "where they are":
            raise failing.pop()
        return {person: place for person, place in (await standings(people)).items() if person != other[0]}

    monkeypatch.setattr(live.hub._log, "standings", at_fault)
    lost, well = Screen(), Screen()
    leave = [live.hub.push(one, None, made) for one, made in ((other, lost), (who, well))]
    await until(lambda: bool(well.items))
    assert lost.items == []
    assert [type(fault) for fault in lost.faults] == [KeyError]
    for go in leave:
        go()


async def test_a_portal_stops_although_somebody_cannot_be_told(stage: Stage) -> None:
    async with alive(stage) as live:
        screens = [await screen(live, await live.someone()) for _ in range(3)]
        for made, _ in screens[:2]:
            made.unreachable = True
    assert [made.completed for made, _ in screens] == [1, 1, 1]


async def test_a_portal_that_stops_says_that_streams_are_complete(stage: Stage) -> None:
    async with alive(stage) as live:
        made, _ = await screen(live, await live.someone())
    assert made.completed == 1


async def test_a_coroutine_that_need_not_wait_is_done_at_once_and_the_rest_of_another_is_awaited() -> None:
    done: list[str] = []
    gate = asyncio.Event()

    async def work(name: str) -> None:
        await gate.wait()
        await asyncio.sleep(0)
        done.append(name)

    async def fails() -> None:
        await gate.wait()
        raise ConnectionError

    rest, failing = begun(work("late")), begun(fails())
    assert rest
    assert failing
    left: Any = begun(work("left"))
    del left
    gate.set()
    await asyncio.gather(asyncio.ensure_future(rest))
    assert done == ["late"]
    with pytest.raises(ConnectionError):
        await failing
    with pytest.raises(ConnectionError):
        begun(fails())


async def test_whoever_comes_with_a_session_that_has_ended_is_told_nothing_and_turned_away(live: Live) -> None:
    # S-123
    person, session = await live.someone()
    await live.tell(person)
    await live.stage.revoke(session)
    closed: list[bool] = []
    live.hub.watch_session(session, live.stage.clock() + timedelta(days=1), lambda: closed.append(True))
    late, _ = await screen(live, (person, session), live.at((person, session), 0))
    lost, _ = await screen(live, (person, session), "no cursor")
    follower = await live.follow((person, session), "no cursor")
    still, _ = await screen(live, (person, await live.stage.session(person)), live.at((person, session), 0))
    assert await still.told(1) == [1]
    await until(lambda: closed and follower.ended)
    assert (late.items, lost.items, follower.items) == ([], [], [])
