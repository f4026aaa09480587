"""Messages as rows: spread in order, claimed by one worker at a time, and forgotten in the end."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest_asyncio

from models.lifecycle import Role
from models.mail import TRIES, Due, Mail, pause
from portal.outbox import spread
from tests.portal.mailing import GATE, Sending
from tests.world import World


@pytest_asyncio.fixture(loop_scope="session")
async def sending(world: World) -> Sending:
    return await Sending.begun(world)


async def test_what_was_sent_or_dropped_long_ago_is_forgotten_and_what_is_dead_stays(sending: Sending) -> None:
    await sending.until(GATE)
    referral = await sending.referred()
    await sending.said(referral)
    await sending.work()
    await sending.until(date(2026, 7, 2))
    await sending.work()
    await sending.world.sql("UPDATE mail SET state = 'DEAD', sent_at = NULL WHERE day IS NULL AND person_id = $1",
                            sending.member.person_id)  # fmt: skip
    await sending.until(date(2026, 9, 29))
    await sending.work()
    assert await sending.world.count("mail") == 4
    await sending.until(date(2026, 10, 1))
    await sending.work()
    assert [row[0] for row in await sending.states()] == ["DEAD"]
    assert await sending.world.count("mail_item") == 0


async def claimed(world: World, most: int = 10, lease: timedelta = timedelta(minutes=5)) -> list[Due]:
    async with world.shell.database.working() as session:
        rows = await session.execute(Mail.claim(world.clock.now, most=most, lease=lease, host="portal.example"))
        return [Due.of(row) for row in rows]


async def note(world: World, outcome: Any) -> int:
    async with world.shell.database.working() as session:
        noted: Any = await session.execute(outcome)
        return int(noted.rowcount)


async def test_a_message_is_one_workers_at_a_time_and_whoever_lost_it_notes_nothing(sending: Sending) -> None:
    world = sending.world
    await sending.until(GATE)
    await sending.referred()
    await spread(world.shell)
    (mine,), (other,) = await asyncio.gather(claimed(world, 1), claimed(world, 1))
    assert mine.id != other.id
    assert await claimed(world) == []
    assert mine.message_id == f"<{mine.id}@portal.example>"
    await world.sql("UPDATE mail SET lease_until = now() - interval '1 second' WHERE id = $1", mine.id)
    (again,) = await claimed(world)
    assert (again.id, again.attempt, again.message_id) == (mine.id, 2, mine.message_id)
    assert await note(world, Mail.sent([mine], world.clock.now)) == 0
    assert await note(world, Mail.failed(mine, "SMTP 550", world.clock.now, for_good=True)) == 0
    assert await note(world, Mail.given_back([again])) == 1
    (third,) = await claimed(world)
    assert third.attempt == 2
    assert await note(world, Mail.held([third, other], timedelta(hours=1))) == 2
    assert await note(world, Mail.sent([third, other], world.clock.now)) == 2
    assert await note(world, Mail.dropped([third], "too late")) == 0


def test_pauses_grow_and_never_come_all_at_once() -> None:
    first, last = [pause(1) for _ in range(50)], [pause(TRIES) for _ in range(50)]
    assert all(timedelta(seconds=45) <= each <= timedelta(seconds=75) for each in first)
    assert all(timedelta(hours=4.5) <= each <= timedelta(hours=7.5) for each in last)
    assert len(set(first)) > 25


# S-070
async def test_no_act_is_any_slower_for_how_many_it_tells_or_what_they_wish(sending: Sending) -> None:
    """One row for an act, whoever hears of it; nobody's wishes are read in its transaction."""
    world = sending.world
    for _ in range(8):
        await world.person(sending.firm.id, Role.MEMBER)
    await sending.until(GATE)
    await sending.referred()
    assert await world.count("mail_due") == 1
    (trigger,) = await world.sql(
        "SELECT t.tgtype & 1 AS each_row, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE t.tgname = 'mails' AND t.tgrelid = 'inbox_entry'::regclass"
    )
    assert trigger["each_row"] == 0
    assert "mail_preference" not in trigger["prosrc"]
    await spread(world.shell)
    assert await world.count("mail") == 10


async def test_the_events_that_happened_first_become_messages_first(sending: Sending) -> None:
    world = sending.world
    await sending.until(GATE)
    await sending.referred()
    world.clock.goes_on(minutes=5)
    await sending.referred()
    assert await world.count("mail_due w JOIN event e ON e.id = w.event_id", "e.at = w.at") == 2
    (later,) = await world.sql(
        "UPDATE mail_due SET at = at - interval '1 hour' WHERE at = (SELECT max(at) FROM mail_due) RETURNING event_id"
    )
    async with world.shell.database.working() as session:
        assert await session.scalar(Mail.spread(1)) == 1
    assert {row["event_id"] for row in await world.sql("SELECT event_id FROM mail")} == {later["event_id"]}


async def test_what_is_decided_anew_is_known_to_have_been_begun_before(sending: Sending) -> None:
    """However few tries are counted: a server may have it. What was claimed and never begun is new."""
    world = sending.world
    await sending.until(GATE)
    await sending.referred()
    await spread(world.shell)
    first = await claimed(world)
    assert [due.again for due in first] == [False, False]
    await note(world, Mail.given_back(first))
    (mine, other) = await claimed(world)
    assert (mine.again, other.again, mine.message_id) == (False, False, f"<{mine.id}@portal.example>")
    await note(world, Mail.failed(mine, "SMTP 451", world.clock.now, for_good=True))
    await note(world, Mail.sent([other], world.clock.now))
    for _ in range(2):
        await world.sql("SELECT portal_mail_decided(NULL, true, $1)", world.clock.now)
        (again,) = await claimed(world)
        assert (again.again, again.attempt, again.message_id) == (True, 1, mine.message_id)
        await note(world, Mail.given_back([again]))
