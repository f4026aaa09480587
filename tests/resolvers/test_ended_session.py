"""Nothing is told to a session that has ended, whatever it asks and however lately it ended (S-027)."""

from uuid import uuid4

import pytest

from models.lifecycle import Role
from models.person import Viewer
from schema import schema
from tests.cases import Cases
from tests.following import live_in
from tests.sweeping import CONTRACT, questions
from tests.world import World

PUBLIC = {"serviceInfo", "registrationTemplate", "verifyAgreement"}
BY_A_TEXT = (
    'query { log(after: "") { cursor } }',
    'query { fosteringFamilySuggestions(prefix: "A") { id } }',
    'query { verifyAgreement(sha256: "A") { __typename } }',
)


async def answered(world: World, who: Viewer) -> dict[str, set[str | None]]:
    """How each root field is answered: with codes of refusals, or None for an answer."""
    found: dict[str, set[str | None]] = {}
    asked = [(each.look, each.values) for each in questions([str(uuid4())], ["WM-AAAAA-RES"])]
    for document, values in (*asked, *((document, {}) for document in BY_A_TEXT)):
        result = await schema.execute(document, values, world.context(who))
        codes = {(error.extensions or {}).get("code") for error in result.errors or ()}
        name = document.split("{", 1)[1].split("(")[0].split()[0]
        found.setdefault(name, set()).update(codes or {None})
    return found


@pytest.mark.parametrize("who", ["officer", "member", "region"])
async def test_every_question_is_refused_once_the_session_has_ended(world: World, who: str) -> None:  # S-027
    cases = Cases(world)
    if who == "region":
        viewer = await world.person(await world.region(), Role.REGION_ADMIN)
    else:
        viewer = await (cases.officer() if who == "officer" else cases.member(await world.provider()))
    async with live_in(world):
        before = await answered(world, viewer)
        await world.sql("UPDATE session SET revoked_at = $2 WHERE id = $1", viewer.session_id, world.clock())
        after = await answered(world, viewer)
    assert CONTRACT.query_type
    assert set(after) == set(CONTRACT.query_type.fields)
    assert {name for name, codes in before.items() if "UNAUTHENTICATED" in codes} == set()
    assert {name for name, codes in after.items() if codes != {"UNAUTHENTICATED"}} == PUBLIC
