"""E-mail from the act to a real server: once for each who may sign, never before its gate, and never lost (S-113)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from aiosmtpd.smtp import SMTP

from models.lifecycle import Role
from models.mail import TRIES, Due
from portal.mail import Letterhead, NoAddress, letter
from portal.mail_folder import Folder
from portal.mail_post import Sending
from portal.mail_sending import deliver
from portal.outbox import spread
from resolvers.context import Shell
from resolvers.ports import Post
from tests.agreeing import Agreeing
from tests.authorising import Authorising
from tests.people import SUSPEND
from tests.world import World

FROM = "West Midlands Placement Portal <portal@example.org>"
DAYS_TO_THE_GATE = 16  # from 15 June to 1 July


@dataclass
class Box:
    """An SMTP server's handler: keeps what came, and answers with what it is told to."""

    answers: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    came: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.refused:
            return self.refused.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        self.came.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"

    @property
    def to(self) -> list[str]:
        return sorted(str(message["To"]) for message in self.came)


@pytest.mark.parametrize("email", ["<a@example.org", "a@", "a@[1", "a@b c", "a@b@c", "a\n@b.c", ""])
def test_what_is_no_address_is_one_fault_whatever_it_is(email: str) -> None:
    due = Due(uuid4(), 1, "<1@b.c>", "IPA_READY_TO_SIGN", "WM-7KD4-RES-A1", datetime.now(UTC), None, "Bea", email)
    with pytest.raises(NoAddress):
        letter(due, Letterhead(FROM, "http://127.0.0.1", "help@example.org"))


@pytest.fixture
def box() -> Box:
    return Box()


@pytest_asyncio.fixture(loop_scope="session")
async def post(box: Box) -> AsyncIterator[Post]:
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(box), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    made = Sending(f"smtp+plain://127.0.0.1:{port}", FROM).post()
    assert made
    yield made
    server.close()


@dataclass
class Mailing:
    """An agreement in review, and a portal that sends."""

    case: Authorising
    shell: Shell

    @property
    def world(self) -> World:
        return self.case.world

    async def work(self) -> int:
        return await deliver(self.shell)

    async def rows(self) -> list[dict[str, Any]]:
        await spread(self.shell)
        rows = "SELECT m.*, p.email FROM mail m JOIN person p ON p.id = m.person_id ORDER BY email"
        return await self.world.sql(rows)

    async def address(self, *people: Any) -> list[str]:
        ids = [person.person_id for person in people]
        found = await self.world.sql("SELECT email FROM person WHERE id = ANY ($1) ORDER BY email", ids)
        return sorted(row["email"] for row in found)


@pytest_asyncio.fixture(loop_scope="session")
async def mailing(world: World, post: Post) -> Mailing:
    agreeing = await Agreeing.among(world)
    for step in (agreeing.referred, agreeing.offered, agreeing.accepted, agreeing.drawn_up, agreeing.shared):
        await step()
    colleague = await world.person(agreeing.firm.id, Role.MEMBER, name="Bea Birch")
    administrator = await world.person(agreeing.firm.id, Role.ADMINISTRATOR, name="Ada Admin")
    await agreeing.enrol(administrator)
    case = Authorising(agreeing, agreeing.provider_signatory, colleague, administrator)
    return Mailing(case, replace(world.shell, post=post))


async def goes_on(mailing: Mailing) -> None:
    """To the day on which the gate opens, with everybody still signed in."""
    mailing.world.clock.goes_on(days=DAYS_TO_THE_GATE)
    await mailing.world.sql("UPDATE session SET expires_at = expires_at + interval '1 year'")


async def after_the_gate(mailing: Mailing) -> None:
    await goes_on(mailing)
    await mailing.case.agreeing.ready()


# S-050, S-113
async def test_nothing_is_sent_for_what_happened_before_the_gate_opened(mailing: Mailing, box: Box) -> None:
    await mailing.case.agreeing.ready()
    mailing.world.clock.goes_on(days=DAYS_TO_THE_GATE + 1)
    await mailing.work()
    assert (await mailing.rows(), box.came) == ([], [])
    assert await mailing.case.heard(mailing.case.signatory, "IPA_READY_TO_SIGN") == 1


