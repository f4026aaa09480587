"""Offers: one home or family, fees, one live offer, and what the two sides may do with it."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from models.document import DocumentKind
from models.lifecycle import Role
from models.person import Viewer
from models.provider import Category
from tests.cases import FEES, Cases
from tests.deciding import confirming
from tests.world import Care, Firm, World

CHECKED = {"checksConfirmed": True}
NO = {"reasons": ["COST"], "note": "Over our means."}


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def stage(cases: Cases, *care: Care, **referral: Any) -> tuple[Viewer, Firm, Viewer, str]:
    """An officer, a provider with its papers and one of its people, and a referral that reached it."""
    officer, firm = await cases.officer(), await cases.world.provider(*care)
    member = await cases.member(firm)
    await cases.papers(firm)
    return officer, firm, member, await cases.sent(officer, **referral)


def at(firm: Firm, number: int = 0) -> dict[str, str]:
    return {"homeId": str(firm.homes[number])}


# ── where ────────────────────────────────────────────────────────────────────
async def test_an_offer_names_exactly_one_home_that_is_registered_for_it(cases: Cases) -> None:  # S-010, S-072, S-074
    officer, firm, member, id = await stage(cases, Care(), Care(Category.SUPPORTED_ACCOMMODATION, (16, 17)))
    other = await cases.world.provider()
    family = {"family": {"name": "The Wards"}}
    wrong: list[tuple[dict[str, Any], str, list[str]]] = [
        ({}, "PLACEMENT_REQUIRED", ["input", "placement"]),
        ({"placement": family}, "PLACEMENT_NOT_FOR_CATEGORY", ["input", "placement", "family"]),
        ({"placement": at(firm, 1)}, "HOME_NOT_REGISTERED", ["input", "placement", "homeId"]),
        ({"placement": at(other)}, "NOT_FOUND", ["input", "placement", "homeId"]),
        ({"placement": {"homeId": str(uuid4())}}, "NOT_FOUND", ["input", "placement", "homeId"]),
    ]
    for given, code, path in wrong:
        (problem,) = await cases.problems(member, "offerCreate", referralId=id, input={"fees": FEES, **given})
        assert (problem["code"], problem["path"]) == (code, path)
    with pytest.raises(AssertionError, match="exactly one key"):
        await cases.offered(member, id, {**at(firm), **family})
    assert await cases.seen(member, "Offer", await cases.offered(member, id, at(firm)))
    assert (await cases.seen(member, "Referral", id))["deliveries"][0]["status"] == "OFFERED"
    assert (await cases.delivery(id, firm) or {})["status"] == "OPENED"
    assert await cases.told(officer) == []


async def test_a_fostering_family_is_typed_once_and_kept(cases: Cases) -> None:  # S-073, S-074, S-095
    officer, _, member, id = await stage(cases, Care(Category.FOSTERING), category="FOSTERING")
    home = await cases.world.provider()
    given: dict[str, Any] = {"placement": at(home), "fees": FEES}
    assert await cases.refused(member, "offerCreate", referralId=id, input=given) == ["PLACEMENT_NOT_FOR_CATEGORY"]
    typed = {"name": " The Wards ", "postcode": "b11aa", "household": "Two cats"}
    first = await cases.seen(member, "Offer", await cases.offered(member, id, {"family": typed}))
    again = await cases.sent(officer, category="FOSTERING")
    other = await cases.offered(member, again, {"family": {"name": "The Wards", "experience": "Ten years"}})
    assert (await cases.seen(member, "Offer", other))["familyId"] == first["familyId"]
    (kept,) = await cases.world.sql("SELECT name, postcode, details FROM fostering_family")
    assert (kept["name"], kept["postcode"]) == ("The Wards", "B1 1AA")
    assert "Two cats" in kept["details"]
    assert "Ten years" in kept["details"]


# ── one live offer ───────────────────────────────────────────────────────────
async def test_a_second_live_offer_is_refused_by_name_of_the_first(cases: Cases) -> None:  # S-075
    _, firm, member, id = await stage(cases)
    colleague = await cases.member(firm)
    offer = await cases.offered(member, id, at(firm))
    given: dict[str, Any] = {"referralId": id, "input": {"placement": at(firm), "fees": FEES}}
    (problem,) = await cases.problems(colleague, "offerCreate", **given)
    assert (problem["code"], problem["existingId"]) == ("OFFER_EXISTS", offer)
    await cases.on_offer(colleague, "offerWithdraw", offer, reason="A mistake")
    assert await cases.offered(colleague, id, at(firm)) != offer


async def test_of_two_colleagues_at_once_one_wins(cases: Cases) -> None:  # S-075
    _, firm, member, id = await stage(cases)
    given: dict[str, Any] = {"referralId": id, "input": {"placement": at(firm), "fees": FEES}}
    people = [member, await cases.member(firm)]
    answers = await asyncio.gather(*(cases.answer(who, "offerCreate", "id", given) for who in people))
    (won,) = [answer["offer"]["id"] for answer in answers if not answer["problems"]]
    (lost,) = [answer["problems"][0] for answer in answers if answer["problems"]]
    assert (lost["code"], lost["existingId"]) == ("OFFER_EXISTS", won)
    assert await cases.world.count("offer") == await cases.world.count("event", "kind = 'offer.create'") == 1


async def test_the_same_key_offers_once(cases: Cases) -> None:
    _, firm, member, id = await stage(cases)
    given: dict[str, Any] = {"referralId": id, "input": {"placement": at(firm), "fees": FEES}}
    given["idempotencyKey"] = str(uuid4())
    first = await cases.act(member, "offerCreate", **given)
    assert await cases.act(member, "offerCreate", **given) == first
    given["input"] = {"placement": at(firm), "fees": [{"coreFeeWeekly": "4100.01"}]}
    assert await cases.refused(member, "offerCreate", **given) == ["IDEMPOTENCY_KEY_REUSED"]
    assert await cases.world.count("event", "kind LIKE 'offer.%'") == 1


# ── drafts and versions ──────────────────────────────────────────────────────
async def test_a_draft_is_the_providers_own(cases: Cases) -> None:
    officer, firm, member, id = await stage(cases)
    rival = await cases.world.provider()
    before = await cases.seen(officer, "Referral", id)
    offer = await cases.offered(member, id, at(firm))
    (delivery,) = (await cases.seen(officer, "Referral", id))["deliveries"]
    assert (before["offers"], delivery["status"]) == ([], "OPENED")
    assert (await cases.seen(officer, "Referral", id))["offers"] == []
    for who in (officer, await cases.member(rival)):
        assert await cases.seen(who, "Offer", offer) is None
    for unseen in (offer, str(uuid4())):
        given: dict[str, Any] = {"id": unseen, "expectedVersion": 1}
        assert await cases.refused(officer, "offerAccept", **given, input=CHECKED) == ["NOT_FOUND"]
        assert await cases.refused(await cases.member(rival), "offerSubmit", **given) == ["NOT_FOUND"]
    assert await cases.told(officer) == []
    assert await cases.world.count("event", "kind LIKE '%offer%' AND la_id IS NOT NULL") == 0


async def test_a_submitted_offer_is_edited_under_its_id_and_the_authority_is_told(cases: Cases) -> None:  # S-076, S-099
    officer, firm, member, id = await stage(cases, Care(), Care())
    offer = await cases.submitted(member, id, at(firm))
    await cases.on_offer(
        member, "offerUpdate", offer, input={"placement": at(firm, 1), "staffing": {"text": "Two, awake"}}
    )
    seen = await cases.seen(officer, "Offer", offer)
    assert (seen["status"], seen["version"], seen["homeId"]) == ("SUBMITTED", 3, str(firm.homes[1]))
    assert [version["version"] for version in seen["versions"]] == [2, 3]
    assert await cases.told(officer) == ["OFFER_SUBMITTED", "OFFER_UPDATED"]
    given: dict[str, Any] = {"id": offer, "expectedVersion": 2}
    for who, act, more in (
        (officer, "offerAccept", {"input": CHECKED}),
        (officer, "offerDecline", {"input": NO}),
        (member, "offerUpdate", {"input": {}}),
        (member, "offerWithdraw", {"reason": "Full"}),
    ):
        (stale,) = await cases.problems(who, act, **given, **more)
        assert (stale["code"], stale["currentVersion"]) == ("STALE_VERSION", 3)


# ── deciding ─────────────────────────────────────────────────────────────────
async def test_acceptance_needs_the_checks_and_locks_everything(cases: Cases) -> None:  # S-077, S-092, S-094
    officer, firm, member, id = await stage(cases)
    await cases.papers(firm, DocumentKind.OTHER)
    (paper,) = await cases.world.sql("SELECT id FROM document WHERE kind = 'OTHER'")
    offer = await cases.submitted(member, id, at(firm))
    given: dict[str, Any] = {"id": offer, "expectedVersion": 2}
    (problem,) = await cases.problems(officer, "offerAccept", **given, input={"checksConfirmed": False})
    assert (problem["code"], problem["path"]) == ("CHECKS_REQUIRED", ["input", "checksConfirmed"])
    await cases.accepted(officer, offer)
    assert await cases.told(member) == ["REFERRAL_RECEIVED", "OFFER_ACCEPTED"]
    now: dict[str, Any] = {"id": offer, "expectedVersion": 3}
    locked: list[tuple[str, dict[str, Any]]] = [
        ("offerUpdate", {"input": {"fees": FEES}}), ("offerUpdate", {"input": {}}),
        ("offerAttach", {"documentId": str(paper["id"])}), ("offerWithdraw", {"reason": "Full"}), ("offerSubmit", {}),
        ("offerRefreshDocuments", {}),
    ]  # fmt: skip
    for act, more in locked:
        assert await cases.refused(member, act, **now, **more) == ["OFFER_LOCKED"]
    assert await cases.refused(officer, "offerAccept", **now, input=CHECKED) == ["OFFER_LOCKED"]
    version = await cases.version(id)
    frozen: dict[str, dict[str, Any]] = {
        "referralUpdate": {"input": {}}, "referralResend": {}, "referralClose": {"reason": "WITHDRAWN"},
    }  # fmt: skip
    for act, change in frozen.items():
        codes = await cases.refused(officer, act, id=id, expectedVersion=version, **change)
        assert codes == ["REFERRAL_ACCEPTED"]
    assert (await cases.seen(officer, "Referral", id))["can"] == []


async def test_of_two_acceptances_at_once_one_wins(cases: Cases) -> None:  # S-092
    rival = await cases.world.provider()
    officer, firm, member, id = await stage(cases)
    done = await confirming(cases.world, officer)
    await cases.papers(rival)
    other = await cases.member(rival)
    offers = [await cases.submitted(member, id, at(firm)), await cases.submitted(other, id, at(rival))]
    people = [officer, await cases.officer()]
    answers = await asyncio.gather(*(
        cases.answer(who, "offerAccept", "id", {"id": offer, "expectedVersion": 2, "input": done})
        for who, offer in zip(people, offers, strict=True)
    ))  # fmt: skip
    assert [p["code"] for answer in answers for p in answer["problems"]] == ["REFERRAL_ACCEPTED"]
    assert await cases.world.count("offer", "status = 'ACCEPTED'") == 1
    assert await cases.world.count("offer", "status = 'SUBMITTED'") == 1
    assert await cases.world.count("inbox_entry", "notice = 'OFFER_ACCEPTED'") == 1


async def test_an_acceptance_and_an_edit_at_once_follow_each_other(cases: Cases) -> None:  # S-076
    officer, firm, member, id = await stage(cases)
    offer = await cases.submitted(member, id, at(firm))
    now: dict[str, Any] = {"id": offer, "expectedVersion": 2}
    answers = await asyncio.gather(
        cases.answer(officer, "offerAccept", "id", {**now, "input": await confirming(cases.world, officer)}),
        cases.answer(member, "offerUpdate", "id", {**now, "input": {"fees": [{"coreFeeWeekly": "9000.00"}]}}),
    )
    lost = [p["code"] for answer in answers for p in answer["problems"]]
    assert lost in (["STALE_VERSION"], ["OFFER_LOCKED", "CORE_FEE_FIXED"])
    seen = await cases.seen(officer, "Offer", offer)
    assert (seen["status"], seen["weeklyTotal"]) in (("ACCEPTED", "4100.00"), ("SUBMITTED", "9000.00"))


async def test_a_decline_gives_reasons_and_words(cases: Cases) -> None:  # S-093
    officer, firm, member, id = await stage(cases)
    offer = await cases.submitted(member, id, at(firm))
    now: dict[str, Any] = {"id": offer, "expectedVersion": 2}
    assert await cases.refused(officer, "offerDecline", **now, input={**NO, "reasons": []}) == ["REASON_REQUIRED"]
    assert await cases.refused(officer, "offerDecline", **now, input={**NO, "note": " \n"}) == ["REASON_REQUIRED"]
    portals = {**NO, "reasons": ["COST", "REFERRAL_CLOSED"]}
    (problem,) = await cases.problems(officer, "offerDecline", **now, input=portals)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "reasons"])
    await cases.act(officer, "offerDecline", **now, input=NO)
    seen = await cases.seen(member, "Offer", offer)
    assert (seen["status"], seen["declineReasons"], seen["declineNote"]) == ("DECLINED", ["COST"], NO["note"])
    assert await cases.told(member) == ["REFERRAL_RECEIVED", "OFFER_DECLINED"]
    assert await cases.refused(member, "offerUpdate", id=offer, expectedVersion=3, input={}) == ["OFFER_LOCKED"]
    assert await cases.offered(member, id, at(firm))


async def test_a_voided_acceptance_opens_the_search_again(cases: Cases) -> None:  # S-078
    other = await cases.world.provider()
    officer, firm, member, id = await stage(cases)
    rival = await cases.member(other)
    offer = await cases.submitted(member, id, at(firm))
    await cases.accepted(officer, offer)
    given: dict[str, Any] = {"referralId": id, "input": {"placement": at(other), "fees": FEES}}
    assert await cases.refused(rival, "offerCreate", **given) == ["REFERRAL_ACCEPTED"]
    now: dict[str, Any] = {"id": offer, "expectedVersion": 3}
    assert await cases.refused(officer, "offerVoid", **now, reason="  ") == ["REASON_REQUIRED"]
    await cases.act(officer, "offerVoid", **now, reason="The family was found.")
    old = await cases.seen(member, "Offer", offer)
    assert (old["status"], old["voidReason"], old["can"]) == ("VOIDED", "The family was found.", [])
    assert (await cases.seen(officer, "Referral", id))["accepted"] is False
    new = await cases.seen(member, "Offer", await cases.submitted(member, id, at(firm)))
    assert new["supersedesId"] == offer
    assert await cases.told(member) == ["REFERRAL_RECEIVED", "OFFER_ACCEPTED", "OFFER_VOIDED"]


async def test_a_search_that_is_open_again_reaches_who_was_approved_meanwhile(cases: Cases) -> None:  # S-041, S-078
    """As it was last sent; whoever has it already is told nothing, and a delivery that was taken away comes back."""
    back = await cases.world.provider()
    officer, firm, member, id = await stage(cases)
    offer = await cases.submitted(member, id, at(firm))
    await cases.world.sql("UPDATE delivery SET withdrawn_at = now() WHERE provider_id = $1", back.id)
    await cases.accepted(officer, offer)
    late, unfit = await cases.world.provider(), await cases.world.provider(Care(ages=(0, 5)))
    newcomer, returner = await cases.member(late), await cases.member(back)
    assert await cases.seen(newcomer, "Referral", id) is None
    await cases.on_offer(officer, "offerVoid", offer, reason="The family was found.")
    seen = await cases.seen(newcomer, "Referral", id)
    assert (seen["revision"], seen["summary"]["needs"]) == (1, "Calm adults who stay.")
    row, own = await cases.delivery(id, late) or {}, await cases.delivery(id, firm) or {}
    assert (row["status"], row["searching"], row["first_revision"], row["withdrawn_at"]) == ("NEW", True, 1, None)
    assert row["match_reason"]
    assert await cases.thread(id, late)
    assert (await cases.delivery(id, back) or {})["withdrawn_at"] is None
    assert await cases.told(newcomer) == await cases.told(returner) == ["REFERRAL_RECEIVED"]
    assert own["status"] == "OPENED"
    assert await cases.told(member) == ["REFERRAL_RECEIVED", "OFFER_ACCEPTED", "OFFER_VOIDED"]
    assert await cases.delivery(id, unfit) is None
    await cases.papers(late)
    await cases.accepted(officer, await cases.submitted(newcomer, id, at(late)))


async def test_each_side_keeps_to_its_own_acts(cases: Cases) -> None:  # S-034
    officer, firm, member, id = await stage(cases)
    offer = await cases.submitted(member, id, at(firm))
    reader, signer = await cases.officer("Birmingham", Role.READ_ONLY), await cases.member(firm, Role.SIGNATORY)
    theirs: list[tuple[str, dict[str, Any]]] = [
        ("offerAccept", {"input": CHECKED}), ("offerDecline", {"input": NO}), ("offerVoid", {"reason": ""}),
    ]  # fmt: skip
    own: list[tuple[str, dict[str, Any]]] = [
        ("offerUpdate", {"input": {}}), ("offerSubmit", {}), ("offerWithdraw", {"reason": ""}),
        ("offerRefreshDocuments", {}), ("offerAttach", {"documentId": offer}),
    ]  # fmt: skip
    for who, acts in ((member, theirs), (reader, [*theirs, *own]), (officer, own), (signer, [*theirs, *own])):
        for act, more in acts:
            assert await cases.refused(who, act, id=offer, expectedVersion=2, **more) == ["FORBIDDEN"]
    given: dict[str, Any] = {"referralId": id, "input": {"placement": at(firm), "fees": FEES}}
    for who in (officer, reader, signer):
        assert await cases.refused(who, "offerCreate", **given) == ["FORBIDDEN"]
    stranger = await cases.officer("Solihull")
    assert await cases.refused(stranger, "offerAccept", id=offer, expectedVersion=2, input=CHECKED) == ["NOT_FOUND"]
    assert (await cases.seen(reader, "Offer", offer))["can"] == []
