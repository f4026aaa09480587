"""An authority's case system: one bearer token, one authority, a year."""

import pytest
from starlette.requests import HTTPConnection

from models.lifecycle import Role
from models.person import Viewer
from models.session import SESSION_LASTS
from portal.sign_in import SignIn
from tests.people import SUSPEND
from tests.world import World

CONNECT = """mutation ($input: MachineInput!) { machineCreate(input: $input) {
  account { id name email roles status version } token expiresAt problems { code message } } }"""
WHO = "{ viewer { roles organisation { name } } accounts { nodes { name } } }"


async def found(world: World, token: str) -> Viewer:
    headers = [(b"authorization", f"bearer {token}".encode())]
    viewer = await SignIn(world.shell)(HTTPConnection({"type": "http", "headers": headers}))
    assert viewer
    return viewer


async def test_an_administrator_connects_a_system_for_a_year(world: World) -> None:
    # S-122
    admin = await world.person(await world.authority(), Role.ADMINISTRATOR, name="Admin")
    made = await world.do(admin, CONNECT, input={"name": "Case system"})
    assert made["account"]["roles"] == ["MACHINE"]
    assert (made["account"]["status"], made["account"]["email"]) == ("ACTIVE", None)
    assert made["expiresAt"] == "2027-06-15T09:00:00.000Z"
    machine = await found(world, made["token"])
    seen = await world.gql(machine, WHO)
    assert seen["viewer"] == {"roles": ["MACHINE"], "organisation": {"name": "Birmingham"}}
    assert {node["name"] for node in seen["accounts"]["nodes"]} == {"Admin", "Case system"}
    world.clock.goes_on(days=364)
    assert (await found(world, made["token"])).person_id == machine.person_id


async def test_a_suspended_system_is_out(world: World) -> None:
    # S-122
    admin = await world.person(await world.authority(), Role.ADMINISTRATOR)
    made = await world.do(admin, CONNECT, input={"name": "Case system"})
    machine = await found(world, made["token"])
    await world.do(admin, SUSPEND, id=made["account"]["id"], version=made["account"]["version"])
    assert await world.turned_away(machine, WHO) == "UNAUTHENTICATED"


@pytest.mark.parametrize("role", [Role.PLACEMENT_OFFICER, Role.REGISTRATION_OFFICER, Role.READ_ONLY])
async def test_others_of_the_authority_connect_none(world: World, role: Role) -> None:
    # S-122
    officer = await world.person(await world.authority(), role)
    assert await world.refused(officer, CONNECT, input={"name": "Case system"}) == ["FORBIDDEN"]
    assert await world.count("person", "'MACHINE' = ANY (roles)") == 0


async def test_neither_providers_nor_the_region_have_case_systems(world: World) -> None:
    # S-122
    member = await world.person((await world.provider()).id, Role.ADMINISTRATOR)
    region = await world.person(await world.region(), Role.REGION_ADMIN)
    for viewer in (member, region):
        assert await world.refused(viewer, CONNECT, input={"name": "Case system"}) == ["FORBIDDEN"]
    assert await world.count("session", "expires_at > $1", world.clock.now + SESSION_LASTS) == 0
