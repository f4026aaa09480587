"""Whoever does not know the password or the code learns nothing and gets slower."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from models.person import Viewer
from tests.people import (
    ACCEPT,
    APPROVE,
    CONFIRM,
    PASSWORD,
    REQUEST,
    SIGN_IN,
    SUSPEND,
    Enrolled,
    asked,
    challenge,
    half_a_minute_later,
    invited,
)
from tests.world import World

WRONG = "wrong horse battery staple"


async def problems(world: World, document: str, **given: Any) -> list[dict[str, Any]]:
    (payload,) = (await world.gql(None, document, input=given)).values()
    return list(payload["problems"])


async def codes(world: World, **given: Any) -> list[str]:
    return [problem["code"] for problem in await problems(world, SIGN_IN, **given)]


async def test_unknown_wrong_late_reused_and_blocked_are_one_answer(world: World, ada: Enrolled) -> None:
    # TRUST E3
    before = await world.count("event")
    answers = [
        await problems(world, SIGN_IN, email="nobody@example.org", password=PASSWORD),
        await problems(world, SIGN_IN, email="nul\x00@example.org", password=PASSWORD),
        await problems(world, SIGN_IN, email=ada.email, password=WRONG),
        await problems(world, CONFIRM, challenge="made up", code=ada.code()),
        await problems(world, CONFIRM, challenge=await challenge(world, ada), code="000000x"),
    ]
    late = await challenge(world, ada)
    await world.sql("UPDATE challenge SET expires_at = now()")
    answers.append(await problems(world, CONFIRM, challenge=late, code=ada.code()))
    used, code = await challenge(world, ada), ada.code()
    assert await problems(world, CONFIRM, challenge=used, code=code) == []
    answers.append(await problems(world, CONFIRM, challenge=used, code=ada.code(1)))
    answers.append(await problems(world, CONFIRM, challenge=await challenge(world, ada), code=code))
    for _ in range(6):
        await problems(world, SIGN_IN, email=ada.email, password=WRONG)
    answers.append(await problems(world, SIGN_IN, email=ada.email, password=PASSWORD))
    assert [answer for answer in answers if answer != answers[0]] == []
    assert answers[0][0]["code"] == "SIGN_IN_REFUSED"
    assert await world.count("event", "kind <> 'account.block'") == before + 1
    assert await world.count("session", "person_id = $1", ada.id) == 1


async def test_six_wrong_passwords_close_an_address_for_a_quarter_of_an_hour(world: World, ada: Enrolled) -> None:
    # TRUST E2
    right, wrong = {"email": ada.email, "password": PASSWORD}, {"email": ada.email.upper(), "password": WRONG}
    for _ in range(5):
        await codes(world, **wrong)
    assert await codes(world, **right) == []
    for _ in range(6):
        await codes(world, **wrong)
    assert await codes(world, **right) == ["SIGN_IN_REFUSED"]
    assert await world.count("challenge", "person_id = $1", ada.id) == 1
    await world.sql("UPDATE throttle SET blocked_until = blocked_until - interval '14 minutes'")
    assert await codes(world, **right) == ["SIGN_IN_REFUSED"]
    await world.sql("UPDATE throttle SET blocked_until = blocked_until - interval '1 minute'")
    assert await codes(world, **right) == []


async def test_an_address_that_nobody_has_is_closed_like_any_other(world: World) -> None:
    # TRUST E2: what is counted does not tell whether there is an account
    for _ in range(7):
        await codes(world, email="nobody@example.org", password=WRONG)
    rows = await world.sql("SELECT key, failures FROM throttle WHERE blocked_until > now()")
    assert [row["failures"] for row in rows] == [7]
    assert b"nobody" not in rows[0]["key"]


async def test_many_guesses_at_once_are_worth_no_more_than_six(world: World, ada: Enrolled) -> None:
    # TRUST E2
    await asyncio.gather(*(codes(world, email=ada.email, password=WRONG) for _ in range(12)))
    assert await codes(world, email=ada.email, password=PASSWORD) == ["SIGN_IN_REFUSED"]
    rows = await world.sql("SELECT failures FROM throttle WHERE blocked_until > now()")
    assert [row["failures"] for row in rows] == [7]


async def test_what_was_tried_is_forgotten_after_a_day_but_not_a_block_nor_what_counts_in_a_row(world: World) -> None:
    # TRUST E2
    kinds = {"old": (2, False, "NULL"), "blocked": (7, False, "now() + interval '2 days'"), "row": (99, True, "NULL")}
    for key, (failures, lasting, until) in {**kinds, "right since": (0, True, "NULL")}.items():
        await world.sql(
            "INSERT INTO throttle (key, failures, lasting, blocked_until, last_at)"
            f" VALUES ($1, $2, $3, {until}, now() - interval '25 hours')", key.encode(), failures, lasting,
        )  # fmt: skip
    await codes(world, email="nobody@example.org", password=WRONG)
    async with world.shell.database.acting(None, world.clock.now) as session:
        await session.execute(select(func.portal_forget_tries(datetime.now(UTC) - timedelta(days=1))))
    kept = {bytes(row["key"]) for row in await world.sql("SELECT key FROM throttle")}
    assert {b"blocked", b"row"} < kept
    assert not {b"old", b"right since"} & kept
    assert len(kept) == 4  # with those of the try just now


async def test_a_challenge_takes_five_tries(world: World, ada: Enrolled) -> None:
    # S-025
    given = await challenge(world, ada)
    for _ in range(5):
        await problems(world, CONFIRM, challenge=given, code="123")
    assert len(await problems(world, CONFIRM, challenge=given, code=ada.code())) == 1
    assert await problems(world, CONFIRM, challenge=await challenge(world, ada), code=ada.code()) == []


async def test_wrong_codes_are_counted_across_challenges(world: World, ada: Enrolled) -> None:
    # TRUST E2: whoever knows the password does not get five more guesses with every new challenge
    for _ in range(6):
        await problems(world, CONFIRM, challenge=await challenge(world, ada), code="123")
    assert len(await problems(world, CONFIRM, challenge=await challenge(world, ada), code=ada.code())) == 1
    await world.sql("UPDATE throttle SET blocked_until = now()")
    assert await problems(world, CONFIRM, challenge=await challenge(world, ada), code=ada.code()) == []


async def test_a_network_address_that_guesses_is_closed_and_others_are_not(world: World, ada: Enrolled) -> None:
    # TRUST E2
    for number in range(30):
        await codes(world, email=f"nobody.{number}@example.org", password="short")
    assert await codes(world, email=ada.email, password=PASSWORD) == ["SIGN_IN_REFUSED"]
    world.address = "198.51.100.7"
    assert await codes(world, email=ada.email, password=PASSWORD) == []


async def test_an_account_that_is_not_active_is_told_so_only_to_whoever_knows_the_password(
    world: World, admin: Viewer, ada: Enrolled
) -> None:
    # S-024
    account = (await world.do(admin, REQUEST, **asked("bo@example.org", "READ_ONLY")))["account"]
    assert await codes(world, email="bo@example.org", password=PASSWORD) == ["SIGN_IN_REFUSED"]
    await world.do(admin, APPROVE, id=account["id"], version=account["version"])
    assert await codes(world, email="bo@example.org", password=PASSWORD) == ["SIGN_IN_REFUSED"]
    _, invitation = await invited(world, admin, "cy@example.org", "READ_ONLY")
    await world.do(None, ACCEPT, input={"invitation": invitation, "password": PASSWORD})
    assert await codes(world, email="cy@example.org", password=PASSWORD) == ["ACCOUNT_NOT_ACTIVE"]
    assert await codes(world, email="cy@example.org", password=WRONG) == ["SIGN_IN_REFUSED"]
    pending = await challenge(world, ada)
    (row,) = await world.sql("SELECT version FROM person WHERE id = $1", ada.id)
    await world.do(admin, SUSPEND, id=str(ada.id), version=row["version"])
    assert await codes(world, email=ada.email, password=PASSWORD) == ["ACCOUNT_NOT_ACTIVE"]
    assert await codes(world, email=ada.email, password=WRONG) == ["SIGN_IN_REFUSED"]
    await half_a_minute_later(world, ada)
    given = await problems(world, CONFIRM, challenge=pending, code=ada.code())
    assert [problem["code"] for problem in given] == ["ACCOUNT_NOT_ACTIVE"]
    assert await world.count("session", "person_id = $1", ada.id) == 0