# S-113, S-033
async def test_after_it_everybody_who_may_sign_gets_exactly_one_and_nobody_else(mailing: Mailing, box: Box) -> None:
    case, agreeing = mailing.case, mailing.case.agreeing
    await case.given()
    await case.given()  # a second authority of the same colleague
    await after_the_gate(mailing)
    expected = await mailing.address(case.signatory, case.colleague, agreeing.authority_signatory)
    assert [row["email"] for row in await mailing.rows()] == expected
    assert await mailing.work() >= 3
    assert box.to == expected
    assert {row["state"] for row in await mailing.rows()} == {"SENT"}
    assert await mailing.work() == 0
    for bell in (agreeing.officer, agreeing.member, *agreeing_signers(agreeing), case.colleague):
        assert await case.heard(bell, "IPA_READY_TO_SIGN") == (bell is not agreeing.officer)
    await agreeing.opened(case.signatory)
    assert (await agreeing.sign(case.signatory, code=await case.fresh(case.signatory)))["problems"] == []
    assert len(await mailing.rows()) == 3


def agreeing_signers(agreeing: Agreeing) -> tuple[Any, Any]:
    return agreeing.authority_signatory, agreeing.provider_signatory


async def test_it_greets_names_the_agreement_and_the_portal_and_says_nothing_of_the_child(
    mailing: Mailing, box: Box
) -> None:
    await mailing.world.sql("UPDATE person SET name = E'Dev\\u2028<b>Director</b> Żółć' WHERE roles = '{SIGNATORY}'")
    await after_the_gate(mailing)
    await mailing.work()
    (row,) = await mailing.world.sql("SELECT reference FROM ipa")
    for message in box.came:
        assert message["Subject"] == f"Agreement ready to sign: {row['reference']}"
        assert (message["From"], message["Auto-Submitted"]) == (FROM, "auto-generated")
        plain, html = (part.get_content().replace("\r\n", "\n") for part in message.iter_parts())
        assert plain.startswith("Dear Dev <b>Director</b> Żółć,\n\n")
        assert "<b>" not in html
        assert "Dev &lt;b&gt;Director&lt;/b&gt; Żółć" in html
        for body in (plain, html):
            assert row["reference"] in body
            assert f"{mailing.shell.address}/open/{row['reference']}" in body
            assert not any(name in body for name in ("Ana", "Żak", "2014"))


async def test_suspended_people_get_none_and_neither_does_who_is_suspended_meanwhile(
    mailing: Mailing, box: Box
) -> None:
    case, world = mailing.case, mailing.world
    (row,) = await world.sql("SELECT version FROM person WHERE id = $1", case.signatory.person_id)
    gone = await world.person(case.agreeing.firm.id, Role.SIGNATORY)
    await world.sql("UPDATE person SET status = 'SUSPENDED' WHERE id = $1", gone.person_id)
    await after_the_gate(mailing)
    assert gone.person_id not in [each["person_id"] for each in await mailing.rows()]
    await world.do(case.administrator, SUSPEND, id=str(case.signatory.person_id), version=row["version"])
    await mailing.work()
    assert box.to == await mailing.address(case.agreeing.authority_signatory)
    assert sorted(each["state"] for each in await mailing.rows()) == ["DROPPED", "SENT"]


async def test_what_a_server_cannot_take_now_is_tried_again_later_under_the_same_name(
    mailing: Mailing, box: Box
) -> None:
    box.answers += ["451 later"] * 2
    box.refused += ["450 greylisted"] * 2
    await after_the_gate(mailing)
    await mailing.work()
    before = await mailing.rows()
    assert {(row["state"], row["attempts"]) for row in before} == {("WAITING", 1)}
    assert {row["error"] for row in before} <= {"recipient refused: SMTP 450", "content refused: SMTP 451"}
    assert box.came == []
    assert await mailing.work() == 0
    for minutes in (2, 4, 8):
        mailing.world.clock.goes_on(minutes=minutes)
        await mailing.work()
    after = await mailing.rows()
    assert [row["state"] for row in after] == ["SENT", "SENT"]
    assert [row["message_id"] for row in after] == [row["message_id"] for row in before]
    assert sorted(message["Message-ID"] for message in box.came) == sorted(row["message_id"] for row in after)


