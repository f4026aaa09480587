"""Who matches: every provider that should, no other, against the rule written out plainly (S-039)."""

from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.age import london_day
from models.delivery import Delivery
from models.lifecycle import Role
from models.matching import deliver_open
from models.provider import Category, Gender
from models.wanted import Wanted
from resolvers.read import DIALECT
from tests.models.region import asked_for, provider, sent
from tests.world import World

SAMPLE = pytest.mark.parametrize(
    ("firms", "referrals"), [(12, 40), pytest.param(120, 1500, marks=pytest.mark.long)], ids=["sample", "full"]
)


@SAMPLE
async def test_sending_reaches_exactly_who_matches(world: World, firms: int, referrals: int) -> None:
    """S-007, S-010, S-011, S-013, S-014, S-039, S-040, S-042, S-061: each once, with the reason of its match."""
    luck = Random(39)
    region, outcomes = [await provider(world, luck) for _ in range(firms)], set[bool]()
    async with AsyncSession(world.owner) as session:
        for category, children in asked_for(luck, referrals):
            wanted = Wanted(category, [(age, 0) for age, _ in children], [gender for _, gender in children])
            matched = await session.execute(wanted.matched(london_day(world.clock.now)))
            found = {row.provider_id: row.reason for row in matched}
            reasons = {known.firm.id: known.reason(category, children) for known in region}
            assert found == {id: reason for id, reason in reasons.items() if reason}, (category, children)
            assert sorted((await session.scalars(wanted.providers())).all()) == sorted(found)
            outcomes |= {id in found for id in reasons}
    assert outcomes == {True, False}


@SAMPLE
async def test_a_late_approval_delivers_exactly_what_matches(world: World, firms: int, referrals: int) -> None:
    """S-039, S-041: the database's own function comes to the same as sending does."""
    luck, outcomes = Random(41), set[bool]()
    region = [await provider(world, luck) for _ in range(firms)]
    authority = await world.authority()
    asked = [(sent(authority, category, children, world), category, children) for category, children in
             asked_for(luck, referrals)]  # fmt: skip
    async with AsyncSession(world.owner) as session:
        await session.execute(select(func.set_config("app.org", str(authority), True)))
        session.add_all(referral for referral, _, _ in asked)
        await session.flush()
        for known in region:
            late = {row.case_id for row in await session.execute(deliver_open(known.firm.id, world.clock.now))}
            reasons = {referral.id: known.reason(category, children) for referral, category, children in asked}
            assert late == {id for id, reason in reasons.items() if reason}
            outcomes |= {id in late for id in reasons}
        rows = await session.execute(select(Delivery.referral_id, Delivery.provider_id, Delivery.match_reason))
        kept = {(row.referral_id, row.provider_id): row.match_reason for row in rows}
        for known in region:
            for referral, category, children in asked:
                assert kept.get((referral.id, known.firm.id)) == known.reason(category, children)
        await session.rollback()
    assert outcomes == {True, False}


async def test_what_does_not_match_is_what_is_not_there(world: World) -> None:
    """S-030, S-039: for every provider, by the list and by id, a referral that does not match and none are alike."""
    luck = Random(30)
    region = [await provider(world, luck) for _ in range(6)]
    authority = await world.authority()
    asked = [(sent(authority, category, children, world), category, children) for category, children in
             asked_for(luck, 12)]  # fmt: skip
    async with AsyncSession(world.owner, expire_on_commit=False) as session, session.begin():
        await session.execute(select(func.set_config("app.org", str(authority), True)))
        session.add_all(referral for referral, _, _ in asked)
        await session.flush()
        for known in region:
            await session.execute(deliver_open(known.firm.id, world.clock.now))
    for known in region:
        member = await world.person(known.firm.id, Role.MEMBER)
        listed = await world.gql(member, "{ referrals(first: 100) { nodes { id } } }")
        mine = {str(referral.id) for referral, category, children in asked if known.reason(category, children)}
        assert {node["id"] for node in listed["referrals"]["nodes"]} == mine
        for referral in [referral.id for referral, *_ in asked] + [uuid4()]:
            seen = await world.gql(
                member, "query ($id: UUID!) { referral(id: $id) { id } node(id: $id) { id } }", id=str(referral)
            )
            expected = {"id": str(referral)} if str(referral) in mine else None
            assert seen == {"referral": expected, "node": expected}


def test_a_sending_is_planned_for_its_own_category_and_ages() -> None:
    """They stand in the statement itself; one plan for every category would be made for none of them."""
    wanted = Wanted(Category.FOSTERING, [(3, 0), (11, 5)], [Gender.MALE])
    compiled = wanted.providers().compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    text = str(compiled)
    assert "'FOSTERING'" in text
    assert "age_from <= 3" in text
    assert "age_to >= 11" in text
    assert "MALE" not in text
