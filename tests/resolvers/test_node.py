"""Anything by its id, as its own type; foreign and unknown are one answer."""

from uuid import uuid4

from models.lifecycle import Role
from tests.agreeing import Agreeing
from tests.world import World

NODE = """query ($id: UUID!) { node(id: $id) { __typename id
  ... on Referral { reference } ... on Offer { coreFeeWeekly } ... on Ipa { status } } }"""
TIMELINE = "query ($id: UUID) { timeline(referralId: $id) { nodes { kind actorName actorOrganisation } } }"


# S-030
async def test_a_node_is_its_own_type_for_whoever_may_see_it_and_nothing_for_others(world: World) -> None:
    agreeing = await (await Agreeing.among(world)).to_sign()
    stranger = await world.person((await world.provider()).id, Role.MEMBER)
    for name, kind in (("referral", "Referral"), ("offer", "Offer"), ("ipa", "Ipa")):
        for viewer in (agreeing.officer, agreeing.member):
            seen = (await world.gql(viewer, NODE, id=agreeing.ids[name]))["node"]
            assert (seen["__typename"], seen["id"]) == (kind, agreeing.ids[name])
        assert await world.gql(stranger, NODE, id=agreeing.ids[name]) == {"node": None}
    assert await world.gql(stranger, NODE, id=str(uuid4())) == {"node": None}
    several = "query ($ids: [UUID!]!) { nodes(ids: $ids) { __typename } }"
    asked = [agreeing.ids["ipa"], str(uuid4()), agreeing.ids["offer"]]
    answer = await world.gql(agreeing.officer, several, ids=asked)
    assert answer["nodes"] == [{"__typename": "Ipa"}, None, {"__typename": "Offer"}]


# S-121
async def test_the_timeline_tells_each_side_what_concerns_it(world: World) -> None:
    agreeing = await (await (await Agreeing.among(world)).referred()).offered()
    authority = await world.gql(agreeing.officer, TIMELINE, id=agreeing.ids["referral"])
    provider = await world.gql(agreeing.member, TIMELINE, id=agreeing.ids["referral"])
    told = {row["kind"] for row in authority["timeline"]["nodes"]}
    assert {"referral.create", "referral.send", "offer.submit"} <= told
    assert "offer.create" not in told
    own = {row["kind"] for row in provider["timeline"]["nodes"]}
    assert {"offer.create", "offer.submit"} <= own
    assert not {"referral.create", "referral.edit"} & own


# S-043 to S-045, S-049, S-050
async def test_the_dated_gates_are_there_to_be_read(world: World) -> None:
    agreeing = await Agreeing.among(world)
    gates = (await world.gql(agreeing.member, "{ gates { feature category opensAt closesAt } }"))["gates"]
    assert {gate["feature"] for gate in gates} == {"REFERRALS", "PROFILE_EDITING", "EMAIL"}
    assert {gate["opensAt"] for gate in gates if gate["feature"] == "EMAIL"} == {"2026-06-30T23:00:00.000Z"}
