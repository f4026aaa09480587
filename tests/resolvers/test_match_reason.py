"""With each delivery the reason of its match is kept: by which home, for whom, framework or spot."""

from datetime import date
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.home import FrameworkMembership
from models.matching import deliver_open
from models.provider import Category, Gender
from tests.cases import born
from tests.registering import Registering
from tests.world import Care, Firm, World

MATCHED = """deliveries { revision withdrawnAt matched { homeId homeName category ageFrom ageTo genders framework
  homesMatching } }"""
YOUNGER = born("2015-05-14")


@pytest.fixture
def cases(world: World) -> Registering:
    return Registering(world)


async def matched(cases: Registering, who: Any, id: str) -> list[dict[str, Any]]:
    seen = await cases.seen(who, "Referral", id, MATCHED)
    return list(seen["deliveries"])


async def on_framework(cases: Registering, firm: Firm, home: UUID | None, **facts: Any) -> None:
    given = {"valid_from": date(2026, 4, 1), "valid_until": date(2026, 6, 15), "approved_at": cases.world.clock.now}
    async with AsyncSession(cases.world.owner) as session, session.begin():
        session.add(
            FrameworkMembership(
                provider_id=firm.id, home_id=home, framework="West Midlands Residential", **{**given, **facts}
            )
        )


async def test_the_reason_names_the_home_and_what_it_is_registered_for(cases: Registering) -> None:
    """S-011, S-039: for the authority and for the provider itself; of several homes the first by name."""
    officer = await cases.officer()
    firm = await cases.world.provider(
        Care(ages=(0, 9)), Care(ages=(10, 14)), Care(ages=(8, 17), genders=(Gender.MALE,)), Care(Category.FOSTERING)
    )
    member = await cases.member(firm)
    id = await cases.sent(officer)
    (reason,) = await matched(cases, officer, id)
    assert reason["matched"] == {
        "homeId": str(firm.homes[1]), "homeName": "Home 2", "category": "RESIDENTIAL", "ageFrom": 10, "ageTo": 14,
        "genders": ["FEMALE", "MALE"], "framework": "SPOT", "homesMatching": 2,
    }  # fmt: skip
    assert await matched(cases, member, id) == [reason]


async def test_an_agency_matches_as_a_whole(cases: Registering) -> None:  # S-039
    officer, firm = await cases.officer(), await cases.world.provider(Care(Category.FOSTERING, (0, 17)))
    id = await cases.sent(officer, category="FOSTERING")
    (reason,) = await matched(cases, officer, id)
    assert (reason["matched"]["homeId"], reason["matched"]["homeName"]) == (None, None)
    assert reason["matched"]["homesMatching"] == 1
    assert await cases.delivery(id, firm)


@pytest.mark.parametrize(
    ("home", "facts", "framework"),
    [
        (0, {}, "FRAMEWORK"),  # the last day still counts
        (0, {"valid_until": date(2026, 6, 14)}, "SPOT"),
        (0, {"valid_from": date(2026, 6, 16), "valid_until": None}, "SPOT"),
        (1, {}, "NON_FRAMEWORK"),
    ],
)
async def test_framework_or_spot_is_that_of_the_day_and_makes_no_difference(
    cases: Registering, home: int, facts: dict[str, Any], framework: str
) -> None:
    """S-011, S-012, S-040: at a sending and at a late approval alike."""
    world = cases.world
    officer, reviewer = await cases.officer(), await cases.reviewer()
    spot = await world.provider(Care(), Care(ages=(0, 3)), name="A")
    late = await world.provider(Care(), Care(ages=(0, 3)), name="B", approved=False)
    member = await cases.member(late)
    await on_framework(cases, spot, spot.homes[home], **facts)
    await on_framework(cases, late, late.homes[home], approved_at=None, **facts)
    id = await cases.sent(officer)
    await cases.approved(member, reviewer, late)
    assert await cases.delivery(id, spot)
    assert await cases.delivery(id, late)
    assert [each["matched"]["framework"] for each in await matched(cases, officer, id)] == [framework] * 2


async def test_who_no_longer_matches_keeps_its_reason_only_with_an_offer(cases: Registering) -> None:
    """S-060: the one with an offer reads on by its old reason, the other is shown as withdrawn."""
    world, officer = cases.world, await cases.officer()
    keeper, loser = await world.provider(name="A"), await world.provider(name="B")
    younger = await world.provider(Care(ages=(0, 17)), name="C")
    member, other = await cases.member(keeper), await cases.member(loser)
    id = await cases.sent(officer)
    (child,) = await world.sql("SELECT id FROM child WHERE referral_id = $1", UUID(id))
    await cases.papers(keeper)
    await cases.submitted(member, id, {"homeId": str(keeper.homes[0])})
    firms = (keeper, loser, younger)
    before = [(await cases.delivery(id, firm) or {})["match_reason"] for firm in firms]
    await world.sql("UPDATE registered_care SET age_to = 16 WHERE provider_id = $1", younger.id)
    world.clock.goes_on(hours=1)
    await cases.resent(officer, id, children=[{"id": str(child["id"]), "dateOfBirth": "2022-05-14"}])
    after = [await cases.delivery(id, firm) or {} for firm in firms]
    assert [each["revision"] for each in after] == [2, 1, 2]
    assert [each["match_reason"] for each in after][:2] == before[:2]
    assert '"ageTo": 16' in after[2]["match_reason"]
    withdrawn = {each["revision"]: each["withdrawnAt"] for each in await matched(cases, officer, id)}
    assert withdrawn == {2: None, 1: "2026-06-15T10:00:00.000Z"}
    (mine,) = await matched(cases, member, id)
    assert (mine["matched"]["ageFrom"], mine["withdrawnAt"]) == (8, None)
    assert await cases.seen(other, "Referral", id) is None


async def test_care_and_homes_that_do_not_count_bring_nothing(cases: Registering) -> None:
    """S-007, S-010: neither by sending nor by a late approval, whichever of the two rows says so."""
    world, officer = cases.world, await cases.officer()
    firms = {}
    for table, change in product(("home", "registered_care"), ("ended_at = now()", "approved_at = NULL")):
        firm = firms[table, change] = await world.provider(Care(), Care(Category.FOSTERING))
        only = "" if table == "home" else " AND home_id IS NOT NULL"
        await world.sql(f"UPDATE {table} SET {change} WHERE provider_id = $1{only}", firm.id)
    there = await world.provider()
    id = await cases.sent(officer)
    assert await world.count("delivery") == 1
    assert await cases.delivery(id, there)
    authority = str(await world.authority())
    for what, firm in firms.items():
        async with AsyncSession(world.owner) as session, session.begin():
            await session.execute(select(func.set_config("app.org", authority, True)))
            assert (await session.execute(deliver_open(firm.id, world.clock.now))).all() == [], what
