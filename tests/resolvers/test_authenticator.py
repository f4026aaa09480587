"""Changing one's authenticator, and what an administrator does when it is lost."""

import asyncio
from typing import Any
from xml.etree import ElementTree

from models.lifecycle import Role
from models.person import Viewer
from tests.people import (
    ACCEPT,
    CHANGE_AUTHENTICATOR,
    CONFIRM,
    CONFIRM_AUTHENTICATOR,
    ENROL,
    PASSWORD,
    RECOVER,
    RESET_AUTHENTICATOR,
    SUSPEND,
    Enrolled,
    challenge,
    enrolled,
    half_a_minute_later,
    known,
    notices,
    signed_in,
)
from tests.world import World

WHO = "{ viewer { name } }"


async def confirmed(world: World, somebody: Enrolled, code: str) -> list[str]:
    given = {"challenge": await challenge(world, somebody), "code": code}
    payload = (await world.gql(None, CONFIRM, input=given))["signInConfirm"]
    return [problem["code"] for problem in payload["problems"]]


async def test_the_old_authenticator_works_until_the_new_one_has_shown_a_code(world: World, ada: Enrolled) -> None:
    # TRUST D1, D8
    here, there = await signed_in(world, ada), await signed_in(world, ada)
    await half_a_minute_later(world, ada)
    assert await world.refused(here, CONFIRM_AUTHENTICATOR, input={"code": ada.code()}) == ["WRONG_STATE"]
    assert await world.refused(here, CHANGE_AUTHENTICATOR, input={"code": "000000"}) == ["CODE_REFUSED"]
    code = ada.code()
    given = await world.do(here, CHANGE_AUTHENTICATOR, input={"code": code})
    assert await world.refused(here, CHANGE_AUTHENTICATOR, input={"code": code}) == ["CODE_USED"]
    renewed = Enrolled(ada.id, ada.email, given["secret"], recovery_codes=ada.recovery_codes)
    await half_a_minute_later(world, ada)
    assert await world.refused(here, CONFIRM_AUTHENTICATOR, input={"code": ada.code()}) == ["CODE_REFUSED"]
    assert await confirmed(world, ada, ada.code()) == []
    await world.do(here, CONFIRM_AUTHENTICATOR, input={"code": renewed.code()})
    assert await world.turned_away(there, WHO) == "UNAUTHENTICATED"
    assert (await world.gql(here, WHO))["viewer"]["name"] == "Ada Moss"
    await half_a_minute_later(world, ada)
    assert await confirmed(world, ada, ada.code()) == ["SIGN_IN_REFUSED"]
    assert await confirmed(world, renewed, renewed.code()) == []
    assert await notices(world, here) == ["AUTHENTICATOR_CHANGED"]
    assert await world.count("recovery_code", "person_id = $1 AND spent_at IS NULL", ada.id) == 10


async def test_a_code_that_confirmed_an_authenticator_signs_nobody_in(world: World, ada: Enrolled) -> None:
    # TRUST E1
    here = await signed_in(world, ada)
    await half_a_minute_later(world, ada)
    given = await world.do(here, CHANGE_AUTHENTICATOR, input={"code": ada.code()})
    renewed = Enrolled(ada.id, ada.email, given["secret"])
    code = renewed.code()
    tries = [world.gql(here, CONFIRM_AUTHENTICATOR, input={"code": code}) for _ in range(2)]
    done = [answer["authenticatorConfirm"]["changed"] for answer in await asyncio.gather(*tries)]
    assert sorted(done) == [False, True]
    assert await confirmed(world, renewed, code) == ["SIGN_IN_REFUSED"]


async def test_a_new_authenticator_waits_for_an_hour(world: World, ada: Enrolled) -> None:
    here = await signed_in(world, ada)
    await half_a_minute_later(world, ada)
    given = await world.do(here, CHANGE_AUTHENTICATOR, input={"code": ada.code()})
    await world.sql("UPDATE credential SET pending_at = pending_at - interval '1 hour'")
    late = Enrolled(ada.id, ada.email, given["secret"]).code()
    assert await world.refused(here, CONFIRM_AUTHENTICATOR, input={"code": late}) == ["WRONG_STATE"]
    await half_a_minute_later(world, ada)
    assert await confirmed(world, ada, ada.code()) == []


async def test_the_qr_code_is_a_picture_in_svg_that_is_kept_nowhere(world: World, ada: Enrolled) -> None:
    # S-025
    here = await signed_in(world, ada)
    await half_a_minute_later(world, ada)
    given = await world.do(here, CHANGE_AUTHENTICATOR, input={"code": ada.code()})
    picture = ElementTree.fromstring(given["qrCode"])  # noqa: S314
    assert picture.tag.endswith("svg")
    assert "script" not in given["qrCode"]
    assert given["secret"] in given["otpauth"]
    for table in ("credential", "event", "invitation"):
        assert given["secret"] not in str(await world.sql(f"SELECT * FROM {table}"))


