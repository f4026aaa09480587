"""Passwords: changed with the present one and a fresh code, forgotten without a word of it, chosen anew by a link."""

import asyncio
from dataclasses import replace
from time import monotonic
from typing import Any

import pytest

from models.lifecycle import Role
from models.person import Viewer
from tests.people import (
    ACCEPT,
    CHANGE_PASSWORD,
    FORGOTTEN,
    PASSWORD,
    RESET,
    RESET_PASSWORD,
    SIGN_IN,
    Enrolled,
    enrolled,
    half_a_minute_later,
    invited,
    known,
    notices,
    signed_in,
)
from tests.world import World

NEW = "teal ducks read slowly"
WHO = "{ viewer { name } }"


async def works(world: World, somebody: Enrolled, password: str) -> bool:
    answer = await world.gql(None, SIGN_IN, input={"email": somebody.email, "password": password})
    return answer["signIn"]["challenge"] is not None


async def changed(world: World, viewer: Viewer, **given: Any) -> list[str]:
    payload = (await world.gql(viewer, CHANGE_PASSWORD, input=given))["passwordChange"]
    return [problem["code"] for problem in payload["problems"]]


async def test_a_change_takes_the_present_password_and_a_fresh_code_and_ends_other_sessions(
    world: World, ada: Enrolled
) -> None:
    # TRUST D1, D8
    here, there = await signed_in(world, ada), await signed_in(world, ada)
    await half_a_minute_later(world, ada)
    refusals = [
        await changed(world, here, current="wrong horse battery", password=NEW, code=ada.code()),
        await changed(world, here, current=PASSWORD, password=NEW, code="000000"),
        await changed(world, here, current=PASSWORD, password="short", code=ada.code()),
        await changed(world, here, current=PASSWORD, password="Password123456", code=ada.code()),
    ]
    assert refusals == [["SIGN_IN_REFUSED"], ["CODE_REFUSED"], ["INVALID_INPUT"], ["WEAK_PASSWORD"]]
    assert await works(world, ada, PASSWORD)
    assert (await world.gql(there, WHO))["viewer"]["name"] == "Ada Moss"
    assert await changed(world, here, current=PASSWORD, password=NEW, code=ada.code()) == []
    assert not await works(world, ada, PASSWORD)
    assert await works(world, ada, NEW)
    assert await world.turned_away(there, WHO) == "UNAUTHENTICATED"
    assert await notices(world, here) == ["PASSWORD_CHANGED"]
    assert await world.count("event", "kind = 'account.change_password' AND actor_id = $1", ada.id) == 1


async def test_whoever_has_a_session_does_not_get_to_guess_the_password(world: World, ada: Enrolled) -> None:
    # TRUST E2
    viewer = await signed_in(world, ada)
    for _ in range(6):
        await changed(world, viewer, current="wrong horse battery", password=NEW, code="000000")
    await half_a_minute_later(world, ada)
    assert await changed(world, viewer, current=PASSWORD, password=NEW, code=ada.code()) == ["SIGN_IN_REFUSED"]
    assert await works(world, ada, PASSWORD)


@pytest.mark.parametrize("password", ["ada moss ada moss", "Birmingham-2026!", "ada.moss@example.org"])
async def test_a_new_password_is_weighed_with_what_is_known_of_the_person(
    world: World, admin: Viewer, password: str
) -> None:
    _, invitation = await invited(world, admin, "ada.moss@example.org", "READ_ONLY")
    given = await world.gql(None, ACCEPT, input={"invitation": invitation, "password": password})
    (problem,) = given["invitationAccept"]["problems"]
    assert (problem["code"], problem["path"]) == ("WEAK_PASSWORD", ["input", "password"])
    assert password not in problem["message"]
    assert await world.count("credential") == 0


# ── forgotten ────────────────────────────────────────────────────────────────
async def forget(world: World, email: str) -> tuple[dict[str, Any], float]:
    began = monotonic()
    answer = await world.gql(None, FORGOTTEN, input={"email": email})
    return answer, monotonic() - began


