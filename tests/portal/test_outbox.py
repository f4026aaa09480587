"""What is mailed to whom and when: from the gate on, as each person wishes, each notification once."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from models.job import Job
from models.lifecycle import Role
from models.mail import TRIES, Due, Mail, pause
from models.person import Viewer
from portal.jobs import Worker
from portal.mail_sending import deliver
from portal.outbox import AT_EIGHT, DIGESTS, FORGET, digests, forget, spread
from tests.cases import Cases
from tests.resolvers.test_mail_preference import CHOOSE
from tests.world import Care, Firm, World

FROM = "Portal <portal@example.org>"
SEEN = "{ notifications { nodes { id kind reference } } }"
READ = "mutation ($id: UUID!) { notificationRead(id: $id) { problems { code message } } }"


class Kept:
    """A way of sending that keeps what is sent."""

    sender = FROM

    def __init__(self) -> None:
        self.came: list[EmailMessage] = []

    async def send(self, message: EmailMessage, *, again: bool = False) -> None:
        self.came.append(message)

    async def rest(self) -> None:
        """There is no connection."""

    async def ready(self) -> None:
        """It always is."""


@dataclass
class Sending:
    """Two people of one provider, an officer, and a portal that keeps what it sends."""

    cases: Cases
    post: Kept
    officer: Viewer
    firm: Firm
    member: Viewer
    colleague: Viewer

    @property
    def world(self) -> World:
        return self.cases.world

    async def until(self, day: date, hour: float = 9.0) -> None:
        """The clock is at that hour in UTC of that day, with everybody still signed in."""
        self.world.clock.now = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour)
        await self.world.sql("UPDATE session SET expires_at = $1", self.world.clock.now + timedelta(days=14))

    async def work(self) -> list[EmailMessage]:
        """What is sent by a portal that does all that is due now."""
        shell, before = replace(self.world.shell, post=self.post), len(self.post.came)
        await Worker(shell, {DIGESTS: digests, FORGET: forget}, daily={DIGESTS: AT_EIGHT, FORGET: None}).work_off()
        await deliver(shell)
        return self.post.came[before:]

    async def referred(self) -> str:
        return await self.cases.sent(self.officer, dateRequired="2027-01-01")

    async def said(self, referral: str) -> None:
        thread = await self.cases.thread(referral, self.firm)
        await self.cases.act(self.officer, "messageSend", threadId=thread, input={"body": "They like calm."})

    async def choose(self, who: Viewer, **kinds: str) -> None:
        input = [{"kind": kind, "choice": choice} for kind, choice in kinds.items()]
        await self.world.do(who, CHOOSE.replace("preferences { kind choice }", "preferences { kind }"), input=input)

    async def read(self, who: Viewer, kind: str) -> None:
        nodes = (await self.world.gql(who, SEEN))["notifications"]["nodes"]
        for node in nodes:
            if node["kind"] == kind:
                await self.world.do(who, READ, id=node["id"])

    async def states(self) -> list[tuple[str, str | None]]:
        await spread(self.world.shell)
        rows = await self.world.sql("SELECT state, error FROM mail ORDER BY state, error")
        return [(row["state"], row["error"]) for row in rows]


@pytest_asyncio.fixture(loop_scope="session")
async def sending(world: World) -> Sending:
    cases = Cases(world)
    firm = await world.provider()
    member, colleague = [await world.person(firm.id, Role.MEMBER, name=name) for name in ("Mia Member", "Cat Colley")]
    return Sending(cases, Kept(), await cases.officer(), firm, member, colleague)


def body(message: EmailMessage) -> str:
    return str(next(message.iter_parts()).get_content())


def to(messages: list[EmailMessage]) -> list[str]:
    return sorted(str(message["To"]) for message in messages)


EVE, GATE = date(2026, 6, 30), date(2026, 7, 1)


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


async def mailbox(sending: Sending, who: Viewer) -> str:
    (row,) = await sending.world.sql("SELECT email FROM person WHERE id = $1", who.person_id)
    return str(row["email"])


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


@pytest.mark.parametrize(
    ("day", "hour"), [(date(2026, 10, 24), 7), (date(2026, 10, 25), 8), (date(2027, 3, 27), 8), (date(2027, 3, 28), 7)]
)
async def test_eight_is_eight_by_the_clock_in_london_on_both_days_of_its_change(
    world: World, day: date, hour: int
) -> None:
    world.clock.now = datetime(day.year, day.month, day.day, tzinfo=UTC)
    await Worker(world.shell, {}, daily={DIGESTS: AT_EIGHT}).work_off()
    (job,) = await world.sql("SELECT due_at FROM job WHERE kind = $1", DIGESTS)
    assert job["due_at"] == world.clock.now + timedelta(hours=hour)


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


async def test_what_was_sent_or_dropped_long_ago_is_forgotten_and_what_is_dead_stays(sending: Sending) -> None:
    await sending.until(GATE)
    referral = await sending.referred()
    await sending.said(referral)
    await sending.work()
    await sending.until(date(2026, 7, 2))
    await sending.work()
    await sending.world.sql("UPDATE mail SET state = 'DEAD', sent_at = NULL WHERE day IS NULL AND person_id = $1",
                            sending.member.person_id)  # fmt: skip
    await sending.until(date(2026, 9, 29))
    await sending.work()
    assert await sending.world.count("mail") == 4
    await sending.until(date(2026, 10, 1))
    await sending.work()
    assert [row[0] for row in await sending.states()] == ["DEAD"]
    assert await sending.world.count("mail_item") == 0


# ── sending ──────────────────────────────────────────────────────────────────
async def claimed(world: World, most: int = 10, lease: timedelta = timedelta(minutes=5)) -> list[Due]:
    async with world.shell.database.working() as session:
        rows = await session.execute(Mail.claim(world.clock.now, most=most, lease=lease, host="portal.example"))
        return [Due.of(row) for row in rows]


async def note(world: World, outcome: Any) -> int:
    async with world.shell.database.working() as session:
        noted: Any = await session.execute(outcome)
        return int(noted.rowcount)


async def test_a_message_is_one_workers_at_a_time_and_whoever_lost_it_notes_nothing(sending: Sending) -> None:
    world = sending.world
    await sending.until(GATE)
    await sending.referred()
    await spread(world.shell)
    (mine,), (other,) = await asyncio.gather(claimed(world, 1), claimed(world, 1))
    assert mine.id != other.id
    assert await claimed(world) == []
    assert mine.message_id == f"<{mine.id}@portal.example>"
    await world.sql("UPDATE mail SET lease_until = now() - interval '1 second' WHERE id = $1", mine.id)
    (again,) = await claimed(world)
    assert (again.id, again.attempt, again.message_id) == (mine.id, 2, mine.message_id)
    assert await note(world, Mail.sent([mine], world.clock.now)) == 0
    assert await note(world, Mail.failed(mine, "SMTP 550", world.clock.now, for_good=True)) == 0
    assert await note(world, Mail.given_back([again])) == 1
    (third,) = await claimed(world)
    assert third.attempt == 2
    assert await note(world, Mail.held([third, other], timedelta(hours=1))) == 2
    assert await note(world, Mail.sent([third, other], world.clock.now)) == 2
    assert await note(world, Mail.dropped([third], "too late")) == 0


def test_pauses_grow_and_never_come_all_at_once() -> None:
    first, last = [pause(1) for _ in range(50)], [pause(TRIES) for _ in range(50)]
    assert all(timedelta(seconds=45) <= each <= timedelta(seconds=75) for each in first)
    assert all(timedelta(hours=4.5) <= each <= timedelta(hours=7.5) for each in last)
    assert len(set(first)) > 25


# S-070
async def test_no_act_is_any_slower_for_how_many_it_tells_or_what_they_wish(sending: Sending) -> None:
    """One row for an act, whoever hears of it; nobody's wishes are read in its transaction."""
    world = sending.world
    for _ in range(8):
        await world.person(sending.firm.id, Role.MEMBER)
    await sending.until(GATE)
    await sending.referred()
    assert await world.count("mail_due") == 1
    (trigger,) = await world.sql(
        "SELECT t.tgtype & 1 AS each_row, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE t.tgname = 'mails' AND t.tgrelid = 'inbox_entry'::regclass"
    )
    assert trigger["each_row"] == 0
    assert "mail_preference" not in trigger["prosrc"]
    await spread(world.shell)
    assert await world.count("mail") == 10
