"""Many messages and several who send them: each once, whatever becomes of the senders, the server and the tries."""

import asyncio
import logging
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from models.lifecycle import Role
from portal import mail_sending
from portal.mail_post import Sending
from portal.mail_sending import LINES, Mailing, deliver
from resolvers.context import Shell
from resolvers.ports import NotTaken, Trouble
from tests.portal.postbox import Postbox, listening
from tests.portal.test_mail_smtp import FROM
from tests.waiting import PATIENCE, until
from tests.world import World

ROOT = Path(__file__).parent.parent.parent
WAITING = """
INSERT INTO mail (id, person_id, kind, at, due_at)
SELECT gen_random_uuid(), $1, 'PASSWORD_CHANGED', $2::timestamptz, $2::timestamptz - make_interval(secs => n)
FROM generate_series(1, $3) n
"""


@dataclass
class Load:
    """Somebody to whom much is to be written."""

    world: World
    person: Any

    @classmethod
    async def of(cls, world: World, number: int) -> "Load":
        (row,) = await world.sql("SELECT id FROM organisation WHERE side = 'LOCAL_AUTHORITY' ORDER BY name LIMIT 1")
        load = cls(world, await world.person(row["id"], Role.READ_ONLY, email="ada@example.org"))
        await load.more(number)
        return load

    async def more(self, number: int) -> None:
        await self.world.sql(WAITING, self.person.person_id, self.world.clock(), number)

    def shell(self, port: int) -> Shell:
        return replace(self.world.shell, post=Sending(f"smtp+plain://127.0.0.1:{port}", FROM).post())

    async def rows(self, columns: str = "*") -> list[dict[str, Any]]:
        return [dict(row) for row in await self.world.sql(f"SELECT {columns} FROM mail ORDER BY due_at, id")]

    async def states(self) -> dict[str, int]:
        return dict(Counter(row["state"] for row in await self.rows("state")))

    async def ids(self) -> list[str]:
        return sorted(row["message_id"] for row in await self.rows("message_id"))


@pytest.fixture
def box() -> Postbox:
    return Postbox()


@pytest_asyncio.fixture(loop_scope="session")
async def load(world: World) -> Load:
    return await Load.of(world, 40)


class Both(Postbox):
    """Takes nothing before two have come, each on as many lines as one has at most."""

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        await until(lambda: self.connections > LINES)
        return await super().handle_MAIL(server, session, envelope, address, options)


@pytest.mark.parametrize("number", [200, pytest.param(10_000, marks=pytest.mark.long)])
async def test_two_who_send_at_once_send_each_message_once(world: World, number: int) -> None:
    load, box = await Load.of(world, number), Both()
    async with listening(box, command_call_limit=None) as port:
        begun = await asyncio.gather(deliver(load.shell(port)), deliver(load.shell(port)))
    assert sum(begun) == number
    assert min(begun) > 0
    assert await load.states() == {"SENT": number}
    assert box.ids == await load.ids()
    assert len(set(box.ids)) == number
    assert box.connections <= 2 * LINES * -(-number // mail_sending.AT_ONCE)
    assert {row["attempts"] for row in await load.rows("attempts")} == {1}


async def test_one_that_is_killed_loses_nothing_and_repeats_only_under_the_same_name(load: Load, box: Postbox) -> None:
    killed = asyncio.Event()

    class Killing(Postbox):
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
            answer = await super().handle_DATA(server, session, envelope)
            if len(self.came) == 15:
                worker.send_signal(signal.SIGKILL)
                killed.set()
            return answer

    box = Killing()
    async with listening(box) as port:
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.portal.mail_worker", load.world.dsn, str(port)], cwd=ROOT
        )
        async with asyncio.timeout(120):
            await killed.wait()
            await asyncio.to_thread(worker.wait)
        states = await load.states()
        assert states["WAITING"] >= 25
        assert await deliver(load.shell(port)) == 0, "what it had claimed is still its own"
        await load.world.sql("UPDATE mail SET lease_until = now() - interval '1 second' WHERE state = 'WAITING'")
        await deliver(load.shell(port))
    assert await load.states() == {"SENT": 40}
    assert set(box.ids) == set(await load.ids())
    repeated = {id: times for id, times in Counter(box.ids).items() if times > 1}
    assert len(repeated) <= LINES + 1
    assert set(repeated.values()) <= {2}


