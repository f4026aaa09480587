"""Whom one answers for: all organisations for the region, the providers it manages for an authority."""

from typing import Any

from models.lifecycle import Role
from models.person import Viewer
from tests.world import World

LIST = """query ($side: Side, $after: String) { organisations(side: $side, first: 3, after: $after) {
  totalCount nodes { id name side } pageInfo { endCursor hasNextPage } } }"""


async def listed(world: World, viewer: Viewer, **given: Any) -> list[str]:
    """The names on all pages, which hold as many as they say."""
    names: list[str] = []
    while True:
        page = (await world.gql(viewer, LIST, **given))["organisations"]
        names += [node["name"] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            assert len(names) == page["totalCount"]
            return names
        given["after"] = page["pageInfo"]["endCursor"]


async def test_everybody_lists_the_organisations_they_answer_for(world: World) -> None:
    # S-030
    ours, theirs = await world.provider(name="Ours"), await world.provider(name="Theirs", managed_by="Coventry")
    authorities = ["Birmingham", "Coventry", "Solihull", "Stoke-on-Trent"]
    region = await world.person(await world.region(), Role.REGION_ADMIN)
    assert await listed(world, region) == sorted([*authorities, "Ours", "Theirs", "West Midlands"])
    assert await listed(world, region, side="LOCAL_AUTHORITY") == authorities
    assert await listed(world, region, side="PROVIDER") == ["Ours", "Theirs"]
    officer = await world.person(await world.authority(), Role.REGISTRATION_OFFICER)
    assert await listed(world, officer, side="PROVIDER") == ["Ours"]
    assert await listed(world, officer, side="LOCAL_AUTHORITY") == authorities
    for role in (Role.MEMBER, Role.SIGNATORY):
        assert await listed(world, await world.person(theirs.id, role), side="PROVIDER") == ["Theirs"]
    assert ours.id != theirs.id
