"""The bell: a kind and a reference, listed and counted alike, marked as read by its reader alone."""

import asyncio
from dataclasses import replace

import asyncpg
import pytest

from models.lifecycle import Role
from portal.database import asyncpg_dsn
from resolvers.context import Shell
from tests.agreeing import Agreeing
from tests.following import stream
from tests.waiting import until
from tests.world import World

LIST = """{ unreadNotifications notifications(first: 9) { totalCount nodes {
  id no kind title reference subjectKind subjectId at readAt } } }"""
READ = "mutation ($id: UUID!) { notificationRead(id: $id) { unread problems { code } } }"
READ_ALL = "mutation ($to: String!) { notificationsRead(upTo: $to) { unread problems { code } } }"
STREAM = """subscription ($after: String) { notifications(after: $after) { __typename
  ... on Heartbeat { cursor } ... on Resync { cursor reason }
  ... on NotificationAdded { cursor after unread notification { id kind title reference subjectId at readAt } } } }"""
MESSAGES = """subscription { messages { __typename ... on Heartbeat { cursor }
  ... on MessageAdded { threadId no } ... on MessagesRead { threadId upTo unread } } }"""


async def epoch(world: World) -> str:
    return str((await world.sql("SELECT epoch FROM portal_epoch"))[0]["epoch"])


# S-063, S-100, S-119
async def test_a_referral_is_told_once_to_each_person_with_a_reference_and_no_name(world: World) -> None:
    agreeing = await (await Agreeing.among(world)).referred()
    seen = await world.gql(agreeing.member, LIST)
    (told,) = seen["notifications"]["nodes"]
    assert (told["kind"], told["title"]) == ("REFERRAL_RECEIVED", f"New referral {told['reference']}")
    assert told["subjectId"] == agreeing.ids["referral"]
    assert "Ana" not in str(seen)
    assert seen["unreadNotifications"] == seen["notifications"]["totalCount"] == 1
    nobody = await world.gql(agreeing.provider_signatory, LIST)
    assert nobody["notifications"]["totalCount"] == 0


async def test_reading_is_the_readers_own_singly_or_up_to_a_cursor(world: World) -> None:
    agreeing = await (await Agreeing.among(world)).referred()
    colleague = await world.person(agreeing.firm.id, Role.MEMBER)
    await agreeing.offered()
    await agreeing.accepted()
    first = (await world.gql(agreeing.member, LIST))["notifications"]["nodes"][-1]
    assert (await world.gql(agreeing.member, READ, id=first["id"]))["notificationRead"]["unread"] == 1
    foreign = (await world.gql(agreeing.officer, LIST))["notifications"]["nodes"][0]
    refused = await world.gql(agreeing.member, READ, id=foreign["id"])
    assert refused["notificationRead"] == {"unread": None, "problems": [{"code": "NOT_FOUND"}]}
    everything = (await world.gql(agreeing.member, "{ cursor }"))["cursor"]
    assert (await world.gql(agreeing.member, READ_ALL, to=everything))["notificationsRead"]["unread"] == 0
    nonsense = await world.gql(agreeing.member, READ_ALL, to="nonsense")
    assert nonsense["notificationsRead"]["problems"] == [{"code": "INVALID_INPUT"}]
    unread = await world.gql(colleague, "{ unreadNotifications }")
    assert unread == {"unreadNotifications": 1}


# S-070
async def test_no_timeline_tells_that_something_was_read(world: World) -> None:
    agreeing = await (await Agreeing.among(world)).referred()
    region = await world.person(await world.region(), Role.REGION_ADMIN)
    everybody = (region, agreeing.officer, agreeing.member, agreeing.authority_signatory)
    events = "{ timeline(first: 100) { totalCount nodes { id kind version } } }"
    before = [await world.gql(who, events) for who in everybody]
    (told,) = (await world.gql(agreeing.member, LIST))["notifications"]["nodes"]
    assert (await world.do(agreeing.member, READ, id=told["id"]))["unread"] == 0
    assert [await world.gql(who, events) for who in everybody] == before
    assert await world.count("event", "kind = 'notification.read'") == 1


WAITING = """SELECT query FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event IN ('transactionid', 'tuple')"""
LOST = {
    "sees it no more": ("UPDATE delivery SET withdrawn_at = now() WHERE provider_id = $1", {Role.MEMBER}),
    "only signs": ("UPDATE person SET roles = '{SIGNATORY}' WHERE organisation_id = $1", {Role.SIGNATORY}),
}


