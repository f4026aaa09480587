"""An invitation makes one account active, once."""

import asyncio
from typing import Any

import pytest_asyncio

from models.lifecycle import Role
from models.person import Viewer
from tests.people import ACCEPT, ENROL, INVITE, PASSWORD, Enrolled, invited
from tests.world import World

KEYED = INVITE.replace("$version: Int!", "$version: Int!, $key: UUID").replace(
    "expectedVersion: $version", "expectedVersion: $version, idempotencyKey: $key"
)


@pytest_asyncio.fixture(loop_scope="session")
async def admin(world: World) -> Viewer:
    return await world.person(await world.authority(), Role.ADMINISTRATOR)


async def begun(world: World, account: dict[str, Any], invitation: str) -> Enrolled:
    given = await world.do(None, ACCEPT, input={"invitation": invitation, "password": PASSWORD})
    return Enrolled(account["id"], "", given["secret"])


async def test_password_and_code_make_the_account_active(world: World, admin: Viewer) -> None:
    # S-024, S-025
    account, invitation = await invited(world, admin, "ada.moss@example.org", "PLACEMENT_OFFICER")
    assert account["status"] == "INVITED"
    given = await world.do(None, ACCEPT, input={"invitation": invitation, "password": PASSWORD})
    assert given["email"] == "ada.moss@example.org"
    assert given["otpauth"].startswith("otpauth://totp/")
    assert given["secret"] in given["otpauth"]
    assert await world.count("person", "email_key = $1 AND status = 'INVITED'", "ada.moss@example.org") == 1
    code = Enrolled(account["id"], "", given["secret"]).code()
    await world.do(None, ENROL, input={"invitation": invitation, "code": code})
    (kept,) = await world.sql(
        "SELECT p.status, c.password_hash, c.authenticator FROM person p JOIN credential c ON c.person_id = p.id"
        " WHERE p.email_key = 'ada.moss@example.org'"
    )
    assert kept["status"] == "ACTIVE"
    assert kept["password_hash"].startswith("$argon2id$")
    assert given["secret"].encode() not in kept["authenticator"]
    told = await world.sql("SELECT kind FROM event WHERE subject_id = $1 ORDER BY seq", account["id"])
    steps = ("request", "approve", "invite", "enrol", "activate")
    assert [event["kind"] for event in told] == [f"account.{step}" for step in steps]


async def test_an_invitation_works_once(world: World, admin: Viewer) -> None:
    # S-024
    account, invitation = await invited(world, admin, "ada.moss@example.org", "READ_ONLY")
    somebody = await begun(world, account, invitation)
    tries = [world.gql(None, ENROL, input={"invitation": invitation, "code": somebody.code(step)}) for step in (0, 1)]
    answers = [answer["invitationConfirm"]["problems"] for answer in await asyncio.gather(*tries)]
    assert sorted(len(problems) for problems in answers) == [0, 1]
    assert await world.refused(None, ACCEPT, input={"invitation": invitation, "password": PASSWORD}) == [
        "INVITATION_USED"
    ]
    assert await world.count("event", "kind = 'account.activate' AND actor_id = $1", account["id"]) == 1


async def test_a_new_invitation_ends_the_one_before(world: World, admin: Viewer) -> None:
    # S-024
    account, first = await invited(world, admin, "ada.moss@example.org", "READ_ONLY")
    await begun(world, account, first)
    second = await world.do(admin, INVITE, id=account["id"], version=await version(world, account))
    assert await world.refused(None, ACCEPT, input={"invitation": first, "password": PASSWORD}) == ["INVITATION_USED"]
    assert second["link"] == f"http://127.0.0.1:8000/invitation#{second['invitation']}"
    await begun(world, account, second["invitation"])


async def version(world: World, account: dict[str, Any]) -> int:
    (row,) = await world.sql("SELECT version FROM person WHERE id = $1", account["id"])
    return int(row["version"])


async def test_an_invitation_is_valid_for_72_hours(world: World, admin: Viewer) -> None:
    # S-024
    _, invitation = await invited(world, admin, "ada.moss@example.org", "READ_ONLY")
    await world.sql("UPDATE invitation SET expires_at = expires_at - interval '71 hours 59 minutes'")
    await world.do(None, ACCEPT, input={"invitation": invitation, "password": PASSWORD})
    await world.sql("UPDATE invitation SET expires_at = expires_at - interval '1 minute'")
    late = await world.gql(None, ACCEPT, input={"invitation": invitation, "password": PASSWORD})
    unknown = await world.gql(None, ACCEPT, input={"invitation": "made up", "password": PASSWORD})
    (expired,), (made_up,) = late["invitationAccept"]["problems"], unknown["invitationAccept"]["problems"]
    assert (expired["code"], made_up["code"]) == ("INVITATION_EXPIRED", "NOT_FOUND")
    assert expired["message"] == "This link has expired. Ask for a new one."
    assert await world.count("person", "status = 'ACTIVE' AND email_key = 'ada.moss@example.org'") == 0


async def test_a_short_password_or_a_wrong_code_changes_nothing(world: World, admin: Viewer) -> None:
    # S-025
    account, invitation = await invited(world, admin, "ada.moss@example.org", "READ_ONLY")
    assert await world.refused(None, ACCEPT, input={"invitation": invitation, "password": "eleven char"}) == [
        "INVALID_INPUT"
    ]
    assert await world.count("credential") == 0
    assert await world.refused(None, ENROL, input={"invitation": invitation, "code": "123456"}) == ["WRONG_STATE"]
    somebody = await begun(world, account, invitation)
    assert await world.refused(None, ENROL, input={"invitation": invitation, "code": somebody.code(9)}) == [
        "CODE_REFUSED"
    ]
    assert await world.count("person", "status = 'INVITED'") == 1
    await world.do(None, ENROL, input={"invitation": invitation, "code": somebody.code()})


async def test_an_invitation_is_shown_once_even_to_whoever_repeats_the_act(world: World, admin: Viewer) -> None:
    account, _ = await invited(world, admin, "ada.moss@example.org", "READ_ONLY")
    given = {"id": account["id"], "version": account["version"], "key": "3f3f3f3f-0000-4000-8000-000000000001"}
    first = await world.do(admin, KEYED, **given)
    again = await world.do(admin, KEYED, **given)
    assert first["invitation"]
    assert again["invitation"] is again["link"] is None
    assert again["account"] == first["account"]
    assert await world.count("invitation") == 2
