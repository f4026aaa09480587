"""Lists of conversations, and where somebody new begins."""

from typing import Any
from uuid import UUID

import pytest

from models.lifecycle import Role, Side
from models.person import Viewer
from resolvers.arguments import Arguments
from resolvers.message import ThreadFilter, threads
from resolvers.read import DIALECT, Me
from tests.cases import Cases
from tests.standing import standing_as
from tests.world import Firm, World

THREADS = """query ($filter: ThreadFilter, $first: Int!, $after: String) {
  threads(filter: $filter, first: $first, after: $after) { totalCount pageInfo { endCursor hasNextPage }
    nodes { id reference unread newestAt newest { no side body tag isNew } } } }"""
NEW = """query ($id: UUID!) { viewer { pending { unreadMessages } } thread(id: $id) { unread }
  messages(threadId: $id) { nodes { no isNew } } }"""


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def stage(cases: Cases, referrals: int = 1) -> tuple[Viewer, Firm, Viewer, list[str]]:
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    return officer, firm, member, [await cases.thread(await cases.sent(officer), firm) for _ in range(referrals)]


async def say(cases: Cases, who: Viewer, thread: str, body: str = "Which school?") -> None:
    cases.world.clock.goes_on(minutes=1)
    await cases.act(who, "messageSend", threadId=thread, input={"body": body})


async def listed(cases: Cases, who: Viewer, first: int = 20, after: str | None = None, **filter: Any) -> dict[str, Any]:
    found = await cases.world.gql(who, THREADS, filter=filter or None, first=first, after=after)
    return dict(found["threads"])


def ids(page: dict[str, Any]) -> list[str]:
    return [node["id"] for node in page["nodes"]]


async def test_conversations_come_with_their_newest_message_and_the_newest_first(cases: Cases) -> None:  # S-064
    officer, firm, member, (one, two, silent) = await stage(cases, 3)
    for who, thread in ((member, one), (officer, two), (officer, one)):
        await say(cases, who, thread, f"About {thread}")
    for who in (officer, member, await cases.officer("Birmingham", Role.READ_ONLY), await cases.member(firm)):
        page = await listed(cases, who)
        assert (ids(page), page["totalCount"]) == ([one, two], 2)
        assert page["nodes"][0]["newest"] == {
            "no": 2, "side": "LOCAL_AUTHORITY", "body": f"About {one}", "tag": None,
            "isNew": who.side is Side.PROVIDER,
        }  # fmt: skip
        assert page["nodes"][0]["reference"].startswith("WM-")
        everything = await listed(cases, who, empty=True)
        assert ids(everything) == [one, two, silent]
        assert everything["nodes"][2]["newest"] is everything["nodes"][2]["newestAt"] is None
        first = await listed(cases, who, 1, empty=True)
        rest = await listed(cases, who, 5, first["pageInfo"]["endCursor"], empty=True)
        assert ids(first) + ids(rest) == [one, two, silent]
    (referral,) = await cases.world.sql("SELECT referral_id FROM thread WHERE id = $1", UUID(two))
    assert ids(await listed(cases, officer, referralId=str(referral["referral_id"]))) == [two]


async def test_reading_moves_no_conversation_and_takes_it_out_of_the_readers_unread_ones_alone(cases: Cases) -> None:
    # S-069, S-070
    officer, _, member, (one, two) = await stage(cases, 2)
    colleague = await cases.officer()
    for thread in (one, two):
        await say(cases, member, thread)
    before = {who: await listed(cases, who) for who in (member, colleague)}
    assert ids(await listed(cases, officer, unreadOnly=True)) == [two, one]
    await cases.act(officer, "threadRead", id=one, upTo=1)
    assert ids(await listed(cases, officer)) == [two, one]
    assert ids(await listed(cases, officer, unreadOnly=True)) == [two]
    assert ids(await listed(cases, colleague, unreadOnly=True)) == [two, one]
    assert ids(await listed(cases, member, unreadOnly=True)) == []
    assert {who: await listed(cases, who) for who in (member, colleague)} == before