# S-030, S-031, S-119
@pytest.mark.parametrize("lost", LOST)
async def test_a_bell_that_comes_as_its_reader_loses_sight_of_it_is_neither_listed_nor_counted(
    world: World, lost: str
) -> None:
    agreeing = await (await Agreeing.among(world)).referred()
    (thread,) = await world.sql("SELECT id FROM thread")
    loses, roles = LOST[lost]
    say = """mutation ($t: UUID!) { messageSend(threadId: $t, idempotencyKey: $t, input: {body: "Which school?"}) {
      message { no } problems { code } } }"""
    other = await asyncpg.connect(asyncpg_dsn(world.dsn))
    async with other.transaction():
        await other.execute("SELECT FROM inbox WHERE person_id = $1 FOR UPDATE", agreeing.member.person_id)
        saying = asyncio.create_task(world.do(agreeing.officer, say, t=str(thread["id"])))
        await until(lambda: world.sql(WAITING))
        await other.execute(loses, agreeing.firm.id)
    await other.close()
    assert (await saying)["message"] == {"no": 1}
    rung = "person_id = $1 AND notice = 'MESSAGE_RECEIVED'"
    assert await world.count("inbox_entry", rung, agreeing.member.person_id) == 1  # told before it was lost
    reader = replace(agreeing.member, roles=frozenset(roles))
    pending = (await world.gql(reader, "{ viewer { pending { unreadNotifications } } }"))["viewer"]["pending"]
    seen = await world.gql(reader, LIST)
    assert pending["unreadNotifications"] == seen["unreadNotifications"] == seen["notifications"]["totalCount"] == 0


# ── live, within this process ────────────────────────────────────────────────
# S-028, S-119, S-123
async def test_the_stream_goes_on_from_a_cursor_and_tells_what_the_list_tells(world: World, live: Shell) -> None:
    agreeing = await Agreeing.among(world)
    heard = stream(world, agreeing.member, STREAM)
    begun = await anext(heard)
    assert begun["__typename"] == "Heartbeat"
    await agreeing.referred()
    added = await anext(heard)
    listed = (await world.gql(agreeing.member, LIST))["notifications"]["nodes"][0]
    assert added["after"] == begun["cursor"]
    assert added["unread"] == 1
    assert added["notification"] == {name: listed[name] for name in added["notification"]}
    await heard.aclose()
    again = stream(world, agreeing.member, STREAM, after=begun["cursor"])
    assert (await anext(again))["notification"]["id"] == listed["id"]
    await again.aclose()
    lost = stream(world, agreeing.member, STREAM, after="nonsense")
    assert (await anext(lost))["reason"] == "UNREADABLE_CURSOR"
    await lost.aclose()
    await until(lambda: live.hub.listening == 0)


# S-069, S-070
async def test_reading_a_conversation_is_told_to_the_readers_screens_alone(world: World, live: Shell) -> None:
    agreeing = await (await Agreeing.among(world)).referred()
    (thread,) = await world.sql("SELECT id FROM thread")
    mine, theirs = stream(world, agreeing.officer, MESSAGES), stream(world, agreeing.member, MESSAGES)
    assert (await anext(mine))["__typename"] == (await anext(theirs))["__typename"] == "Heartbeat"
    say = """mutation ($t: UUID!, $k: UUID!) {
      messageSend(threadId: $t, idempotencyKey: $k, input: {body: "Is she well?"}) {
        message { no } problems { code } } }"""
    await world.do(agreeing.member, say, t=str(thread["id"]), k=str(thread["id"]))
    assert (await anext(mine))["no"] == (await anext(theirs))["no"] == 1
    read = "mutation ($t: UUID!) { threadRead(id: $t, upTo: 1) { thread { unread } problems { code } } }"
    assert (await world.do(agreeing.officer, read, t=str(thread["id"])))["thread"] == {"unread": 0}
    assert await anext(mine) == {
        "__typename": "MessagesRead", "threadId": str(thread["id"]), "upTo": 1, "unread": 0,
    }  # fmt: skip
    again = say.replace("Is she well?", "Hello again")
    await world.do(agreeing.member, again, t=str(thread["id"]), k=str(agreeing.firm.id))
    assert (await anext(theirs))["no"] == 2
    for heard in (mine, theirs):
        await heard.aclose()
    await until(lambda: live.hub.listening == 0)
