"""Recovery codes: ten, each for one use, for whoever has lost the authenticator; told to the person and recorded."""

import asyncio
import re
from typing import Any

import argon2

from models.person import Viewer
from tests.people import (
    ACCEPT,
    CONFIRM,
    ENROL,
    PASSWORD,
    RECOVER,
    RENEW,
    Enrolled,
    challenge,
    enrolled,
    half_a_minute_later,
    notices,
    signed_in,
    viewer_with,
)
from tests.world import World

LEFT = "{ viewer { recoveryCodesLeft } }"


async def tried(world: World, somebody: Enrolled, code: str) -> dict[str, Any]:
    given = {"challenge": await challenge(world, somebody), "recoveryCode": code}
    return dict((await world.gql(None, RECOVER, input=given))["signInRecover"])


async def test_ten_codes_are_shown_once_and_kept_as_handles_and_hashes(world: World, ada: Enrolled) -> None:
    # S-026, TRUST E5
    assert len(set(ada.recovery_codes)) == 10
    assert all(re.fullmatch("[A-Z2-7]{4}(-[A-Z2-7]{4}){4}", code) for code in ada.recovery_codes)
    kept = await world.sql("SELECT handle, secret_hash FROM recovery_code WHERE person_id = $1", ada.id)
    assert {row["handle"] for row in kept} == {code[:4] for code in ada.recovery_codes}
    hashes = {row["handle"]: row["secret_hash"] for row in kept}
    for code in ada.recovery_codes:
        assert argon2.extract_parameters(hashes[code[:4]]).type is argon2.Type.ID
        assert code[5:].replace("-", "") not in hashes[code[:4]]
    assert (await world.gql(await signed_in(world, ada), LEFT))["viewer"]["recoveryCodesLeft"] == 10


async def test_a_code_signs_in_once_ends_every_other_session_and_is_told(world: World, ada: Enrolled) -> None:
    # TRUST E5
    before = await signed_in(world, ada)
    spelled = ada.recovery_codes[0].lower().replace("-", " ")
    given = await tried(world, ada, spelled)
    assert (given["problems"], given["recoveryCodesLeft"], given["viewer"]) == ([], 9, {"name": "Ada Moss"})
    now = await viewer_with(world, given["token"])
    assert await world.turned_away(before, LEFT) == "UNAUTHENTICATED"
    assert (await world.gql(now, LEFT))["viewer"]["recoveryCodesLeft"] == 9
    assert await notices(world, now) == ["RECOVERY_CODE_USED"]
    assert await world.count("event", "kind = 'account.recover' AND actor_id = $1", ada.id) == 1
    again = await tried(world, ada, ada.recovery_codes[0])
    assert [problem["code"] for problem in again["problems"]] == ["SIGN_IN_REFUSED"]
    assert (await world.gql(now, LEFT))["viewer"]["recoveryCodesLeft"] == 9


async def test_of_two_who_use_one_code_at_once_one_is_signed_in(world: World, ada: Enrolled) -> None:
    # TRUST E5
    answers = await asyncio.gather(*(tried(world, ada, ada.recovery_codes[3]) for _ in range(3)))
    assert sum(answer["token"] is not None for answer in answers) == 1
    assert await world.count("session", "person_id = $1 AND revoked_at IS NULL", ada.id) == 1


async def test_no_code_works_without_the_password_or_for_somebody_else(
    world: World, admin: Viewer, ada: Enrolled
) -> None:
    # S-026: two factors, whichever is the second
    given = {"challenge": "made up", "recoveryCode": ada.recovery_codes[0]}
    assert await world.refused(None, RECOVER, input=given) == ["SIGN_IN_REFUSED"]
    bo = await enrolled(world, admin, "bo.firth@example.org", "READ_ONLY")
    for wrong in (ada.recovery_codes[0], "", "AAAA-AAAA", "ω" * 20, ada.recovery_codes[0][:-1] + "0", "\x00" * 20):
        assert (await tried(world, bo, wrong))["token"] is None
        await world.sql("UPDATE throttle SET failures = 0, blocked_until = NULL")
    assert await world.count("recovery_code", "spent_at IS NOT NULL") == 0
    assert await world.count("session", "person_id = $1", bo.id) == 0