async def test_other_peoples_conversations_are_in_no_list(cases: Cases) -> None:  # S-071
    rival = await cases.world.provider()
    _, _, member, (thread,) = await stage(cases)
    await say(cases, member, thread)
    for who in (await cases.member(rival), await cases.officer("Solihull"), await cases.member(rival, Role.SIGNATORY)):
        for only in ({}, {"empty": True}, {"unreadOnly": True}):
            found = await cases.world.gql(who, THREADS, filter=only, first=100, after=None)
            assert thread not in ids(found["threads"])


# ── newcomers ────────────────────────────────────────────────────────────────
async def news(cases: Cases, who: Viewer, thread: str) -> tuple[list[int], set[int]]:
    """The labels somebody has, and the counts of them that there are in other places."""
    seen = await cases.world.gql(who, NEW, id=thread)
    labels = [message["no"] for message in seen["messages"]["nodes"] if message["isNew"]]
    unread = (await listed(cases, who, unreadOnly=True))["nodes"]
    counts = {seen["viewer"]["pending"]["unreadMessages"], seen["thread"]["unread"], *(n["unread"] for n in unread)}
    assert bool(unread) is bool(labels)
    return labels, counts


async def test_nothing_that_was_said_before_somebody_came_is_new_to_them(cases: Cases) -> None:  # S-069
    officer, firm, member, (thread,) = await stage(cases)
    for who in (officer, member, officer, member):
        await say(cases, who, thread)
    cases.world.clock.goes_on(minutes=1)
    later = [await cases.officer(), await cases.member(firm)]
    assert [await news(cases, who, thread) for who in later] == [([], {0}), ([], {0})]
    assert await news(cases, member, thread) == ([1, 3], {2})
    await say(cases, officer, thread)
    await say(cases, member, thread)
    assert await news(cases, later[0], thread) == ([6], {1})
    assert await news(cases, later[1], thread) == ([5], {1})
    assert await news(cases, officer, thread) == ([2, 4, 6], {3})
    assert await cases.told(later[0]) == await cases.told(later[1]) == ["MESSAGE_RECEIVED"]
    for who in later:
        await cases.act(who, "threadRead", id=thread, upTo=6)
        assert await news(cases, who, thread) == ([], {0})


async def test_somebody_suspended_for_a_while_finds_what_came_meanwhile(cases: Cases) -> None:
    officer, firm, member, (thread,) = await stage(cases)
    boss, id = await cases.member(firm, Role.ADMINISTRATOR), str(member.person_id)
    await cases.act(boss, "accountSuspend", id=id, expectedVersion=await cases.version(id, "person"))
    await say(cases, officer, thread)
    await cases.act(boss, "accountReinstate", id=id, expectedVersion=await cases.version(id, "person"))
    await cases.world.sql("UPDATE session SET revoked_at = NULL WHERE person_id = $1", member.person_id)
    assert await news(cases, member, thread) == ([1], {1})


# ── at scale ─────────────────────────────────────────────────────────────────
MANY = """
WITH firms AS (
  INSERT INTO organisation (id, side, name) SELECT gen_random_uuid(), 'PROVIDER', 'Firm ' || n
  FROM generate_series(1, 3000) n RETURNING id)
INSERT INTO thread (id, referral_id, la_id, provider_id, head, newest_at)
SELECT gen_random_uuid(), t.referral_id, t.la_id, f.id, (f.n % 5 = 0)::int,
  CASE f.n % 5 WHEN 0 THEN timestamptz '2026-01-01' + f.n * 7919 % 9973 * interval '13 minutes' END
FROM (SELECT * FROM thread LIMIT 1) t, (SELECT id, row_number() OVER () AS n FROM firms) f
"""


async def test_a_page_of_conversations_is_read_from_an_index_of_those_in_which_something_was_said(
    cases: Cases,
) -> None:
    officer, _, _, _ = await stage(cases)
    await cases.world.sql(MANY)
    await cases.world.sql("ANALYZE thread")
    given = Arguments({"filter": ThreadFilter(), "first": 20, "after": None})
    page = threads(Me(officer.side, officer.roles), **given.bound())
    statement = (
        page.rest().with_only_columns(page.id).compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    )
    values = {"me_organisation": officer.organisation_id, "first": 20}
    bound = [values.get(name, statement.binds[name].effective_value) for name in statement.positiontup or ()]
    async with standing_as(cases.world, officer) as connection:
        plan = "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN {statement}", *bound))
    assert "Backward using ix_thread_la_spoken" in plan, plan
    assert "Sort" not in plan, plan