def pauses_noted(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that are asked of every pause from now on; each is kept to."""
    asked, sleep = list[float](), asyncio.sleep

    async def noted(seconds: float) -> None:
        asked.append(seconds)
        await sleep(seconds)

    monkeypatch.setattr(asyncio, "sleep", noted)
    return asked


async def test_having_forgotten_gets_one_answer_in_one_time_and_tells_the_administrators(
    world: World, admin: Viewer, ada: Enrolled, monkeypatch: pytest.MonkeyPatch
) -> None:
    # TRUST E3, S-050
    colleague = await world.person(admin.organisation_id, Role.PLACEMENT_OFFICER)
    pauses = pauses_noted(monkeypatch)
    answers = [await forget(world, email) for email in (ada.email.upper(), "nobody@example.org", "nul\x00@x", "")]
    assert all(answer == {"passwordForgotten": {"received": True, "problems": []}} for answer, _ in answers)
    assert all(took >= 0.25 for _, took in answers)
    assert len(pauses) == len(answers)
    assert max(pauses) < 0.25, "a pause makes up what the work left of one time; it does not follow the work"
    assert await notices(world, admin) == ["PASSWORD_FORGOTTEN"]
    assert await notices(world, colleague) == []
    assert await notices(world, await signed_in(world, ada)) == []
    assert await world.count("event", "kind = 'account.forget_password' AND subject_id = $1", ada.id) == 1
    assert await world.count("invitation", "purpose = 'PASSWORD'") == 0


async def test_administrators_are_told_three_times_a_quarter_of_an_hour_at_most(
    world: World, admin: Viewer, ada: Enrolled
) -> None:
    answers = await asyncio.gather(*(forget(world, ada.email) for _ in range(6)))
    assert {str(answer) for answer, _ in answers} == {str(answers[0][0])}
    assert len(await notices(world, admin)) == 3


async def test_where_an_organisation_has_no_other_administrator_those_who_look_after_it_are_told(
    world: World, admin: Viewer
) -> None:
    region = await world.person(await world.region(), Role.REGION_ADMIN)
    firm = await world.provider(approved=False)
    officer = await world.person(admin.organisation_id, Role.REGISTRATION_OFFICER)
    only = await enrolled(world, region, "only@example.org", "ADMINISTRATOR", organisationId=str(firm.id))
    await forget(world, only.email)
    assert [await notices(world, who) for who in (officer, admin, region)] == [[], [], ["PASSWORD_FORGOTTEN"]]
    await world.sql("UPDATE person SET email_key = 'admin.of@example.org' WHERE id = $1", admin.person_id)
    await forget(world, "admin.of@example.org")
    assert await notices(world, region) == ["PASSWORD_FORGOTTEN"] * 2
    await world.sql("UPDATE person SET roles = '{MEMBER}' WHERE id = $1", only.id)
    await forget(world, only.email)
    assert [await notices(world, who) for who in (officer, admin)] == [["PASSWORD_FORGOTTEN"]] * 2


# ── by a link ────────────────────────────────────────────────────────────────
async def test_a_link_for_a_new_password_takes_the_second_factor_and_works_once(
    world: World, admin: Viewer, ada: Enrolled
) -> None:
    # TRUST E6
    session = await signed_in(world, ada)
    given = await world.do(admin, RESET_PASSWORD, **await known(world, ada))
    assert given["link"] == f"http://127.0.0.1:8000/password#{given['invitation']}"
    assert await works(world, ada, PASSWORD)
    link = {"invitation": given["invitation"], "password": NEW}
    await half_a_minute_later(world, ada)
    assert await world.refused(None, RESET, input={**link, "code": "000000"}) == ["CODE_REFUSED"]
    assert await world.refused(None, RESET, input={**link, "code": "AAAA" * 5}) == ["CODE_REFUSED"]
    weak = {**link, "password": "Password123456", "code": ada.code()}
    assert await world.refused(None, RESET, input=weak) == ["WEAK_PASSWORD"]
    assert await world.refused(None, ACCEPT, input=link) == ["NOT_FOUND"]
    assert await works(world, ada, PASSWORD)
    await world.do(None, RESET, input={**link, "code": ada.code()})
    assert (await works(world, ada, PASSWORD), await works(world, ada, NEW)) == (False, True)
    assert await world.turned_away(session, WHO) == "UNAUTHENTICATED"
    await half_a_minute_later(world, ada)
    assert await world.refused(None, RESET, input={**link, "code": ada.code()}) == ["INVITATION_USED"]
    renewed = await signed_in(world, replace(ada, password=NEW))
    assert await notices(world, renewed) == ["PASSWORD_CHANGED", "PASSWORD_RESET"]


async def test_a_recovery_code_is_a_second_factor_too(world: World, admin: Viewer, ada: Enrolled) -> None:
    # TRUST E5
    given = await world.do(admin, RESET_PASSWORD, **await known(world, ada))
    link = {"invitation": given["invitation"], "password": NEW, "code": ada.recovery_codes[0]}
    await world.do(None, RESET, input=link)
    assert await works(world, ada, NEW)
    assert await world.count("recovery_code", "spent_because = 'USED'") == 1


async def test_a_link_for_a_password_is_valid_for_72_hours_and_a_newer_one_takes_its_place(
    world: World, admin: Viewer, ada: Enrolled
) -> None:
    first = await world.do(admin, RESET_PASSWORD, **await known(world, ada))
    second = await world.do(admin, RESET_PASSWORD, **await known(world, ada))
    old = {"invitation": first["invitation"], "password": NEW, "code": ada.code()}
    assert await world.refused(None, RESET, input=old) == ["INVITATION_USED"]
    await world.sql("UPDATE invitation SET expires_at = expires_at - interval '72 hours'")
    await half_a_minute_later(world, ada)
    late = {"invitation": second["invitation"], "password": NEW, "code": ada.code()}
    assert await world.refused(None, RESET, input=late) == ["INVITATION_EXPIRED"]
    assert await works(world, ada, PASSWORD)
