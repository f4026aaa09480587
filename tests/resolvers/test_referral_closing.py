"""Closing: what it would end is seen before, and what it ends is said to whom it concerns."""

from typing import Any

import pytest

from models.lifecycle import Role
from models.person import Viewer
from tests.cases import Cases
from tests.world import World

CLOSING = """query ($id: UUID!) { referralClosing(id: $id) { possible hindrance becomes providersTold
  ending { id provider { name } } acceptedOffer { id } } }"""


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def closing(cases: Cases, who: Viewer, id: str) -> dict[str, Any] | None:
    before = await cases.everything_kept()
    seen = (await cases.world.gql(who, CLOSING, id=id))["referralClosing"]
    assert await cases.everything_kept() == before
    return seen  # type: ignore[no-any-return]


async def test_it_is_seen_before_what_closing_ends_and_whom_it_tells(cases: Cases) -> None:
    world, officer = cases.world, await cases.officer()
    firms = [await world.provider() for _ in range(4)]
    drafter, submitter, decliner, _ = [await cases.member(firm) for firm in firms]
    await cases.papers(firms[1])
    id = await cases.drafted(officer)
    nothing: dict[str, Any] = {
        "possible": True,
        "hindrance": None,
        "becomes": "CLOSED",
        "ending": [],
        "acceptedOffer": None,
    }
    assert await closing(cases, officer, id) == {**nothing, "providersTold": 0}
    await cases.on_referral(officer, "referralSend", id)
    assert await closing(cases, officer, id) == {**nothing, "providersTold": 4}
    before = await closing(cases, officer, id)
    await cases.offered(drafter, id, {"homeId": str(firms[0].homes[0])})
    assert await closing(cases, officer, id) == before
    await cases.act(decliner, "referralDecline", id=id, revision=1)
    offer = await cases.submitted(submitter, id, {"homeId": str(firms[1].homes[0])})
    shown = {"id": offer, "provider": {"name": firms[1].name}}
    assert await closing(cases, officer, id) == {**nothing, "providersTold": 3, "ending": [shown]}
    told = await world.count("inbox_entry", "notice = 'REFERRAL_CLOSED'")
    await cases.on_referral(officer, "referralClose", id, reason="WITHDRAWN")
    assert await world.count("inbox_entry", "notice = 'REFERRAL_CLOSED'") == told + 3
    over = "You cannot close this referral: it is closed."
    assert await closing(cases, officer, id) == {**nothing, "possible": False, "hindrance": over, "providersTold": 0}
    (problem,) = await cases.problems(
        officer, "referralClose", id=id, expectedVersion=await cases.version(id), reason="WITHDRAWN"
    )
    assert problem["message"] == over
    for who in (submitter, drafter):
        assert (await cases.seen(who, "Referral", id, "closeReason"))["closeReason"] == "WITHDRAWN"


async def test_an_accepted_offer_hinders_it_with_the_sentence_of_the_refusal(cases: Cases) -> None:
    world, officer = cases.world, await cases.officer()
    firm = await world.provider()
    member = await cases.member(firm)
    await cases.papers(firm)
    id = await cases.sent(officer)
    offer = await cases.submitted(member, id, {"homeId": str(firm.homes[0])})
    await cases.accepted(officer, offer)
    (problem,) = await cases.problems(
        officer, "referralClose", id=id, expectedVersion=await cases.version(id), reason="WITHDRAWN"
    )
    seen = await closing(cases, officer, id) or {}
    assert (seen["possible"], seen["hindrance"], seen["becomes"]) == (False, problem["message"], "SENT")
    assert (seen["acceptedOffer"], seen["ending"], seen["providersTold"]) == ({"id": offer}, [], 0)
    assert problem["code"] == "REFERRAL_ACCEPTED"


async def test_nobody_else_sees_it(cases: Cases) -> None:  # S-030, S-034
    officer, firm = await cases.officer(), await cases.world.provider()
    id = await cases.sent(officer)
    others = [
        await cases.member(firm),
        await cases.officer("Birmingham", Role.READ_ONLY),
        await cases.officer("Solihull"),
        await cases.member(firm, Role.SIGNATORY),
    ]
    for who in others:
        assert await closing(cases, who, id) is None


async def test_a_closed_draft_tells_nobody_and_other_reasons_are_said(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    id = await cases.drafted(officer)
    given: dict[str, Any] = {"id": id, "expectedVersion": 1}
    assert await cases.refused(officer, "referralClose", **given, reason="OTHER") == ["REASON_REQUIRED"]
    await cases.act(officer, "referralClose", **given, reason="ENTERED_IN_ERROR")
    assert await cases.told(member) == []
    assert await cases.world.count("inbox_entry", "notice IS NOT NULL") == 0
    assert await cases.seen(member, "Referral", id) is None
