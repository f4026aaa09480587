"""Whoever looks at something hears that it changed, whoever did it, and nobody who may not see it (S-028, S-119)."""

from typing import Any
from uuid import uuid4

import pytest

from models.lifecycle import Role
from realtime.cursor import Cursor
from resolvers.context import Shell
from schema import schema
from tests.cases import Cases
from tests.following import stream
from tests.world import Care, World

SHOWN = """__typename ... on Heartbeat { cursor } ... on NotThere { cursor } ... on Withdrawn { cursor after }
  ... on Resync { cursor reason }
  ... on Changed { cursor after unread subjectKind subjectId referralId version fromOthers }"""
LOG = """query ($after: String!, $first: Int!) { log(after: $after, first: $first) { cursor remaining
  resync { cursor reason } entries { cursor after no unread events { __typename
    ... on NotificationAdded { cursor after unread notification { id kind subjectId } }
    ... on MessageAdded { cursor after threadId no isNew messages: unread } ... on ThreadOpened { cursor threadId }
    ... on Changed { cursor after subjectKind subjectId version } ... on Withdrawn { cursor after } } } } }"""


def watching(name: str) -> str:
    return f"subscription ($id: UUID!, $after: String) {{ {name}(id: $id, after: $after) {{ {SHOWN} }} }}"


REFERRAL, OFFER, IPA = (watching(f"{noun}Changed") for noun in ("referral", "offer", "ipa"))
CHANGES = f"subscription ($after: String) {{ changes(after: $after) {{ {SHOWN} }} }}"


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def place(cases: Cases, who: Any) -> str:
    return str((await cases.world.gql(who, "{ cursor }"))["cursor"])


# S-028, S-034
async def test_a_referral_being_looked_at_tells_each_side_what_it_may_know(cases: Cases, live: Shell) -> None:
    officer, reader = await cases.officer(), await cases.officer("Birmingham", Role.READ_ONLY)
    firm = await cases.world.provider()
    member, colleague = await cases.member(firm), await cases.member(firm)
    id = await cases.sent(officer)
    heard = {who.name + str(n): stream(cases.world, who, REFERRAL, id=id) for n, who in enumerate((reader, colleague))}
    at_authority, at_provider = heard.values()
    begun = [await anext(each) for each in heard.values()]
    assert [each["__typename"] for each in begun] == ["Heartbeat"] * 2
    await cases.edited(officer, id, needs="Calm.")
    edited = await anext(at_authority)
    assert edited["after"] == begun[0]["cursor"]
    assert (edited["subjectKind"], edited["subjectId"], edited["fromOthers"]) == ("REFERRAL", id, False)
    assert edited["version"] == await cases.version(id)
    await cases.act(member, "referralOpen", id=id)
    opened, theirs = await anext(at_authority), await anext(at_provider)
    assert (opened["version"], opened["fromOthers"], opened["after"]) == (None, True, edited["cursor"])
    assert theirs["after"] == begun[1]["cursor"], "of the edit the provider is told nothing"
    assert (theirs["version"], theirs["fromOthers"]) == (None, False)
    for each in heard.values():
        await each.aclose()


# S-071
@pytest.mark.parametrize("document", [REFERRAL, OFFER, IPA])
async def test_what_is_not_there_and_what_may_not_be_seen_are_one_answer(
    cases: Cases, live: Shell, document: str
) -> None:
    officer = await cases.officer()
    await cases.world.provider()
    stranger = await cases.member(await cases.world.provider(Care(ages=(0, 2))))
    id = await cases.sent(officer)
    for named in (id, str(uuid4())):
        items = [item async for item in stream(cases.world, stranger, document, id=named)]
        assert items == [{"__typename": "NotThere", "cursor": await place(cases, stranger)}]


# S-030, S-031, S-060, S-071
async def test_losing_it_is_a_numbered_tombstone_for_who_had_it_and_nothing_for_who_never_had(
    cases: Cases, live: Shell
) -> None:
    officer = await cases.officer()
    firm = await cases.world.provider(Care(ages=(12, 17)))
    await cases.world.provider(Care(ages=(0, 11)))
    member, signatory = await cases.member(firm), await cases.member(firm, Role.SIGNATORY)
    never = await cases.member(await cases.world.provider(Care(ages=(0, 2))))
    started = {who: await place(cases, who) for who in (member, signatory, never)}
    id = await cases.sent(officer)
    heard = stream(cases.world, member, REFERRAL, id=id)
    begun = await anext(heard)
    (child,) = (await cases.seen(officer, "Referral", id))["children"]
    await cases.resent(officer, id, children=[{"id": child["id"], "dateOfBirth": "2018-05-14"}])
    lost = await anext(heard)
    assert (lost["__typename"], lost["after"]) == ("Withdrawn", begun["cursor"])
    await heard.aclose()
    for who, after, told in (
        (member, begun["cursor"], "Withdrawn"), (member, started[member], "Withdrawn"),
        (member, lost["cursor"], "NotThere"), (member, started[signatory], "NotThere"),
        (signatory, started[signatory], "NotThere"), (never, started[never], "NotThere"),
    ):  # fmt: skip
        (again,) = [item async for item in stream(cases.world, who, REFERRAL, id=id, after=after)]
        assert (again["__typename"], again.get("after")) == (told, after if told == "Withdrawn" else None)
        assert again["cursor"] == (lost["cursor"] if told == "Withdrawn" else await place(cases, who))
    page = (await cases.world.gql(signatory, LOG, after=started[signatory], first=9))["log"]
    assert [entry["events"] for entry in page["entries"]] == [[]], "who only signs learns of no referral"


