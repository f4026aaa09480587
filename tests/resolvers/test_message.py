"""Conversations: numbers without gaps, and labels that are the reader's own."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from models.lifecycle import Role
from models.message import LONGEST
from models.person import Viewer
from portal.database import SETTINGS, Database, asyncpg_dsn
from tests.cases import Cases
from tests.world import Firm, World, as_app

REFUSED = {
    "": "Write something", " \n\t\u3000": "Write something", "\u200d\u00ad\u034f": "Write something",
    "\u3164\u2800\n\uffa0": "Write something", "\ufe0f": "Write something", "\u200b": "U+200B",
    "x" * (LONGEST + 1): "10,001 characters", "\N{GRINNING FACE}" * 25_000: "25,000 characters; 10,000",
    "a\0b": "U+0000", "a\ud800": "U+D800", "\udc00": "U+DC00",
}  # fmt: skip
SEND = """mutation ($thread: UUID!, $key: UUID!) {
  messageSend(threadId: $thread, input: {body: "Now?"}, idempotencyKey: $key) { problems { code } } }"""
MESSAGES = "query ($id: UUID!) { messages(threadId: $id) { totalCount nodes { no side authorName body tag isNew } } }"


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def stage(cases: Cases) -> tuple[Viewer, Firm, Viewer, str, str]:
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    id = await cases.sent(officer)
    return officer, firm, member, id, await cases.thread(id, firm)


async def say(cases: Cases, who: Viewer, thread: str, body: str = "Which school?", **more: Any) -> int:
    sent = await cases.act(who, "messageSend", "id no", threadId=thread, input={"body": body, **more})
    return int(sent["no"])


async def new(cases: Cases, who: Viewer, thread: str) -> list[int]:
    shown = await cases.world.gql(who, MESSAGES, id=thread)
    return [message["no"] for message in shown["messages"]["nodes"] if message["isNew"]]


async def view(cases: Cases, who: Viewer, referral: str, thread: str) -> list[Any]:
    return [await cases.bytes_seen(who, referral), await cases.world.gql(who, MESSAGES, id=thread)]


async def test_messages_are_numbered_and_new_for_each_reader_of_the_other_side(cases: Cases) -> None:
    """S-064, S-065, S-069, S-070"""
    officer, firm, member, _, thread = await stage(cases)
    colleague, fellow = await cases.officer(), await cases.member(firm)
    assert [await say(cases, member, thread, tag="EXPRESSION_OF_INTEREST"), await say(cases, officer, thread)] == [1, 2]
    assert await say(cases, member, thread) == 3
    assert await new(cases, officer, thread) == await new(cases, colleague, thread) == [1, 3]
    assert await new(cases, member, thread) == await new(cases, fellow, thread) == [2]
    assert await cases.told(officer) == ["MESSAGE_RECEIVED"] * 2
    assert await cases.told(fellow) == ["MESSAGE_RECEIVED"]
    await cases.act(officer, "threadRead", "id unread", id=thread, upTo=1)
    assert (await new(cases, officer, thread), await new(cases, colleague, thread)) == ([3], [1, 3])
    assert (await cases.seen(officer, "Thread", thread))["unread"] == 1
    await cases.act(officer, "threadRead", id=thread, upTo=3)
    await cases.act(officer, "threadRead", id=thread, upTo=1)  # only ever forward
    assert await new(cases, officer, thread) == []


async def test_nobody_but_the_reader_can_tell_that_it_was_read(cases: Cases) -> None:  # S-070
    officer, firm, member, id, thread = await stage(cases)
    others = [await cases.officer(), member, await cases.member(firm)]
    await say(cases, member, thread)
    await say(cases, officer, thread)
    before = [await view(cases, who, id, thread) for who in others]
    entries = "SELECT person_id, count(*) AS n FROM inbox_entry GROUP BY person_id"
    told = {row["person_id"]: row["n"] for row in await cases.world.sql(entries)}
    rows = await cases.world.sql("SELECT * FROM thread")
    cases.world.clock.goes_on(minutes=5)
    await cases.act(officer, "threadRead", id=thread, upTo=2)
    assert [await view(cases, who, id, thread) for who in others] == before
    assert await cases.world.sql("SELECT * FROM thread") == rows
    after = {row["person_id"]: row["n"] for row in await cases.world.sql(entries)}
    assert after.pop(officer.person_id) == told.pop(officer.person_id) + 1
    assert after == told
    (event,) = await cases.world.sql("SELECT provider_id, stream FROM event WHERE kind = 'thread.read'")
    assert event["provider_id"] is None
    assert await cases.world.count("event", "stream = $1", event["stream"]) == 1  # chained apart from everything else
    await cases.act(officer, "threadRead", id=thread, upTo=2)
    assert await cases.world.count("event", "kind = 'thread.read'") == 1  # read before: nothing to tell


async def test_a_read_only_colleague_has_a_label_too_but_cannot_write(cases: Cases) -> None:  # S-069
    _, firm, member, _, thread = await stage(cases)
    reader, signer = await cases.officer("Birmingham", Role.READ_ONLY), await cases.member(firm, Role.SIGNATORY)
    await say(cases, member, thread)
    assert await new(cases, reader, thread) == [1]
    await cases.act(reader, "threadRead", id=thread, upTo=1)
    assert await new(cases, reader, thread) == []
    for who in (reader, signer):
        for to in (thread, str(uuid4())):
            assert await cases.refused(who, "messageSend", threadId=to, input={"body": "Hello"}) == ["FORBIDDEN"]
    assert await cases.refused(signer, "threadRead", id=thread, upTo=1) == ["NOT_FOUND"]  # S-031


async def test_a_message_says_something_and_not_too_much(cases: Cases) -> None:
    officer, _, member, _, thread = await stage(cases)
    for body, said in REFUSED.items():
        (problem,) = await cases.problems(member, "messageSend", threadId=thread, input={"body": body})
        assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "body"])
        assert said in problem["message"], problem
    assert await say(cases, member, thread, "\N{GRINNING FACE}" * LONGEST) == 1
    assert await say(cases, member, thread, "\u200dك\u200dsoc\ufe0f") == 2
    for far in (3, -1):
        (problem,) = await cases.problems(officer, "threadRead", id=thread, upTo=far)
        assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["upTo"])
        assert "0 to 2" in problem["message"]


async def test_a_conversation_is_for_its_two_parties(cases: Cases) -> None:  # S-030, S-071
    rival = await cases.world.provider()
    _, firm, member, id, thread = await stage(cases)
    await say(cases, member, thread, "Only for you")
    for who in (await cases.member(rival), await cases.officer("Solihull")):
        for unseen in (thread, str(uuid4())):
            assert await cases.seen(who, "Thread", unseen) is None
            assert (await cases.world.gql(who, MESSAGES, id=unseen))["messages"]["totalCount"] == 0
            assert await cases.refused(who, "messageSend", threadId=unseen, input={"body": "Hi"}) == ["NOT_FOUND"]
            assert await cases.refused(who, "threadRead", id=unseen, upTo=0) == ["NOT_FOUND"]
    assert await cases.told(await cases.member(rival)) == []
    assert await cases.thread(id, rival) != await cases.thread(id, firm)


async def test_it_goes_on_before_and_after_declining_an_offer_its_acceptance_and_the_end_of_the_search(
    cases: Cases,
) -> None:
    # S-064, S-065, S-067
    officer, firm, member, id, thread = await stage(cases)
    await cases.papers(firm)

    async def both_can_write() -> None:
        assert await say(cases, member, thread, "Our other home might suit better.") + 1 == await say(
            cases, officer, thread
        )

    await both_can_write()
    await cases.act(member, "referralDecline", id=id, revision=1)
    await both_can_write()
    await cases.act(member, "referralUndoDecline", id=id)
    offer = await cases.submitted(member, id, {"homeId": str(firm.homes[0])})
    await both_can_write()
    await cases.accepted(officer, offer)
    await both_can_write()
    await cases.on_offer(officer, "offerVoid", offer, reason="Another place was found.")
    await cases.on_referral(officer, "referralClose", id, reason="OTHER", note="Found.")
    await both_can_write()
    assert await cases.world.count("message") == 10


async def test_a_provider_from_whom_the_referral_was_taken_has_no_conversation_any_more(cases: Cases) -> None:
    # S-030, S-071
    officer, firm, member, _, thread = await stage(cases)
    await say(cases, officer, thread)
    await cases.world.sql("UPDATE delivery SET withdrawn_at = now() WHERE provider_id = $1", firm.id)
    assert await cases.seen(member, "Thread", thread) is None
    assert (await cases.world.gql(member, MESSAGES, id=thread))["messages"]["totalCount"] == 0
    assert await cases.refused(member, "messageSend", threadId=thread, input={"body": "Hello?"}) == ["NOT_FOUND"]
    assert await cases.refused(member, "threadRead", id=thread, upTo=1) == ["NOT_FOUND"]
    assert await cases.seen(officer, "Thread", thread) is not None
    assert await cases.refused(officer, "messageSend", threadId=thread, input={"body": "Hello?"}) == ["WRONG_STATE"]
    assert await cases.told(member) == ["REFERRAL_RECEIVED", "MESSAGE_RECEIVED"]


async def test_messages_about_one_thing_can_be_listed_alone(cases: Cases) -> None:  # S-065, S-066
    officer, _, member, _, thread = await stage(cases)
    tags = (None, "URGENT", "CONDITION", "FURTHER_INFORMATION", "EXPRESSION_OF_INTEREST")
    for who in (member, officer):
        for tag in tags:
            await say(cases, who, thread, tag=tag)
    listed = "query ($id: UUID!, $tag: MessageTag) { messages(threadId: $id, tag: $tag) { nodes { no tag } } }"
    for number, tag in enumerate(tags[1:], 2):
        found = (await cases.world.gql(officer, listed, id=thread, tag=tag))["messages"]["nodes"]
        assert found == [{"no": number, "tag": tag}, {"no": number + 5, "tag": tag}]
    assert len((await cases.world.gql(officer, listed, id=thread, tag=None))["messages"]["nodes"]) == 10


async def test_many_at_once_leave_no_gap_and_the_same_key_sends_once(cases: Cases) -> None:
    officer, _, member, _, thread = await stage(cases)
    taken = await asyncio.gather(*(say(cases, who, thread, str(n)) for n in range(12) for who in (officer, member)))
    rows = await cases.world.sql("SELECT no FROM message ORDER BY no")
    assert sorted(taken) == [row["no"] for row in rows] == list(range(1, 25))
    assert (await cases.seen(officer, "Thread", thread, "head newest { no }")) == {"head": 24, "newest": {"no": 24}}
    given = {"threadId": thread, "input": {"body": "Once"}, "idempotencyKey": str(uuid4())}
    first = await cases.act(member, "messageSend", "id no", **given)
    assert await cases.act(member, "messageSend", "id no", **given) == first
    given["input"] = {"body": "Twice"}
    assert await cases.refused(member, "messageSend", **given) == ["IDEMPOTENCY_KEY_REUSED"]
    assert await cases.world.count("message") == 25


async def test_whoever_waited_for_a_number_did_not_speak_before_the_one_who_got_theirs(cases: Cases) -> None:
    officer, _, member, _, thread = await stage(cases)
    cases.world.clock.goes_on(minutes=5)
    await say(cases, member, thread)
    cases.world.clock.goes_on(minutes=-2)  # the moment at which an act that waited was begun
    await say(cases, officer, thread)
    cases.world.clock.goes_on(minutes=5)
    await say(cases, member, thread)
    rows = await cases.world.sql("SELECT no, sent_at FROM message ORDER BY no")
    assert [row["sent_at"] for row in rows] == sorted(row["sent_at"] for row in rows)
    assert rows[1]["sent_at"] == rows[0]["sent_at"] < rows[2]["sent_at"]
    (held,) = await cases.world.sql("SELECT newest_at FROM thread WHERE head > 0")
    assert held["newest_at"] == rows[2]["sent_at"]


async def test_whoever_waits_too_long_for_a_number_hears_that_nothing_was_done_and_to_try_again(
    cases: Cases, limits: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, member, _, thread = await stage(cases)
    patient = cases.world.shell
    monkeypatch.setitem(SETTINGS, "statement_timeout", limits["statement_timeout"])
    ordinary = await Database.connect(as_app(cases.world.dsn))
    cases.world.shell = replace(patient, database=ordinary)
    busy = await asyncpg.connect(asyncpg_dsn(cases.world.dsn))
    async with busy.transaction():
        await busy.execute("SELECT FROM thread WHERE id = $1 FOR UPDATE", UUID(thread))
        code = await cases.world.turned_away(member, SEND, thread=thread, key=str(uuid4()))
    await busy.close()
    await ordinary.close()
    cases.world.shell = patient
    assert code == "BUSY"
    assert await cases.world.count("message") == 0
    assert await say(cases, member, thread) == 1


async def test_an_authority_finds_a_conversation_by_the_referral_and_the_provider(cases: Cases) -> None:  # S-071
    officer, firm, member, id, thread = await stage(cases)
    other = await cases.world.provider()
    await cases.on_referral(officer, "referralUpdate", id, input={"needs": "Calm, and a garden."})
    await cases.on_referral(officer, "referralResend", id)
    by = "query ($of: UUID, $with: UUID, $id: UUID) { thread(referralId: $of, providerId: $with, id: $id) { id } }"
    asked = [
        (officer, {"of": id, "with": str(firm.id)}, thread), (officer, {"of": id}, None), (officer, {}, None),
        (member, {"of": id}, thread), (member, {}, None), (member, {"of": id, "id": thread}, thread),
        (officer, {"id": thread}, thread), (officer, {"id": thread, "of": str(uuid4())}, None),
        (officer, {"of": id, "with": str(other.id)}, await cases.thread(id, other)),
    ]  # fmt: skip
    for who, given, found in asked:
        shown = (await cases.world.gql(who, by, **given))["thread"]
        assert (shown and shown["id"]) == found, given