@pytest.mark.parametrize(
    ("answer", "trouble"), [("421 4.3.2 closing", "WARNING"), ("550 5.1.8 not your address", "ERROR")]
)
async def test_a_server_that_takes_nothing_costs_tries_of_those_alone_that_it_was_asked_for(
    load: Load, box: Postbox, caplog: pytest.LogCaptureFixture, answer: str, trouble: str
) -> None:
    box.senders += [answer] * 1000
    async with listening(box) as port:
        with caplog.at_level(logging.WARNING, "portal.mail"):
            await deliver(load.shell(port))
        tries = Counter(row["attempts"] for row in await load.rows())
        assert tries[0] >= 40 - LINES
        assert tries[0] + tries[1] == 40
        assert {row["lease_until"] for row in await load.rows()} == {None}
        assert await load.states() == {"WAITING": 40}
        said = [record.levelname for record in caplog.records if record.name == "portal.mail"]
        assert said == [trouble], "once, however many lines it was refused on"
        assert "ada@" not in caplog.text
        box.senders.clear()
        load.world.clock.goes_on(minutes=3)
        await deliver(load.shell(port))
    assert await load.states() == {"SENT": 40}
    assert len(box.ids) == len(set(box.ids)) == 40


async def test_one_dead_address_keeps_no_other_message_back(load: Load, box: Postbox) -> None:
    box.recipients += ["550 5.1.1 nobody", "450 4.2.0 later"]
    box.contents += ["DROP"]
    async with listening(box) as port:
        assert await deliver(load.shell(port)) == 40
        assert await load.states() == {"SENT": 37, "DEAD": 1, "WAITING": 2}
        errors = sorted(row["error"] for row in await load.rows() if row["error"])
        assert errors == [
            "connection lost (content)", "recipient refused: SMTP 450 4.2.0", "recipient refused: SMTP 550 5.1.1",
        ]  # fmt: skip
        assert len(box.came) == 37
        load.world.clock.goes_on(minutes=3)
        assert await deliver(load.shell(port)) == 2
    assert await load.states() == {"SENT": 39, "DEAD": 1}
    assert len(box.ids) == len(set(box.ids)) == 39


class Slow:
    """A way of sending that takes what it is given when it is told to."""

    sender = FROM

    def __init__(self) -> None:
        self.begun, self.may_end, self.taken, self.rests = asyncio.Event(), asyncio.Event(), list[str](), 0
        self.again = list[bool]()

    async def send(self, message: EmailMessage, *, again: bool = False) -> None:
        self.again.append(again)
        self.begun.set()
        await self.may_end.wait()
        self.taken.append(str(message["Message-ID"]))

    async def rest(self) -> None:
        self.rests += 1

    async def ready(self) -> None: ...


async def test_one_that_is_stopped_ends_what_it_is_sending_and_gives_back_the_rest(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_sending, "GRACE", PATIENCE)
    slow = Slow()
    mailing = Mailing(replace(load.world.shell, post=slow))
    mailing.start()
    await slow.begun.wait()
    stopping = asyncio.create_task(mailing.stop())
    await asyncio.sleep(0)
    slow.may_end.set()
    await stopping
    assert await load.states() == {"SENT": LINES, "WAITING": 40 - LINES}
    waiting = [row for row in await load.rows() if row["state"] == "WAITING"]
    assert {(row["attempts"], row["lease_until"]) for row in waiting} == {(0, None)}
    assert (len(slow.taken), slow.rests) == (LINES, 1)


async def test_what_is_interrupted_stays_a_try_since_it_may_have_been_taken(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_sending, "GRACE", 0.1)
    slow = Slow()
    mailing = Mailing(replace(load.world.shell, post=slow))
    mailing.start()
    await slow.begun.wait()
    await mailing.stop()
    assert slow.taken == []
    assert Counter(row["attempts"] for row in await load.rows()) == {0: 40 - LINES, 1: LINES}
    slow.again.clear()
    slow.may_end.set()
    assert await deliver(replace(load.world.shell, post=slow)) == 40
    assert await load.states() == {"SENT": 40}
    assert Counter(slow.again) == {False: 40 - LINES, True: LINES}


async def test_a_kind_of_a_newer_release_is_left_for_later_and_keeps_nothing_back(load: Load, box: Postbox) -> None:
    await load.world.sql("UPDATE mail SET kind = 'NEWER' WHERE id = (SELECT id FROM mail ORDER BY due_at LIMIT 1)")
    async with listening(box) as port:
        await deliver(load.shell(port))
    assert await load.states() == {"SENT": 39, "WAITING": 1}
    (error,) = [row["error"] for row in await load.rows() if row["error"]]
    assert error.startswith("ValueError (incident ")


class Absent(Slow):
    async def send(self, message: EmailMessage, *, again: bool = False) -> None:
        raise NotTaken("no answer (connection)", trouble=Trouble.SERVER)


async def test_who_finds_the_server_away_asks_later_each_time_and_works_on(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    enough = asyncio.Event()
    really = asyncio.sleep

    async def sleep(seconds: float) -> None:
        if asyncio.current_task() is mailing._task:
            slept.append(seconds)
            enough.set() if len(slept) == 4 else None
            seconds = 0
        await really(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    mailing = Mailing(replace(load.world.shell, post=Absent()))
    mailing.start()
    await enough.wait()
    await mailing.stop()
    for pause, around in zip(slept, (2, 4, 8, 16), strict=False):
        assert 0.75 * around <= pause <= 1.25 * around
