"""What is mailed to whom: from the gate on, as each person wishes, each notification once."""

import asyncio
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest_asyncio

from portal.mail_sending import deliver
from portal.outbox import spread
from tests.portal.mailing import EVE, GATE, Sending, body, mailbox, to
from tests.world import Care, World


@pytest_asyncio.fixture(loop_scope="session")
async def sending(world: World) -> Sending:
    return await Sending.begun(world)


# S-050, S-120
async def test_nothing_from_before_the_gate_is_ever_mailed_whenever_the_portal_comes_to_it(sending: Sending) -> None:
    """Neither alone nor in a digest, nor after wishes have changed; what follows the gate is, by its own time."""
    await sending.until(EVE, 22.9)  # five to midnight in London
    before = await sending.referred()
    await sending.said(before)
    assert await sending.world.count("mail_due") == 0
    await sending.until(GATE, -0.999)  # four seconds past midnight in London
    assert await sending.work() == []
    await sending.choose(sending.member, MESSAGE_RECEIVED="IMMEDIATELY", REFERRAL_RECEIVED="DAILY_DIGEST")
    await sending.until(GATE, 7.5)
    assert await sending.work() == []
    after = await sending.referred()
    (came,) = await sending.work()
    assert to([came]) == [await mailbox(sending, sending.colleague)]
    assert (await sending.cases.seen(sending.member, "Referral", after, "reference"))["reference"] in came["Subject"]
    await sending.until(date(2026, 7, 2))
    (digest,) = await sending.work()
    assert to([digest]) == [await mailbox(sending, sending.member)]
    old = await sending.cases.seen(sending.member, "Referral", before, "reference")
    assert old["reference"] not in body(digest)
    assert len(await sending.cases.told(sending.member)) == 3


# S-120
async def test_a_referral_is_mailed_at_once_to_everybody_whom_it_reached_once_each(sending: Sending) -> None:
    await sending.until(GATE)
    await sending.referred()
    assert await sending.world.count("mail_due") == 1
    assert await sending.world.count("mail") == 0
    shells = [replace(sending.world.shell, post=sending.post) for _ in range(3)]
    await asyncio.gather(*(deliver(shell) for shell in shells))
    people = [await mailbox(sending, who) for who in (sending.member, sending.colleague)]
    assert to(sending.post.came) == sorted(people)
    assert await sending.work() == []
    for message in sending.post.came:
        assert "http" in body(message)
        assert not any(said in message.as_string() for said in ("Zebedee", "Quillfeather", "2012"))
    assert await sending.world.count("mail_due") == 0


async def test_a_referral_that_was_read_or_withdrawn_before_its_message_was_sent_is_not_told(sending: Sending) -> None:
    await sending.world.provider(Care(ages=(0, 17)))
    await sending.until(GATE)
    referral = await sending.referred()
    await sending.read(sending.colleague, "REFERRAL_RECEIVED")
    (child,) = await sending.world.sql("SELECT id FROM child WHERE referral_id = $1", UUID(referral))
    await sending.cases.resent(
        sending.officer, referral, children=[{"id": str(child["id"]), "dateOfBirth": "2022-05-14"}]
    )
    assert await sending.work() == []
    assert await sending.states() == [("DROPPED", "may not be seen any more")] * 2


async def test_wishes_count_for_what_happens_after_them_and_off_at_once(sending: Sending) -> None:
    await sending.until(GATE)
    await sending.choose(sending.member, REFERRAL_RECEIVED="OFF", MESSAGE_RECEIVED="IMMEDIATELY")
    referral = await sending.referred()
    assert to(await sending.work()) == [await mailbox(sending, sending.colleague)]
    await sending.said(referral)
    await spread(sending.world.shell)
    await sending.choose(sending.member, MESSAGE_RECEIVED="OFF", REFERRAL_RECEIVED="IMMEDIATELY")
    assert await sending.work() == []
    await sending.until(date(2026, 7, 2))
    assert to(await sending.work()) == [await mailbox(sending, sending.colleague)]


async def test_the_suspended_get_nothing_and_nothing_of_then_when_they_are_let_in_again(sending: Sending) -> None:
    await sending.until(GATE)
    await sending.work()
    referral = await sending.referred()
    await sending.said(referral)
    await spread(sending.world.shell)
    for status in ("SUSPENDED", "ACTIVE"):
        await sending.world.sql("UPDATE person SET status = $1 WHERE id = $2", status, sending.member.person_id)
        if status == "SUSPENDED":
            assert to(await sending.work()) == [await mailbox(sending, sending.colleague)]
            await sending.until(date(2026, 7, 2))
            assert to(await sending.work()) == [await mailbox(sending, sending.colleague)]
    await sending.until(date(2026, 7, 3))
    assert await sending.work() == []


# S-100
async def test_a_burst_of_changes_rings_and_mails_once(sending: Sending) -> None:
    await sending.until(GATE)
    await sending.choose(sending.officer, OFFER_UPDATED="IMMEDIATELY")
    await sending.cases.papers(sending.firm)
    referral = await sending.referred()
    offer = await sending.cases.submitted(sending.member, referral, {"homeId": str(sending.firm.homes[0])})
    await sending.work()
    for week in ("4200.00", "4300.00", "4400.00"):
        await sending.cases.on_offer(sending.member, "offerUpdate", offer, input={"fees": [{"coreFeeWeekly": week}]})
        sending.world.clock.goes_on(minutes=1)
    assert to(await sending.work()) == [await mailbox(sending, sending.officer)]
    assert (await sending.cases.told(sending.officer)).count("OFFER_UPDATED") == 1
