"""Who may decide on whose account."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from models.lifecycle import Role
from models.person import Viewer
from tests.people import APPROVE, REQUEST, SUSPEND, asked
from tests.world import World

CAN = "query ($id: UUID!) { account(id: $id) { can } }"
WHO: dict[str, tuple[str, Role]] = {
    "authority's administrator": ("authority", Role.ADMINISTRATOR),
    "authority's registration officer": ("authority", Role.REGISTRATION_OFFICER),
    "authority's placement officer": ("authority", Role.PLACEMENT_OFFICER),
    "authority's signatory": ("authority", Role.SIGNATORY),
    "other authority's administrator": ("other authority", Role.ADMINISTRATOR),
    "provider's administrator": ("provider", Role.ADMINISTRATOR),
    "provider's member": ("provider", Role.MEMBER),
    "other provider's administrator": ("other provider", Role.ADMINISTRATOR),
    "regional administrator": ("region", Role.REGION_ADMIN),
}
OPEN = "APPROVED"
OF_AUTHORITY = {
    "authority's administrator": OPEN,
    "authority's registration officer": "FORBIDDEN",
    "authority's placement officer": "FORBIDDEN",
    "authority's signatory": "FORBIDDEN",
    "regional administrator": OPEN,
}
OF_PROVIDER = {
    **OF_AUTHORITY,
    "authority's administrator": "FORBIDDEN",
    "provider's administrator": OPEN,
    "provider's member": "FORBIDDEN",
}
OF_NEW_PROVIDER = {
    "authority's administrator": OPEN,
    "authority's registration officer": OPEN,
    "authority's placement officer": "FORBIDDEN",
    "authority's signatory": "FORBIDDEN",
    "regional administrator": OPEN,
}


@dataclass
class Cast:
    """One person of every kind, and the organisations they belong to."""

    organisations: dict[str, UUID]
    people: dict[str, Viewer]


@pytest_asyncio.fixture(loop_scope="session")
async def cast(world: World) -> Cast:
    provider = await world.provider()
    other = await world.provider(managed_by="Coventry")
    fresh = await world.provider(approved=False)
    organisations = {
        "new provider": fresh.id,
        "authority": await world.authority(), "other authority": await world.authority("Coventry"),
        "provider": provider.id, "other provider": other.id, "region": await world.region(),
    }  # fmt: skip
    return Cast(organisations, {who: await world.person(organisations[o], role) for who, (o, role) in WHO.items()})


async def waiting(world: World, cast: Cast, organisation: str, role: str) -> dict[str, Any]:
    """An account that nobody of the cast asked for."""
    region = await world.person(cast.organisations["region"], Role.REGION_ADMIN)
    given = asked(f"waiting.{world.made}@example.org", role, organisationId=str(cast.organisations[organisation]))
    return dict((await world.do(region, REQUEST, **given))["account"])


async def decided(world: World, who: Viewer, account: dict[str, Any]) -> str:
    payload = (await world.gql(who, APPROVE, id=account["id"], version=account["version"]))["accountApprove"]
    return str(payload["problems"][0]["code"] if payload["problems"] else payload["account"]["status"])


@pytest.mark.parametrize(
    ("organisation", "role", "outcomes"),
    [
        ("authority", "READ_ONLY", OF_AUTHORITY),
        ("provider", "MEMBER", OF_PROVIDER),
        ("new provider", "ADMINISTRATOR", OF_NEW_PROVIDER),
    ],
)
async def test_everybody_decides_on_those_they_answer_for_and_nobody_else(
    world: World, cast: Cast, organisation: str, role: str, outcomes: dict[str, str]
) -> None:
    """Who looks after a provider decides on its first people; on the others its own administrator."""
    # S-024, S-030
    for name, viewer in cast.people.items():
        account = await waiting(world, cast, organisation, role)
        shown = (await world.gql(viewer, CAN, id=account["id"]))["account"]
        expected = outcomes.get(name, "NOT_FOUND")
        assert (name, await decided(world, viewer, account)) == (name, expected)
        assert (name, shown and shown["can"]) == (
            name, {OPEN: ["APPROVE", "CHANGE_ROLES"], "FORBIDDEN": [], "NOT_FOUND": None}[expected]
        )  # fmt: skip
        done = await world.count("person", "id = $1 AND status = 'APPROVED'", UUID(account["id"]))
        assert done == (expected == OPEN)


@pytest.mark.parametrize("name", ["authority's administrator", "provider's administrator", "regional administrator"])
async def test_nobody_decides_on_their_own_account(world: World, cast: Cast, name: str) -> None:
    # S-024
    me = cast.people[name]
    await world.person(me.organisation_id, *me.roles)
    await world.sql("UPDATE person SET status = 'ACTIVE', version = 4 WHERE id = $1", me.person_id)
    assert await world.refused(me, SUSPEND, id=str(me.person_id), version=4) == ["FORBIDDEN"]
    assert (await world.gql(me, CAN, id=str(me.person_id)))["account"]["can"] == []


async def test_accounts_are_asked_for_only_where_one_answers_for_people(world: World, cast: Cast) -> None:
    # S-030, S-034
    asks = [
        ("authority's administrator", "new provider", "MEMBER", []),
        ("authority's registration officer", "new provider", "MEMBER", []),
        ("authority's administrator", "provider", "MEMBER", ["FORBIDDEN"]),
        ("authority's registration officer", "provider", "MEMBER", ["FORBIDDEN"]),
        ("regional administrator", "other authority", "READ_ONLY", []),
        ("authority's registration officer", "authority", "READ_ONLY", ["FORBIDDEN"]),
        ("authority's placement officer", "authority", "READ_ONLY", ["FORBIDDEN"]),
        ("provider's member", "provider", "MEMBER", ["FORBIDDEN"]),
        ("authority's administrator", "other authority", "READ_ONLY", ["NOT_FOUND"]),
        ("authority's administrator", "other provider", "MEMBER", ["NOT_FOUND"]),
        ("provider's administrator", "authority", "READ_ONLY", ["NOT_FOUND"]),
        ("provider's administrator", "other provider", "MEMBER", ["NOT_FOUND"]),
    ]
    for number, (name, organisation, role, codes) in enumerate(asks):
        given = asked(f"asked.{number}@example.org", role, organisationId=str(cast.organisations[organisation]))
        payload = (await world.gql(cast.people[name], REQUEST, **given))["accountRequest"]
        assert (name, organisation, [p["code"] for p in payload["problems"]]) == (name, organisation, codes)
    assert await world.count("person", "email_key LIKE 'asked.%'") == 3
