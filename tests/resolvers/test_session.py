"""Signing in: password, code, session, and how one ends."""

import asyncio
import re
from typing import Any

import pytest

from models.person import Viewer
from portal.door import SignedOut as TurnedAway
from portal.sign_in import SignIn
from schema import schema
from schema.public import public_schema
from tests.people import (
    CONFIRM,
    PASSWORD,
    REINSTATE,
    SIGN_IN,
    SUSPEND,
    Enrolled,
    challenge,
    signed_in,
    token,
    viewer_with,
)
from tests.world import World

OUT = "mutation ($session: UUID) { signOut(session: $session) { ended problems { code } } }"
WHO = "{ viewer { name roles sessionExpiresAt person { email } organisation { name side } } }"
SESSIONS = "{ sessions { id current expiresAt address agent } }"


async def test_a_password_gives_a_challenge_and_only_the_code_a_session(world: World, ada: Enrolled) -> None:
    # S-025
    before = await world.count("session")
    given = await world.do(None, SIGN_IN, input={"email": " Ada.Moss@Example.org", "password": PASSWORD})
    assert await world.count("session") == before
    confirmed = await world.do(None, CONFIRM, input={"challenge": given["challenge"], "code": ada.code()})
    assert confirmed["viewer"] == {"name": "Ada Moss"}
    assert await world.count("session") == before + 1
    viewer = await viewer_with(world, confirmed["token"])
    seen = (await world.gql(viewer, WHO))["viewer"]
    assert seen["organisation"] == {"name": "Birmingham", "side": "LOCAL_AUTHORITY"}
    assert seen["sessionExpiresAt"] == confirmed["expiresAt"] == "2026-06-29T09:00:00.000Z"
    assert seen["roles"] == ["PLACEMENT_OFFICER"]


async def test_tokens_and_challenges_are_kept_as_hashes_alone(world: World, ada: Enrolled) -> None:
    # TRUST D1
    given = await challenge(world, ada)
    bearer = (await world.do(None, CONFIRM, input={"challenge": given, "code": ada.code()}))["token"]
    for table in ("session", "challenge", "invitation"):
        dump = str(await world.sql(f"SELECT * FROM {table}"))
        assert bearer not in dump
        assert given not in dump
    (kept,) = await world.sql("SELECT address, agent FROM session WHERE person_id = $1", ada.id)
    assert kept == {"address": "192.0.2.1", "agent": "a test"}


async def test_of_two_who_use_one_code_at_once_one_is_signed_in(world: World, ada: Enrolled) -> None:
    # S-025, TRUST E1
    challenges = [await challenge(world, ada) for _ in range(4)]
    code = ada.code()
    tries = [world.gql(None, CONFIRM, input={"challenge": c, "code": code}) for c in challenges]
    answers = [answer["signInConfirm"] for answer in await asyncio.gather(*tries)]
    assert sum(answer["token"] is not None for answer in answers) == 1
    assert [a["problems"][0]["code"] for a in answers if a["token"] is None] == ["SIGN_IN_REFUSED"] * 3
    assert await world.count("session", "person_id = $1", ada.id) == 1


async def test_of_two_who_use_one_challenge_at_once_one_is_signed_in(world: World, ada: Enrolled) -> None:
    # S-025
    given = await challenge(world, ada)
    tries = [world.gql(None, CONFIRM, input={"challenge": given, "code": ada.code(step)}) for step in (0, 1)]
    answers = [answer["signInConfirm"] for answer in await asyncio.gather(*tries)]
    assert sum(answer["token"] is not None for answer in answers) == 1
    assert await world.count("session", "person_id = $1", ada.id) == 1


@pytest.mark.parametrize(("steps", "taken"), [(-3, False), (0, True), (1, True), (3, False)])
async def test_a_code_may_be_one_step_off(world: World, ada: Enrolled, steps: int, taken: bool) -> None:
    # S-025
    given = await world.gql(None, CONFIRM, input={"challenge": await challenge(world, ada), "code": ada.code(steps)})
    assert (given["signInConfirm"]["token"] is not None) is taken


