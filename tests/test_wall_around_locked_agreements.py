"""The wall around a fixed agreement: whatever role the portal takes, no statement changes it or what belongs to it."""

from typing import Any

import asyncpg
import pytest

from models.base import Base
from models.lifecycle import Role
from models.person import Viewer
from portal.database import standing
from tests.agreeing import Agreeing
from tests.resolvers.test_offer_void import until, void
from tests.test_wall_around_offers import REFUSED, connected
from tests.wall_ways import BEFORE_FIXING, BESIDE, CONTENT, PROVIDERS_PART, STATES, WAYS, WHOLE
from tests.world import World, as_app

MACHINES = ("portal_worker", "portal_signin", "portal_hub", "portal_app")
CONSTRAINTS = ("pk_signature", "uq_ipa_live")
"""What is refused by a constraint rather than by a trigger or for lack of a privilege."""
AS_IT_IS = {
    "READY_TO_SIGN": ("ready once more",),
    "VOIDED": ("void for nothing",),
}
BELONGING = sorted(
    {"offer", "offer_version", "offer_document", "offer_checks", "referral", "signature", "child"}
    | {table.name for table in Base.metadata.sorted_tables if table.name.startswith("ipa")}
)
KEPT = " UNION ALL ".join(
    f"SELECT '{table}', md5(string_agg(t::text, '' ORDER BY t::text)) FROM {table} t" for table in BELONGING
)


async def fixed(world: World, state: str) -> Agreeing:
    """An agreement in that state."""
    agreeing = await until(world, "SIGNED" if state == "VOIDED" else state)
    if state == "VOIDED":
        await void(agreeing)
    return agreeing


async def roles_of(agreeing: Agreeing) -> dict[str, str]:
    """How each begins its transaction: people of the parties and of others, and the portal's own roles."""
    world, officer = agreeing.world, agreeing.officer
    rival = (await world.provider(name="Another")).id
    people = {
        "officer": officer, "authority's signatory": agreeing.authority_signatory, "member": agreeing.member,
        "sign-only": agreeing.provider_signatory, "region": await world.person(await world.region(), Role.REGION_ADMIN),
        "another authority": await world.person(await world.authority("Coventry"), Role.PLACEMENT_OFFICER),
        "another provider": await world.person(rival, Role.MEMBER, Role.SIGNATORY),
    }  # fmt: skip
    begun = {name: standing(who, world.clock.now) for name, who in people.items()}
    return begun | {role: posing(role, officer) for role in MACHINES}


def posing(role: str, officer: Viewer) -> str:
    """A role of the portal's own, with the settings of somebody who may do more."""
    said = {"app.org": officer.organisation_id, "app.person": officer.person_id, "app.session": officer.session_id}
    claimed = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in said.items())
    return f"SELECT {claimed}" if role == "portal_app" else f"SET LOCAL ROLE {role}; SELECT {claimed}"


async def outcome(connection: Any, begin: str, statement: str) -> str:
    """By which constraint or SQLSTATE it fails when it is committed at the latest, or that it reached nothing."""
    try:
        async with connection.transaction():
            await connection.execute(begin)
            tag = await connection.execute(statement)
    except asyncpg.PostgresError as error:
        return str(getattr(error, "constraint_name", None) or error.sqlstate)
    return "no row was reached" if tag.endswith(" 0") or tag == "DO" else "done"


def test_there_are_many_ways() -> None:
    assert len(CONTENT) >= 27
    assert len(WAYS) == len(CONTENT) + len(STATES) + len(BESIDE) + len(WHOLE) >= 100


# S-033, S-106, S-108, S-109, S-110, S-112, S-114, S-115, S-116, S-118
@pytest.mark.parametrize("state", ["READY_TO_SIGN", "PARTLY_SIGNED", "SIGNED", "VOIDED"])
async def test_no_role_changes_an_agreement_that_is_fixed(world: World, state: str) -> None:
    agreeing = await fixed(world, state)
    begins = await roles_of(agreeing)
    async with connected(world.dsn) as owner, connected(as_app(world.dsn)) as connection:
        before = await owner.fetch(KEPT)
        for way, statement in WAYS.items():
            if way in AS_IT_IS.get(state, ()):
                continue
            came = {name: await outcome(connection, begin, statement) for name, begin in begins.items()}
            through = {name: code for name, code in came.items() if code not in (*REFUSED, *CONSTRAINTS)}
            assert (way, through) == (way, {})
            assert await owner.fetch(KEPT) == before, (way, came)


# S-104, S-105, S-106, S-117
async def test_no_role_fixes_what_it_likes_or_says_for_the_provider_what_it_found_right(world: World) -> None:
    agreeing = await until(world, "IN_REVIEW")
    begins = await roles_of(agreeing)
    ways = [(way, statement, set(begins)) for way, statement in BEFORE_FIXING.items()]
    ways += [(f"their {way}", statement, set(begins) - {"member"}) for way, statement in PROVIDERS_PART.items()]
    async with connected(world.dsn) as owner, connected(as_app(world.dsn)) as connection:
        before = await owner.fetch(KEPT)
        for way, statement, names in ways:
            came = {name: await outcome(connection, begins[name], statement) for name in sorted(names)}
            assert (way, came["officer"]) == (way, "PT409")
            through = {name: code for name, code in came.items() if code not in REFUSED}
            assert (way, through) == (way, {})
            assert await owner.fetch(KEPT) == before, (way, came)
        assert await outcome(connection, begins["member"], PROVIDERS_PART["that the review stands"]) == "done"


# S-106, S-109
@pytest.mark.parametrize("role", ["portal_worker", "portal_signin", "portal_hub", "portal_admin"])
async def test_the_portals_own_roles_write_nothing_of_an_agreement_but_its_files(world: World, role: str) -> None:
    """Not even a column of it: the worker adds files, and the others see none of it."""
    tables = [table for table in BELONGING if table.startswith(("ipa", "signature"))]
    granted = await world.sql(
        "SELECT table_name, privilege_type FROM information_schema.column_privileges WHERE grantee = $1"
        " AND privilege_type <> 'SELECT' AND table_name = ANY($2) GROUP BY 1, 2 ORDER BY 1, 2",
        role, tables,
    )  # fmt: skip
    wanted = [("ipa_file", "INSERT")] if role == "portal_worker" else []
    assert [(row["table_name"], row["privilege_type"]) for row in granted] == wanted
