"""Referrals as they reach providers: opening, declining, resending, closing."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from models.lifecycle import Role
from models.person import Viewer
from models.provider import Category
from tests.cases import REFERRAL, Cases, born
from tests.world import Care, World

AT_NINE = "2026-06-15T09:00:00.000Z"


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


# ── opening ──────────────────────────────────────────────────────────────────
async def test_the_first_opening_is_recorded_and_kept(cases: Cases) -> None:  # S-029, S-054
    officer, firm = await cases.officer(), await cases.world.provider()
    first, second = await cases.member(firm), await cases.member(firm)
    id = await cases.sent(officer)
    await cases.act(first, "referralOpen", id=id)
    opened = await cases.delivery(id, firm)
    cases.world.clock.goes_on(hours=1)
    await cases.act(second, "referralOpen", id=id)
    assert await cases.delivery(id, firm) == opened
    (own,) = (await cases.seen(second, "Referral", id))["deliveries"]
    (theirs,) = (await cases.seen(officer, "Referral", id))["deliveries"]
    assert (own["status"], own["firstOpenedBy"], own["handler"]) == ("OPENED", first.name, first.name)
    assert (theirs["status"], theirs["firstOpenedAt"], theirs["handler"]) == ("OPENED", AT_NINE, None)
    seen_by_authority = "kind = 'referral.open' AND la_id IS NOT NULL"
    assert await cases.world.count("event", seen_by_authority) == 1
    assert await cases.told(officer) == []


async def test_nobody_opens_what_did_not_reach_them(cases: Cases) -> None:  # S-030
    officer, firm = await cases.officer(), await cases.world.provider()
    other = await cases.member(await cases.world.provider(Care(Category.FOSTERING)))
    id = await cases.sent(officer)
    for unseen in (id, str(uuid4())):
        given = {"id": unseen}
        assert await cases.problems(other, "referralOpen", **given) == await cases.problems(
            other, "referralOpen", id=str(uuid4())
        )
        assert await cases.refused(other, "referralDecline", id=unseen, revision=1) == ["NOT_FOUND"]
        for who in (officer, await cases.member(firm, Role.SIGNATORY)):
            assert await cases.refused(who, "referralOpen", id=unseen) == ["FORBIDDEN"]
            assert await cases.refused(who, "referralDecline", id=unseen, revision=1) == ["FORBIDDEN"]
            assert await cases.refused(who, "referralUndoDecline", id=unseen) == ["FORBIDDEN"]


# ── declining ────────────────────────────────────────────────────────────────
async def test_a_decline_is_seen_by_colleagues_and_can_be_taken_back(cases: Cases) -> None:  # S-057
    officer, firm = await cases.officer(), await cases.world.provider()
    member, colleague = await cases.member(firm), await cases.member(firm)
    id = await cases.sent(officer)
    await cases.act(member, "referralDecline", id=id, revision=1, reason="LOCATION", note="Too far")
    (own,) = (await cases.seen(colleague, "Referral", id))["deliveries"]
    assert (own["status"], own["declineReason"], own["declineNote"]) == ("DECLINED", "LOCATION", "Too far")
    (wrong,) = await cases.problems(member, "referralDecline", id=id, revision=1)
    assert (wrong["code"], wrong["state"]) == ("WRONG_STATE", "DECLINED")
    await cases.act(colleague, "referralUndoDecline", id=id)
    (own,) = (await cases.seen(member, "Referral", id))["deliveries"]
    assert (own["status"], own["declinedAt"], own["declineNote"]) == ("OPENED", None, None)
    assert await cases.refused(member, "referralUndoDecline", id=id) == ["WRONG_STATE"]


async def test_the_same_key_declines_once(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    member, key = await cases.member(firm), str(uuid4())
    id = await cases.sent(officer)
    given: dict[str, Any] = {"id": id, "revision": 1, "idempotencyKey": key}
    first = await cases.act(member, "referralDecline", "id deliveries { status }", **given)
    assert await cases.act(member, "referralDecline", "id deliveries { status }", **given) == first
    assert await cases.refused(member, "referralDecline", **given, note="x") == ["IDEMPOTENCY_KEY_REUSED"]
    assert await cases.world.count("event", "kind = 'referral.decline'") == 1


async def test_only_the_newest_revision_is_declined(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    id = await cases.sent(officer)
    await cases.resent(officer, id, needs="Something else.")
    (stale,) = await cases.problems(member, "referralDecline", id=id, revision=1)
    assert (stale["code"], stale["currentVersion"]) == ("STALE_VERSION", 2)
    for none in (0, -1, 3):
        (wrong,) = await cases.problems(member, "referralDecline", id=id, revision=none)
        assert (wrong["code"], wrong["path"]) == ("INVALID_INPUT", ["revision"])


# ── resending ────────────────────────────────────────────────────────────────
async def test_an_unchanged_resend_reminds_all_but_decliners(cases: Cases) -> None:  # S-058
    officer = await cases.officer()
    declines, waits = await cases.world.provider(), await cases.world.provider()
    decliner, waiter = await cases.member(declines), await cases.member(waits)
    id = await cases.sent(officer, children=[born("2012-06-20")])  # a month older in ten days
    await cases.act(decliner, "referralDecline", id=id, revision=1)
    before = await cases.bytes_seen(decliner, id), await cases.delivery(id, declines), await cases.delivery(id, waits)
    cases.world.clock.goes_on(days=10)
    await cases.resent(officer, id)
    after = await cases.bytes_seen(decliner, id), await cases.delivery(id, declines), await cases.delivery(id, waits)
    assert before == after
    assert await cases.told(decliner) == ["REFERRAL_RECEIVED"]
    assert await cases.told(waiter) == ["REFERRAL_RECEIVED", "REFERRAL_REMINDED"]
    assert (await cases.seen(waiter, "Referral", id))["revision"] == 1
    assert await cases.world.count("referral_revision") == 1


async def test_an_edit_alone_is_seen_by_no_provider(cases: Cases) -> None:  # S-059, S-060
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    form, other = await cases.paper(officer), await cases.paper(officer, "other.pdf")
    id = await cases.drafted(officer)
    await cases.on_referral(officer, "referralAttach", id, documentId=form, identifiesChild=False)
    await cases.on_referral(officer, "referralSend", id)
    since = '{ referrals(filter: {updatedSince: "2026-06-15T09:30:00Z"}) { totalCount } }'
    told = "person_id = $1", member.person_id
    before = await cases.bytes_seen(member, id), await cases.world.count("inbox_entry", *told)
    assert b"form.pdf" in before[0]
    cases.world.clock.goes_on(hours=1)
    await cases.edited(officer, id, needs="Other needs", category="FOSTERING", children=[born("2020-01-01")])
    (held,) = (await cases.seen(officer, "Referral", id))["documents"]
    await cases.on_referral(officer, "referralDetach", id, documentId=held["id"])
    await cases.on_referral(officer, "referralAttach", id, documentId=other, identifiesChild=False)
    assert (await cases.bytes_seen(member, id), await cases.world.count("inbox_entry", *told)) == before
    assert await cases.world.gql(member, since) == {"referrals": {"totalCount": 0}}
    (mine,) = (await cases.seen(officer, "Referral", id))["documents"]
    assert mine["name"] == "other.pdf"


async def test_edited_and_resent_is_new_for_decliners(cases: Cases) -> None:  # S-059
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    form, other = await cases.paper(officer), await cases.paper(officer, "other.pdf")
    id = await cases.drafted(officer)
    await cases.on_referral(officer, "referralAttach", id, documentId=form, identifiesChild=False)
    await cases.on_referral(officer, "referralSend", id)
    await cases.act(member, "referralDecline", id=id, revision=1, note="Full")
    (held,) = (await cases.seen(officer, "Referral", id))["documents"]
    await cases.on_referral(officer, "referralDetach", id, documentId=held["id"])
    await cases.on_referral(officer, "referralAttach", id, documentId=other, identifiesChild=False)
    await cases.on_referral(officer, "referralAttach", id, documentId=form, identifiesChild=True)
    await cases.resent(officer, id)
    view = await cases.seen(member, "Referral", id)
    (own,) = view["deliveries"]
    assert (view["revision"], view["version"], own["status"], own["revision"]) == (2, 2, "NEW", 2)
    assert own["declinedAt"] is None
    assert own["declineNote"] is None
    assert [document["name"] for document in view["documents"]] == ["other.pdf"]
    assert await cases.told(member) == ["REFERRAL_RECEIVED", "REFERRAL_UPDATED"]


@pytest.mark.parametrize("there", [{"needs": "Else"}, {"moveOn": "Soon"}, {"children": [{"givenNames": "Zane"}]}])
async def test_edited_and_reverted_is_unchanged(cases: Cases, there: dict[str, Any]) -> None:  # S-059
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    id = await cases.sent(officer)
    (child,) = (await cases.seen(officer, "Referral", id))["children"]
    if "children" in there:  # a name is not seen by providers, so it needs no way back
        await cases.edited(officer, id, children=[{"id": child["id"], **there["children"][0]}])
    else:
        await cases.edited(officer, id, **there)
        await cases.edited(officer, id, **{name: REFERRAL.get(name) for name in there})
    await cases.resent(officer, id)
    assert (await cases.seen(member, "Referral", id))["revision"] == 1
    assert await cases.told(member) == ["REFERRAL_RECEIVED", "REFERRAL_REMINDED"]


async def test_a_resend_finds_new_matches_and_leaves_old_ones_unless_they_offer(cases: Cases) -> None:  # S-060
    world, officer = cases.world, await cases.officer()
    older, younger = await world.provider(Care(ages=(12, 17))), await world.provider(Care(ages=(0, 11)))
    offers = await world.provider(Care(ages=(12, 17)))
    leaves, comes, keeps = await cases.member(older), await cases.member(younger), await cases.member(offers)
    id = await cases.sent(officer)
    thread = await cases.thread(id, older)
    message: dict[str, Any] = {"threadId": thread, "input": {"body": "Which school?"}}
    await cases.act(leaves, "messageSend", **message)
    await cases.papers(offers)
    offer = await cases.submitted(keeps, id, {"homeId": str(offers.homes[0])})
    assert await cases.seen(comes, "Referral", id) is None
    (child,) = (await cases.seen(officer, "Referral", id))["children"]
    await cases.resent(officer, id, children=[{"id": child["id"], "dateOfBirth": "2018-05-14"}])
    assert await cases.seen(leaves, "Referral", id) is None
    assert await cases.seen(leaves, "Thread", thread) is None
    assert await cases.refused(leaves, "messageSend", **message) == ["NOT_FOUND"]
    assert await cases.refused(leaves, "referralOpen", id=id) == ["NOT_FOUND"]
    given = {"placement": {"homeId": str(older.homes[0])}, "fees": [{"coreFeeWeekly": "1.00"}]}
    assert await cases.refused(leaves, "offerCreate", referralId=id, input=given) == ["NOT_FOUND"]
    assert (await cases.seen(comes, "Referral", id))["deliveries"][0]["status"] == "NEW"
    kept = await cases.seen(keeps, "Referral", id)
    assert (kept["deliveries"][0]["status"], kept["deliveries"][0]["revision"]) == ("OFFERED", 2)
    assert kept["offers"][0]["id"] == offer
    assert kept["summary"]["children"][0]["ageYears"] == 8
    assert await cases.told(comes) == ["REFERRAL_RECEIVED"]
    assert await cases.told(leaves) == ["REFERRAL_RECEIVED"]
    assert await cases.told(keeps) == ["REFERRAL_RECEIVED", "REFERRAL_UPDATED"]
    await cases.resent(officer, id, children=[{"id": child["id"], "dateOfBirth": "2012-05-14"}])
    assert (await cases.seen(leaves, "Referral", id))["revision"] == 3
    assert await cases.told(leaves) == ["REFERRAL_RECEIVED", "REFERRAL_RECEIVED"]
    assert (await cases.seen(leaves, "Thread", thread))["head"] == 1


async def test_a_draft_keeps_no_place_and_shows_itself_in_no_state(cases: Cases) -> None:  # S-059, S-060
    officer, firms = await cases.officer(), [await cases.world.provider() for _ in range(2)]
    drafter, reader = [await cases.member(firm) for firm in firms]
    id = await cases.sent(officer)
    for who in (drafter, reader):
        await cases.act(who, "referralOpen", id=id)
    await cases.offered(drafter, id, {"homeId": str(firms[0].homes[0])})
    (mine,) = (await cases.seen(drafter, "Referral", id))["deliveries"]
    assert (mine["status"], mine["can"]) == ("OFFERED", ["OPEN", "TAKE_ON"])
    assert await cases.refused(drafter, "referralDecline", id=id, revision=1) == ["WRONG_STATE"]
    assert await states(cases, officer, id) == ["OPENED", "OPENED"]
    await cases.resent(officer, id, needs="A garden as well.")
    assert await states(cases, officer, id) == ["NEW", "NEW"]
    (child,) = (await cases.seen(officer, "Referral", id))["children"]
    young = {"id": child["id"], "dateOfBirth": "2024-05-14"}
    await cases.on_referral(officer, "referralUpdate", id, input={"children": [young]})
    await cases.on_referral(officer, "referralResend", id, acknowledgeNoMatch=True)
    assert [await cases.seen(who, "Referral", id) for who in (drafter, reader)] == [None, None]


async def states(cases: Cases, officer: Viewer, id: str) -> list[str]:
    return [each["status"] for each in (await cases.seen(officer, "Referral", id))["deliveries"]]


# ── closing ──────────────────────────────────────────────────────────────────
async def test_closing_ends_live_offers_and_tells(cases: Cases) -> None:
    world, officer = cases.world, await cases.officer()
    firms = [await world.provider() for _ in range(4)]
    drafter, submitter, decliner, waiter = [await cases.member(firm) for firm in firms]
    await cases.papers(firms[1])
    id = await cases.sent(officer)
    draft = await cases.offered(drafter, id, {"homeId": str(firms[0].homes[0])})
    offer = await cases.submitted(submitter, id, {"homeId": str(firms[1].homes[0])})
    await cases.act(decliner, "referralDecline", id=id, revision=1)
    version = await cases.version(id)
    given: dict[str, Any] = {"id": id, "expectedVersion": version, "reason": "OTHER"}
    assert await cases.refused(officer, "referralClose", **given, note=" ") == ["REASON_REQUIRED"]
    await cases.act(officer, "referralClose", **given, note="The family was found.")
    for who, ended in ((drafter, draft), (submitter, offer)):
        shown = await cases.seen(who, "Offer", ended)
        assert (shown["status"], shown["declineReasons"], shown["can"]) == ("DECLINED", ["REFERRAL_CLOSED"], [])
        (own,) = (await cases.seen(who, "Referral", id))["deliveries"]
        assert (own["status"], own["can"]) == ("OPENED", ["OPEN"])
    assert await cases.seen(officer, "Offer", draft) is None
    assert await cases.told(drafter) == await cases.told(waiter) == ["REFERRAL_RECEIVED", "REFERRAL_CLOSED"]
    assert await cases.told(submitter) == ["REFERRAL_RECEIVED", "REFERRAL_CLOSED", "OFFER_DECLINED"]
    assert await cases.told(decliner) == ["REFERRAL_RECEIVED"]
    assert await cases.refused(waiter, "referralDecline", id=id, revision=1) == ["REFERRAL_CLOSED"]
    assert await cases.refused(decliner, "referralUndoDecline", id=id) == ["REFERRAL_CLOSED"]
    assert (await cases.seen(waiter, "Referral", id))["closeNote"] == "The family was found."
    more: dict[str, dict[str, Any]] = {"referralClose": {"reason": "WITHDRAWN"}, "referralUpdate": {"input": {}}}
    for act in ("referralResend", "referralSend", *more):
        extra = more.get(act, {})
        assert await cases.refused(officer, act, id=id, expectedVersion=version + 1, **extra) == ["WRONG_STATE"]


async def test_a_sending_and_a_closing_at_once_follow_each_other(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    id = await cases.sent(officer)
    await cases.edited(officer, id, needs="Else")
    now = {"id": id, "expectedVersion": await cases.version(id)}
    answers = await asyncio.gather(
        cases.answer(officer, "referralResend", "id", now),
        cases.answer(officer, "referralClose", "id", {**now, "reason": "WITHDRAWN"}),
    )
    lost = [problem["code"] for answer in answers for problem in answer["problems"]]
    assert lost in (["STALE_VERSION"], ["WRONG_STATE"])
    assert len(await cases.told(member)) == 2
