"""Who is told of a referral and its messages, by which kind, and that it says nothing of the child (S-063, S-100)."""

import json
from typing import Any

import pytest

from models.lifecycle import Role
from models.person import Viewer
from realtime.cursor import Cursor, numbering
from tests.cases import IDENTITY, Cases
from tests.world import Care, World

LIST = """query ($unread: Boolean!, $first: Int!, $after: String) {
  unreadNotifications notifications(unreadOnly: $unread, first: $first, after: $after) { totalCount
    nodes { id no kind title reference subjectKind subjectId at readAt } pageInfo { endCursor hasNextPage } } }"""
READ = "mutation ($id: UUID!) { notificationRead(id: $id) { unread problems { code } } }"
READ_ALL = "mutation ($to: String!) { notificationsRead(upTo: $to) { unread problems { code message path } } }"
ALL = ["REFERRAL_RECEIVED", "REFERRAL_REMINDED", "REFERRAL_UPDATED", "MESSAGE_RECEIVED", "REFERRAL_CLOSED"]


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def listed(cases: Cases, who: Viewer, **given: Any) -> dict[str, Any]:
    return await cases.world.gql(who, LIST, **{"unread": False, "first": 100, **given})


async def course(cases: Cases, officer: Viewer, firm: Any) -> str:
    """A referral that is sent, reminded of, changed, spoken about and closed."""
    id = await cases.sent(officer)
    await cases.resent(officer, id)
    await cases.resent(officer, id, needs="Somebody who signs.")
    thread = await cases.thread(id, firm)
    await cases.act(officer, "messageSend", threadId=thread, input={"body": "A quiet word"})
    await cases.on_referral(officer, "referralClose", id, reason="OTHER", note="The family was found.")
    return id


# S-029, S-031, S-041, S-058, S-059, S-063, S-100
async def test_each_is_told_once_by_a_kind_of_its_own_to_the_staff_alone(cases: Cases) -> None:
    firm, elsewhere = await cases.world.provider(), await cases.world.provider(Care(ages=(0, 3)))
    officer = await cases.officer()
    staff = [await cases.member(firm, *roles) for roles in ((Role.MEMBER,), (Role.ADMINISTRATOR,))]
    both = await cases.member(firm, Role.MEMBER, Role.SIGNATORY)
    signs, suspended = await cases.member(firm, Role.SIGNATORY), await cases.member(firm)
    await cases.world.sql("UPDATE person SET status = 'SUSPENDED' WHERE id = $1", suspended.person_id)
    colleague, other = await cases.officer(), await cases.member(elsewhere)
    id, nodes = await course(cases, officer, firm), list[dict[str, Any]]()
    for who in (*staff, both):
        nodes = (await listed(cases, who))["notifications"]["nodes"]
        assert [each["kind"] for each in reversed(nodes)] == ALL
        assert len({each["id"] for each in nodes}) == len(nodes)
    for who in (signs, suspended, other, officer, colleague):
        assert await cases.told(who) == []
    (row,) = await cases.world.sql("SELECT reference FROM referral")
    titles = [each["title"] for each in reversed(nodes)]
    assert titles == [
        f"{words} {row['reference']}"
        for words in ("New referral", "Reminder: referral", "Referral sent again", "New message", "Referral closed")
    ]
    assert {each["subjectId"] for each in nodes} == {id, await cases.thread(id, firm)}


# S-030, S-100
async def test_neither_the_list_nor_the_event_says_anything_of_the_child(cases: Cases) -> None:
    firm, officer = await cases.world.provider(), await cases.officer()
    member = await cases.member(firm)
    await course(cases, officer, firm)
    shown = await listed(cases, member)
    told = await cases.world.sql("SELECT kind, reference, payload FROM event WHERE referral_id IS NOT NULL")
    said = json.dumps([shown, told], default=str).casefold()
    for word in (*IDENTITY.values(), "found", "signs", "quiet"):
        assert word.casefold() not in said


# S-060
async def test_a_referral_that_is_lost_takes_its_notifications_along(cases: Cases) -> None:
    world, officer = cases.world, await cases.officer()
    older, younger = await world.provider(Care(ages=(12, 17))), await world.provider(Care(ages=(0, 11)))
    member, gains = await cases.member(older), await cases.member(younger)
    id = await cases.sent(officer)
    thread = await cases.thread(id, older)
    say: dict[str, Any] = {"threadId": thread, "input": {"body": "Which school?"}}
    await cases.act(officer, "messageSend", **say)
    lost = (await listed(cases, member))["notifications"]["nodes"]
    assert len(lost) == 2
    (child,) = (await cases.seen(officer, "Referral", id))["children"]
    await cases.resent(officer, id, children=[{"id": child["id"], "dateOfBirth": "2018-05-14"}])
    empty = await listed(cases, member)
    assert (empty["unreadNotifications"], empty["notifications"]["totalCount"]) == (0, 0)
    for each in lost:
        answer = await world.gql(member, READ, id=each["id"])
        assert answer["notificationRead"] == {"unread": None, "problems": [{"code": "NOT_FOUND"}]}
    assert await cases.told(gains) == ["REFERRAL_RECEIVED"]
    await cases.resent(officer, id, children=[{"id": child["id"], "dateOfBirth": "2012-05-14"}])
    (again,) = (await listed(cases, member))["notifications"]["nodes"]
    assert (again["kind"], again["id"] in {each["id"] for each in lost}) == ("REFERRAL_RECEIVED", False)
    assert (await cases.seen(member, "Thread", thread))["unread"] == 1


