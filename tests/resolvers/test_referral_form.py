"""The form of a referral: what sending asks for, all of it at once."""

from typing import Any

import pytest

from models.referral_form import RiskKind
from tests.cases import CHILD, REFERRAL, Cases
from tests.world import Care, World

EVERYTHING = [
    "category", "urgency", "dateRequired", "duration", "legalStatus", "socialWorker", "needs", "reasonForSearch",
    "risks",
]  # fmt: skip
WHO = ["givenNames", "familyName", "gender", "dateOfBirth"]
BLANK: dict[str, Any] = {**dict.fromkeys(EVERYTHING), "reasonForSearch": "  ", "needs": "", "risks": []}


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def missing(cases: Cases, **content: Any) -> list[str]:
    """Where a draft with this content has gaps, when it is sent; nothing else stands in its way."""
    officer = await cases.officer()
    id = await cases.drafted(officer, **content)
    problems = await cases.problems(officer, "referralSend", id=id, expectedVersion=1)
    assert {problem["code"] for problem in problems} == {"INCOMPLETE"}
    for problem in problems:
        assert problem["message"].endswith(".")
        assert not any(name in problem["message"] for name in (*EVERYTHING, *WHO) if name.lower() != name)
    return [".".join(problem["path"]) for problem in problems]


async def test_sending_asks_for_everything_that_is_missing_at_once(cases: Cases) -> None:
    assert await missing(cases, **BLANK, children=[]) == [*EVERYTHING, "children"]
    nobody = [f"children.1.{name}" for name in WHO]
    assert await missing(cases, **BLANK, children=[CHILD, {"wishes": "A dog"}]) == [*EVERYTHING, *nobody]
    short = {**BLANK, "urgency": "SHORT_NOTICE"}
    assert await missing(cases, **short, children=[CHILD]) == [name for name in EVERYTHING if name != "urgency"]


async def test_an_emergency_needs_less(cases: Cases) -> None:
    urgent = {**BLANK, "urgency": "EMERGENCY"}
    wanted = ["category", "reasonForSearch", "children.0.gender", "children.0.dateOfBirth"]
    assert await missing(cases, **urgent, children=[{}]) == wanted
    officer, firm = await cases.officer(), await cases.world.provider()
    enough = {"category": "RESIDENTIAL", "reasonForSearch": "Tonight."}
    child = {"gender": "MALE", "dateOfBirth": "2012-05-14"}
    id = await cases.sent(officer, **{**urgent, **enough}, children=[child])
    assert await cases.delivery(id, firm)


async def test_family_assessment_asks_for_the_parents_and_no_name_of_the_unborn(cases: Cases) -> None:
    family: dict[str, Any] = {"category": "RESIDENTIAL_FAMILY_ASSESSMENT"}
    unborn, nobody = {"expectedOn": "2026-09-01"}, {"wishes": "None yet"}
    parents = "familyAssessment.parents"
    assert await missing(cases, **family, children=[unborn]) == [parents]
    assert await missing(cases, **family, familyAssessment={"parents": " "}, children=[unborn, CHILD]) == [parents]
    given = [f"children.0.{name}" for name in WHO]
    assert await missing(cases, **family, familyAssessment={"parents": "Both."}, children=[nobody]) == given
    assert await missing(cases, category="RESIDENTIAL", children=[unborn]) == given


async def test_every_kind_of_risk_is_answered_for(cases: Cases) -> None:
    officer = await cases.officer()
    answered = [{"kind": kind.value, "level": "PAST"} for kind in RiskKind if kind not in ("SELF_HARM", "ONLINE")]
    id = await cases.drafted(officer, risks=answered)
    (problem,) = await cases.problems(officer, "referralSend", id=id, expectedVersion=1)
    assert (problem["code"], problem["path"]) == ("INCOMPLETE", ["risks"])
    assert problem["message"].endswith("Not answered: self harm, online.")


async def test_missing_fields_and_ages_out_of_range_are_told_together(cases: Cases) -> None:
    officer = await cases.officer()
    grown = {**CHILD, "dateOfBirth": "2001-01-01"}
    id = await cases.drafted(officer, needs=None, children=[grown, {**CHILD, "gender": None}])
    problems = await cases.problems(officer, "referralSend", id=id, expectedVersion=1)
    assert [(problem["code"], ".".join(problem["path"])) for problem in problems] == [
        ("INCOMPLETE", "needs"), ("INCOMPLETE", "children.1.gender"),
        ("AGE_OUT_OF_RANGE", "children.0.dateOfBirth"),
    ]  # fmt: skip


async def test_resending_asks_for_the_same(cases: Cases) -> None:
    officer, _ = await cases.officer(), await cases.world.provider()
    id = await cases.sent(officer, urgency="EMERGENCY", needs=None, duration=None)
    await cases.edited(officer, id, urgency="PLANNED")
    problems = await cases.problems(officer, "referralResend", id=id, expectedVersion=await cases.version(id))
    assert [problem["path"] for problem in problems] == [["duration"], ["needs"]]


TYPED: dict[str, Any] = {
    "presentPlacementType": "HOSPITAL", "presentPlacement": "Ward 7", "solo": False, "together": True,
    "requirements": {"carerGender": "FEMALE", "wakingNight": True},
}  # fmt: skip


async def test_providers_read_the_typed_fields_as_they_were_entered(cases: Cases) -> None:  # S-053, S-062
    officer, firm = await cases.officer(), await cases.world.provider(Care())
    id = await cases.sent(officer, **TYPED)
    shown = "presentPlacementType presentPlacement solo together requirements { carerGender wakingNight }"
    seen = await cases.seen(await cases.member(firm), "Referral", id, f"summary {{ {shown} duration legalStatus }}")
    assert seen["summary"] == {**TYPED, "duration": REFERRAL["duration"], "legalStatus": REFERRAL["legalStatus"]}
