"""What stands still for the others while one offer is accepted, and what they learn of it."""

from typing import Any

import pytest

from models.document import DocumentKind
from tests.cases import FEES, Cases
from tests.deciding import confirming
from tests.resolvers.test_offer import at
from tests.resolvers.test_offer_rest import NO, Rivals
from tests.world import Firm, World


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def can(rivals: Rivals, number: int) -> list[str]:
    return list((await rivals.cases.seen(rivals.members[number], "Offer", rivals.offers[number]))["can"])


# S-060, S-076, S-099
async def test_a_submitted_offer_stays_as_it_is_until_the_acceptance_is_undone(cases: Cases) -> None:
    rivals = await Rivals.of(cases, 2)
    free, member, own = await can(rivals, 1), rivals.members[1], rivals.offers[1]
    (home,) = await cases.world.sql("SELECT home_id FROM offer WHERE id = $1::uuid", own)
    await cases.papers(Firm(member.organisation_id, "", []), DocumentKind.OTHER)
    (paper,) = await cases.world.sql("SELECT id FROM document WHERE kind = 'OTHER'")
    await cases.accepted(rivals.officer, rivals.offers[0])
    assert await can(rivals, 1) == ["WITHDRAW"]
    assert (await cases.seen(member, "Offer", own))["status"] == "SUBMITTED"
    stands: list[tuple[str, dict[str, Any]]] = [
        ("offerUpdate", {"input": {"placement": {"homeId": str(home["home_id"])}}}),
        ("offerUpdate", {"input": {"fees": [{"coreFeeWeekly": "1.00"}]}}),
        ("offerAttach", {"documentId": str(paper["id"])}),
        ("offerRefreshDocuments", {}),
    ]
    for act, more in stands:
        (problem,) = await cases.problems(member, act, id=own, expectedVersion=2, **more)
        assert problem["code"] == "REFERRAL_ACCEPTED"
    await cases.on_offer(rivals.officer, "offerVoid", rivals.offers[0], reason="The family was found.")
    assert await can(rivals, 1) == free
    await cases.on_offer(member, "offerUpdate", own, input={"fees": [{"coreFeeWeekly": "3900.00"}]})
    await cases.accepted(rivals.officer, own)
    assert (await cases.seen(member, "Offer", own))["coreFeeWeekly"] == "3900.00"


# S-076
async def test_it_can_be_withdrawn_meanwhile(cases: Cases) -> None:
    rivals = await Rivals.of(cases, 2)
    await cases.accepted(rivals.officer, rivals.offers[0])
    await cases.on_offer(rivals.members[1], "offerWithdraw", rivals.offers[1], reason="The place is taken.")
    given: dict[str, Any] = {"referralId": rivals.referral, "input": {"fees": FEES}}
    given["input"]["placement"] = {"homeId": str(await home_of(cases, rivals.offers[1]))}
    assert await cases.refused(rivals.members[1], "offerCreate", **given) == ["REFERRAL_ACCEPTED"]


async def home_of(cases: Cases, offer: str) -> Any:
    (row,) = await cases.world.sql("SELECT home_id FROM offer WHERE id = $1::uuid", offer)
    return row["home_id"]


# S-060, S-075
async def test_a_draft_waits_and_is_submitted_when_the_acceptance_is_undone(cases: Cases) -> None:
    rivals, late = await Rivals.of(cases, 1), await cases.world.provider(name="Late")
    await cases.papers(late)
    drafter = await cases.member(late)
    await cases.resent(rivals.officer, rivals.referral, needs="A garden.")
    draft = await cases.offered(drafter, rivals.referral, at(late))
    await cases.accepted(rivals.officer, rivals.offers[0])
    assert "SUBMIT" not in (await cases.seen(drafter, "Offer", draft))["can"]
    (problem,) = await cases.problems(drafter, "offerSubmit", id=draft, expectedVersion=1)
    assert problem["code"] == "REFERRAL_ACCEPTED"
    await cases.on_offer(drafter, "offerUpdate", draft, input={"staffing": {"text": "Two, awake"}})
    assert (await cases.seen(drafter, "Offer", draft))["status"] == "DRAFT"
    await cases.on_offer(rivals.officer, "offerVoid", rivals.offers[0], reason="The family was found.")
    assert "SUBMIT" in (await cases.seen(drafter, "Offer", draft))["can"]
    await cases.on_offer(drafter, "offerSubmit", draft)
    await cases.accepted(rivals.officer, draft)


# S-057, S-060
async def test_a_referral_that_stands_still_is_not_declined_either(cases: Cases) -> None:
    rivals, waits = await Rivals.of(cases, 1), await cases.world.provider(name="Waits")
    waiter = await cases.member(waits)
    await cases.resent(rivals.officer, rivals.referral, needs="A garden.")
    before = (await cases.seen(waiter, "Referral", rivals.referral))["deliveries"][0]["can"]
    await cases.accepted(rivals.officer, rivals.offers[0])
    (delivery,) = (await cases.seen(waiter, "Referral", rivals.referral))["deliveries"]
    assert set(before) - set(delivery["can"]) == {"DECLINE"}
    codes = await cases.refused(waiter, "referralDecline", id=rivals.referral, revision=delivery["revision"])
    assert codes == ["REFERRAL_ACCEPTED"]
    await cases.on_offer(rivals.officer, "offerVoid", rivals.offers[0], reason="The family was found.")
    await cases.act(waiter, "referralDecline", id=rivals.referral, revision=delivery["revision"])


