"""Lists of referrals for both sides: filters, orders, deadlines, and what pages promise."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest

from models.lifecycle import Role, Side
from models.person import Viewer
from resolvers.arguments import Arguments
from resolvers.read import DIALECT, Me
from resolvers.referral import inbox
from resolvers.referral_filter import ReferralFilter
from tests.cases import FEES, IDENTITY, Cases, born
from tests.world import Care, World

LIST = """query ($filter: ReferralFilter, $orderBy: ReferralOrder! = NEWEST, $first: Int! = 50, $after: String) {
  referrals(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    totalCount nodes { id } pageInfo { endCursor hasNextPage } } }"""
DUE = "due workingDaysLeft deadlineOnADayOff"


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def listed(cases: Cases, who: Viewer, order: str = "NEWEST", **wanted: Any) -> list[str]:
    answer = await cases.world.gql(who, LIST, filter=wanted or None, orderBy=order)
    assert answer["referrals"]["totalCount"] == len(answer["referrals"]["nodes"])
    return [node["id"] for node in answer["referrals"]["nodes"]]


async def test_both_sides_filter_by_what_they_see(cases: Cases) -> None:
    world, officer = cases.world, await cases.officer()
    other = await cases.officer("Solihull")
    firm = await world.provider()
    member = await cases.member(firm)
    one = await cases.sent(officer, urgency="EMERGENCY")
    cases.world.clock.goes_on(minutes=1)
    two = await cases.sent(other)
    cases.world.clock.goes_on(minutes=1)
    three = await cases.sent(officer)
    cases.world.clock.goes_on(minutes=1)
    draft = await cases.drafted(officer)
    assert await listed(cases, member) == [three, two, one]
    assert await listed(cases, officer) == [draft, three, one]
    authorities = [str(who.organisation_id) for who in (officer, other)]
    assert await listed(cases, member, authorityId=authorities[1:]) == [two]
    assert await listed(cases, member, authorityId=authorities, urgency=["EMERGENCY"]) == [one]
    assert await listed(cases, officer, authorityId=authorities[1:]) == []
    await cases.on_referral(officer, "referralClose", three, reason="WITHDRAWN")
    assert await listed(cases, member, status=["SENT"]) == [two, one]
    assert await listed(cases, officer, status=["CLOSED", "DRAFT"]) == [draft, three]
    assert await listed(cases, member, category=["FOSTERING"]) == []


async def test_a_list_is_filtered_by_how_it_was_dealt_with_and_never_by_drafts_of_offers(cases: Cases) -> None:
    """S-029, S-030"""
    officer, firm = await cases.officer(), await cases.world.provider()
    rival = await cases.member(await cases.world.provider())
    member, colleague = await cases.member(firm), await cases.member(firm)
    id = await cases.sent(officer)
    assert await listed(cases, colleague, delivery=["NEW"]) == [id]
    await cases.act(member, "referralOpen", id=id)
    assert await listed(cases, colleague, delivery=["NEW"]) == []
    assert await listed(cases, rival, delivery=["OPENED", "DECLINED", "OFFERED"]) == []
    await cases.offered(member, id, {"homeId": str(firm.homes[0])})
    assert await listed(cases, colleague, delivery=["OFFERED"]) == [id]
    assert await listed(cases, officer, delivery=["OFFERED"]) == []
    assert await listed(cases, officer, delivery=["OPENED"]) == await listed(cases, officer, delivery=["NEW"]) == [id]


async def test_a_newer_revision_than_the_one_read_can_be_asked_for(cases: Cases) -> None:  # S-059
    officer, firm = await cases.officer(), await cases.world.provider()
    member, late = await cases.member(firm), await cases.member(await cases.world.provider())
    id = await cases.sent(officer)
    await cases.act(member, "referralDecline", id=id, revision=1)
    assert await listed(cases, member, changedSinceOpened=True) == []
    await cases.edited(officer, id, needs="Something else.")
    assert await listed(cases, member, changedSinceOpened=True) == []
    assert await listed(cases, member, revisionAtLeast=2) == await listed(cases, officer, revisionAtLeast=2) == []
    await cases.resent(officer, id)
    assert await listed(cases, member, changedSinceOpened=True) == [id]
    assert await listed(cases, member, revisionAtLeast=2) == await listed(cases, officer, revisionAtLeast=2) == [id]
    assert await listed(cases, late, changedSinceOpened=True) == await listed(cases, officer, changedSinceOpened=True)
    assert await listed(cases, late, changedSinceOpened=False) == [id]
    await cases.act(member, "referralOpen", id=id)
    assert await listed(cases, member, changedSinceOpened=True) == []
    offer = await cases.offered(member, id, {"homeId": str(firm.homes[0])})
    await cases.resent(officer, id, needs="Something else again.")
    assert await listed(cases, member, changedSinceOpened=True) == [id]
    await cases.on_offer(member, "offerUpdate", offer, input={"fees": FEES})  # it answers what was sent last
    assert await listed(cases, member, changedSinceOpened=True) == []


async def test_unread_is_the_readers_own(cases: Cases) -> None:  # S-069, S-070
    officer, firm = await cases.officer(), await cases.world.provider()
    member, colleague = await cases.member(firm), await cases.member(firm)
    rival = await cases.member(await cases.world.provider())
    id, quiet = await cases.sent(officer), await cases.sent(officer)
    thread = await cases.thread(id, firm)
    await cases.act(officer, "messageSend", threadId=thread, input={"body": "Which school?"})
    for who in (member, colleague):
        assert (await listed(cases, who, unread=True), await listed(cases, who, unread=False)) == ([id], [quiet])
    for who in (officer, rival):
        assert await listed(cases, who, unread=True) == []
    await cases.act(member, "threadRead", id=thread, upTo=1)
    assert (await listed(cases, member, unread=True), await listed(cases, colleague, unread=True)) == ([], [id])


# ── searching ────────────────────────────────────────────────────────────────
async def test_a_child_is_found_by_name_by_its_own_authority_alone(cases: Cases) -> None:  # S-053
    officer, stranger = await cases.officer(), await cases.officer("Solihull")
    firm = await cases.world.provider()
    member = await cases.member(firm)
    id = await cases.sent(officer)
    await cases.sent(
        officer, children=[born("2012-01-01", givenNames="Ada", familyName="%", knownAs=None, caseNumber="77")]
    )
    (row,) = await cases.world.sql("SELECT reference FROM referral WHERE id = $1", UUID(id))
    reference = row["reference"]
    names = ("quill", "ZEBEDEE Quillf", "zebby", "case-77")
    for found in names:
        assert await listed(cases, officer, search=found) == [id]
        assert await listed(cases, member, search=found) == await listed(cases, stranger, search=found) == []
    for who in (officer, member):
        assert await listed(cases, who, search=reference[:-1].lower()) == await listed(cases, who, search=reference)
        assert await listed(cases, who, search=reference) == [id]
        assert await listed(cases, who, search=reference[1:]) == []
    assert len(await listed(cases, officer, search="%")) == 1
    for secret in IDENTITY.values():
        assert await listed(cases, member, search=secret) == []


def test_a_providers_search_asks_nothing_of_children_at_all() -> None:  # S-053
    wanted = {"filter": ReferralFilter(search="Zebedee")}
    asked = {
        side: str(inbox(Me(side, frozenset({role})), **Arguments(wanted).bound()).rows.compile(dialect=DIALECT))
        for side, role in ((Side.PROVIDER, Role.MEMBER), (Side.LOCAL_AUTHORITY, Role.PLACEMENT_OFFICER))
    }
    assert "FROM child" in asked[Side.LOCAL_AUTHORITY]
    assert "child" not in asked[Side.PROVIDER]
    assert "content" not in asked[Side.PROVIDER].partition("WHERE")[2]


# ── orders and pages ─────────────────────────────────────────────────────────
async def paged(cases: Cases, who: Viewer, order: str, between: Any = None) -> list[str]:
    """The list page by page, one row each, with something done after the first page."""
    seen, after = list[str](), None
    while True:
        page = (await cases.world.gql(who, LIST, orderBy=order, first=1, after=after))["referrals"]
        seen += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return seen
        if between:
            await between()
            between = None


async def test_what_has_no_day_or_deadline_comes_last(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    days: list[tuple[str | None, str | None]] = [
        (None, "2026-06-17T12:00:00Z"), ("2026-07-01", None), ("2026-06-20", "2026-06-16T12:00:00Z"), (None, None),
    ]  # fmt: skip
    made = []
    for day, deadline in days:  # only an emergency is sent without a day
        urgency = "PLANNED" if day else "EMERGENCY"
        made.append(await cases.sent(officer, dateRequired=day, responseDeadline=deadline, urgency=urgency))
    for who in (officer, member):
        needed, due = await listed(cases, who, "NEEDED_SOONEST"), await listed(cases, who, "DEADLINE")
        assert needed == [made[2], made[1], *sorted((made[0], made[3]))]
        assert due == [made[2], made[0], *sorted((made[1], made[3]))]
        assert await paged(cases, who, "NEEDED_SOONEST") == needed
        assert await paged(cases, who, "DEADLINE") == due


@pytest.mark.parametrize("order", ["NEWEST", "NEEDED_SOONEST", "DEADLINE", "CHANGED"])
async def test_no_row_is_repeated_or_missed_while_rows_change(cases: Cases, order: str) -> None:
    """Edits, sendings, openings and new rows move nothing that was there, but for those who ask for what changed."""
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    made = []
    for _ in range(4):
        made.append(await cases.sent(officer, responseDeadline="2026-06-17T12:00:00Z"))
        cases.world.clock.goes_on(minutes=1)
    before = {who.person_id: await listed(cases, who, order) for who in (officer, member)}

    async def much() -> None:
        cases.world.clock.goes_on(minutes=1)
        for id in made:
            await cases.edited(officer, id, needs="Other needs.")
        await cases.act(member, "referralOpen", id=made[1])
        await cases.on_referral(officer, "referralClose", made[2], reason="WITHDRAWN")

    async def less() -> None:
        cases.world.clock.goes_on(minutes=1)
        await cases.act(member, "referralOpen", id=made[0])
        await cases.edited(officer, made[1], needs="Yet others.")

    seen = await paged(cases, officer, order, much)
    if order == "CHANGED":  # what has changed comes again at the end
        assert (seen[0], sorted(seen[1:])) == (made[0], sorted(made))
    else:
        assert seen == before[officer.person_id]
    assert await paged(cases, member, order, less) == before[member.person_id]


# ── deadlines ────────────────────────────────────────────────────────────────
DAYS = [
    # the time in London, the deadline, when it is due, working days left, on a day off
    ("2026-06-15T08:00:00+01:00", "2026-06-15T17:00:00+01:00", "TODAY", 0, False),
    ("2026-06-15T23:59:59+01:00", "2026-06-15T17:00:00+01:00", "TODAY", 0, False),
    ("2026-06-16T00:00:00+01:00", "2026-06-15T17:00:00+01:00", "OVERDUE", -1, False),
    ("2026-06-15T08:00:00+01:00", "2026-06-16T00:00:00+01:00", "NEXT_WORKING_DAY", 1, False),
    ("2026-06-15T08:00:00+01:00", "2026-06-15T23:59:59+01:00", "TODAY", 0, False),
    ("2026-06-15T08:00:00+01:00", "2026-06-22T12:00:00+01:00", "WITHIN_A_WEEK", 5, False),
    ("2026-06-15T08:00:00+01:00", "2026-06-23T12:00:00+01:00", "LATER", 6, False),
    ("2026-06-19T08:00:00+01:00", "2026-06-20T12:00:00+01:00", "TODAY", 0, True),  # Friday, for Saturday
    ("2026-06-19T08:00:00+01:00", "2026-06-22T12:00:00+01:00", "NEXT_WORKING_DAY", 1, False),
    ("2026-06-20T08:00:00+01:00", "2026-06-19T12:00:00+01:00", "OVERDUE", -1, False),
    ("2026-06-22T08:00:00+01:00", "2026-06-19T12:00:00+01:00", "OVERDUE", -1, False),
    ("2026-06-23T08:00:00+01:00", "2026-06-19T12:00:00+01:00", "OVERDUE", -2, False),
    ("2026-08-28T08:00:00+01:00", "2026-08-31T12:00:00+01:00", "TODAY", 0, True),  # a bank holiday after a weekend
    ("2026-08-28T08:00:00+01:00", "2026-09-01T12:00:00+01:00", "NEXT_WORKING_DAY", 1, False),
    ("2026-12-23T08:00:00+00:00", "2026-12-30T12:00:00+00:00", "WITHIN_A_WEEK", 3, False),
    ("2026-12-31T08:00:00+00:00", "2026-12-24T12:00:00+00:00", "OVERDUE", -3, False),
]


async def test_deadlines_are_told_in_working_days_to_both_sides_alike(cases: Cases) -> None:  # S-048
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    id = await cases.sent(officer)
    for now, deadline, due, left, off in DAYS:
        cases.world.clock.now = datetime.fromisoformat(now)
        for table in ("referral", "delivery"):
            await cases.world.sql(f"UPDATE {table} SET response_deadline = $1", datetime.fromisoformat(deadline))
        readers = [await cases.world.person(who.organisation_id, *who.roles) for who in (officer, member)]
        for reader in readers:
            seen = await cases.seen(reader, "Referral", id, DUE)
            assert seen == {"due": due, "workingDaysLeft": left, "deadlineOnADayOff": off}, (now, deadline)
            counts = await pending(cases, reader)
            assert counts == {"dueToday": due == "TODAY", "overdue": due == "OVERDUE"}, (now, deadline)
            assert await listed(cases, reader, due=[due]) == [id]
            assert await listed(cases, reader, due=[other for other in DUES if other != due]) == []
    assert (await cases.delivery(id, firm) or {})["status"] == "NEW"


DUES = ("OVERDUE", "TODAY", "NEXT_WORKING_DAY", "WITHIN_A_WEEK", "LATER", "NONE")


async def pending(cases: Cases, who: Viewer) -> dict[str, int]:
    return dict((await cases.world.gql(who, "{ viewer { pending { dueToday overdue } } }"))["viewer"]["pending"])


async def test_a_worklist_holds_what_still_waits_for_an_answer(cases: Cases) -> None:  # S-048, S-052
    world, officer = cases.world, await cases.officer()
    firms = [await world.provider() for _ in range(3)]
    accepted, declines, waits = [await cases.member(firm) for firm in firms]
    await cases.papers(firms[0])
    id = await cases.sent(officer, responseDeadline="2026-06-15T16:00:00Z")
    other = await cases.sent(await cases.officer("Solihull"), responseDeadline="2026-06-15T16:00:00Z")
    await cases.sent(officer)
    assert await pending(cases, officer) == {"dueToday": 1, "overdue": 0}
    for who in (accepted, declines, waits):
        assert await pending(cases, who) == {"dueToday": 2, "overdue": 0}
    await cases.act(declines, "referralDecline", id=id, revision=1)
    offer = await cases.submitted(accepted, id, {"homeId": str(firms[0].homes[0])})
    assert [(await pending(cases, who))["dueToday"] for who in (accepted, declines, waits)] == [1, 1, 2]
    world.clock.goes_on(days=1)
    assert [(await pending(cases, who))["overdue"] for who in (accepted, declines, waits)] == [1, 1, 2]
    await cases.accepted(officer, offer)
    assert (await cases.seen(officer, "Referral", id, DUE))["due"] == "NONE"
    assert await pending(cases, officer) == {"dueToday": 0, "overdue": 0}
    assert [(await pending(cases, who))["overdue"] for who in (accepted, declines, waits)] == [1, 1, 1]
    await cases.on_offer(officer, "offerVoid", offer, reason="The family withdrew.")
    assert (await pending(cases, waits))["overdue"] == 2
    assert set(await listed(cases, waits, due=["OVERDUE"], delivery=["NEW"])) == {other, id}


async def test_a_new_deadline_is_a_providers_when_it_is_sent(cases: Cases) -> None:  # S-060
    officer, firm = await cases.officer(), await cases.world.provider(Care())
    member = await cases.member(firm)
    id = await cases.sent(officer, responseDeadline="2026-06-15T16:00:00Z", dateRequired="2026-06-20")
    await cases.edited(officer, id, responseDeadline="2026-06-24T16:00:00Z", dateRequired="2026-06-29")
    assert await pending(cases, member) == {"dueToday": 1, "overdue": 0}
    await cases.resent(officer, id)
    assert await pending(cases, member) == {"dueToday": 0, "overdue": 0}
    assert await listed(cases, member, due=["LATER"]) == [id]
    row = await cases.delivery(id, firm) or {}
    assert (row["date_required"], row["searching"]) == (date(2026, 6, 29), True)