async def test_wrong_recovery_codes_count_with_wrong_codes_of_the_authenticator(world: World, ada: Enrolled) -> None:
    # TRUST E2
    for number in range(6):
        wrong = {"challenge": await challenge(world, ada), "code": "000000"}
        if number % 2:
            await world.gql(None, CONFIRM, input=wrong)
        else:
            await tried(world, ada, "AAAA-AAAA-AAAA-AAAA-AAAA")
    blocked = await tried(world, ada, ada.recovery_codes[0])
    assert [problem["code"] for problem in blocked["problems"]] == ["SIGN_IN_REFUSED"]
    await world.sql("UPDATE throttle SET blocked_until = now()")
    assert (await tried(world, ada, ada.recovery_codes[0]))["problems"] == []


async def test_a_recovered_session_leads_to_another_authenticator_with_ten_new_codes(
    world: World, ada: Enrolled
) -> None:
    # TRUST E6
    given = await tried(world, ada, ada.recovery_codes[0])
    wrong = {"invitation": given["enrolment"], "password": "not the password of hers"}
    assert await world.refused(None, ACCEPT, input=wrong) == ["SIGN_IN_REFUSED"]
    fresh = await world.do(None, ACCEPT, input={"invitation": given["enrolment"], "password": PASSWORD})
    renewed = Enrolled(ada.id, ada.email, fresh["secret"])
    assert (await signed_in(world, ada)).person_id == ada.id  # the old one works until the new one is confirmed
    done = await world.do(None, ENROL, input={"invitation": given["enrolment"], "code": renewed.code()})
    assert not set(done["recoveryCodes"]) & set(ada.recovery_codes)
    await half_a_minute_later(world, ada)
    old = {"challenge": await challenge(world, ada), "code": ada.code()}
    assert await world.refused(None, CONFIRM, input=old) == ["SIGN_IN_REFUSED"]
    assert (await tried(world, ada, ada.recovery_codes[1]))["token"] is None
    viewer = await signed_in(world, renewed)
    assert (await world.gql(viewer, LEFT))["viewer"]["recoveryCodesLeft"] == 10
    assert await world.count("session", "person_id = $1 AND revoked_at IS NULL", ada.id) == 1
    again = {"invitation": given["enrolment"], "password": PASSWORD}
    assert await world.refused(None, ACCEPT, input=again) == ["INVITATION_USED"]


async def test_the_way_to_another_authenticator_is_open_for_an_hour(world: World, ada: Enrolled) -> None:
    given = await tried(world, ada, ada.recovery_codes[0])
    await world.sql("UPDATE invitation SET expires_at = expires_at - interval '1 hour' WHERE purpose = 'AUTHENTICATOR'")
    late = {"invitation": given["enrolment"], "password": PASSWORD}
    assert await world.refused(None, ACCEPT, input=late) == ["INVITATION_EXPIRED"]


async def test_codes_are_renewed_with_a_fresh_code_and_the_old_ones_end(world: World, ada: Enrolled) -> None:
    # TRUST D8
    viewer = await signed_in(world, ada)
    assert await world.refused(viewer, RENEW, input={"code": "000000"}) == ["CODE_REFUSED"]
    await half_a_minute_later(world, ada)
    code = ada.code()
    renewed = (await world.do(viewer, RENEW, input={"code": code}))["recoveryCodes"]
    assert len(renewed) == 10
    assert await world.refused(viewer, RENEW, input={"code": code}) == ["CODE_USED"]
    assert await world.count("recovery_code", "person_id = $1 AND spent_because = 'REPLACED'", ada.id) == 10
    assert (await tried(world, ada, ada.recovery_codes[0]))["token"] is None
    assert (await tried(world, ada, renewed[0]))["recoveryCodesLeft"] == 9
