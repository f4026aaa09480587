"""A lease is renewed through faults, and is lost only when its last renewal is as old as itself."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from models.job import Job
from portal import lease, mail_sending
from portal.jobs import Worker
from portal.lease import held
from portal.mail_sending import LINES, Delivery
from tests.portal.test_jobs import left, row
from tests.portal.test_mail_many import Load, Slow
from tests.waiting import until
from tests.world import World

SHORT = timedelta(seconds=0.4)


class Sleeping:
    """What a lease knows of asyncio, with a clock that goes on while somebody sleeps, and at no other time."""

    def __init__(self) -> None:
        self.now = 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    def get_running_loop(self) -> Any:
        return self

    def time(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)

    def timeout_at(self, ends: float) -> asyncio.Timeout:
        assert ends > self.now
        return asyncio.timeout(None)


async def test_a_renewal_that_fails_is_made_up_for_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "asyncio", sleeping := Sleeping())
    renewals, losses = list[int](), list[int]()

    async def renew() -> None:
        renewals.append(1)
        if len(renewals) % 2:
            raise ConnectionError

    async with held(SHORT, renew, lambda: losses.append(1)):
        await until(lambda: losses or len(renewals) >= 12)
    assert losses == []
    assert sleeping.now > 2 * SHORT.total_seconds()


@pytest.mark.parametrize("hangs", [False, True])
async def test_it_is_lost_once_when_no_renewal_has_succeeded_for_its_length(hangs: bool) -> None:
    losses, renewals = list[float](), list[float]()
    clock = asyncio.get_running_loop().time

    async def renew() -> None:
        if len(renewals) == 1:
            await asyncio.sleep(600 if hangs else 0)
            raise ConnectionError
        renewals.append(clock())

    async with held(SHORT, renew, lambda: losses.append(clock())):
        await until(lambda: losses)
        await asyncio.sleep(SHORT.total_seconds())
    assert len(losses) == 1
    assert losses[0] - renewals[0] >= SHORT.total_seconds() * 0.9


class Failing:
    """The outcomes and renewals of a delivery fail while `away`."""

    def __init__(self, delivery: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
        self.away, self.failed, self._really = False, 0, delivery._note
        monkeypatch.setattr(delivery, "_note", self)

    async def __call__(self, outcome: Any) -> None:
        if self.away:
            self.failed += 1
            raise ConnectionError
        await self._really(outcome)


async def test_what_was_taken_is_noted_when_the_database_is_back_and_sent_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    load, slow = await Load.of(world, 12), Slow()
    monkeypatch.setattr(mail_sending, "BREATH", 0.01)
    delivery = Delivery(replace(world.shell, post=slow))
    failing = Failing(delivery, monkeypatch)
    running = asyncio.create_task(delivery.run())
    await slow.begun.wait()
    failing.away = True
    slow.may_end.set()
    await until(lambda: failing.failed >= 3 * LINES)
    failing.away = False
    assert await running == 12
    assert await load.states() == {"SENT": 12}
    assert len(slow.taken) == len(set(slow.taken)) == 12


async def test_nothing_more_is_begun_once_the_lease_could_not_be_renewed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    load, slow = await Load.of(world, 12), Slow()
    monkeypatch.setattr(mail_sending, "LEASE", SHORT)
    delivery = Delivery(replace(world.shell, post=slow))
    failing = Failing(delivery, monkeypatch)
    running = asyncio.create_task(delivery.run())
    await slow.begun.wait()
    failing.away = True
    await until(lambda: delivery._lost)
    failing.away = False
    slow.may_end.set()
    assert await running == 12
    assert len(slow.taken) == LINES, "what was begun comes to its end"
    assert await load.states() == {"SENT": LINES, "WAITING": 12 - LINES}
    assert {each["attempts"] for each in await load.rows() if each["state"] == "WAITING"} == {0}


async def test_a_handler_is_ended_when_its_lease_could_not_be_renewed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = list[str]()

    async def long(shell: Any, job: Job) -> None:
        try:
            await asyncio.sleep(600)
        finally:
            ended.append(job.key)

    def hold(job: Job, lease: timedelta) -> Any:
        raise ConnectionError

    monkeypatch.setattr(Job, "hold", hold)
    await left(world, "one")
    worker = Worker(world.shell, {"try": long})
    worker.lease = SHORT
    await worker.work_off()
    assert ended == ["one"]
    assert (await row(world, "one"))["done_at"] is None
