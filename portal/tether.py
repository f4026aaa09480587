"""A worker as its parent knows it: by its process, and by the tether between the two."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic

from portal.serving import BEAT_EVERY

log = logging.getLogger("portal.workers")

READY_WITHIN = 120.0
ENDED_WITHIN = 30.0
MISSED = 30


@dataclass(eq=False)
class Worker:
    """One process, and the tether by which it says that it serves and still serves, and knows that its parent lives.

    Once it has beaten, it is killed when thirty looks in a row, a second apart, have found no beat: its loop hangs, or
    it was stopped. Looks are counted and not time, so that nobody dies of a machine that was asleep.
    """

    process: asyncio.subprocess.Process
    tether: socket.socket
    began: float = field(default_factory=monotonic)
    overdue: bool = False

    def __post_init__(self) -> None:
        self.ready = asyncio.create_task(self._served(), name="portal-worker")
        self._watching = asyncio.create_task(self._watch(), name="portal-worker")

    @classmethod
    async def start(cls, command: Sequence[str], listener: socket.socket) -> "Worker":
        """In a session of its own: the signals of a terminal are for the parent."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs:
            told = (listener.fileno(), theirs.fileno())
            try:
                process = await asyncio.create_subprocess_exec(
                    *command, *map(str, told), pass_fds=told, start_new_session=True
                )
            except OSError:
                ours.close()
                raise
        return cls(process, ours)

    async def ended(self) -> int:
        """With which code, when it has; one that does not come to serve in time is ended."""
        await asyncio.shield(self.ready)
        if self.overdue:
            log.warning("process %d does not come to serve and is ended", self.process.pid)
            await self.end()
        return await self.process.wait()

    async def end(self) -> None:
        """Let it finish, within half a minute."""
        self._send(signal.SIGTERM)
        try:
            async with asyncio.timeout(ENDED_WITHIN):
                await self.process.wait()
        except TimeoutError:
            log.warning("process %d does not end and is killed", self.process.pid)
            self._send(signal.SIGKILL)
            await self.process.wait()
        self._watching.cancel()
        await asyncio.gather(self.ready, self._watching, return_exceptions=True)
        self.tether.close()

    async def _served(self) -> bool:
        """Whether it came to serve; False where it ended before, or took longer than two minutes."""
        try:
            async with asyncio.timeout(READY_WITHIN):
                return bool(await asyncio.get_running_loop().sock_recv(self.tether, 1))
        except TimeoutError:
            self.overdue = True
        except OSError:
            pass
        return False

    async def _watch(self) -> None:
        if await asyncio.shield(self.ready) and await self._falls_silent():
            log.error(
                "process %d hangs: nothing was heard of it for %d seconds, and it is killed", self.process.pid, MISSED
            )
            self._send(signal.SIGKILL)

    async def _falls_silent(self) -> bool:
        """False when it has ended. One of a release that does not beat is left alone."""
        missed, beats = 0, False
        while missed < MISSED:
            try:
                async with asyncio.timeout(BEAT_EVERY):
                    beats = bool(await asyncio.get_running_loop().sock_recv(self.tether, 64))
            except TimeoutError:
                missed += beats
            except OSError:
                return False
            else:
                if not beats:
                    return False
                missed = 0
        return True

    def _send(self, how: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(how)
