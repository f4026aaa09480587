"""Registrations: what the provider says in them, when it may, and when that counts."""

from datetime import UTC, datetime
from typing import Any

import pytest

from models.provider import Category, Gender
from tests.cases import FEES
from tests.registering import CARE, SEEN, Registering
from tests.world import Care, World

TEENAGERS = Care(ages=(13, 17), genders=(Gender.MALE,))


@pytest.fixture
def cases(world: World) -> Registering:
    return Registering(world)


async def test_a_draft_is_changed_and_its_facts_take_their_one_form(cases: Registering) -> None:
    firm = await cases.world.provider(approved=False)
    member = await cases.member(firm)
    given = {"legalName": " Acorn Care Ltd ", "tradingName": " ", "postcode": "cv1 2ab", "agencyUrn": "sc 654321"}
    shown = "legalName tradingName postcode agencyUrn version address"
    changed = await cases.on(member, "registrationUpdate", firm, shown, input=given)
    assert changed == {
        "legalName": "Acorn Care Ltd", "tradingName": None, "postcode": "CV1 2AB", "agencyUrn": "SC654321",
        "version": 1, "address": "1 High Street, Birmingham",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"legalName": None}, "INCOMPLETE"),
        ({"legalName": "  "}, "INCOMPLETE"),
        ({"postcode": "Birmingham"}, "INVALID_INPUT"),
        ({"agencyUrn": "SC12"}, "INVALID_INPUT"),
    ],
)
async def test_facts_that_cannot_be_are_refused(cases: Registering, given: dict[str, str], code: str) -> None:
    firm = await cases.world.provider(approved=False)
    (problem,) = await cases.problems(
        await cases.member(firm), "registrationUpdate", **await cases.now(firm), input=given
    )
    assert (problem["code"], problem["path"]) == (code, ["input", *given])


async def test_a_registration_without_care_ages_and_genders_is_not_submitted(cases: Registering) -> None:  # S-013
    firm = await cases.world.provider(Care(Category.FOSTERING), approved=False)
    empty = await cases.world.provider(Care(Category.FOSTERING), approved=False)
    await cases.world.sql("UPDATE registered_care SET ended_at = now() WHERE provider_id = $1", empty.id)
    member = await cases.member(empty)
    (problem,) = await cases.problems(member, "registrationSubmit", **await cases.now(empty))
    assert (problem["code"], problem["path"]) == ("INCOMPLETE", ["care"])
    await cases.pending(await cases.member(firm), firm)
    agency = {"ageFrom": 0, "ageTo": 17, "genders": ["MALE"]}
    shown = "care { category ageFrom ageTo genders homeId inEffect } memberships { framework }"
    framework = [{"framework": "West Midlands Fostering", "validFrom": "2026-01-01"}]
    made = await cases.act(member, "fosteringCareAdd", shown, input={**agency, "memberships": framework})
    assert made["care"] == [{"category": "FOSTERING", **agency, "homeId": None, "inEffect": False}]
    assert made["memberships"] == [{"framework": "West Midlands Fostering"}]
    await cases.pending(member, empty)


@pytest.mark.parametrize("ages", [(9, 8), (-1, 5), (8, 18)])
async def test_ages_outside_0_to_17_are_no_care(cases: Registering, ages: tuple[int, int]) -> None:  # S-013
    member = await cases.member(await cases.world.provider(approved=False))
    given = {"ageFrom": ages[0], "ageTo": ages[1], "genders": ["MALE"]}
    assert await cases.refused(member, "fosteringCareAdd", input=given) == ["INVALID_INPUT"]
    nobody = {"ageFrom": 0, "ageTo": 17, "genders": []}
    assert await cases.refused(member, "fosteringCareAdd", input=nobody) == ["INCOMPLETE"]


async def test_what_is_submitted_is_locked_until_it_is_opened_and_again_after(cases: Registering) -> None:  # S-007
    firm = await cases.world.provider(approved=False)
    member, reviewer = await cases.member(firm), await cases.reviewer()
    change: dict[str, Any] = {"input": {"legalName": "Changed Ltd"}}
    await cases.pending(member, firm)
    for _ in range(2):
        (problem,) = await cases.problems(member, "registrationUpdate", **await cases.now(firm), **change)
        assert (problem["code"], problem["state"]) == ("REGISTRATION_LOCKED", "PENDING_APPROVAL")
        care = {"ageFrom": 0, "ageTo": 17, "genders": ["MALE"]}
        assert await cases.refused(member, "fosteringCareAdd", input=care) == ["REGISTRATION_LOCKED"]
        await cases.on(reviewer, "registrationOpenForEditing", firm)
        await cases.on(member, "registrationUpdate", firm, **change)
        await cases.pending(member, firm)
    await cases.on(reviewer, "registrationApprove", firm)
    assert await cases.refused(member, "registrationUpdate", **await cases.now(firm), **change) == [
        "REGISTRATION_LOCKED"
    ]


