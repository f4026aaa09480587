"""Several processes that serve on one socket, and the parent that starts, replaces and ends them."""

import asyncio
import logging
import signal
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import monotonic

from portal.settings import NotReady
from portal.tether import Worker
from realtime.recovery import pauses

log = logging.getLogger("portal.workers")

SHORT_LIFE = 10.0
LONGEST_PAUSE = 15.0


@dataclass(eq=False)
class Seat:
    """The place of one worker, on which another follows it."""

    worker: Worker
    changing: asyncio.Lock = field(default_factory=asyncio.Lock)


class Workers:
    """Keeps `count` processes serving on `listener`, each started as `command LISTENER TETHER` with two descriptors.

    One that ends is replaced: at once where it had served for a while, after growing pauses where it had not, or where
    the system has no room for another; so is one that does not come to serve within two minutes, or of which nothing
    is heard any more for half a minute. Where one ends by itself before any has come to serve, all end, and `run`
    raises NotReady. SIGTERM and SIGINT end all; SIGHUP replaces one after the other, each by one that serves already.
    None outlives the parent for long, however that ends.
    """

    def __init__(self, command: Sequence[str], listener: socket.socket, count: int) -> None:
        self._command = command
        self._listener = listener
        self._count = count
        self._stopping = asyncio.Event()
        self._renewing = asyncio.Event()
        self._all: set[Worker] = set()
        self._any_served = False

    async def run(self) -> None:
        """Return when all have ended, after a signal said so."""
        loop = asyncio.get_running_loop()
        told = {signal.SIGTERM: self._stopping, signal.SIGINT: self._stopping, signal.SIGHUP: self._renewing}
        for number, event in told.items():
            loop.add_signal_handler(number, event.set)
        tasks: list[asyncio.Task[object]] = [asyncio.create_task(self._stopping.wait())]
        try:
            seats = [Seat(await self._start()) for _ in range(self._count)]
            tasks += [asyncio.create_task(work) for work in (*map(self._keep, seats), self._renew(seats))]
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.gather(*map(self._end, list(self._all)))

    async def _start(self) -> Worker:
        worker = await Worker.start(self._command, self._listener)
        self._all.add(worker)
        worker.ready.add_done_callback(self._note)
        return worker

    async def _started(self, waits: Iterator[float]) -> Worker:
        """Another, as soon as the system has room for it."""
        while True:
            try:
                return await self._start()
            except OSError as fault:
                log.error("no process can be started (%s)", fault.strerror or type(fault).__name__)
                await asyncio.sleep(next(waits))

    async def _end(self, worker: Worker) -> None:
        await worker.end()
        self._all.discard(worker)

    def _note(self, ready: "asyncio.Task[bool]") -> None:
        self._any_served = self._any_served or (not ready.cancelled() and ready.result())

    async def _keep(self, seat: Seat) -> None:
        waits = pauses(LONGEST_PAUSE)
        while True:
            worker = seat.worker
            code = await worker.ended()
            if worker is not seat.worker:
                continue
            await self._end(worker)
            if not (self._any_served or worker.overdue):
                raise NotReady("No process could begin to serve; what it said stands above.")
            waits = waits if monotonic() - worker.began < SHORT_LIFE else pauses(LONGEST_PAUSE)
            log.warning("process %d ended with %d; another takes its place", worker.process.pid, code)
            await asyncio.sleep(next(waits))
            async with seat.changing:
                if worker is seat.worker:
                    seat.worker = await self._started(waits)

    async def _renew(self, seats: Sequence[Seat]) -> None:
        while True:
            await self._renewing.wait()
            self._renewing.clear()
            for seat in seats:
                if not await self._replace(seat):
                    log.error("a new process does not come to serve: those that do are kept")
                    break

    async def _replace(self, seat: Seat) -> bool:
        async with seat.changing:
            newer = await self._started(pauses(LONGEST_PAUSE))
            if not await asyncio.shield(newer.ready):
                await self._end(newer)
                return False
            older, seat.worker = seat.worker, newer
        await self._end(older)
        return True
