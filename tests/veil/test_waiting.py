"""Reading and sending never wait for each other: neither delays the other, so no delay tells of a reading (S-070)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from models.person import Viewer
from portal.database import asyncpg_dsn
from tests.cases import Cases
from tests.world import World

GATE = 70
HELD = f"""CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM pg_advisory_xact_lock({GATE}); RETURN NEW; END $$;
  CREATE TRIGGER gate BEFORE INSERT ON event FOR EACH ROW WHEN (NEW.kind = '{{kind}}') EXECUTE FUNCTION gate()"""
AT_GATE = f"SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = {GATE} AND NOT granted"


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
    while not await world.sql(AT_GATE):
        await asyncio.sleep(0.01)


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