# S-119
async def test_the_list_pages_stand_still_while_new_ones_come(cases: Cases) -> None:
    firm, officer = await cases.world.provider(), await cases.officer()
    member = await cases.member(firm)
    for _ in range(4):
        await cases.sent(officer)
    whole = [each["id"] for each in (await listed(cases, member))["notifications"]["nodes"]]
    first = (await listed(cases, member, first=2))["notifications"]
    await cases.sent(officer)
    second = (await listed(cases, member, first=2, after=first["pageInfo"]["endCursor"]))["notifications"]
    assert [each["id"] for each in (*first["nodes"], *second["nodes"])] == whole
    assert (second["totalCount"], second["pageInfo"]["hasNextPage"]) == (5, False)
    await cases.world.gql(member, READ, id=whole[1])
    unread = await listed(cases, member, unread=True)
    assert unread["unreadNotifications"] == unread["notifications"]["totalCount"] == 4
    assert whole[1] not in {each["id"] for each in unread["notifications"]["nodes"]}


# S-119
@pytest.mark.parametrize("which", ["of an older life", "of a colleague", "beyond the head", "of the list", ""])
async def test_a_cursor_that_is_not_of_this_log_marks_nothing(cases: Cases, which: str) -> None:
    firm, officer = await cases.world.provider(), await cases.officer()
    member, colleague = await cases.member(firm), await cases.member(firm)
    await cases.sent(officer)
    (row,) = await cases.world.sql("SELECT epoch FROM portal_epoch")
    page = (await listed(cases, member))["notifications"]["pageInfo"]["endCursor"]
    (inbox,) = await cases.world.sql("SELECT head FROM inbox WHERE person_id = $1", member.person_id)
    cursors = {
        "of an older life": str(Cursor(numbering("older", member.person_id), 1)),
        "of a colleague": str(Cursor(numbering(row["epoch"], colleague.person_id), 1)),
        "beyond the head": str(Cursor(numbering(row["epoch"], member.person_id), inbox["head"] + 1)),
        "of the list": page,
    }
    kept = await cases.everything_kept()
    answer = (await cases.world.gql(member, READ_ALL, to=cursors.get(which, which)))["notificationsRead"]
    (problem,) = answer["problems"]
    assert (answer["unread"], problem["code"], problem["path"]) == (None, "INVALID_INPUT", ["upTo"])
    assert ("anew" in problem["message"], "your own" in problem["message"]) == (
        which == "of an older life", which == "of a colleague",
    )  # fmt: skip
    assert await cases.everything_kept() == kept
    good = str(Cursor(numbering(row["epoch"], member.person_id), inbox["head"]))
    assert (await cases.world.gql(member, READ_ALL, to=good))["notificationsRead"] == {"unread": 0, "problems": []}
    assert (await listed(cases, colleague))["unreadNotifications"] == 1


# S-069, S-070
async def test_reading_a_conversation_clears_its_own_notifications_and_no_others(cases: Cases) -> None:
    firm, officer = await cases.world.provider(), await cases.officer()
    member, colleague = await cases.member(firm), await cases.member(firm)
    threads = [await cases.thread(await cases.sent(officer), firm) for _ in range(2)]
    for thread in (*threads, *threads):
        await cases.act(officer, "messageSend", threadId=thread, input={"body": "Hello"})
    await cases.act(member, "threadRead", id=threads[0], upTo=1)
    unread = (await listed(cases, member, unread=True))["notifications"]["nodes"]
    assert [(each["kind"], each["subjectId"]) for each in unread[:3]] == [
        ("MESSAGE_RECEIVED", threads[1]), ("MESSAGE_RECEIVED", threads[0]), ("MESSAGE_RECEIVED", threads[1]),
    ]  # fmt: skip
    assert len(unread) == 5
    assert (await listed(cases, colleague))["unreadNotifications"] == 6
    await cases.world.gql(member, READ, id=unread[1]["id"])
    assert (await cases.seen(member, "Thread", threads[0]))["unread"] == 1
    heard = await cases.world.count("inbox_entry", "person_id = $1", member.person_id)
    await cases.act(member, "threadRead", id=threads[0], upTo=1)
    await cases.world.gql(member, READ, id=unread[1]["id"])
    assert await cases.world.count("inbox_entry", "person_id = $1", member.person_id) == heard
