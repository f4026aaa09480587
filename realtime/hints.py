"""Wake-up calls between processes, carried by broadcaster: without content, and never the only way to find out."""

import asyncio
import logging
import math
from collections.abc import Coroutine
from time import monotonic
from typing import Any

from broadcaster import Broadcast

from realtime.carrier import CHANNEL, Carrier
from realtime.line import PostgresHints
from realtime.recovery import FAULTS, named, pauses

__all__ = ["Ear", "Hints", "PostgresHints"]

log = logging.getLogger("portal.hints")

POLL = 1.0
POLL_WITHOUT_ECHO = 0.25
TOGETHER = 0.005


class Ear:
    """One reader's way to wait for news."""

    def __init__(self, hints: "Hints") -> None:
        self._hints = hints
        self._news = asyncio.Event()
        self._hinted = True
        self._looked_at = -math.inf

    @property
    def due(self) -> bool:
        """Whether there was a hint since this was last so, or it is time to look without one."""
        due = self._hinted or monotonic() - self._looked_at >= self._hints.poll
        if due:
            self._hinted, self._looked_at = False, monotonic()
        return due

    def nudge(self) -> None:
        """Let the wait end now: there is something to do that no hint will tell of."""
        self._news.set()

    def hear(self) -> None:
        """There was a hint."""
        self._hinted = True
        self._news.set()

    async def wait(self) -> None:
        """Return at the next hint or nudge, or when it is time to look without one; never raises."""
        try:
            async with asyncio.timeout(self._hints.poll):
                await self._news.wait()
        except TimeoutError:
            self._hinted = True
        self._news.clear()


class Hints:
    """The one subscriber of this process, and its voice."""

    def __init__(self, backend: Carrier) -> None:
        self._backend = backend
        self._broadcast = Broadcast(backend=backend)
        self._ears: list[Ear] = []
        self._due = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def poll(self) -> float:
        """Seconds after which readers look at the log unasked; fewer while hints do not come through."""
        return POLL if self._backend.echo_alive else POLL_WITHOUT_ECHO

    def ear(self) -> Ear:
        ear = Ear(self)
        self._ears.append(ear)
        return ear

    def announce(self) -> None:
        """Say that something committed. Neither waits nor fails; what is said within 5 ms goes out as one hint."""
        self._due.set()

    async def start(self) -> None:
        """Returns at once, whether or not what carries hints is there yet."""
        await self._broadcast.connect()
        self._tasks = [self._run(self._listen()), self._run(self._speak())]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._broadcast.disconnect()

    def _run(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        return asyncio.create_task(work, name="portal-hints")

    async def _listen(self) -> None:
        async with self._broadcast.subscribe(CHANNEL) as subscriber:
            while True:
                await subscriber.get()
                for ear in self._ears:
                    ear.hear()

    async def _speak(self) -> None:
        while True:
            await self._due.wait()
            self._due.clear()
            await self._publish()
            await asyncio.sleep(TOGETHER)

    async def _publish(self) -> None:
        for pause in pauses(POLL):
            try:
                return await self._broadcast.publish(CHANNEL, "")
            except FAULTS as fault:
                log.warning("a hint could not be sent (%s); again in %.2f s", named(fault), pause)
            except Exception:
                log.exception("a hint could not be sent; again in %.2f s", pause)
            await asyncio.sleep(pause)
