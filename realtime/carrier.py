"""What carries hints between processes: one channel, watched by an echo, and mended for as long as it takes."""

import asyncio
import contextlib
import logging
import math
from abc import abstractmethod
from contextlib import AbstractAsyncContextManager
from time import monotonic
from typing import Any, Protocol

from broadcaster import BroadcastBackend, Event

from realtime.recovery import FAULTS, named, pauses

log = logging.getLogger("portal.hints")

CHANNEL = "portal_wake"
BEAT = "beat"
EVERY = 1.0
SILENCE = 2.5
CONNECTING = 3.0
SPEAKING = 1.0
LONGEST_PAUSE = 5.0


class Carrier(BroadcastBackend):
    """A broadcaster backend that says whether what is sent comes back."""

    lines = 0

    def __init__(self) -> None:
        self._arrived = asyncio.Event()

    @property
    @abstractmethod
    def echo_alive(self) -> bool:
        """Whether hints come through now, as far as can be known."""

    async def subscribe(self, group: str) -> None:
        """Nothing to do but look once: the line listens from the start, so that subscribing cannot fail or race."""
        self._arrived.set()

    async def unsubscribe(self, group: str) -> None:
        """Nothing to undo: the line listens until it is disconnected."""

    async def next_published(self) -> Event:
        """Hints that nobody fetched yet are one hint."""
        await self._arrived.wait()
        self._arrived.clear()
        return Event(CHANNEL, "")


class Mouth(Protocol):
    """A connection to speak by."""

    async def say(self, channel: str, message: str) -> None: ...

    async def hang_up(self) -> None:
        """Returns at once, whatever the other side does."""


class SupervisedCarrier(Carrier):
    """A carrier that heals.

    A beat is sent round each second; a line on which none was heard for 2.5 s is dead, however open it looks (half-open
    TCP, a pooler that routes LISTEN elsewhere), and is replaced. Whatever was said meanwhile is made good by treating
    each new line as a hint. What is said goes over a connection of its own: within a second or not
    at all where that is open, and within three seconds more where it has to be made first.
    """

    def __init__(self) -> None:
        super().__init__()
        self._heard = -math.inf
        self._speaking = asyncio.Lock()
        self._mouth: Mouth | None = None
        self._task: asyncio.Task[None] | None = None

    @abstractmethod
    def _line(self, lost: asyncio.Event) -> AbstractAsyncContextManager[None]:
        """A subscribed connection that calls `_on_said` with whatever is said, and sets `lost` when it has ended."""

    @abstractmethod
    async def _open_mouth(self) -> Mouth: ...

    @property
    def echo_alive(self) -> bool:
        """Whether a beat came back within the last 2.5 s over the line that is open now."""
        return monotonic() - self._heard < SILENCE

    async def connect(self) -> None:
        self._task = asyncio.create_task(self._keep_listening(), name="portal-listen")

    async def disconnect(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._hang_up()

    async def publish(self, channel: str, message: Any) -> None:
        """Send outside of any transaction. Raises one of FAULTS; the next call makes a new connection."""
        async with self._speaking:
            try:
                mouth = self._mouth = self._mouth or await self._open_mouth()
                await mouth.say(channel, message)
            except BaseException:
                await self._hang_up()
                raise

    async def _hang_up(self) -> None:
        mouth, self._mouth = self._mouth, None
        if mouth:
            await mouth.hang_up()

    async def _keep_listening(self) -> None:
        waits = pauses(LONGEST_PAUSE)
        while True:
            before = self.lines
            try:
                await self._listen()
            except FAULTS as fault:
                log.warning("hints do not come through (%s)", named(fault))
            except Exception:
                log.exception("hints do not come through")
            if self.lines > before:
                waits = pauses(LONGEST_PAUSE)
            self._heard = -math.inf
            self._arrived.set()
            await asyncio.sleep(next(waits))

    async def _listen(self) -> None:
        lost = asyncio.Event()
        async with self._line(lost):
            self.lines += 1
            self._arrived.set()
            await self._beat_until(lost)

    async def _beat_until(self, lost: asyncio.Event) -> None:
        began = monotonic()
        while not lost.is_set():
            with contextlib.suppress(*FAULTS):
                await self.publish(CHANNEL, BEAT)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(lost.wait(), EVERY)
            if monotonic() - max(self._heard, began) > SILENCE:
                raise ConnectionError("no echo")

    def _on_said(self, message: object) -> None:
        self._heard = monotonic()
        if message != BEAT:
            self._arrived.set()
