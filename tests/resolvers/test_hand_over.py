"""Which authority manages a registration, how it changes, and what reviewers have before them."""

from typing import Any
from uuid import uuid4

import pytest

from tests.registering import HOME, SEEN, Registering
from tests.world import Care, World

BECAUSE = "query ($id: UUID) { registration(id: $id) { handedOverBecause managingLocalAuthority { name } } }"
COUNTS = "{ registrationCounts { status count oldestDays } }"
LIST = """query ($filter: RegistrationFilter) { registrations(filter: $filter) {
  nodes { organisation { name } pendingChanges waitingDays } } }"""


@pytest.fixture
def cases(world: World) -> Registering:
    return Registering(world)


@pytest.mark.parametrize("approved", [True, False])
async def test_the_managing_authority_hands_a_registration_over(cases: Registering, approved: bool) -> None:  # S-005
    firm = await cases.world.provider(approved=approved)
    member, giver, heir = await cases.member(firm), await cases.reviewer(), await cases.reviewer("Coventry")
    coventry = str(await cases.world.authority("Coventry"))
    given = {**await cases.now(firm), "localAuthorityId": coventry}
    assert await cases.refused(giver, "registrationHandOver", **given, reason=" ") == ["REASON_REQUIRED"]
    answer = await cases.answer(giver, "registrationHandOver", "status", {**given, "reason": "Its office has moved."})
    assert answer == {"problems": [], "registration": {"status": "APPROVED"} if approved else None}
    seen = (await cases.world.gql(member, BECAUSE))["registration"]
    assert seen == {"handedOverBecause": "Its office has moved.", "managingLocalAuthority": {"name": "Coventry"}}
    assert await cases.told(member) == await cases.told(heir) == ["REGISTRATION_HANDED_OVER"]
    assert await cases.told(giver) == []
    again = {**await cases.now(firm), "localAuthorityId": str(await cases.world.authority("Solihull")), "reason": "x"}
    assert await cases.refused(giver, "registrationHandOver", **again) == ["FORBIDDEN" if approved else "NOT_FOUND"]
    assert (await cases.world.gql(giver, BECAUSE, id=str(firm.id)))["registration"] == (
        {"handedOverBecause": None, "managingLocalAuthority": {"name": "Coventry"}} if approved else None
    )
    assert (await cases.answer(heir, "registrationHandOver", "id", again))["problems"] == []


async def test_only_to_another_authority_and_only_by_who_manages_it(cases: Registering) -> None:  # S-005
    firm = await cases.world.provider()
    member, reviewer = await cases.member(firm), await cases.reviewer()
    coventry, birmingham = str(await cases.world.authority("Coventry")), str(await cases.world.authority())
    given: dict[str, Any] = {**await cases.now(firm), "reason": "It moved."}
    for nobody in (member, await cases.officer()):
        assert await cases.refused(nobody, "registrationHandOver", **given, localAuthorityId=coventry) == ["FORBIDDEN"]
    stranger = await cases.reviewer("Coventry")
    assert await cases.refused(stranger, "registrationHandOver", **given, localAuthorityId=coventry) == ["FORBIDDEN"]
    for nowhere, code in ((str(firm.id), "NOT_FOUND"), (str(uuid4()), "NOT_FOUND"), (birmingham, "INVALID_INPUT")):
        assert await cases.refused(reviewer, "registrationHandOver", **given, localAuthorityId=nowhere) == [code]
    unknown = [(str(firm.id), str(uuid4())), (str(stranger.person_id), str(uuid4()))]
    for some, none in unknown:
        told = [
            await cases.problems(reviewer, "registrationHandOver", **given, localAuthorityId=id) for id in (some, none)
        ]
        assert told[0] == told[1], "what cannot take it over is not told from what is not there"
    await cases.act(await cases.region(), "registrationHandOver", **given, localAuthorityId=coventry)


async def test_the_region_assigns_a_provider_of_no_authority(cases: Registering) -> None:  # S-005
    firm = await cases.world.provider(approved=False)
    await cases.world.sql("UPDATE provider SET managing_la_id = NULL WHERE id = $1", firm.id)
    region, coventry = await cases.region(), str(await cases.world.authority("Coventry"))
    assert (await cases.world.gql(await cases.member(firm), SEEN))["registration"]["managingLocalAuthority"] is None
    given = {**await cases.now(firm), "localAuthorityId": coventry, "reason": "It works there."}
    await cases.act(region, "registrationHandOver", **given)
    seen = (await cases.world.gql(await cases.member(firm), SEEN))["registration"]
    assert seen["managingLocalAuthority"] == {"name": "Coventry"}


