"""What a person may do: changed by those who decide on the account, and never so that nobody is left to decide."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from models.lifecycle import Role
from models.person import Viewer
from tests.people import (
    CHANGE_ROLES,
    END_OTHERS,
    REINSTATE,
    REQUEST,
    SUSPEND,
    Enrolled,
    enrolled,
    half_a_minute_later,
    known,
    notices,
)
from tests.people import signed_in as signed_in_as
from tests.world import World

WHO = "{ viewer { name roles } }"
KEYED = CHANGE_ROLES.replace("$version: Int!", "$version: Int!, $key: UUID").replace(
    "expectedVersion: $version", "expectedVersion: $version, idempotencyKey: $key"
)


@pytest_asyncio.fixture(loop_scope="session")
async def region(world: World) -> Viewer:
    return await world.person(await world.region(), Role.REGION_ADMIN)


@pytest_asyncio.fixture(loop_scope="session")
async def boss(world: World, region: Viewer) -> Enrolled:
    return await enrolled(
        world, region, "boss@example.org", "ADMINISTRATOR", organisationId=str(await world.authority())
    )


def roles(*wanted: str, **more: Any) -> dict[str, Any]:
    return {"input": {"roles": [*wanted], **more}}


async def given(world: World, viewer: Viewer) -> dict[str, Any]:
    (row,) = await world.sql("SELECT version FROM person WHERE id = $1", viewer.person_id)
    return {"id": str(viewer.person_id), "version": row["version"]}


async def test_other_roles_hold_from_the_next_sign_in_and_sessions_end(world: World, boss: Enrolled) -> None:
    # S-034, TRUST D1
    by = await signed_in_as(world, boss)
    ada = await enrolled(world, by, "ada.moss@example.org", "READ_ONLY")
    before = await signed_in_as(world, ada)
    stale = await known(world, ada)
    changed = await world.do(by, CHANGE_ROLES, **stale, **roles("PLACEMENT_OFFICER", "READ_ONLY"))
    assert changed["account"]["roles"] == ["PLACEMENT_OFFICER", "READ_ONLY"]
    assert await world.turned_away(before, WHO) == "UNAUTHENTICATED"
    after = await signed_in_as(world, ada)
    assert (await world.gql(after, WHO))["viewer"]["roles"] == ["PLACEMENT_OFFICER", "READ_ONLY"]
    assert await notices(world, after) == ["ROLES_CHANGED"]
    assert await world.refused(by, CHANGE_ROLES, **stale, **roles("READ_ONLY")) == ["STALE_VERSION"]
    payload = await world.sql("SELECT payload FROM event WHERE kind = 'account.change_roles'")
    assert '"before":["READ_ONLY"]' in payload[0]["payload"]


async def test_the_same_roles_again_change_nothing_and_sign_nobody_out(world: World, boss: Enrolled) -> None:
    by = await signed_in_as(world, boss)
    ada = await enrolled(world, by, "ada.moss@example.org", "READ_ONLY")
    hers = await signed_in_as(world, ada)
    known_now = await known(world, ada)
    again = await world.do(by, CHANGE_ROLES, **known_now, **roles("READ_ONLY"))
    assert (again["account"]["roles"], again["problems"]) == (["READ_ONLY"], [])
    assert (await world.gql(hers, WHO))["viewer"]["roles"] == ["READ_ONLY"]
    assert await notices(world, hers) == []
    assert await known(world, ada) == known_now
    assert await world.count("event", "kind = 'account.change_roles'") == 0


async def test_the_right_to_sign_is_given_with_a_fresh_code(world: World, boss: Enrolled) -> None:
    # TRUST D8, S-112
    by = await signed_in_as(world, boss)
    ada = await world.person(by.organisation_id, Role.READ_ONLY)
    wanted = {**await given(world, ada)}
    await half_a_minute_later(world, boss)
    without: list[dict[str, Any]] = [{}, {"code": "000000"}, {"code": None}]
    for more in without:
        assert await world.refused(by, CHANGE_ROLES, **wanted, **roles("SIGNATORY", **more)) == ["CODE_REFUSED"]
    assert await world.count("person", "id = $1 AND roles = '{READ_ONLY}'", ada.person_id) == 1
    assert (await world.gql(ada, WHO))["viewer"]["roles"] == ["READ_ONLY"]
    code = boss.code()
    await world.do(by, CHANGE_ROLES, **wanted, **roles("SIGNATORY", code=code))
    bo = await world.person(by.organisation_id, Role.READ_ONLY)
    again = {**await given(world, bo), **roles("SIGNATORY", code=code)}
    assert await world.refused(by, CHANGE_ROLES, **again) == ["CODE_USED"]
    kept = {**await given(world, ada), **roles("SIGNATORY", "READ_ONLY")}  # who signs already goes on signing
    assert (await world.do(by, CHANGE_ROLES, **kept))["account"]["roles"] == ["READ_ONLY", "SIGNATORY"]


async def test_a_code_that_is_not_looked_at_forgives_no_wrong_ones(world: World, boss: Enrolled) -> None:
    # TRUST E2: repeating an act that was done is no way around the count
    by = await signed_in_as(world, boss)
    ada = await world.person(by.organisation_id, Role.READ_ONLY)
    await half_a_minute_later(world, boss)
    act = {**await given(world, ada), **roles("SIGNATORY", code=boss.code()), "key": str(uuid4())}
    await world.do(by, KEYED, **act)
    bo = await world.person(by.organisation_id, Role.READ_ONLY)
    for _ in range(3):
        await world.refused(by, CHANGE_ROLES, **await given(world, bo), **roles("SIGNATORY", code="000000"))
    await world.do(by, KEYED, **act)
    assert max(row["failures"] for row in await world.sql("SELECT failures FROM throttle")) == 3


@pytest.mark.parametrize("wanted", [["MEMBER"], [], ["MACHINE"], ["REGION_ADMIN"]])
async def test_roles_are_those_of_the_organisations_kind(world: World, region: Viewer, wanted: list[str]) -> None:
    # S-034
    ada = await world.person(await world.authority(), Role.READ_ONLY)
    act = {**await given(world, ada), **roles(*wanted)}
    assert await world.refused(region, CHANGE_ROLES, **act) == ["INVALID_INPUT"]
    assert await world.count("person", "id = $1 AND roles = '{READ_ONLY}'", ada.person_id) == 1


async def test_nobody_gives_roles_to_themselves_or_where_they_do_not_decide(world: World, region: Viewer) -> None:
    # S-030, S-034
    authority, firm = await world.authority(), await world.provider()
    admin, other = [await world.person(authority, Role.ADMINISTRATOR) for _ in range(2)]
    officer = await world.person(authority, Role.REGISTRATION_OFFICER)
    boss, member = await world.person(firm.id, Role.ADMINISTRATOR), await world.person(firm.id, Role.MEMBER)
    elsewhere = await world.person(await world.authority("Coventry"), Role.ADMINISTRATOR)
    for who, whom, code in (
        (admin, admin, "FORBIDDEN"), (officer, other, "FORBIDDEN"), (member, boss, "FORBIDDEN"),
        (elsewhere, other, "NOT_FOUND"), (boss, other, "NOT_FOUND"), (admin, member, "FORBIDDEN"),
    ):  # fmt: skip
        act = {**await given(world, whom), **roles("ADMINISTRATOR")}
        assert (who, await world.refused(who, CHANGE_ROLES, **act)) == (who, [code])
    assert await world.count("event", "kind = 'account.change_roles'") == 0
    await world.do(boss, CHANGE_ROLES, **await given(world, member), **roles("ADMINISTRATOR", "MEMBER"))
    await world.do(region, CHANGE_ROLES, **await given(world, other), **roles("READ_ONLY"))


@pytest.mark.parametrize("act", [(SUSPEND, {}), (CHANGE_ROLES, roles("READ_ONLY"))], ids=["suspend", "roles"])
async def test_the_last_administrator_stays_one(world: World, act: tuple[str, dict[str, Any]]) -> None:
    document, more = act
    authority = await world.authority()
    only = await world.person(authority, Role.ADMINISTRATOR)
    assert await world.refused(only, document, **await given(world, only), **more) == ["LAST_ADMINISTRATOR"]
    other = await world.person(authority, Role.ADMINISTRATOR)
    assert await world.refused(only, document, **await given(world, only), **more) == ["FORBIDDEN"]
    await world.do(only, document, **await given(world, other), **more)
    assert (await world.gql(only, WHO))["viewer"]["roles"] == ["ADMINISTRATOR"]


async def test_of_two_administrators_who_suspend_each_other_at_once_one_stays(world: World) -> None:
    firm = await world.provider()
    for _ in range(3):
        one, two = [await world.person(firm.id, Role.ADMINISTRATOR) for _ in range(2)]
        acts = [world.gql(a, SUSPEND, **await given(world, b)) for a, b in ((one, two), (two, one))]
        answers = await asyncio.gather(*acts, return_exceptions=True)
        done = [a for a in answers if isinstance(a, dict) and a["accountSuspend"]["account"]]
        assert len(done) == 1
        active = "organisation_id = $1 AND status = 'ACTIVE' AND 'ADMINISTRATOR' = ANY (roles)"
        assert await world.count("person", active, firm.id) == 1
        await world.sql("UPDATE person SET status = 'SUSPENDED' WHERE organisation_id = $1", firm.id)


async def test_no_authority_takes_a_providers_last_administrator_away_to_put_its_own_person_in(world: World) -> None:
    # S-030
    firm = await world.provider()
    only = await world.person(firm.id, Role.ADMINISTRATOR)
    officer = await world.person(await world.authority(), Role.REGISTRATION_OFFICER)
    region = await world.person(await world.region(), Role.REGION_ADMIN)
    lesser = {**await given(world, only), "input": {"roles": ["MEMBER"]}}
    own = {"name": "Pup Pet", "email": "pup.pet@example.org", "roles": ["MEMBER"], "organisationId": str(firm.id)}
    assert await world.refused(officer, SUSPEND, **await given(world, only)) == ["FORBIDDEN"]
    assert await world.refused(officer, CHANGE_ROLES, **lesser) == ["FORBIDDEN"]
    await world.do(region, SUSPEND, **await given(world, only))
    assert await world.refused(officer, REQUEST, key=str(uuid4()), input=own) == ["FORBIDDEN"]
    assert await world.refused(officer, REINSTATE, **await given(world, only)) == ["FORBIDDEN"]
    await world.do(region, REINSTATE, **await given(world, only))
    assert await world.count("person", "organisation_id = $1", firm.id) == 1


async def test_all_other_sessions_end_together(world: World, boss: Enrolled) -> None:
    # TRUST D1
    here, *others = [await signed_in_as(world, boss) for _ in range(4)]
    assert (await world.do(here, END_OTHERS))["ended"] == 3
    for other in others:
        assert await world.turned_away(other, WHO) == "UNAUTHENTICATED"
    assert (await world.gql(here, WHO))["viewer"]["name"] == "Ada Moss"
    assert (await world.do(here, END_OTHERS))["ended"] == 0
    assert await world.count("event", "kind = 'session.end_others' AND actor_id = $1", boss.id) == 2