async def test_a_session_lasts_fourteen_days_however_much_it_is_used(world: World, ada: Enrolled) -> None:
    # S-027
    door = SignIn(world.shell)
    bearer = await token(world, ada)
    viewer = await viewer_with(world, bearer, door)
    world.clock.goes_on(days=13)
    assert (await world.gql(await viewer_with(world, bearer, door), WHO))["viewer"]["name"] == "Ada Moss"
    world.clock.goes_on(days=2)
    assert await world.turned_away(viewer, WHO) == "SESSION_EXPIRED"
    assert await world.turned_away(viewer, OUT) == "SESSION_EXPIRED"
    for look in (door, SignIn(world.shell)):
        with pytest.raises(TurnedAway, match="SESSION_EXPIRED"):
            await viewer_with(world, bearer, look)
    assert await world.refused(None, CONFIRM, input={"challenge": bearer, "code": ada.code()}) == ["SIGN_IN_REFUSED"]


async def test_whoever_is_suspended_is_out_at_once_and_reinstating_revives_no_session(
    world: World, admin: Viewer, ada: Enrolled
) -> None:
    # S-024, TRUST D1
    bearer = await token(world, ada)
    door = SignIn(world.shell)
    viewer = await viewer_with(world, bearer, door)
    account = await suspended(world, admin, ada)
    assert await world.turned_away(await viewer_with(world, bearer, door), WHO) == "UNAUTHENTICATED"
    assert await world.turned_away(viewer, OUT) == "UNAUTHENTICATED"
    with pytest.raises(TurnedAway, match="UNAUTHENTICATED"):
        await viewer_with(world, bearer)
    await world.do(admin, REINSTATE, id=account["id"], version=account["version"])
    assert await world.turned_away(viewer, WHO) == "UNAUTHENTICATED"
    assert (await world.gql(await signed_in(world, ada), WHO))["viewer"]["name"] == "Ada Moss"


async def suspended(world: World, by: Viewer, somebody: Enrolled) -> dict[str, Any]:
    (row,) = await world.sql("SELECT version FROM person WHERE id = $1", somebody.id)
    account = (await world.do(by, SUSPEND, id=str(somebody.id), version=row["version"]))["account"]
    assert account["status"] == "SUSPENDED"
    return dict(account)


async def test_signing_out_ends_this_session_and_no_other(world: World, ada: Enrolled) -> None:
    # TRUST D1
    here, there = await signed_in(world, ada), await signed_in(world, ada)
    listed = (await world.gql(here, SESSIONS))["sessions"]
    assert [s["current"] for s in sorted(listed, key=lambda s: s["id"] != str(here.session_id))] == [True, False]
    await world.do(here, OUT)
    assert await world.turned_away(here, WHO) == "UNAUTHENTICATED"
    assert len((await world.gql(there, SESSIONS))["sessions"]) == 1


async def test_one_ends_other_sessions_of_ones_own_and_nobody_elses(world: World, admin: Viewer, ada: Enrolled) -> None:
    # TRUST D1
    here, there = await signed_in(world, ada), await signed_in(world, ada)
    assert await world.refused(here, OUT, session=str(admin.session_id)) == ["NOT_FOUND"]
    await world.do(here, OUT, session=str(there.session_id))
    assert await world.turned_away(there, WHO) == "UNAUTHENTICATED"
    assert await world.count("session", "id = $1 AND revoked_at IS NULL", admin.session_id) == 1


async def test_sessions_are_in_the_audit_under_their_person(world: World, ada: Enrolled) -> None:
    # TRUST C2
    viewer = await signed_in(world, ada)
    await world.do(viewer, OUT)
    told = "SELECT kind, actor_id, session_id FROM event WHERE stream = $1 AND kind LIKE 'session.%' ORDER BY seq"
    events = await world.sql(told, ada.id)
    assert [event["kind"] for event in events] == ["session.start", "session.end"]
    assert {event["actor_id"] for event in events} == {ada.id}
    assert {event["session_id"] for event in events} == {viewer.session_id}


def test_there_is_no_second_factor_but_the_authenticator() -> None:
    # S-025, S-026
    for text in (str(schema), str(public_schema)):
        names = re.findall(r"^\s*(?:type|enum|input)?\s*(\w+)", text, re.MULTILINE)
        assert not [name for name in names if re.search("sms|factor|text_?message", name, re.IGNORECASE)]