# ── lost ─────────────────────────────────────────────────────────────────────
async def test_a_lost_authenticator_ends_at_once_and_the_password_stays_needed(
    world: World, admin: Viewer, ada: Enrolled
) -> None:
    # TRUST E6, S-026
    session, pending = await signed_in(world, ada), await challenge(world, ada)
    given = await world.do(admin, RESET_AUTHENTICATOR, **await known(world, ada))
    assert given["link"] == f"http://127.0.0.1:8000/authenticator#{given['invitation']}"
    assert await world.turned_away(session, WHO) == "UNAUTHENTICATED"
    await half_a_minute_later(world, ada)
    old = {"challenge": pending, "code": ada.code()}
    assert await world.refused(None, CONFIRM, input=old) == ["SIGN_IN_REFUSED"]
    spent = {"challenge": await challenge(world, ada), "recoveryCode": ada.recovery_codes[0]}
    assert await world.refused(None, RECOVER, input=spent) == ["SIGN_IN_REFUSED"]
    link = {"invitation": given["invitation"]}
    assert await world.refused(None, ACCEPT, input={**link, "password": "a password of nobody"}) == ["SIGN_IN_REFUSED"]
    fresh = await world.do(None, ACCEPT, input={**link, "password": PASSWORD})
    renewed = Enrolled(ada.id, ada.email, fresh["secret"])
    assert await world.refused(None, ENROL, input={**link, "code": ada.code()}) == ["CODE_REFUSED"]
    done = await world.do(None, ENROL, input={**link, "code": renewed.code()})
    assert len(done["recoveryCodes"]) == 10
    assert await world.refused(None, ACCEPT, input={**link, "password": PASSWORD}) == ["INVITATION_USED"]
    assert await notices(world, await signed_in(world, renewed)) == ["AUTHENTICATOR_CHANGED", "AUTHENTICATOR_RESET"]
    told = await world.sql("SELECT actor_id FROM event WHERE kind = 'account.reset_authenticator'")
    assert [row["actor_id"] for row in told] == [admin.person_id]


async def test_those_who_answer_for_somebody_begin_a_new_enrolment_and_nobody_else(
    world: World, admin: Viewer, ada: Enrolled
) -> None:
    # TRUST E6, S-030
    firm, region = await world.provider(), await world.person(await world.region(), Role.REGION_ADMIN)
    boss = await enrolled(world, admin, "boss@example.org", "ADMINISTRATOR", organisationId=str(firm.id))
    of_provider = await signed_in(world, boss)
    member = await enrolled(world, of_provider, "member@example.org", "MEMBER")
    elsewhere = await world.person(await world.authority("Coventry"), Role.ADMINISTRATOR)
    officer = await world.person(admin.organisation_id, Role.PLACEMENT_OFFICER)
    outcomes: list[tuple[Viewer, Enrolled, str]] = [
        (elsewhere, ada, "NOT_FOUND"), (of_provider, ada, "NOT_FOUND"), (officer, ada, "FORBIDDEN"),
        (await signed_in(world, member), boss, "FORBIDDEN"), (of_provider, boss, "FORBIDDEN"),
        (elsewhere, boss, "NOT_FOUND"), (admin, member, "FORBIDDEN"), (admin, boss, "FORBIDDEN"),
    ]  # fmt: skip
    for who, whom, code in outcomes:
        assert await world.refused(who, RESET_AUTHENTICATOR, **await known(world, whom)) == [code]
    assert await world.count("credential", "authenticator IS NULL") == 0
    assert await world.count("invitation", "purpose = 'AUTHENTICATOR'") == 0
    await world.do(of_provider, RESET_AUTHENTICATOR, **await known(world, member))
    for who, whom in ((region, boss), (region, ada)):
        await world.do(who, RESET_AUTHENTICATOR, **await known(world, whom))
    assert await world.count("credential", "authenticator IS NULL") == 3


async def test_a_link_of_somebody_who_is_suspended_meanwhile_does_not_work(
    world: World, admin: Viewer, ada: Enrolled
) -> None:
    given = await world.do(admin, RESET_AUTHENTICATOR, **await known(world, ada))
    await world.do(admin, SUSPEND, **await known(world, ada))
    link: dict[str, Any] = {"invitation": given["invitation"], "password": PASSWORD}
    assert await world.refused(None, ACCEPT, input=link) == ["ACCOUNT_NOT_ACTIVE"]


async def test_after_a_hundred_wrong_codes_in_a_row_only_a_new_enrolment_helps(
    world: World, admin: Viewer, ada: Enrolled
) -> None:
    # TRUST E2
    assert await confirmed(world, ada, "000000") == ["SIGN_IN_REFUSED"]
    await world.sql("UPDATE throttle SET failures = 98 WHERE lasting")
    for wrong in ("000000", "12345"):
        assert await confirmed(world, ada, wrong) == ["SIGN_IN_REFUSED"]
    assert [row["failures"] for row in await world.sql("SELECT failures FROM throttle WHERE lasting")] == [100]
    await half_a_minute_later(world, ada)
    for _ in range(3):
        assert await confirmed(world, ada, ada.code()) == ["SIGN_IN_REFUSED"]
    spent = {"challenge": await challenge(world, ada), "recoveryCode": ada.recovery_codes[0]}
    assert await world.refused(None, RECOVER, input=spent) == ["SIGN_IN_REFUSED"]
    await world.sql("UPDATE throttle SET last_at = last_at - interval '400 days'")
    await world.sql("SELECT portal_forget_tries(now())")
    assert await confirmed(world, ada, ada.code()) == ["SIGN_IN_REFUSED"]
    given = await world.do(admin, RESET_AUTHENTICATOR, **await known(world, ada))
    fresh = await world.do(None, ACCEPT, input={"invitation": given["invitation"], "password": PASSWORD})
    renewed = Enrolled(ada.id, ada.email, fresh["secret"])
    await world.do(None, ENROL, input={"invitation": given["invitation"], "code": renewed.code()})
    await half_a_minute_later(world, ada)
    assert await confirmed(world, renewed, renewed.code()) == []


async def test_a_right_code_begins_the_count_anew(world: World, ada: Enrolled) -> None:
    # TRUST E2: a hundred in a row, not in all
    await confirmed(world, ada, "000000")
    await world.sql("UPDATE throttle SET failures = 99 WHERE lasting")
    assert await confirmed(world, ada, ada.code()) == []
    assert [row["failures"] for row in await world.sql("SELECT failures FROM throttle WHERE lasting")] == [0]
