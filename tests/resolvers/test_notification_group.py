"""The bell by kind and by what it concerns: filters, groups, counts, and reading some of it (S-070, S-100, S-119)."""

import json
from dataclasses import replace
from typing import Any

import pytest

from models.lifecycle import Role
from models.notification import NotificationKind
from models.notification_group import WORDS
from models.person import Viewer
from realtime.cursor import Cursor, numbering
from resolvers import notification_reading
from tests.cases import Cases
from tests.grouping import GROUPS, agree
from tests.listening import Listening
from tests.world import World

SHOWN = "id no kind title reference subjectKind subjectId referralId concernsId at readAt"
WHOLE = f"{{ notifications(first: 100) {{ nodes {{ {SHOWN} }} }} {GROUPS} }}"
SOME = f"""query ($filter: NotificationFilter, $unread: Boolean!, $first: Int!, $after: String) {{
  notifications(filter: $filter, unreadOnly: $unread, first: $first, after: $after) {{
    totalCount nodes {{ {SHOWN} }} pageInfo {{ endCursor hasNextPage }} }} }}"""
READ = """mutation ($to: String!, $filter: NotificationFilter) {
  notificationsRead(upTo: $to, filter: $filter) { unread problems { code path } } }"""


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def talked(cases: Cases, firm: Any, times: tuple[int, ...]) -> tuple[Viewer, list[str], list[str]]:
    """Referrals that the provider has, and so many messages on each, taking turns; with their threads."""
    officer = await cases.officer()
    referrals = [await cases.sent(officer) for _ in times]
    threads = [await cases.thread(id, firm) for id in referrals]
    for turn in range(max(times)):
        for thread, most in zip(threads, times, strict=True):
            if turn < most:
                await cases.act(officer, "messageSend", threadId=thread, input={"body": "Hello"})
    return officer, referrals, threads


async def whole(cases: Cases, who: Viewer) -> list[dict[str, Any]]:
    found = await cases.world.gql(who, WHOLE)
    nodes: list[dict[str, Any]] = found["notifications"]["nodes"]
    agree(found, nodes)
    return nodes


async def some(cases: Cases, who: Viewer, filter: dict[str, Any] | None, **given: Any) -> dict[str, Any]:
    asked = {"filter": filter, "unread": False, "first": 100, **given}
    return dict((await cases.world.gql(who, SOME, **asked))["notifications"])


async def cursor(cases: Cases, who: Viewer, no: int) -> str:
    (row,) = await cases.world.sql("SELECT epoch FROM portal_epoch")
    return str(Cursor(numbering(row["epoch"], who.person_id), no))


async def read(cases: Cases, who: Viewer, no: int, **filter: Any) -> int:
    answer = (await cases.world.gql(who, READ, to=await cursor(cases, who, no), filter=filter or None))[
        "notificationsRead"
    ]
    assert answer["problems"] == []
    return int(answer["unread"])


def fits(node: dict[str, Any], filter: dict[str, Any]) -> bool:
    return (
        ("kinds" not in filter or node["kind"] in filter["kinds"])
        and filter.get("referralId") in (None, node["referralId"])
        and filter.get("concernsId") in (None, node["concernsId"])
    )


# S-119
async def test_three_messages_on_one_referral_are_one_group_in_words(cases: Cases) -> None:
    firm = await cases.world.provider()
    member = await cases.member(firm)
    _, referrals, _ = await talked(cases, firm, (3, 1))
    await whole(cases, member)
    groups = (await cases.world.gql(member, WHOLE))["notificationGroups"]["nodes"]
    rows = await cases.world.sql("SELECT id, reference FROM referral")
    named = {str(row["id"]): row["reference"] for row in rows}
    first, second = (named[id] for id in referrals)
    assert [group["title"] for group in groups] == [
        f"3 new messages on {first}", f"1 new message on {second}", f"1 new referral on {second}",
        f"1 new referral on {first}",
    ]  # fmt: skip
    pages, after = [], None
    for _ in range(4):
        page = (
            await cases.world.gql(
                member,
                "query ($after: String) { notificationGroups(first: 1, after: $after) {"
                " nodes { title } pageInfo { endCursor hasNextPage } } }",
                after=after,
            )
        )["notificationGroups"]
        after = page["pageInfo"]["endCursor"]
        pages += [(node["title"], page["pageInfo"]["hasNextPage"]) for node in page["nodes"]]
    assert pages == [(group["title"], no < 3) for no, group in enumerate(groups)]


