"""Who of a provider deals with a referral: seen by colleagues, handed over by taking it on, nobody else's business."""

from typing import Any

import pytest

from models.lifecycle import Role
from tests.cases import Cases
from tests.world import World


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


async def handler(cases: Cases, who: Any, id: str) -> Any:
    (own,) = (await cases.seen(who, "Referral", id, "deliveries { handler can }"))["deliveries"]
    return own["handler"]


async def test_a_colleague_takes_it_on_and_nobody_else_learns_of_it(cases: Cases) -> None:  # S-029, S-030
    world, officer = cases.world, await cases.officer()
    firm = await world.provider()
    rival = await cases.member(await world.provider())
    first, second = await cases.member(firm), await cases.member(firm)
    id = await cases.sent(officer)
    await cases.act(first, "referralOpen", id=id)
    assert await handler(cases, second, id) == first.name
    outside = [await cases.bytes_seen(who, id) for who in (officer, rival)]
    logs = "person_id = ANY($1)"
    entries = await world.count("inbox_entry", logs, [officer.person_id, rival.person_id])
    bells = await cases.told(first)
    await cases.act(second, "referralTakeOn", id=id)
    assert await handler(cases, first, id) == second.name
    assert [await cases.bytes_seen(who, id) for who in (officer, rival)] == outside
    assert await world.count("inbox_entry", logs, [officer.person_id, rival.person_id]) == entries
    assert await cases.told(first) == bells
    heard = "SELECT person_id FROM inbox_entry e JOIN event v ON v.id = e.event_id WHERE v.kind = 'referral.take_on'"
    assert {row["person_id"] for row in await world.sql(heard)} == {first.person_id, second.person_id}
    assert await world.count("event", "kind = 'referral.take_on' AND la_id IS NOT NULL") == 0
    opened = await cases.delivery(id, firm) or {}
    assert (opened["first_opened_by"], opened["status"]) == (first.name, "OPENED")


async def test_it_is_taken_on_by_staff_while_the_search_goes_on(cases: Cases) -> None:  # S-030
    world, officer = cases.world, await cases.officer()
    firm = await world.provider()
    member, signatory = await cases.member(firm), await cases.member(firm, Role.SIGNATORY)
    id = await cases.sent(officer)
    for who in (officer, signatory):
        assert await cases.refused(who, "referralTakeOn", id=id) == ["FORBIDDEN"]
    await cases.act(member, "referralTakeOn", id=id)
    assert (await cases.delivery(id, firm) or {})["status"] == "NEW"
    await cases.act(member, "referralDecline", id=id, revision=1)
    assert await cases.refused(member, "referralTakeOn", id=id) == ["WRONG_STATE"]
    await cases.act(member, "referralUndoDecline", id=id)
    await cases.on_referral(officer, "referralClose", id, reason="WITHDRAWN")
    assert await cases.refused(member, "referralTakeOn", id=id) == ["REFERRAL_CLOSED"]
    stranger = await cases.member(await world.provider())
    assert await cases.refused(stranger, "referralTakeOn", id=id) == ["NOT_FOUND"]


async def test_a_decline_is_not_taken_back_once_an_offer_is_accepted(cases: Cases) -> None:  # S-057
    world, officer = cases.world, await cases.officer()
    firms = [await world.provider() for _ in range(2)]
    offers, declines = [await cases.member(firm) for firm in firms]
    await cases.papers(firms[0])
    id = await cases.sent(officer)
    await cases.act(declines, "referralDecline", id=id, revision=1)
    await cases.act(declines, "referralUndoDecline", id=id)
    await cases.act(declines, "referralDecline", id=id, revision=1, reason="LOCATION")
    offer = await cases.submitted(offers, id, {"homeId": str(firms[0].homes[0])})
    await cases.accepted(officer, offer)
    assert await cases.refused(declines, "referralUndoDecline", id=id) == ["REFERRAL_ACCEPTED"]
    own = "deliveries { status can }"
    assert (await cases.seen(declines, "Referral", id, own))["deliveries"] == [{"status": "DECLINED", "can": ["OPEN"]}]
    await cases.on_offer(officer, "offerVoid", offer, reason="The family withdrew.")
    await cases.act(declines, "referralUndoDecline", id=id)
