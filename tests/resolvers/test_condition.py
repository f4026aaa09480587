"""Conditions told by message: on the offer for both sides, and named by whoever accepts it."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from models.lifecycle import Role
from models.offer_condition import MOST
from models.person import Viewer
from portal.database import asyncpg_dsn
from resolvers.inputs import MOST_ITEMS
from tests.cases import Cases
from tests.deciding import confirming
from tests.world import Firm, World

SEEN = "status conditions { id no side body } acknowledgedConditions"
ACCEPT = """mutation ($id: UUID!, $version: Int!, $input: OfferAcceptInput!) {
  offerAccept(id: $id, expectedVersion: $version, input: $input) { offer { id }
    problems { code message path ... on ConditionsOpen { conditionIds } } } }"""


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def stage(cases: Cases) -> tuple[Viewer, Firm, Viewer, str, str]:
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    await cases.papers(firm)
    referral = await cases.sent(officer)
    offer = await cases.submitted(member, referral, {"homeId": str(firm.homes[0])})
    return officer, firm, member, offer, await cases.thread(referral, firm)


async def say(cases: Cases, who: Viewer, thread: str, tag: str | None = "CONDITION") -> str:
    given = {"body": f"Only with a school place. {uuid4()}", "tag": tag}
    return str((await cases.act(who, "messageSend", threadId=thread, input=given))["id"])


async def acceptance(cases: Cases, officer: Viewer, offer: str, *named: str, **more: Any) -> list[dict[str, Any]]:
    """The problems of an acceptance that names these conditions."""
    given = await confirming(cases.world, officer, acknowledgedConditions=list(named), **more)
    version = await cases.version(offer, "offer")
    answer = await cases.world.gql(officer, ACCEPT, id=offer, version=version, input=given)
    return list(answer["offerAccept"]["problems"])


async def test_conditions_of_both_sides_stand_on_the_offer_and_are_named_to_accept_it(cases: Cases) -> None:  # S-066
    officer, firm, member, offer, thread = await stage(cases)
    told = [await say(cases, who, thread) for who in (member, officer, member)]
    await say(cases, member, thread, "URGENT")
    for who in (officer, member, await cases.officer("Birmingham", Role.READ_ONLY), await cases.member(firm)):
        seen = await cases.seen(who, "Offer", offer, SEEN)
        assert [condition["id"] for condition in seen["conditions"]] == told
        assert seen["acknowledgedConditions"] == []
    before = await cases.everything_kept()
    for named, wanted in (([], told), (told[:1], told[1:]), (told[2:], told[:2])):
        (problem,) = await acceptance(cases, officer, offer, *named)
        assert problem["code"] == "CONDITIONS_NOT_ACKNOWLEDGED"
        assert problem["path"] == ["input", "acknowledgedConditions"]
        assert problem["conditionIds"] == wanted
        assert f"{len(wanted)} conditions of this conversation must be read" in problem["message"]
    assert (await acceptance(cases, officer, offer, *told[:2]))[0]["message"].startswith("One condition of")
    assert await cases.everything_kept() == before
    assert await acceptance(cases, officer, offer, *reversed(told)) == []
    (event,) = await cases.world.sql("SELECT payload FROM event WHERE kind = 'offer.accept'")
    for who in (officer, member):
        seen = await cases.seen(who, "Offer", offer, SEEN)
        assert (seen["status"], seen["acknowledgedConditions"]) == ("ACCEPTED", told)
    assert all(id in event["payload"] for id in told)


async def test_what_is_no_condition_of_this_conversation_cannot_be_acknowledged(cases: Cases) -> None:  # S-066, S-071
    officer, _, member, offer, thread = await stage(cases)
    own, plain = await say(cases, member, thread), await say(cases, member, thread, None)
    _, _, rival, _, elsewhere = await stage(cases)
    foreign = await say(cases, rival, elsewhere)
    for other in (plain, foreign, str(uuid4())):
        (problem,) = await acceptance(cases, officer, offer, own, other)
        assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "acknowledgedConditions", "1"])
    codes = [problem["code"] for problem in await acceptance(cases, officer, offer, foreign)]
    assert codes == ["INVALID_INPUT", "CONDITIONS_NOT_ACKNOWLEDGED"]
    (problem,) = await acceptance(cases, officer, offer, own, checksConfirmed=False)
    assert problem["code"] == "CHECKS_REQUIRED"
    assert (await cases.seen(officer, "Offer", offer, SEEN))["status"] == "SUBMITTED"
    assert await acceptance(cases, officer, offer, own) == []


async def test_a_condition_told_after_acceptance_changes_nothing_of_what_was_agreed(cases: Cases) -> None:  # S-066
    officer, _, member, offer, thread = await stage(cases)
    agreed = await say(cases, officer, thread)
    assert await acceptance(cases, officer, offer, agreed) == []
    before = await cases.world.sql("SELECT * FROM offer")
    later = await say(cases, member, thread)
    for who in (officer, member):
        seen = await cases.seen(who, "Offer", offer, SEEN)
        assert [condition["id"] for condition in seen["conditions"]] == [agreed, later]
        assert seen["acknowledgedConditions"] == [agreed]
    assert await cases.world.sql("SELECT * FROM offer") == before
    with pytest.raises(asyncpg.PostgresError, match="locked"):
        await cases.world.sql("UPDATE offer SET acknowledged_conditions = '{}' WHERE id = $1", UUID(offer))


async def test_there_are_never_more_conditions_than_an_acceptance_can_name(
    cases: Cases, monkeypatch: pytest.MonkeyPatch
) -> None:  # S-066
    assert MOST < MOST_ITEMS
    monkeypatch.setattr("models.offer_condition.MOST", 2)
    officer, _, member, offer, thread = await stage(cases)
    told = [await say(cases, who, thread) for who in (member, officer)]
    (problem,) = await cases.problems(member, "messageSend", threadId=thread, input={"body": "And", "tag": "CONDITION"})
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "tag"])
    await say(cases, member, thread, None)
    assert await acceptance(cases, officer, offer, *told) == []


async def test_who_only_signs_reads_no_conversation_through_the_offer(cases: Cases) -> None:  # S-031
    _, firm, member, offer, thread = await stage(cases)
    await say(cases, member, thread)
    assert await cases.seen(await cases.member(firm, Role.SIGNATORY), "Offer", offer, SEEN) is None
    rival = await cases.member(await cases.world.provider())
    assert await cases.seen(rival, "Offer", offer, SEEN) is None


# ── at the same moment ───────────────────────────────────────────────────────
LATE = """INSERT INTO message (id, thread_id, referral_id, la_id, provider_id, no, side, author_id, author_name, body,
  tag, sent_at) SELECT $2, id, referral_id, la_id, provider_id, 1, 'PROVIDER', $3, 'Pat', 'Only with a school place.',
  'CONDITION', $4 FROM thread WHERE id = $1"""
WAITING = "SELECT count(*) AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


async def test_an_acceptance_waits_for_the_condition_that_is_being_sent_and_asks_for_it(cases: Cases) -> None:  # S-066
    officer, _, member, offer, thread = await stage(cases)
    sender = await asyncpg.connect(asyncpg_dsn(cases.world.dsn))
    id, now = uuid4(), cases.world.clock.now
    async with sender.transaction():
        await sender.execute("SELECT FROM thread WHERE id = $1 FOR UPDATE", UUID(thread))
        await sender.execute(LATE, UUID(thread), id, member.person_id, now)
        await sender.execute("UPDATE thread SET head = 1, newest_at = $2 WHERE id = $1", UUID(thread), now)
        accepting = asyncio.create_task(acceptance(cases, officer, offer))
        while not (await cases.world.sql(WAITING))[0]["n"]:
            assert not accepting.done()
            await asyncio.sleep(0.01)
    await sender.close()
    (problem,) = await accepting
    assert (problem["code"], problem["conditionIds"]) == ("CONDITIONS_NOT_ACKNOWLEDGED", [str(id)])


async def test_a_condition_sent_while_the_offer_is_accepted_is_asked_for_or_comes_after_it(cases: Cases) -> None:
    # S-066
    order = "SELECT kind FROM event WHERE kind IN ('offer.accept', 'message.send') AND referral_id = $1 ORDER BY seq"
    for _ in range(4):
        officer, _, member, offer, thread = await stage(cases)
        (row,) = await cases.world.sql("SELECT referral_id FROM thread WHERE id = $1", UUID(thread))
        problems, condition = await asyncio.gather(acceptance(cases, officer, offer), say(cases, member, thread))
        happened = [event["kind"] for event in await cases.world.sql(order, row["referral_id"])]
        if problems:
            assert [problem["conditionIds"] for problem in problems] == [[condition]]
            assert happened == ["message.send"]
        else:
            assert happened == ["offer.accept", "message.send"]