# S-119
async def test_every_filter_leaves_what_fits_it_in_pages_as_in_whole(cases: Cases) -> None:
    firm = await cases.world.provider()
    member = await cases.member(firm)
    _, referrals, threads = await talked(cases, firm, (2, 3))
    nodes = await whole(cases, member)
    await read(cases, member, 4)
    nodes = await whole(cases, member)
    filters: list[dict[str, Any]] = [
        {"kinds": ["MESSAGE_RECEIVED"]}, {"kinds": ["MESSAGE_RECEIVED", "REFERRAL_RECEIVED", "MESSAGE_RECEIVED"]},
        {"kinds": []}, {"kinds": ["OFFER_ACCEPTED"]}, {"referralId": referrals[0]}, {"concernsId": referrals[1]},
        {"kinds": ["MESSAGE_RECEIVED"], "concernsId": referrals[1]}, {"concernsId": threads[0]},
        {"kinds": ["REFERRAL_RECEIVED"], "referralId": referrals[1]}, {},
    ]  # fmt: skip
    for filter in filters:
        for unread in (False, True):
            wanted = [node for node in nodes if fits(node, filter) and not (unread and node["readAt"])]
            found, after = list[dict[str, Any]](), None
            for _ in range(len(wanted) // 2 + 1):
                page = await some(cases, member, filter, unread=unread, first=2, after=after)
                assert page["totalCount"] == len(wanted)
                found, after = found + page["nodes"], page["pageInfo"]["endCursor"]
                assert page["pageInfo"]["hasNextPage"] == (len(found) < len(wanted))
            assert found == wanted, filter


# S-070, S-119
async def test_reading_by_a_filter_marks_what_fits_up_to_the_cursor_and_nothing_that_came_since(
    cases: Cases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each screen of the reader's own knows exactly what was marked, told in parts where that is much."""
    monkeypatch.setattr(notification_reading, "AT_ONCE", 2)
    firm = await cases.world.provider()
    member, colleague = await cases.member(firm), await cases.member(firm)
    officer, referrals, threads = await talked(cases, firm, (3, 2))
    async with Listening.to(cases.world) as listening:
        head = (await whole(cases, member))[0]["no"]
        await cases.act(officer, "messageSend", threadId=threads[0], input={"body": "And one more"})
        before = await whole(cases, member)
        others = await cases.world.gql(colleague, WHOLE)
        filters: list[dict[str, Any]] = [
            {"kinds": ["MESSAGE_RECEIVED"], "concernsId": referrals[0]}, {"referralId": referrals[1]},
            {"kinds": ["REFERRAL_RECEIVED", "OFFER_ACCEPTED"]},
        ]  # fmt: skip
        read_now: set[str] = set()
        for filter in filters:
            read_now |= {node["id"] for node in before if node["no"] <= head and fits(node, filter)}
            assert await read(cases, member, head, **filter) == len(before) - len(read_now)
            assert {node["id"] for node in await whole(cases, member) if node["readAt"]} == read_now
            await listening.agrees()
            kept = await cases.everything_kept()
            assert await read(cases, member, head, **filter) == len(before) - len(read_now)
            assert await read(cases, member, head, kinds=["OFFER_VOIDED"]) == len(before) - len(read_now)
            assert await cases.everything_kept() == kept
        assert await cases.world.gql(colleague, WHOLE) == others
    events = await cases.world.sql("SELECT payload FROM event WHERE kind = 'notifications.read'")
    assert len(events) == 5
    assert all(json.loads(row["payload"])["upTo"] <= head for row in events)


# S-070
async def test_what_is_read_by_kind_is_told_to_the_readers_screens_alone(cases: Cases) -> None:
    firm = await cases.world.provider()
    member = await cases.member(firm)
    await cases.member(firm)
    await talked(cases, firm, (2,))
    heads = "SELECT person_id, head FROM inbox WHERE person_id <> $1 ORDER BY person_id"
    before = await cases.world.sql(heads, member.person_id)
    (mine,) = await cases.world.sql("SELECT head FROM inbox WHERE person_id = $1", member.person_id)
    assert await read(cases, member, mine["head"], kinds=["MESSAGE_RECEIVED"]) == 1
    assert await cases.world.sql(heads, member.person_id) == before
    (entry,) = await cases.world.sql(
        "SELECT n.person_id, n.no FROM inbox_entry n JOIN event e ON e.id = n.event_id"
        " WHERE e.kind = 'notifications.read'"
    )
    assert (entry["person_id"], entry["no"]) == (member.person_id, mine["head"] + 1)


# S-119
async def test_a_filter_with_a_cursor_of_somebody_else_marks_nothing(cases: Cases) -> None:
    firm = await cases.world.provider()
    member, colleague = await cases.member(firm), await cases.member(firm)
    await talked(cases, firm, (1,))
    kept = await cases.everything_kept()
    to = await cursor(cases, colleague, 2)
    answer = (await cases.world.gql(member, READ, to=to, filter={"kinds": ["MESSAGE_RECEIVED"]}))["notificationsRead"]
    assert answer == {"unread": None, "problems": [{"code": "INVALID_INPUT", "path": ["upTo"]}]}
    assert await cases.everything_kept() == kept


# S-031, S-119
async def test_who_only_signs_has_groups_and_counts_of_what_they_may_see_alone(cases: Cases) -> None:
    """Also in the moment before the entry comes that takes the rest off their list."""
    firm = await cases.world.provider()
    member = await cases.member(firm)
    await talked(cases, firm, (2,))
    assert len(await whole(cases, member)) == 3
    await cases.world.sql("UPDATE person SET roles = '{SIGNATORY}' WHERE id = $1", member.person_id)
    assert await whole(cases, replace(member, roles=frozenset({Role.SIGNATORY}))) == []


def test_every_kind_has_words_for_one_and_for_several() -> None:
    assert set(WORDS) == set(NotificationKind)
    for one, several in WORDS.values():
        assert one != several
        assert one == one.strip()
        assert several == several.strip()
