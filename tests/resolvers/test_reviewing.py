"""Registrations: who decides on them, by which worklist, and who is told why."""

from typing import Any
from uuid import uuid4

import pytest

from models.lifecycle import Role
from tests.registering import SEEN, Registering
from tests.world import World

WORKLIST = """query ($status: [RegistrationStatus!], $after: String) {
  registrations(filter: {status: $status}, first: 2, after: $after) {
    totalCount nodes { organisation { name } waitingDays submittedAt } pageInfo { endCursor hasNextPage }
  }
}"""


@pytest.fixture
def cases(world: World) -> Registering:
    return Registering(world)


DECISIONS: dict[str, dict[str, Any]] = {
    "registrationApprove": {},
    "registrationReject": {"reason": "No."},
    "registrationOpenForEditing": {},
}


@pytest.mark.parametrize("act", DECISIONS)
async def test_only_the_managing_authority_and_the_region_decide(cases: Registering, act: str) -> None:  # S-004
    firm = await cases.world.provider(approved=False)
    member, sign_only = await cases.member(firm), await cases.member(firm, Role.SIGNATORY)
    await cases.pending(member, firm)
    given = {**await cases.now(firm), **DECISIONS[act]}
    for nobody in (member, sign_only, await cases.officer()):
        assert await cases.refused(nobody, act, **given) == ["FORBIDDEN"]
    for stranger in (await cases.reviewer("Coventry"), await cases.reviewer("Solihull")):
        assert await cases.refused(stranger, act, **given) == ["NOT_FOUND"]
        assert await cases.refused(stranger, act, **{**given, "id": str(uuid4())}) == ["NOT_FOUND"]
    await cases.act(await cases.region(), act, **given)


async def test_an_authority_that_only_sees_a_provider_cannot_open_it(cases: Registering) -> None:  # S-004
    firm = await cases.world.provider()
    given = await cases.now(firm)
    assert await cases.refused(await cases.reviewer("Coventry"), "registrationOpenForEditing", **given) == ["FORBIDDEN"]
    await cases.act(await cases.reviewer(), "registrationOpenForEditing", **given)


async def test_a_rejection_has_a_reason_that_other_authorities_do_not_read(cases: Registering) -> None:  # S-008
    firm = await cases.world.provider()
    member, reviewer = await cases.member(firm), await cases.reviewer()
    await cases.on(reviewer, "registrationOpenForEditing", firm)
    await cases.pending(member, firm)
    blank = {**await cases.now(firm), "reason": " "}
    assert await cases.refused(reviewer, "registrationReject", **blank) == ["REASON_REQUIRED"]
    await cases.on(reviewer, "registrationReject", firm, reason="Too few staff at night.")
    reasons = [
        (await cases.world.gql(who, SEEN, id=str(firm.id)))["registration"]["reason"]
        for who in (member, reviewer, await cases.region(), await cases.reviewer("Coventry"))
    ]
    assert reasons == [*["Too few staff at night."] * 3, None]


async def test_staff_alone_change_a_registration_and_strangers_find_none(cases: Registering) -> None:  # S-030
    firm, other = await cases.world.provider(approved=False), await cases.world.provider(approved=False)
    given = {**await cases.now(firm), "input": {"legalName": "Mine Now Ltd"}}
    stranger = await cases.member(other)
    assert await cases.refused(stranger, "registrationUpdate", **given) == ["NOT_FOUND"]
    assert await cases.refused(stranger, "registrationUpdate", **{**given, "id": str(uuid4())}) == ["NOT_FOUND"]
    for who in (await cases.reviewer(), await cases.member(firm, Role.SIGNATORY), await cases.region()):
        assert await cases.refused(who, "registrationUpdate", **given) == ["FORBIDDEN"]
    for unseen in (stranger, await cases.officer("Coventry")):
        assert (await cases.world.gql(unseen, SEEN, id=str(firm.id)))["registration"] is None
    assert (await cases.world.gql(await cases.officer(), SEEN))["registration"] is None


async def test_reviewers_have_a_worklist_with_ages_longest_waiting_first(cases: Registering) -> None:  # S-018
    firms = [await cases.world.provider(approved=False) for _ in range(3)]
    await cases.world.provider(approved=False)
    elsewhere = await cases.world.provider(approved=False, managed_by="Coventry")
    for firm in (*firms, elsewhere):
        await cases.pending(await cases.member(firm), firm)
        cases.world.clock.goes_on(days=2)
    reviewer = await cases.reviewer()
    page = (await cases.world.gql(reviewer, WORKLIST, status=["PENDING_APPROVAL"]))["registrations"]
    seen = [(node["organisation"]["name"], node["waitingDays"]) for node in page["nodes"]]
    assert seen == [(firms[0].name, 8), (firms[1].name, 6)]
    assert page["totalCount"] == 3
    after = page["pageInfo"]["endCursor"]
    rest = (await cases.world.gql(reviewer, WORKLIST, status=["PENDING_APPROVAL"], after=after))["registrations"]
    assert [node["organisation"]["name"] for node in rest["nodes"]] == [firms[2].name]
    assert not rest["pageInfo"]["hasNextPage"]
    everything = (await cases.world.gql(await cases.region(), WORKLIST))["registrations"]
    assert everything["totalCount"] == 5
    own = (await cases.world.gql(await cases.member(firms[0]), WORKLIST))["registrations"]
    assert own["totalCount"] == 1
