"""Reading and sending never wait for each other: neither delays the other, so no delay tells of a reading (S-070)."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import pytest

from models.lifecycle import Role
from models.person import Viewer
from portal.database import asyncpg_dsn
from realtime.cursor import Cursor, numbering
from tests.cases import Cases
from tests.people import CHANGE_ROLES
from tests.waiting import until
from tests.world import Care, World

GATE = 70
HELD = f"""CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM pg_advisory_xact_lock({GATE}); RETURN NEW; END $$;
  CREATE TRIGGER gate BEFORE INSERT ON event FOR EACH ROW WHEN (NEW.kind = '{{kind}}') EXECUTE FUNCTION gate()"""
AT_GATE = f"SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = {GATE} AND NOT granted"
WAITING = """SELECT query FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event IN ('transactionid', 'tuple')"""
READINGS = {
    "thread.read": "mutation ($id: UUID!) { threadRead(id: $id, upTo: 1) { thread { unread } problems { code } } }",
    "notification.read": "mutation ($id: UUID!) { notificationRead(id: $id) { unread problems { code } } }",
    "notifications.read": "mutation ($id: String!) { notificationsRead(upTo: $id) { unread problems { code } } }",
}
BELLS = """{ unreadNotifications viewer { pending { unreadNotifications } }
  notifications(unreadOnly: true) { totalCount nodes { id } } }"""
Done = TypeVar("Done")


@asynccontextmanager
async def held_up(world: World, kind: str) -> AsyncIterator[None]:
    """Acts of this kind stop with everything written but the record of it, for as long as this lasts."""
    keeper = await asyncpg.connect(asyncpg_dsn(world.dsn))
    try:
        await keeper.execute(HELD.format(kind=kind))
        await keeper.execute(f"SELECT pg_advisory_lock({GATE})")
        yield
    finally:
        await keeper.close()


async def at_the_gate(world: World) -> None:
    await until(lambda: world.sql(AT_GATE))


async def unhindered(world: World, act: Coroutine[Any, Any, Done]) -> Done:
    """What the act gives, which waits for no record that somebody holds."""
    acting = asyncio.create_task(act)
    waited: list[Any] = []
    while not (acting.done() or waited):
        waited = await world.sql(WAITING)
        await asyncio.sleep(0.005)
    assert waited == []
    return await acting


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def conversation(cases: Cases) -> tuple[Viewer, Viewer, str]:
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    thread = await cases.thread(await cases.sent(officer), firm)
    await say(cases, member, thread)
    return officer, member, thread


async def say(cases: Cases, who: Viewer, thread: str) -> int:
    sent = await cases.act(who, "messageSend", "no", threadId=thread, input={"body": "Is there a garden?"})
    return int(sent["no"])


async def test_the_other_side_sends_while_a_reading_is_not_finished(cases: Cases) -> None:  # S-070
    officer, member, thread = await conversation(cases)
    async with held_up(cases.world, "thread.read"):
        reading = asyncio.create_task(cases.act(officer, "threadRead", "unread", id=thread, upTo=1))
        await at_the_gate(cases.world)
        assert [await say(cases, member, thread), await say(cases, officer, thread)] == [2, 3]
        assert not reading.done()
    assert await reading == {"unread": 0}  # of its own moment: what came meanwhile is new
    assert (await cases.seen(officer, "Thread", thread))["unread"] == 1


async def test_somebody_reads_while_a_sending_is_not_finished(cases: Cases) -> None:  # S-070
    officer, member, thread = await conversation(cases)
    async with held_up(cases.world, "message.send"):
        sending = asyncio.create_task(say(cases, member, thread))
        await at_the_gate(cases.world)
        assert await cases.act(officer, "threadRead", "unread", id=thread, upTo=1) == {"unread": 0}
        assert not sending.done()
    assert await sending == 2


async def test_reading_writes_nothing_that_others_read(cases: Cases) -> None:  # S-070
    officer, member, thread = await conversation(cases)
    await say(cases, member, thread)
    rows = "SELECT 'thread', xmin::text, ctid::text FROM thread UNION ALL SELECT 'message', xmin::text, ctid::text"
    before = await cases.world.sql(f"{rows} FROM message")
    await cases.act(officer, "threadRead", id=thread, upTo=2)
    assert await cases.world.sql(f"{rows} FROM message") == before


# ── marking the bells ────────────────────────────────────────────────────────
async def told(cases: Cases) -> tuple[Viewer, str, Viewer, str]:
    """A member with a bell of the referral and one of a message, whose provider a resend can pass by."""
    officer, firm = await cases.officer(), await cases.world.provider(Care(ages=(12, 17)))
    await cases.world.provider(Care(ages=(0, 11)))
    member = await cases.member(firm, Role.MEMBER, Role.SIGNATORY)
    referral = await cases.sent(officer)
    thread = await cases.thread(referral, firm)
    await say(cases, officer, thread)
    return officer, referral, member, thread


async def bells(world: World, member: Viewer) -> list[int]:
    listed = "SELECT no FROM inbox_entry WHERE person_id = $1 AND notice IS NOT NULL ORDER BY no"
    return [row["no"] for row in await world.sql(listed, member.person_id)]


async def reads(cases: Cases, kind: str, member: Viewer, thread: str) -> dict[str, Any]:
    world, known = cases.world, {"thread.read": thread}
    if kind == "notification.read":
        known[kind] = (await world.gql(member, BELLS))["notifications"]["nodes"][0]["id"]
    if kind == "notifications.read":
        (row,) = await world.sql("SELECT epoch FROM portal_epoch")
        known[kind] = str(Cursor(numbering(row["epoch"], member.person_id), (await bells(world, member))[-1]))
    return await world.do(member, READINGS[kind], id=known[kind])


async def pass_by(cases: Cases, officer: Viewer, referral: str) -> None:
    (child,) = (await cases.seen(officer, "Referral", referral))["children"]
    await cases.resent(officer, referral, children=[{"id": child["id"], "dateOfBirth": "2018-05-14"}])


async def unread(cases: Cases, who: Viewer) -> int:
    seen = await cases.world.gql(who, BELLS)
    counts = {seen["viewer"]["pending"]["unreadNotifications"], seen["notifications"]["totalCount"]}
    assert counts == {seen["unreadNotifications"]}
    return int(seen["unreadNotifications"])


@pytest.mark.parametrize("kind", READINGS)
async def test_a_resend_takes_a_referral_away_while_its_reader_is_not_finished(cases: Cases, kind: str) -> None:
    # S-060, S-070
    officer, referral, member, thread = await told(cases)
    async with held_up(cases.world, kind):
        reading = asyncio.create_task(reads(cases, kind, member, thread))
        await at_the_gate(cases.world)
        await unhindered(cases.world, pass_by(cases, officer, referral))
        assert not reading.done()
    assert not (await reading).get("problems")
    assert await unread(cases, member) == 0
    marks = "SELECT FROM inbox_entry WHERE person_id = $1 AND (read_at IS NOT NULL OR read_no IS NOT NULL)"
    assert await cases.world.sql(marks, member.person_id) == []  # gone before they were read


async def test_somebodys_roles_change_while_their_reading_is_not_finished(cases: Cases) -> None:  # S-070
    _, _, member, thread = await told(cases)
    leader = await cases.world.person(member.organisation_id, Role.ADMINISTRATOR)
    given = {"id": str(member.person_id), "version": await cases.version(str(member.person_id), "person")}
    async with held_up(cases.world, "notifications.read"):
        reading = asyncio.create_task(reads(cases, "notifications.read", member, thread))
        await at_the_gate(cases.world)
        changing = cases.world.do(leader, CHANGE_ROLES, **given, input={"roles": ["SIGNATORY"]})
        assert (await unhindered(cases.world, changing))["problems"] == []
    assert (await reading)["unread"] == 0


@pytest.mark.parametrize("kind", READINGS)
async def test_a_reading_that_waits_for_an_inbox_holds_nothing_of_it(cases: Cases, kind: str) -> None:  # S-070
    _, _, member, thread = await told(cases)
    rung = await bells(cases.world, member)
    sender = await asyncpg.connect(asyncpg_dsn(cases.world.dsn))
    async with sender.transaction():
        await sender.execute("SELECT FROM inbox WHERE person_id = $1 FOR UPDATE", member.person_id)
        reading = asyncio.create_task(reads(cases, kind, member, thread))
        await until(lambda: cases.world.sql(WAITING))
        entries = "SELECT no FROM inbox_entry WHERE person_id = $1 AND notice IS NOT NULL ORDER BY no FOR UPDATE NOWAIT"
        assert [row["no"] for row in await sender.fetch(entries, member.person_id)] == rung
        assert len(rung) == 2
    await sender.close()
    assert not (await reading).get("problems")
    assert await unread(cases, member) == (0 if kind == "notifications.read" else 1)


# ── accepting ────────────────────────────────────────────────────────────────
async def offered(cases: Cases) -> tuple[Viewer, Viewer, str, str]:
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    await cases.papers(firm)
    referral = await cases.sent(officer)
    offer = await cases.submitted(member, referral, {"homeId": str(firm.homes[0])})
    thread = await cases.thread(referral, firm)
    await say(cases, officer, thread)
    return officer, member, offer, thread


async def test_an_offer_is_accepted_while_a_first_reading_is_not_finished(cases: Cases) -> None:  # S-066, S-070
    officer, member, offer, thread = await offered(cases)
    async with held_up(cases.world, "thread.read"):
        reading = asyncio.create_task(reads(cases, "thread.read", member, thread))
        await at_the_gate(cases.world)
        await unhindered(cases.world, cases.accepted(officer, offer))
        assert not reading.done()
    assert (await reading)["thread"] == {"unread": 0}


async def test_somebody_reads_first_while_an_acceptance_is_not_finished(cases: Cases) -> None:  # S-066, S-070
    officer, member, offer, thread = await offered(cases)
    async with held_up(cases.world, "offer.accept"):
        accepting = asyncio.create_task(cases.accepted(officer, offer))
        await at_the_gate(cases.world)
        read = await unhindered(cases.world, reads(cases, "thread.read", member, thread))
        assert read["thread"] == {"unread": 0}
        assert not accepting.done()
    await accepting
    assert await cases.world.count("offer", "id = $1 AND status = 'ACCEPTED'", UUID(offer)) == 1
