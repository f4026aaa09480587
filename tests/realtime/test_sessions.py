"""A session that ended hears nothing more, and its sockets are told to close."""

import asyncio
from datetime import datetime, timedelta

import pytest

from tests.realtime.live import Live
from tests.waiting import until


class Door:
    """What a socket does when it is told to close."""

    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1

    async def is_closed(self) -> None:
        await until(lambda: self.closed)


def in_two_weeks(live: Live) -> datetime:
    return live.stage.clock() + timedelta(days=14)


async def test_revoking_a_session_closes_its_sockets_once_and_no_others(live: Live) -> None:
    (person, session), (_, other) = await live.someone(), await live.someone()
    doors, others = [Door() for _ in range(50)], Door()
    for door in doors:
        live.hub.watch_session(session, in_two_weeks(live), door.close)
    live.hub.watch_session(other, in_two_weeks(live), others.close)
    follower = await live.follow((person, session))
    await live.stage.revoke(session)
    live.hints.announce()
    await until(lambda: all(door.closed for door in doors) and follower.ended)
    await asyncio.sleep(0.2)
    assert {door.closed for door in doors} == {1}
    assert others.closed == 0


@pytest.mark.usefixtures("unasked")
async def test_a_revocation_is_acted_on_when_its_hint_comes(live: Live) -> None:
    for _ in range(5):
        _, session = await live.someone()
        door = Door()
        live.hub.watch_session(session, in_two_weeks(live), door.close)
        await asyncio.sleep(0.3)  # so that the look at a new watch is over
        await live.stage.revoke(session)
        live.hints.announce()
        await door.is_closed()


async def test_nothing_is_told_to_a_session_that_was_revoked_a_moment_ago(live: Live) -> None:
    # S-123
    person, session = await live.someone()
    follower = await live.follow((person, session))
    still = await live.follow((person, await live.stage.session(person)))
    await asyncio.sleep(0.2)
    live.hints.announce()
    await asyncio.sleep(0.03)
    async with live.stage.database.acquire() as connection, connection.transaction():
        await connection.execute("update session set revoked_at = now() where id = $1", session)
        await live.stage.tell(person, over=connection)
    live.hints.announce()
    await still.told(1)
    await until(lambda: follower.ended)
    assert follower.entries == []
    await still.stop()


@pytest.mark.usefixtures("unasked")
async def test_a_suspended_person_is_told_to_leave(live: Live) -> None:
    person, session = await live.someone()
    door = Door()
    live.hub.watch_session(session, in_two_weeks(live), door.close)
    await live.stage.database.execute("update person set status = 'SUSPENDED' where id = $1", person)
    live.hints.announce()
    await door.is_closed()


@pytest.mark.usefixtures("unasked")
async def test_a_session_closes_when_it_expires_by_the_clock_and_hears_nothing_after(live: Live) -> None:
    # S-027
    live.stage.later = timedelta(days=-400)
    lasts, closed_at = timedelta(seconds=0.7), list[datetime]()
    person = await live.stage.person()
    session = await live.stage.session(person, lasts)
    expires_at = live.stage.clock() + lasts
    live.hub.watch_session(session, expires_at, lambda: closed_at.append(live.stage.clock()))
    follower = await live.follow((person, session))
    await until(lambda: closed_at)
    assert closed_at[0] >= expires_at
    await live.tell(person)
    await until(lambda: follower.ended)
    assert follower.entries == []


async def test_a_watch_that_was_given_up_is_not_told(live: Live) -> None:
    _, session = await live.someone()
    given_up, kept = Door(), Door()
    ends = live.stage.clock() + timedelta(seconds=0.5)
    live.hub.watch_session(session, ends, given_up.close)()
    live.hub.watch_session(session, ends, kept.close)
    await kept.is_closed()
    await asyncio.sleep(0.05)
    assert given_up.closed == 0


@pytest.mark.usefixtures("unasked")
async def test_a_session_revoked_before_it_was_watched_is_closed_too(live: Live) -> None:
    person, session = await live.someone()
    await live.stage.revoke(session)
    door = Door()
    live.hub.watch_session(session, in_two_weeks(live), door.close)
    follower = await live.follow((person, session))
    await until(lambda: door.closed and follower.ended)