async def test_what_is_refused_for_good_is_dead_for_operators_to_see(mailing: Mailing, box: Box) -> None:
    box.refused += ["550 no such mailbox"] * 2
    await after_the_gate(mailing)
    await mailing.work()
    dead = ("DEAD", "recipient refused: SMTP 550", 1)
    assert {(row["state"], row["error"], row["attempts"]) for row in await mailing.rows()} == {dead}
    mailing.world.clock.goes_on(days=2)
    assert await mailing.work() <= 1
    assert box.came == []


async def test_a_server_that_stays_away_is_given_up_at_last(mailing: Mailing) -> None:
    nobody = Sending("smtp+plain://127.0.0.1:9", FROM).post()
    mailing.shell = replace(mailing.shell, post=nobody)
    await after_the_gate(mailing)
    for _ in range(TRIES + 1):
        await mailing.work()
        mailing.world.clock.goes_on(hours=8)
    assert {(row["state"], row["attempts"]) for row in await mailing.rows()} == {("DEAD", TRIES)}


async def test_what_is_too_old_to_be_of_use_is_not_sent(mailing: Mailing, box: Box) -> None:
    box.answers += ["451 later"] * 2
    await after_the_gate(mailing)
    await mailing.work()
    await mailing.case.agreeing.well(mailing.case.agreeing.officer, "ipaVoid", 'reason: "The home has closed."')
    mailing.world.clock.goes_on(hours=1)
    await mailing.work()
    assert {(row["state"], row["error"]) for row in await mailing.rows()} == {("DROPPED", "nothing to sign any more")}
    assert box.came == []


async def test_what_no_try_of_came_to_an_end_or_no_address_takes_is_dead(mailing: Mailing, box: Box) -> None:
    await after_the_gate(mailing)
    first, other = await mailing.rows()
    await mailing.world.sql("UPDATE mail SET attempts = $1 WHERE id = $2", TRIES, first["id"])
    await mailing.world.sql("UPDATE person SET email = '<' || email WHERE id = $1", other["person_id"])
    await mailing.work()
    rows = {row["id"]: (row["state"], row["error"]) for row in await mailing.rows()}
    assert rows == {first["id"]: ("DEAD", "no try came to an end"), other["id"]: ("DEAD", "no address for a message")}
    assert box.came == []


async def test_of_a_refused_act_nothing_is_sent(mailing: Mailing, box: Box) -> None:
    await goes_on(mailing)
    refused = await mailing.case.agreeing.act(mailing.case.agreeing.member, "ipaEnable")
    assert refused["problems"]
    await mailing.work()
    assert (await mailing.rows(), box.came) == ([], [])


async def test_without_a_way_of_sending_nothing_is_sent_then_or_later(mailing: Mailing, box: Box) -> None:
    way, mailing.shell = mailing.shell, replace(mailing.shell, post=None)
    await after_the_gate(mailing)
    await mailing.work()
    assert {(row["state"], row["error"]) for row in await mailing.rows()} == {("DROPPED", "no way of sending")}
    mailing.shell = way
    await mailing.work()
    assert box.came == []


async def test_a_folder_takes_one_file_for_each_message(mailing: Mailing, tmp_path: Any) -> None:
    mailing.shell = replace(mailing.shell, post=Folder(tmp_path / "mail", FROM))
    await after_the_gate(mailing)
    await mailing.work()
    files = sorted((tmp_path / "mail").iterdir())
    assert [file.name for file in files] == sorted(f"2026-07-01T090000-{row['id']}.eml" for row in await mailing.rows())
    kept = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
    assert sorted(str(message["To"]) for message in kept) == [row["email"] for row in await mailing.rows()]
