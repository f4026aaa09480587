"""How old somebody may be on the day of a sending, and what that age means for whom it reaches (S-035, S-036)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from models.provider import Category
from tests.cases import Cases, born
from tests.world import Care, World

GIVEN: dict[str, Any] = {"expectedVersion": 1, "acknowledgeNoMatch": True}


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


# S-035
@pytest.mark.parametrize(
    ("now", "birthday", "allowed"),
    [
        (datetime(2028, 2, 28, 12, tzinfo=UTC), "2010-02-28", False),  # today
        (datetime(2028, 2, 28, 12, tzinfo=UTC), "2010-03-01", True),
        (datetime(2026, 2, 28, 12, tzinfo=UTC), "2008-02-29", True),  # 18 on 1 March
        (datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC), "2008-02-29", True),
        (datetime(2026, 3, 1, 0, 0, tzinfo=UTC), "2008-02-29", False),
        (datetime(2026, 6, 14, 22, 59, tzinfo=UTC), "2008-06-15", True),  # 23:59 in London
        (datetime(2026, 6, 14, 23, 0, tzinfo=UTC), "2008-06-15", False),  # midnight in London
    ],
)
async def test_eighteen_begins_with_the_day_in_london(
    cases: Cases, now: datetime, birthday: str, allowed: bool
) -> None:
    await cases.world.sql("UPDATE rollout SET opens_at = '2020-01-01', closes_at = NULL WHERE la_id IS NULL")
    cases.world.clock.now = now
    officer = await cases.officer()
    required = f"{now.year}-07-01"
    id = await cases.drafted(officer, children=[born(birthday)], dateRequired=required)
    if allowed:
        await cases.act(officer, "referralSend", id=id, **GIVEN)
    else:
        assert await cases.refused(officer, "referralSend", id=id, **GIVEN) == ["AGE_OUT_OF_RANGE"]


# S-035, S-060
async def test_a_resending_matches_by_the_age_of_its_own_day(cases: Cases) -> None:
    """A birthday between two sendings moves the referral to other homes; an unchanged reminder moves nothing."""
    world, officer = cases.world, await cases.officer()
    younger, older = await world.provider(Care(ages=(8, 14))), await world.provider(Care(ages=(15, 17)))
    id = await cases.sent(officer, children=[born("2011-06-16")])
    assert await cases.delivery(id, younger)
    world.clock.goes_on(days=1)
    await cases.resent(officer, id)
    assert (await cases.delivery(id, younger) or {})["withdrawn_at"] is None
    assert await cases.delivery(id, older) is None
    await cases.resent(officer, id, needs="A garden.")
    assert (await cases.delivery(id, younger) or {})["withdrawn_at"]
    assert (await cases.delivery(id, older) or {})["revision"] == 2


# S-035, S-038
async def test_an_unborn_child_is_matched_as_0_years_old(cases: Cases) -> None:
    """By family assessment alone, whose framework is the residential one."""
    world, officer = cases.world, await cases.officer()
    centre = await world.provider(Care(Category.RESIDENTIAL_FAMILY_ASSESSMENT, (0, 2)))
    later = await world.provider(Care(Category.RESIDENTIAL_FAMILY_ASSESSMENT, (1, 5)))
    home = await world.provider(Care(ages=(0, 17)))
    await world.sql(
        "INSERT INTO framework_membership (id, provider_id, home_id, framework, valid_from, approved_at)"
        " VALUES (gen_random_uuid(), $1, $2, 'West Midlands Residential', '2026-01-01', now())",
        centre.id, centre.homes[0],
    )  # fmt: skip
    unborn = {"expectedOn": "2026-09-01"}
    assessed = {"familyAssessment": {"parents": "Both parents"}, "category": "RESIDENTIAL_FAMILY_ASSESSMENT"}
    id = await cases.sent(officer, children=[unborn], **assessed)
    assert '"framework": "FRAMEWORK"' in (await cases.delivery(id, centre) or {})["match_reason"]
    assert await cases.delivery(id, later) is None
    assert await cases.delivery(id, home) is None


# S-036
async def test_a_birthday_after_the_sending_stops_nothing_but_a_resending(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    id = await cases.sent(officer, children=[born("2008-06-16")])
    cases.world.clock.goes_on(days=1)
    version = await cases.version(id)
    for changes in ({}, {"needs": "A garden."}):
        if changes:
            await cases.edited(officer, id, **changes)
            version += 1
        assert await cases.refused(officer, "referralResend", id=id, expectedVersion=version) == ["AGE_OUT_OF_RANGE"]
    await cases.act(member, "referralOpen", id=id)
    assert (await cases.world.sql("SELECT revision FROM referral WHERE id = $1", UUID(id)))[0]["revision"] == 1
    await cases.papers(firm)
    await cases.accepted(officer, await cases.submitted(member, id, {"homeId": str(firm.homes[0])}))


# S-037
@pytest.mark.parametrize(("birthday", "years"), [("2010-06-15", 16), ("2008-06-16", 17)])
async def test_supported_accommodation_is_matched_for_16_and_17(cases: Cases, birthday: str, years: int) -> None:
    world, officer = cases.world, await cases.officer()
    firms = {ages: await world.provider(Care(Category.SUPPORTED_ACCOMMODATION, ages)) for ages in ((16, 16), (17, 17))}
    id = await cases.sent(officer, category="SUPPORTED_ACCOMMODATION", children=[born(birthday)])
    assert {ages for ages, firm in firms.items() if await cases.delivery(id, firm)} == {(years, years)}
