"""When referrals may be made at all: before go-live, in the pilot, after it."""

from datetime import UTC, datetime

import pytest

from models.provider import Category
from tests.cases import CHILD, REFERRAL, Cases, born
from tests.world import Care, World


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


MATRIX = [
    (authority, category, category in allowed)
    for authority, allowed in {
        "Birmingham": ("SUPPORTED_ACCOMMODATION", "RESIDENTIAL", "RESIDENTIAL_FAMILY_ASSESSMENT"),
        "Coventry": ("FOSTERING",),
        "Stoke-on-Trent": tuple(Category),
        "Solihull": (),
    }.items()
    for category in Category
]


async def test_the_pilot_is_for_three_authorities_and_their_categories(cases: Cases) -> None:  # S-043, S-044, S-045
    cases.world.clock.now = datetime(2026, 5, 27, 22, 59, 59, tzinfo=UTC)  # the last second in London
    officers = {name: await cases.officer(name) for name in ("Birmingham", "Coventry", "Stoke-on-Trent", "Solihull")}
    child = [born("2009-06-01")]
    for authority, category, allowed in MATRIX:
        given = {**REFERRAL, "category": category, "children": child, "familyAssessment": {"parents": "Both."}}
        if allowed:
            made = await cases.act(officers[authority], "referralCreate", input=given)
            await cases.act(
                officers[authority], "referralSend", id=made["id"], expectedVersion=1, acknowledgeNoMatch=True
            )
        else:
            (problem,) = await cases.problems(officers[authority], "referralCreate", input=given)
            assert (problem["code"], problem["availableFrom"]) == ("NOT_IN_PILOT", "2026-05-27T23:00:00+00:00")
    cases.world.clock.goes_on(seconds=1)
    await cases.act(officers["Solihull"], "referralCreate", input={**REFERRAL, "category": "FOSTERING"})


async def test_a_category_outside_the_pilot_is_neither_sent_nor_resent(cases: Cases) -> None:  # S-045
    cases.world.clock.now = datetime(2026, 4, 27, 23, 0, tzinfo=UTC)  # midnight in London
    officer = await cases.officer("Coventry")
    await cases.world.provider(Care(Category.FOSTERING), managed_by="Coventry")
    id = await cases.sent(officer, category="FOSTERING")
    await cases.edited(officer, id, category="RESIDENTIAL")
    given = {"id": id, "expectedVersion": await cases.version(id)}
    assert await cases.refused(officer, "referralResend", **given, acknowledgeNoMatch=True) == ["NOT_IN_PILOT"]
    draft = await cases.drafted(officer, category=None)
    await cases.edited(officer, draft, category="RESIDENTIAL")
    assert await cases.refused(officer, "referralSend", id=draft, expectedVersion=2) == ["NOT_IN_PILOT"]


async def test_before_go_live_nothing_is_referred(cases: Cases) -> None:  # S-015
    cases.world.clock.now = datetime(2026, 4, 27, 22, 59, 59, tzinfo=UTC)
    officer, firm = await cases.officer(), await cases.world.provider()
    (problem,) = await cases.problems(officer, "referralCreate", input={**REFERRAL, "children": [CHILD]})
    assert (problem["code"], problem["availableFrom"]) == ("NOT_LIVE", "2026-04-27T23:00:00+00:00")
    assert await cases.refused(await cases.member(firm), "referralCreate", input=REFERRAL) == ["FORBIDDEN"]


def test_every_authority_and_category_is_in_the_matrix() -> None:
    assert len(MATRIX) == 16
    assert sum(allowed for *_, allowed in MATRIX) == 8
