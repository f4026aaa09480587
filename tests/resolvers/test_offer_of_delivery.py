"""A list of referrals shows each provider's own offer beside its delivery, in the one statement of the list."""

from typing import Any

import pytest

from models.person import Viewer
from tests.cases import Cases
from tests.world import World

INBOX = """{ referrals { nodes { id deliveries { provider { name } status
  ownOffer { id status version weeklyTotal placement { name } terms { fees { weeklyTotal } }
  documents { id } } } } } }"""


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def beside(cases: Cases, who: Viewer) -> list[Any]:
    """The offer that somebody sees beside each delivery, by its provider's name."""
    (referral,) = (await cases.world.gql(who, INBOX))["referrals"]["nodes"]
    shown = {each["provider"]["name"]: each["ownOffer"] for each in referral["deliveries"]}
    return [(shown[name] or {}).get("id") for name in sorted(shown)]


async def test_each_provider_sees_its_own_offer_in_its_list_and_the_authority_what_was_submitted(
    cases: Cases,
) -> None:  # S-075, S-080
    officer = await cases.officer()
    alpha, beta = await cases.world.provider(name="Alpha"), await cases.world.provider(name="Beta")
    of_alpha, of_beta = await cases.member(alpha), await cases.member(beta)
    await cases.papers(alpha)
    id = await cases.sent(officer)
    first = await cases.submitted(of_alpha, id, {"homeId": str(alpha.homes[0])})
    assert (await beside(cases, of_alpha), await beside(cases, of_beta)) == ([first], [None])
    assert await beside(cases, officer) == [first, None]
    await cases.on_offer(of_alpha, "offerWithdraw", first, reason="The place is gone.")
    assert await beside(cases, of_alpha) == [first]
    cases.world.clock.goes_on(seconds=60)
    second = await cases.offered(of_alpha, id, {"homeId": str(alpha.homes[0])})
    assert await beside(cases, of_alpha) == [second]
    assert await beside(cases, of_beta) == [None]
    assert await beside(cases, officer) == [first, None], "a draft shows itself to nobody else, nor that it is there"
    await cases.on_offer(of_alpha, "offerSubmit", second)
    assert await beside(cases, officer) == [second, None]