async def test_the_provider_follows_its_registration_through_every_state(cases: Registering) -> None:
    """S-005, S-008: the true status at once, and the one authority that manages it."""
    firm = await cases.world.provider(approved=False, managed_by="Coventry")
    member, reviewer = await cases.member(firm), await cases.reviewer("Coventry")
    walked = []
    for who, act, more in (
        (member, "Submit", {}),
        (reviewer, "Reject", {"reason": " The URN is not yours. "}),
        (reviewer, "OpenForEditing", {}),
        (member, "Submit", {}),
        (reviewer, "Approve", {}),
    ):
        await cases.on(who, f"registration{act}", firm, **more)
        walked.append((await cases.world.gql(member, SEEN))["registration"])
    assert [step["status"] for step in walked] == [
        "PENDING_APPROVAL", "REJECTED", "OPEN_FOR_EDITING", "PENDING_APPROVAL", "APPROVED",
    ]  # fmt: skip
    assert {step["managingLocalAuthority"]["name"] for step in walked} == {"Coventry"}
    assert [step["reason"] for step in walked] == [None, *["The URN is not yours."] * 3, None]
    assert await cases.told(member) == [
        "REGISTRATION_REJECTED", "REGISTRATION_OPENED", "REGISTRATION_APPROVED",
    ]  # fmt: skip
    assert await cases.told(reviewer) == ["REGISTRATION_SUBMITTED"] * 2


async def test_before_go_live_the_registration_is_there_with_its_true_state(cases: Registering) -> None:
    """S-009, S-015"""
    cases.world.clock.now = datetime(2026, 4, 27, 9, 0, tzinfo=UTC)
    firm = await cases.world.provider()
    member = await cases.member(firm)
    seen = await cases.world.gql(member, SEEN)
    assert seen["registration"]["status"] == "APPROVED"
    assert (await cases.world.gql(member, "{ referrals { totalCount } }"))["referrals"]["totalCount"] == 0


async def test_a_stale_version_changes_nothing(cases: Registering) -> None:
    firm = await cases.world.provider(approved=False)
    member = await cases.member(firm)
    read = await cases.now(firm)
    await cases.on(member, "registrationUpdate", firm, input={"legalName": "First Ltd"})
    (problem,) = await cases.problems(member, "registrationUpdate", **read, input={"legalName": "Second Ltd"})
    assert (problem["code"], problem["currentVersion"]) == ("STALE_VERSION", 1)


async def test_care_that_is_added_later_waits_for_the_next_approval(cases: Registering) -> None:  # S-007, S-010
    firm = await cases.world.provider(TEENAGERS)
    member, reviewer, officer = await cases.member(firm), await cases.reviewer(), await cases.officer()
    await cases.on(reviewer, "registrationOpenForEditing", firm)
    cases.world.clock.goes_on(minutes=1)
    home = await cases.home(member, name="Nursery House", care=[{**CARE, "ageFrom": 0, "ageTo": 5}])
    young = [{"givenNames": "A", "familyName": "B", "dateOfBirth": "2023-01-01", "gender": "MALE"}]
    sent = await cases.sent(officer)
    assert await cases.delivery(sent, firm), "what was approved stays in effect"
    offer: dict[str, Any] = {"referralId": sent, "input": {"placement": {"homeId": str(home)}, "fees": FEES}}
    assert await cases.refused(member, "offerCreate", **offer) == ["HOME_NOT_REGISTERED"]
    early = await cases.drafted(officer, children=young)
    assert await cases.refused(officer, "referralSend", id=early, expectedVersion=1) == ["NO_MATCH"]
    await cases.on_referral(officer, "referralSend", early, acknowledgeNoMatch=True)
    assert await cases.delivery(early, firm) is None
    await cases.approved(member, reviewer, firm)
    assert await cases.delivery(early, firm)
    await cases.act(member, "offerCreate", **offer)
