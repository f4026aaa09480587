"""Whose account is closed to further tries hears of it, once each time; whoever tried hears nothing."""

from time import monotonic
from typing import Any

import pytest_asyncio

from models.lifecycle import Role
from models.person import Viewer
from tests.people import CONFIRM, PASSWORD, SIGN_IN, Enrolled, challenge, enrolled, half_a_minute_later, notices, token
from tests.people import viewer_with as viewer_of
from tests.world import World


@pytest_asyncio.fixture(loop_scope="session")
async def ada(world: World) -> Enrolled:
    admin = await world.person(await world.authority(), Role.ADMINISTRATOR)
    return await enrolled(world, admin, "ada.moss@example.org", "PLACEMENT_OFFICER")


async def here(world: World, ada: Enrolled) -> Viewer:
    await half_a_minute_later(world, ada)
    return await viewer_of(world, await token(world, ada))


async def guessed(world: World, email: str, password: str = "wrong horse battery") -> tuple[Any, float]:
    began = monotonic()
    answer = await world.gql(None, SIGN_IN, input={"email": email, "password": password})
    return answer["signIn"], monotonic() - began


async def test_six_wrong_passwords_are_told_once_each_time_and_only_to_the_person(world: World, ada: Enrolled) -> None:
    # TRUST E2, E3
    viewer = await here(world, ada)
    known = [await guessed(world, ada.email) for _ in range(8)]
    unknown = [await guessed(world, "nobody@example.org") for _ in range(8)]
    assert {str(answer) for answer, _ in known} == {str(answer) for answer, _ in unknown}
    assert known[5][1] >= 0.1
    assert unknown[5][1] >= 0.1
    assert await notices(world, viewer) == ["SIGN_IN_BLOCKED"]
    assert await world.count("event", "kind = 'account.block'") == 1
    await world.sql("UPDATE throttle SET blocked_until = now(), last_at = last_at - interval '16 minutes'")
    for _ in range(6):
        await guessed(world, ada.email)
    assert await notices(world, viewer) == ["SIGN_IN_BLOCKED"] * 2


async def test_five_wrong_ones_and_a_right_one_are_nothing_to_tell(world: World, ada: Enrolled) -> None:
    viewer = await here(world, ada)
    for _ in range(5):
        await guessed(world, ada.email)
    answer, _ = await guessed(world, ada.email, PASSWORD)
    assert answer["challenge"]
    assert await notices(world, viewer) == []


async def test_being_stopped_after_a_hundred_wrong_codes_is_told_once(world: World, ada: Enrolled) -> None:
    # TRUST E2
    viewer = await here(world, ada)
    wrong = {"challenge": await challenge(world, ada), "code": "000000"}
    await world.gql(None, CONFIRM, input=wrong)
    await world.sql("UPDATE throttle SET failures = 99 WHERE lasting")
    for _ in range(3):
        await world.gql(None, CONFIRM, input=wrong)
    assert await notices(world, viewer) == ["SIGN_IN_BLOCKED"]
