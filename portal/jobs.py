"""Does what acts have left for later: any number of workers in any number of processes, each job by one at a time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from sqlalchemy import func, select

from models.age import london_day
from models.job import KEPT, Job
from models.rollout import LONDON
from portal.incidents import report
from portal.lease import held
from resolvers.context import Shell

log = logging.getLogger("portal.jobs")

Handler = Callable[[Shell, Job], Awaitable[None]]
"""Does one job, and must bear being called again for it: the portal may stop before it has noted that it is done."""

PATIENCE = timedelta(minutes=5)
LEASE = timedelta(seconds=20)
LANES = 2
BREATH = 0.1
AFTER_A_FAULT = 2.0
FORGET = "jobs.forget"


class Ear(Protocol):
    """A way to wait for news; it ends unasked after a while."""

    async def wait(self) -> None: ...


class Poll:
    """Looks again every second, for want of anybody who says when."""

    async def wait(self) -> None:
        await asyncio.sleep(1)


class Worker:
    """Claims what is due and gives it to the handler of its kind; kinds without one are left to other releases.

    A handler has `patience`. Its lease is short and renewed while it works, so that a job whose process was killed is
    soon somebody else's; where it cannot be renewed the handler is ended first. A failure is tried again later, eight
    times in all, then the job stays where it is with the fault's name and incident. `daily` names kinds that are due
    once each London day: their key is kind and day, so that workers anywhere agree, and a day on which nothing ran is
    not made up for.
    """

    lease = LEASE

    def __init__(
        self,
        shell: Shell,
        handlers: Mapping[str, Handler],
        *,
        daily: Collection[str] | Mapping[str, time | None] = (),
        ear: Callable[[], Ear] = Poll,
        patience: timedelta = PATIENCE,
    ) -> None:
        self._shell = shell
        self._handlers = {**handlers, FORGET: forget}
        self._claiming = Job.claim(self._handlers)
        self._daily: dict[str, time | None] = dict.fromkeys((*daily, FORGET))
        if isinstance(daily, Mapping):
            self._daily |= daily
        self._ear = ear
        self._patience = patience
        self._planned: date | None = None
        self._lanes: list[asyncio.Task[None]] = []

    def start(self) -> None:
        looking, ear = asyncio.Lock(), self._ear()
        self._lanes = [asyncio.create_task(self._lane(looking, ear), name="portal-jobs") for _ in range(LANES)]

    async def stop(self) -> None:
        """Return soon: what is being done is interrupted and given back, to be done by whoever comes next."""
        for lane in self._lanes:
            lane.cancel()
        await asyncio.gather(*self._lanes, return_exceptions=True)

    async def work_off(self) -> int:
        """Do everything that is due now, one after the other; how many jobs were claimed."""
        await self._plan()
        claimed = 0
        while job := await self._claim():
            claimed += 1
            await self._do(job)
        return claimed

    async def _lane(self, looking: asyncio.Lock, ear: Ear) -> None:
        """One lane looks for all; once it has a job the next one looks, at once, for there may be more."""
        while True:
            async with looking:
                job = await self._found(ear)
            await self._finished(job)

    async def _found(self, ear: Ear) -> Job:
        while True:
            try:
                await self._plan()
                if job := await self._claim():
                    return job
            except Exception as fault:  # noqa: BLE001  # the database is away, say: that ends no worker
                await self._rest_after(fault)
            await ear.wait()
            await asyncio.sleep(BREATH)

    async def _finished(self, job: Job) -> None:
        try:
            await self._do(job)
        except Exception as fault:  # noqa: BLE001  # its lease ends, and it is done again
            await self._rest_after(fault)

    async def _rest_after(self, fault: Exception) -> None:
        log.warning("jobs cannot be looked at (%s)", type(fault).__name__)
        await asyncio.sleep(AFTER_A_FAULT)

    async def _plan(self) -> None:
        at = self._shell.clock()
        today = london_day(at)
        if self._planned == today:
            return
        async with self._shell.database.working() as session:
            for kind, hour in self._daily.items():
                due = at if hour is None else datetime.combine(today, hour, LONDON)
                await session.execute(Job.once(kind, f"{kind} {today}", {"day": today.isoformat()}, due))
        self._planned = today

    async def _claim(self) -> Job | None:
        due = {"at": self._shell.clock(), "lease": self.lease}
        async with self._shell.database.working() as session:
            job: Job | None = await session.scalar(self._claiming, due)
        return job

    async def _do(self, job: Job) -> None:
        doing = asyncio.ensure_future(self._handled(job))
        try:
            async with held(self.lease, lambda: self._note(job.hold(self.lease)), lost=doing.cancel):
                (fault,) = await asyncio.gather(doing, return_exceptions=True)
        except asyncio.CancelledError:
            await self._note(job.give_back())
            raise
        if isinstance(fault, BaseException):
            error = f"{type(fault).__name__} (incident {report(fault)})"
            await self._note(job.fail(error, self._shell.clock()))
        else:
            await self._note(job.finish(self._shell.clock()))

    async def _handled(self, job: Job) -> None:
        if job.exhausted:
            raise OutOfTries
        async with asyncio.timeout(self._patience.total_seconds()):
            await self._handlers[job.kind](self._shell, job)

    async def _note(self, how_it_went: Any) -> None:
        async with self._shell.database.working() as session:
            await session.execute(how_it_went)


class OutOfTries(Exception):
    """Every try was claimed and none came to an end: their workers died with it."""


async def forget(shell: Shell, job: Job) -> None:
    """Jobs that were done thirty days ago are removed; those that died stay until somebody has looked at them."""
    async with shell.database.working() as session:
        await session.execute(select(func.portal_forget_jobs(shell.clock() - KEPT)))
