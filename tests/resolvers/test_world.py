"""The world that the other tests live in."""

from uuid import uuid4

from models.lifecycle import Role
from tests.world import Care, World

CREATE = """mutation ($key: UUID!, $input: ReferralInput!) {
  referralCreate(idempotencyKey: $key, input: $input) {
    referral { id status version } problems { code message path }
  }
}"""


async def test_a_world_has_people_who_can_act_and_organisations_that_are_apart(world: World) -> None:
    officer = await world.person(await world.authority(), Role.PLACEMENT_OFFICER)
    member = await world.person((await world.provider(Care())).id, Role.MEMBER)
    given = {"category": "RESIDENTIAL", "needs": "Calm."}
    made = await world.do(officer, CREATE, key=str(uuid4()), input=given)
    assert made["referral"]["status"] == "DRAFT"
    assert await world.refused(member, CREATE, key=str(uuid4()), input=given) == ["FORBIDDEN"]
    assert await world.count("referral") == 1
    assert len(world.announced) == 1
