"""Where a placement is sought: a postcode district, never a full postcode, and how far from there each offer is."""

from typing import Any

import pytest

from tests.cases import REFERRAL, Cases
from tests.world import World

NEAR = "workingCopy { near radiusMiles } summary { near radiusMiles }"
FAR = "id distanceMiles"


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def test_of_a_place_the_district_alone_is_kept_and_providers_see_it_once_sent(cases: Cases) -> None:  # S-053
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    id = await cases.sent(officer, near="b29 6ab", radiusMiles=20)
    said = {"near": "B29", "radiusMiles": 20}
    assert await cases.seen(officer, "Referral", id, NEAR) == {"workingCopy": said, "summary": said}
    assert (await cases.seen(member, "Referral", id, NEAR))["summary"] == said
    for table in ("referral", "referral_revision", "event", "idempotency_key"):
        assert await cases.world.count(f"{table} t", "t::text ~* '29 6ab'") == 0, table
    await cases.edited(officer, id, near="WV1")
    assert (await cases.seen(member, "Referral", id, NEAR))["summary"] == said
    change = "query ($id: UUID!) { referralUnsentChanges(id: $id) { label before after } }"
    (told,) = (await cases.world.gql(officer, change, id=id))["referralUnsentChanges"]
    assert told == {"label": "Near the postcode district", "before": "B29", "after": "WV1"}
    await cases.resent(officer, id, near=None)
    assert (await cases.seen(member, "Referral", id, NEAR))["summary"]["near"] is None


@pytest.mark.parametrize("near", ["ZZ1", "B999", "Dudley", "", " ", "E08000025", "B29 6A", "29"])
async def test_a_district_that_there_is_not_is_refused_with_what_to_give(cases: Cases, near: str) -> None:
    officer = await cases.officer()
    (problem,) = await cases.problems(officer, "referralCreate", input={**REFERRAL, "near": near})
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "near"])
    assert "B29" in problem["message"]


async def test_an_offer_shows_how_far_it_is_from_there_and_nothing_where_that_is_not_known(cases: Cases) -> None:
    officer, firm = await cases.officer(), await cases.world.provider()
    member = await cases.member(firm)
    await cases.papers(firm)
    home: dict[str, Any] = {"homeId": str(firm.homes[0])}
    await cases.world.sql("UPDATE home SET postcode = 'CV1 2AB' WHERE id = $1", firm.homes[0])
    id = await cases.sent(officer)
    offer = await cases.submitted(member, id, home)
    assert (await cases.seen(officer, "Offer", offer, FAR))["distanceMiles"] is None, "the referral names no place"
    await cases.edited(officer, id, near="B1")
    assert (await cases.seen(officer, "Offer", offer, FAR))["distanceMiles"] is None, "none was sent yet"
    await cases.resent(officer, id)
    for who in (officer, member):
        assert (await cases.seen(who, "Offer", offer, FAR))["distanceMiles"] == 17
    await cases.world.sql("UPDATE home SET postcode = 'EH1 1AA' WHERE id = $1", firm.homes[0])
    assert (await cases.seen(officer, "Offer", offer, FAR))["distanceMiles"] == 17, "as it was offered"
    await cases.on_offer(member, "offerUpdate", offer, input={"placement": home})
    assert (await cases.seen(officer, "Offer", offer, FAR))["distanceMiles"] == 245
    await cases.world.sql("UPDATE home SET postcode = 'ZZ9 1AA' WHERE id = $1", firm.homes[0])
    await cases.on_offer(member, "offerUpdate", offer, input={"placement": home})
    assert (await cases.seen(officer, "Offer", offer, FAR))["distanceMiles"] is None
