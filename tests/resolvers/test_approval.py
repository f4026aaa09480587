"""Approval: the open referrals that a provider matches reach it with it, once, and no others (S-041)."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.matching import deliver_open
from tests.cases import born
from tests.registering import Registering
from tests.world import Care, World


@pytest.fixture
def cases(world: World) -> Registering:
    return Registering(world)


async def test_an_approved_provider_receives_the_open_referrals_it_matches(cases: Registering) -> None:
    """S-041, S-042: with a conversation and a notification each; nothing before, and nothing else."""
    firm, rival = await cases.world.provider(Care(ages=(8, 12)), approved=False), await cases.world.provider()
    officer, other = await cases.officer(), await cases.officer("Solihull")
    member, colleague, reviewer = await cases.member(firm), await cases.member(firm), await cases.reviewer()
    stranger = await cases.member(rival)
    child = born("2016-01-01")
    wanted = [await cases.sent(officer, children=[child]), await cases.sent(other, children=[child])]
    await cases.sent(officer, children=[born("2010-01-01")])
    await cases.drafted(officer, children=[child])
    closed = await cases.sent(officer, children=[child])
    await cases.on_referral(officer, "referralClose", closed, reason="WITHDRAWN")
    taken = await cases.sent(officer, children=[child])
    await cases.papers(rival)
    offer = await cases.submitted(stranger, taken, {"homeId": str(rival.homes[0])})
    await cases.accepted(officer, offer)
    before = await cases.told(stranger)
    await cases.pending(member, firm)
    assert await cases.world.count("delivery", "provider_id = $1", firm.id) == 0
    await cases.on(reviewer, "registrationApprove", firm)
    for table in ("delivery", "thread"):
        reached = await cases.world.sql(f"SELECT referral_id FROM {table} WHERE provider_id = $1", firm.id)
        assert {str(row["referral_id"]) for row in reached} == set(wanted)
    for person in (member, colleague):
        assert sorted(await cases.told(person)) == ["REFERRAL_RECEIVED"] * 2 + ["REGISTRATION_APPROVED"]
    assert await cases.told(stranger) == before
    seen = await cases.world.gql(member, "{ referrals { nodes { id summary { children { ageYears } } } } }")
    assert {node["id"] for node in seen["referrals"]["nodes"]} == set(wanted)
    delivery = await cases.world.gql(
        other, "query ($id: UUID!) { referral(id: $id) { deliveries { provider { name } } } }", id=wanted[1]
    )
    assert firm.name in [each["provider"]["name"] for each in delivery["referral"]["deliveries"]]


async def test_a_second_approval_brings_nothing_twice(cases: Registering) -> None:
    """S-007, S-058: what was declined stays declined; what was taken away and matches again comes back."""
    firm = await cases.world.provider()
    member, reviewer, officer = await cases.member(firm), await cases.reviewer(), await cases.officer()
    declined, kept, lost = [await cases.sent(officer) for _ in range(3)]
    for id in (declined, kept):
        await cases.act(member, "referralOpen", id=id)
    await cases.act(member, "referralDecline", id=declined, revision=1)
    await cases.world.sql("UPDATE delivery SET withdrawn_at = now() WHERE referral_id = $1", UUID(lost))
    told = await cases.told(member)
    await cases.on(reviewer, "registrationOpenForEditing", firm)
    await cases.approved(member, reviewer, firm)
    states = {id: await cases.delivery(id, firm) for id in (declined, kept, lost)}
    assert [states[id]["status"] for id in states if states[id]] == ["DECLINED", "OPENED", "NEW"]  # type: ignore[index]
    assert not any(state and state["withdrawn_at"] for state in states.values())
    assert sorted((await cases.told(member))[len(told) :]) == [
        "REFERRAL_RECEIVED", "REGISTRATION_APPROVED", "REGISTRATION_OPENED",
    ]  # fmt: skip


async def test_it_is_matched_by_what_was_sent_and_not_by_the_working_copy(cases: Registering) -> None:
    """S-039, S-060: ages are those of the day of sending, and an edit that was not resent is not looked at."""
    firm = await cases.world.provider(Care(ages=(8, 12)), approved=False)
    member, officer = await cases.member(firm), await cases.officer()
    await cases.world.provider(Care(ages=(0, 17)))
    edited_in = await cases.sent(officer, children=[born("2010-01-01")])
    edited_out = await cases.sent(officer, children=[born("2016-01-01")])
    birthday = await cases.sent(officer, children=[born("2013-06-16")])
    for id, day in ((edited_in, "2016-01-01"), (edited_out, "2010-01-01")):
        (child,) = await cases.world.sql("SELECT id FROM child WHERE referral_id = $1", UUID(id))
        await cases.edited(officer, id, children=[{"id": str(child["id"]), "dateOfBirth": day}])
    cases.world.clock.goes_on(days=2)  # the child who was 12 is 13 now
    await cases.approved(member, await cases.reviewer(), firm)
    reached = await cases.world.sql("SELECT referral_id FROM delivery WHERE provider_id = $1", firm.id)
    assert {str(row["referral_id"]) for row in reached} == {edited_out, birthday}


async def test_referrals_are_delivered_late_only_by_those_who_manage_the_provider(cases: Registering) -> None:
    """A5: the function looks itself at who asks."""
    firm, waiting = await cases.world.provider(), await cases.world.provider(approved=False)
    officer = await cases.officer()
    await cases.sent(officer)
    (region,) = await cases.world.sql("SELECT id FROM organisation WHERE side = 'REGION'")
    coventry, birmingham = await cases.world.authority("Coventry"), await cases.world.authority()
    none = [(coventry, firm), (firm.id, firm), (birmingham, waiting), (region["id"], waiting)]
    for asking, provider in (*none, (birmingham, firm), (region["id"], firm)):
        await cases.world.sql("UPDATE delivery SET withdrawn_at = now()")
        async with AsyncSession(cases.world.owner) as session, session.begin():
            await session.execute(select(func.set_config("app.org", str(asking), True)))
            found = await session.execute(deliver_open(provider.id, cases.world.clock.now))
            assert len(found.all()) == ((asking, provider) not in none)
    assert await cases.world.count("delivery") == 1


async def test_whoever_is_approved_while_a_referral_is_sent_receives_it_once(cases: Registering) -> None:
    """S-041: neither the sending nor the approval may leave it to the other."""
    officer, reviewer = await cases.officer(), await cases.reviewer()
    for _ in range(8):
        firm = await cases.world.provider(approved=False)
        member = await cases.member(firm)
        await cases.pending(member, firm)
        id = await cases.drafted(officer)
        given: dict[str, Any] = {"id": id, "expectedVersion": 1, "acknowledgeNoMatch": True}
        await asyncio.gather(
            cases.act(officer, "referralSend", **given), cases.on(reviewer, "registrationApprove", firm)
        )
        assert await cases.delivery(id, firm)
        heard = await cases.world.sql(
            "SELECT count(*) AS n FROM inbox_entry i JOIN event e ON e.id = i.event_id"
            " WHERE i.person_id = $1 AND e.referral_id = $2 AND i.notice = 'REFERRAL_RECEIVED'",
            member.person_id, UUID(id),
        )  # fmt: skip
        assert heard[0]["n"] == 1