async def test_while_a_draft_its_address_decides_who_manages_it(cases: Registering) -> None:  # S-005
    firm = await cases.world.provider(approved=False)
    member = await cases.member(firm)
    await cases.on(member, "registrationUpdate", firm, input={"postcode": "CV1 2WT"})
    assert (await cases.world.gql(member, SEEN))["registration"]["managingLocalAuthority"] == {"name": "Coventry"}
    await cases.pending(member, firm)
    await cases.on(await cases.reviewer("Coventry"), "registrationOpenForEditing", firm)
    await cases.on(member, "registrationUpdate", firm, input={"postcode": "B1 1AA"})
    assert (await cases.world.gql(member, SEEN))["registration"]["managingLocalAuthority"] == {"name": "Coventry"}


async def test_what_is_missing_is_told_at_once_and_nothing_is_submitted(cases: Registering) -> None:  # S-013
    firm = await cases.world.provider(approved=False)
    member = await cases.member(firm)
    await cases.world.sql("UPDATE provider SET address = ' '")
    await cases.world.sql("UPDATE registered_care SET ended_at = now()")
    problems = await cases.problems(member, "registrationSubmit", **await cases.now(firm))
    assert [problem["path"] for problem in problems] == [["address"], ["care"], ["homes", "Home 1"]]
    assert {problem["code"] for problem in problems} == {"INCOMPLETE"}
    assert (await cases.world.gql(member, SEEN))["registration"]["status"] == "DRAFT"


async def test_a_registration_is_submitted_once(cases: Registering) -> None:  # S-007
    firm = await cases.world.provider(approved=False)
    member = await cases.member(firm)
    await cases.pending(member, firm)
    assert await cases.refused(member, "registrationSubmit", **await cases.now(firm)) == ["REGISTRATION_LOCKED"]


async def test_reviewers_see_what_waits_and_for_how_long(cases: Registering) -> None:  # S-018, S-046
    submitted, changed = await cases.world.provider(approved=False), await cases.world.provider()
    await cases.world.provider(Care())
    reviewer, member = await cases.reviewer(), await cases.member(changed)
    await cases.pending(await cases.member(submitted), submitted)
    cases.world.clock.goes_on(days=1)
    await cases.act(member, "homeAdd", input=HOME)
    cases.world.clock.goes_on(days=2)
    page = (await cases.world.gql(reviewer, LIST))["registrations"]["nodes"]
    seen = [(node["organisation"]["name"], node["pendingChanges"], node["waitingDays"]) for node in page]
    assert seen[:2] == [(submitted.name, 0, 3), (changed.name, 1, 2)]
    assert seen[2][1:] == (0, None)
    waiting = (await cases.world.gql(reviewer, LIST, filter={"changesPending": True}))["registrations"]["nodes"]
    assert [node["organisation"]["name"] for node in waiting] == [changed.name]
    fostering = (await cases.world.gql(reviewer, LIST, filter={"category": "FOSTERING"}))["registrations"]["nodes"]
    assert fostering == []
    counts = (await cases.world.gql(reviewer, COUNTS))["registrationCounts"]
    assert sorted((each["status"], each["count"], each["oldestDays"]) for each in counts) == [
        ("APPROVED", 2, 2), ("PENDING_APPROVAL", 1, 3),
    ]  # fmt: skip
    assert (await cases.world.gql(await cases.reviewer("Coventry"), COUNTS))["registrationCounts"] == []
    other = await cases.world.gql(await cases.reviewer("Coventry"), "{ approvedProviders { category count } }")
    assert other["approvedProviders"] == [{"category": "RESIDENTIAL", "count": 2}]
    seen_elsewhere = "query ($id: UUID) { registration(id: $id) { pendingChanges waitingDays can } }"
    known = await cases.world.gql(await cases.reviewer("Coventry"), seen_elsewhere, id=str(changed.id))
    assert known["registration"] == {"pendingChanges": 0, "waitingDays": None, "can": []}
