"""The digest: once a day at eight in London, of what is left unread then."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import pytest_asyncio

from models.job import Job
from portal.jobs import Worker
from portal.outbox import AT_EIGHT, DIGESTS, digests, spread
from tests.portal.mailing import GATE, Sending, body, mailbox, to
from tests.world import Care, World


@pytest_asyncio.fixture(loop_scope="session")
async def sending(world: World) -> Sending:
    return await Sending.begun(world)


# S-051, S-100
async def test_the_digest_comes_at_eight_in_london_once_a_day_and_tells_what_is_left_unread(sending: Sending) -> None:
    await sending.until(GATE)
    referral = await sending.referred()
    await sending.work()
    await sending.said(referral)
    await sending.said(referral)
    assert await sending.work() == []
    await sending.until(date(2026, 7, 2), 6.99)
    assert await sending.work() == []
    await sending.read(sending.colleague, "MESSAGE_RECEIVED")
    await sending.until(date(2026, 7, 2), 7.0)
    (digest,) = await sending.work()
    assert to([digest]) == [await mailbox(sending, sending.member)]
    reference = (await sending.cases.seen(sending.member, "Referral", referral, "reference"))["reference"]
    assert f"New message {reference} (2 times)" in body(digest)
    assert "New referral" not in body(digest)
    assert not any(word in digest.as_string() for word in ("Zebedee", "Quillfeather", "calm"))
    assert await sending.work() == []
    for day in (3, 4):
        await sending.until(date(2026, 7, day))
        assert await sending.work() == []
    assert await sending.states() == [("SENT", None)] * 3


async def test_what_was_read_or_withdrawn_or_is_not_wanted_any_more_is_in_no_digest(sending: Sending) -> None:
    """S-060: between its making and its sending too; where nothing is left there is none."""
    await sending.world.provider(Care(ages=(0, 17)))
    await sending.until(GATE)
    referral = await sending.referred()
    await sending.work()
    await sending.said(referral)
    await spread(sending.world.shell)
    today = Job(kind=DIGESTS, payload={"day": "2026-07-02"})
    await sending.until(date(2026, 7, 2))
    await digests(sending.world.shell, today)
    await digests(sending.world.shell, today)
    assert await sending.world.count("mail", "day = '2026-07-02'") == 2
    await sending.choose(sending.colleague, MESSAGE_RECEIVED="OFF")
    (child,) = await sending.world.sql("SELECT id FROM child WHERE referral_id = $1", UUID(referral))
    await sending.cases.resent(
        sending.officer, referral, children=[{"id": str(child["id"]), "dateOfBirth": "2022-05-14"}]
    )
    assert await sending.work() == []
    assert ("DROPPED", "nothing left to tell") in await sending.states()
    await sending.until(date(2026, 7, 3))
    assert await sending.work() == []


async def test_a_digest_that_was_missed_is_made_once_when_the_portal_runs_again(sending: Sending) -> None:
    await sending.until(GATE)
    referral = await sending.referred()
    await sending.work()
    await sending.said(referral)
    await sending.until(date(2026, 7, 2), 6.5)
    assert await sending.work() == []  # the job of that day waits, and the portal stops
    await sending.until(date(2026, 7, 4), 5)
    assert await sending.work() == []  # not in the night: today's tells of it
    await sending.until(date(2026, 7, 4), 15)
    digests_sent = await sending.work()
    assert to(digests_sent) == sorted([await mailbox(sending, who) for who in (sending.member, sending.colleague)])
    assert await sending.work() == []
    assert {row["day"] for row in await sending.world.sql("SELECT day FROM mail WHERE day IS NOT NULL")} == {
        date(2026, 7, 4)
    }


async def test_eight_is_eight_by_the_clock_in_london_on_both_days_of_its_change(world: World) -> None:
    hours = {date(2026, 10, 24): 7, date(2026, 10, 25): 8, date(2027, 3, 27): 8, date(2027, 3, 28): 7}
    for day, hour in hours.items():
        world.clock.now = datetime(day.year, day.month, day.day, tzinfo=UTC)
        await Worker(world.shell, {}, daily={DIGESTS: AT_EIGHT}).work_off()
        (job,) = await world.sql("SELECT due_at FROM job WHERE key = $1", f"{DIGESTS} {day}")
        assert job["due_at"] == world.clock.now + timedelta(hours=hour)


@pytest.mark.parametrize(("day", "eight"), [(date(2026, 10, 25), 8), (date(2027, 3, 28), 7)])
async def test_on_the_days_of_its_change_there_is_one_digest_and_it_comes_at_eight(
    sending: Sending, day: date, eight: int
) -> None:
    """S-051: of what came the evening before, and in the hour that is there twice, or before the one that is not."""
    await sending.until(day - timedelta(days=1), 20)
    referral = await sending.referred()
    await sending.work()
    await sending.said(referral)
    await sending.until(day, 0.5)
    await sending.said(referral)
    assert await sending.work() == []
    await sending.until(day, eight - 1 / 60)
    assert await sending.work() == []
    await sending.until(day, eight)
    made = await sending.work()
    assert to(made) == sorted([await mailbox(sending, who) for who in (sending.member, sending.colleague)])
    assert all("(2 times)" in body(each) for each in made)
    assert all(str(each["Subject"]).endswith(f"{day:%A} {day.day} {day:%B %Y}") for each in made)
    for later in (eight + 1, 23.99):
        await sending.until(day, later)
        assert await sending.work() == []
