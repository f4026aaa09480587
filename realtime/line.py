"""The line that hints travel on: LISTEN and NOTIFY on one channel, each on a connection of its own."""

import asyncio
import contextlib
import logging
import math
from time import monotonic
from typing import Any, TypeAlias

import asyncpg
from broadcaster import BroadcastBackend, Event

from realtime.recovery import FAULTS, pauses

log = logging.getLogger("portal.hints")

CHANNEL = "portal_wake"
BEAT = "beat"
EVERY = 1.0
SILENCE = 2.5
CONNECTING = 3.0
SPEAKING = 1.0
LONGEST_PAUSE = 5.0

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class PostgresHints(BroadcastBackend):
    """A broadcaster backend that heals.

    A beat is sent round each second; a line on which none was heard for 2.5 s is dead, however open it looks (half-open
    TCP, a pooler that routes LISTEN elsewhere), and is replaced. Whatever was said meanwhile is made good by treating
    each new line as a hint. Hints that nobody fetched yet are one hint.
    """

    def __init__(self, listen_dsn: str, publish_dsn: str | None = None) -> None:
        self._listen_dsn = listen_dsn
        self._publish_dsn = publish_dsn or listen_dsn
        self._arrived = asyncio.Event()
        self._heard = -math.inf
        self._speaking = asyncio.Lock()
        self._mouth: Connection | None = None
        self._task: asyncio.Task[None] | None = None
        self.lines = 0

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
        self._hang_up()

    async def subscribe(self, group: str) -> None:
        """Nothing to do but look once: the line listens from the start, so that subscribing cannot fail or race."""
        self._arrived.set()

    async def unsubscribe(self, group: str) -> None:
        """Nothing to undo: the line listens until it is disconnected."""

    async def publish(self, channel: str, message: Any) -> None:
        """Send outside of any transaction. Raises what the connection fails with; the next call makes a new one."""
        async with self._speaking:
            try:
                mouth = self._mouth = self._mouth or await _open(self._publish_dsn, "portal-notify")
                await mouth.execute("select pg_notify($1, $2)", channel, message, timeout=SPEAKING)
            except BaseException:
                self._hang_up()
                raise

    async def next_published(self) -> Event:
        await self._arrived.wait()
        self._arrived.clear()
        return Event(CHANNEL, "")

    def _hang_up(self) -> None:
        if self._mouth:
            self._mouth.terminate()
        self._mouth = None

    async def _keep_listening(self) -> None:
        waits = pauses(LONGEST_PAUSE)
        while True:
            before = self.lines
            try:
                await self._listen()
            except FAULTS as fault:
                log.warning("hints do not come through (%s)", type(fault).__name__)
            if self.lines > before:
                waits = pauses(LONGEST_PAUSE)
            self._heard = -math.inf
            self._arrived.set()
            await asyncio.sleep(next(waits))

    async def _listen(self) -> None:
        line = await _open(self._listen_dsn, "portal-listen")
        try:
            lost = asyncio.Event()
            line.add_termination_listener(lambda _: lost.set())
            async with asyncio.timeout(CONNECTING):
                await line.add_listener(CHANNEL, self._on_notify)
            self.lines += 1
            self._arrived.set()
            await self._beat_until(lost)
        finally:
            line.terminate()

    async def _beat_until(self, lost: asyncio.Event) -> None:
        began = monotonic()
        while not lost.is_set():
            with contextlib.suppress(*FAULTS):
                await self.publish(CHANNEL, BEAT)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(lost.wait(), EVERY)
            if monotonic() - max(self._heard, began) > SILENCE:
                raise ConnectionError("no echo")

    def _on_notify(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        self._heard = monotonic()
        if payload != BEAT:
            self._arrived.set()


async def _open(dsn: str, name: str) -> Connection:
    return await asyncpg.connect(
        dsn, timeout=CONNECTING, statement_cache_size=0, server_settings={"application_name": name}
    )
