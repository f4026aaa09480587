"""What an authority says when it accepts an offer: everything on its list of checks, confirmed."""

from typing import Any

from models.person import Viewer
from tests.world import World


async def checks_of(world: World, officer: Viewer) -> list[str]:
    """The ids of what the officer's authority checks at present."""
    rows = await world.sql(
        "SELECT jsonb_path_query(checks, '$[*].id') #>> '{}' AS id FROM acceptance_checks WHERE (la_id, version) ="
        " (SELECT la_id, max(version) FROM acceptance_checks WHERE la_id = $1 GROUP BY la_id)",
        officer.organisation_id,
    )
    return [row["id"] for row in rows]


async def confirming(world: World, officer: Viewer, **more: Any) -> dict[str, Any]:
    """The input of an acceptance that confirms them all."""
    return {"checksConfirmed": True, "checks": await checks_of(world, officer), **more}
