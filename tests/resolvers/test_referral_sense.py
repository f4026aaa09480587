"""What a draft of a referral cannot mean is refused while it is drafted, all of it at once."""

from typing import Any

import pytest

from tests.cases import CHILD, REFERRAL, Cases
from tests.world import World


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


def risk(kind: str, level: str = "PAST") -> dict[str, Any]:
    return {"kind": kind, "level": level}


ODD: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a radius below nothing": ({"radiusMiles": -1}, ["radiusMiles"]),
    "a radius beyond the country": ({"radiusMiles": 301}, ["radiusMiles"]),
    "a risk named twice": ({"risks": [risk("ONLINE"), risk("OFFENDING"), risk("ONLINE", "NONE")]}, ["risks.2.kind"]),
    "a contact without a name": ({"socialWorker": {"name": " \t"}}, ["socialWorker.name"]),
    "an e-mail address that is none": ({"teamManager": {"name": "A", "email": "a@b"}}, ["teamManager.email"]),
    "a telephone without digits": ({"socialWorker": {"name": "A", "phone": "ring me"}}, ["socialWorker.phone"]),
    "a day long past": ({"dateRequired": "2019-01-01"}, ["dateRequired"]),
    "a day decades away": ({"dateRequired": "2062-01-01"}, ["dateRequired"]),
    "a day of no calendar": ({"dateRequired": "0001-01-01"}, ["dateRequired"]),
    "a deadline decades away": ({"responseDeadline": "2062-01-01T09:00:00Z"}, ["responseDeadline"]),
    "a deadline at the end of time": ({"responseDeadline": "9999-12-31T23:59:59Z"}, ["responseDeadline"]),
    "a deadline long past": ({"responseDeadline": "2019-01-01T09:00:00Z"}, ["responseDeadline"]),
    "a birth expected in years": ({"children": [{"expectedOn": "2029-01-01"}]}, ["children.0.expectedOn"]),
    "a hearing decades away": (
        {"familyAssessment": {"courtDates": ["2026-07-01", "2056-07-01"]}}, ["familyAssessment.courtDates.1"]
    ),
    "areas left empty": ({"preferredAreas": ["B14", ""], "excludedAreas": ["  "]},
                         ["preferredAreas.1", "excludedAreas.0"]),
    "an area wished for and not": ({"preferredAreas": ["B14"], "excludedAreas": ["CV1", "b14 "]}, ["excludedAreas.1"]),
    "fewer than no staff": ({"requirements": {"staffingRatio": "-2:1"}}, ["requirements.staffingRatio"]),
    "staff for fewer than nobody": ({"requirements": {"staffingRatio": "2:-1"}}, ["requirements.staffingRatio"]),
    "more children than a family has": ({"children": [{}] * 21}, ["children"]),
    "wrong NHS numbers": ({"children": [{"nhsNumber": "1"}, CHILD, {"nhsNumber": "9434765918"}]},
                          ["children.0.nhsNumber", "children.2.nhsNumber"]),
}  # fmt: skip


@pytest.mark.parametrize(("odd", "places"), ODD.values(), ids=ODD.keys())
async def test_a_draft_that_cannot_be_meant_is_refused_with_its_place(
    cases: Cases, odd: dict[str, Any], places: list[str]
) -> None:
    officer = await cases.officer()
    problems = await cases.problems(officer, "referralCreate", input={**REFERRAL, **odd})
    assert {problem["code"] for problem in problems} == {"INVALID_INPUT"}
    assert [".".join(problem["path"]) for problem in problems] == [f"input.{place}" for place in places]
    id = await cases.drafted(officer)
    again = await cases.problems(officer, "referralUpdate", id=id, expectedVersion=1, input=odd)
    assert again == problems


SENSIBLE: dict[str, Any] = {
    "radiusMiles": 0, "risks": [risk("ONLINE"), risk("OFFENDING", "CURRENT")], "dateRequired": "2026-06-01",
    "responseDeadline": "2026-09-01T09:00:00Z", "preferredAreas": ["B14"], "excludedAreas": [],
    "socialWorker": {"name": "Sam O'Neill", "phone": "0121 303 1888, ask for Sam", "email": "duty@example.org"},
    "teamManager": {"name": "Żaneta", "phone": "", "email": None}, "requirements": {"staffingRatio": "2:1 - 1:1"},
    "familyAssessment": {"courtDates": ["2022-03-01"]},
}  # fmt: skip


async def test_a_deadline_may_follow_the_day_required_and_a_contact_may_be_a_shared_mailbox(cases: Cases) -> None:
    officer = await cases.officer()
    await cases.drafted(officer, **SENSIBLE)
    await cases.drafted(officer, radiusMiles=300, risks=[])


async def test_all_faults_of_a_draft_are_told_at_once(cases: Cases) -> None:
    odd = {"radiusMiles": -5, "needs": "a\0b", "preferredAreas": [""], "dateRequired": "1970-01-01"}
    odd |= {"socialWorker": {"name": "", "email": "x"}, "risks": [risk("ONLINE"), risk("ONLINE")]}
    problems = await cases.problems(await cases.officer(), "referralCreate", input={**REFERRAL, **odd})
    assert {".".join(problem["path"][1:]) for problem in problems} == {
        "radiusMiles", "needs", "preferredAreas.0", "dateRequired", "socialWorker.name", "socialWorker.email",
        "risks.1.kind",
    }  # fmt: skip


async def test_answers_are_asked_for_in_time_at_the_first_sending_alone(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    late = await cases.drafted(officer, responseDeadline="2026-06-14T22:59:00Z")
    (problem,) = await cases.problems(officer, "referralSend", id=late, expectedVersion=1)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["responseDeadline"])
    id = await cases.sent(officer, responseDeadline="2026-06-15T07:00:00Z")
    assert await cases.delivery(id, firm)
    cases.world.clock.goes_on(days=3)
    await cases.act(officer, "referralResend", id=id, expectedVersion=await cases.version(id))