# S-119
async def test_the_log_asked_for_is_the_log_that_is_streamed(cases: Cases, live: Shell) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    began = await place(cases, member)
    id = await cases.sent(officer)
    thread = await cases.thread(id, firm)
    await cases.act(officer, "messageSend", threadId=thread, input={"body": "Which school?"})
    await cases.act(member, "referralOpen", id=id)
    pages, after = [], began
    for left in (2, 1, 0):
        page = (await cases.world.gql(member, LOG, after=after, first=1))["log"]
        (entry,) = page["entries"]
        assert (entry["after"], page["cursor"], page["remaining"]) == (after, entry["cursor"], left)
        assert page["resync"] is None
        after = page["cursor"]
        pages.append(entry)
    assert (await cases.world.gql(member, LOG, after=began, first=9))["log"]["entries"] == pages
    end = (await cases.world.gql(member, LOG, after=after, first=9))["log"]
    assert end == {"cursor": after, "remaining": 0, "resync": None, "entries": []}
    sent, said, opened = pages
    kinds = [[event["__typename"] for event in entry["events"]] for entry in pages]
    assert kinds == [
        ["NotificationAdded", "ThreadOpened", "Changed"], ["NotificationAdded", "MessageAdded", "Changed"], ["Changed"],
    ]  # fmt: skip
    assert said["events"][1] == {
        "__typename": "MessageAdded", "cursor": said["cursor"], "after": sent["cursor"], "threadId": thread, "no": 1,
        "isNew": True, "messages": 1,
    }  # fmt: skip
    assert opened["events"][0]["subjectId"] == id
    heard = stream(cases.world, member, CHANGES, after=began)
    assert [(await anext(heard))["cursor"] for _ in pages] == [entry["cursor"] for entry in pages]
    await heard.aclose()


# S-070, S-119
async def test_a_log_that_cannot_go_on_says_why_as_data(cases: Cases, live: Shell) -> None:
    member = await cases.member(await cases.world.provider())
    other = await cases.officer()
    mine = await place(cases, member)
    parsed = Cursor.parse(mine)
    assert isinstance(parsed, Cursor)
    asked = {
        "UNREADABLE_CURSOR": "nonsense", "NOT_YOURS": await place(cases, other),
        "EPOCH_CHANGED": str(Cursor("another.life", 1)), "AHEAD_OF_HEAD": str(Cursor(parsed.epoch, parsed.no + 1)),
    }  # fmt: skip
    for reason, after in asked.items():
        page = (await cases.world.gql(member, LOG, after=after, first=5))["log"]
        resync = {"cursor": mine, "reason": reason}
        assert page == {"cursor": mine, "remaining": 0, "resync": resync, "entries": []}


# S-034, S-119
async def test_a_case_system_polls_what_its_authority_sees(cases: Cases, live: Shell) -> None:
    officer, machine = await cases.officer(), await cases.officer("Birmingham", Role.READ_ONLY)
    await cases.world.sql("UPDATE person SET roles = '{MACHINE}' WHERE id = $1", machine.person_id)
    began = await place(cases, machine)
    id = await cases.drafted(officer)
    ((event,),) = [e["events"] for e in (await cases.world.gql(machine, LOG, after=began, first=500))["log"]["entries"]]
    assert (event["__typename"], event["subjectId"], event["version"]) == ("Changed", id, 1)


# S-119
@pytest.mark.parametrize(("first", "sentence"), [(0, "Ask for 1 at least."), (501, "Ask for 500 at most.")])
async def test_the_log_is_asked_for_in_pages_that_there_are(
    cases: Cases, live: Shell, first: int, sentence: str
) -> None:
    officer = await cases.officer()
    given = {"after": await place(cases, officer), "first": first}
    result = await schema.execute(LOG, given, cases.world.context(officer))
    assert result.errors
    (error,) = result.errors
    assert (error.message, error.extensions) == (sentence, {"code": "BAD_REQUEST", "path": ["first"]})
    assert result.data is None