# S-092
async def test_the_authority_is_not_offered_what_it_would_be_refused(cases: Cases) -> None:
    rivals = await Rivals.of(cases, 2)
    other = rivals.offers[1]
    assert (await cases.seen(rivals.officer, "Offer", other))["can"] == ["ACCEPT", "DECLINE"]
    await cases.accepted(rivals.officer, rivals.offers[0])
    assert (await cases.seen(rivals.officer, "Offer", other))["can"] == ["DECLINE"]
    said = await confirming(cases.world, rivals.officer)
    assert await cases.refused(rivals.officer, "offerAccept", id=other, expectedVersion=2, input=said) == [
        "REFERRAL_ACCEPTED"
    ]
    await cases.on_offer(rivals.officer, "offerDecline", other, input=NO)


# S-030, S-071
async def test_nothing_tells_who_won_or_that_there_are_others(cases: Cases) -> None:
    rivals = await Rivals.of(cases, 3)
    loser, own = rivals.members[1], rivals.offers[1]
    before, told = await cases.bytes_seen(loser, rivals.referral), await cases.told(loser)
    await cases.accepted(rivals.officer, rivals.offers[0])
    view = (await cases.bytes_seen(loser, rivals.referral)).decode()
    winner, other = rivals.members[0], rivals.members[2]
    for name in (winner.organisation_name, other.organisation_name, rivals.offers[0], rivals.offers[2]):
        assert name not in view
    assert await cases.told(loser) == told
    assert before != view.encode(), "that the referral stands still is seen"
    await cases.on_offer(other, "offerWithdraw", rivals.offers[2], reason="Full")
    assert (await cases.bytes_seen(loser, rivals.referral)).decode() == view
    assert (await cases.seen(loser, "Offer", own))["status"] == "SUBMITTED"


# S-077, S-090
async def test_of_an_accepted_offers_core_fee_it_is_said_that_it_is_fixed(cases: Cases) -> None:
    rivals = await Rivals.of(cases, 1)
    member, offer = rivals.members[0], rivals.offers[0]
    await cases.accepted(rivals.officer, offer)
    now: dict[str, Any] = {"id": offer, "expectedVersion": 3}
    dearer = {"fees": [{"coreFeeWeekly": "4200.00"}], "staffing": {"text": "More"}}
    locked, fixed = await cases.problems(member, "offerUpdate", **now, input=dearer)
    assert (locked["code"], locked["state"]) == ("OFFER_LOCKED", "ACCEPTED")
    assert (fixed["code"], fixed["path"]) == ("CORE_FEE_FIXED", ["input", "fees", "0", "coreFeeWeekly"])
    assert "uplift" in fixed["message"]
    same = [{"coreFeeWeekly": "4100", "additionalCosts": [{"description": "Taxi", "amount": "9.00", "unit": "WEEK"}]}]
    for given in ({"fees": same}, {"fees": None}, {"staffing": {"text": "More"}}, {}):
        assert await cases.refused(member, "offerUpdate", **now, input=given) == ["OFFER_LOCKED"]
    await cases.on_offer(rivals.officer, "offerVoid", offer, reason="The family was found.")
    assert await cases.refused(member, "offerUpdate", id=offer, expectedVersion=4, input=dearer) == ["OFFER_LOCKED"]


# S-059, S-092
async def test_an_offer_on_an_older_revision_may_be_accepted_and_shows_which(cases: Cases) -> None:
    rivals = await Rivals.of(cases, 1)
    await cases.resent(rivals.officer, rivals.referral, needs="A garden.")
    assert (await cases.seen(rivals.officer, "Offer", rivals.offers[0]))["revision"] == 1
    await cases.accepted(rivals.officer, rivals.offers[0])
    assert (await cases.seen(rivals.officer, "Offer", rivals.offers[0]))["status"] == "ACCEPTED"


# S-086, S-094
async def test_a_document_that_has_expired_since_hinders_no_acceptance_and_is_seen(cases: Cases) -> None:
    rivals, shown = await Rivals.of(cases, 1), "status documents { expiresOn }"
    await cases.world.sql("UPDATE session SET expires_at = '2028-01-01'")
    cases.world.clock.goes_on(days=300)
    seen = await cases.seen(rivals.officer, "Offer", rivals.offers[0], shown)
    assert {document["expiresOn"] for document in seen["documents"]} == {"2027-01-01"}
    await cases.accepted(rivals.officer, rivals.offers[0])
    assert (await cases.seen(rivals.officer, "Offer", rivals.offers[0], shown))["status"] == "ACCEPTED"
