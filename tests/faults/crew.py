"""The portal as it is run, `portal serve --workers 2`: one port, one parent, and processes that come and go."""

import asyncio
import base64
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from realtime.carrier import CHANNEL
from tests.faults.site import NAME, Site, Worker
from tests.faults.wire import Wire
from tests.realtime.valkey import Gate, Valkey, running
from tests.server import PATIENCE, ROOT, SECRET, Server, held_port
from tests.waiting import until

PAIR = 2
LASTING = "update session set expires_at = greatest(expires_at, now() + interval '14 days')"


@dataclass
class Served(Server):
    """By the real clock. `broadcast` is its BROADCAST_URL; where that is empty the database carries its hints."""

    broadcast: str = ""

    def children(self) -> set[int]:
        """The processes that its parent has now."""
        assert self.process
        pid = self.process.pid
        return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))

    def _begun(self) -> "subprocess.Popen[bytes]":
        env = {
            "DATABASE_URL": self.database_url, "BROADCAST_URL": self.broadcast, "PORTAL_HOME": str(self.home),
            "PORTAL_SECRET_KEY": base64.b64encode(SECRET).decode(), "PORTAL_ORIGIN": self.address,
            "PORTAL_PORT": str(self.port), "PORTAL_SCANNER": "none",
        }  # fmt: skip
        command = [sys.executable, "-m", "portal", "serve", "--workers", str(PAIR)]
        return subprocess.Popen(command, cwd=ROOT, env={"PATH": os.environ["PATH"], **env})


@dataclass
class Crew:
    """Two processes on a site of their own, and the ways to their database and to their Valkey, where they have one."""

    site: Site
    server: Served
    wire: Wire
    valkey: Valkey | None = None
    gate: Gate | None = None

    async def whole(self, *without: int) -> set[int]:
        """The two that there are, once none of those is among them: starting them may take a while."""
        async with asyncio.timeout(PATIENCE):
            while len(now := self.server.children()) != PAIR or now & {*without}:
                await asyncio.sleep(0.02)
        return now

    async def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        await self.whole(pid)

    async def renew(self) -> None:
        """A rolling restart."""
        before = await self.whole()
        assert self.server.process
        self.server.process.send_signal(signal.SIGHUP)
        await self.whole(*before)

    async def hears(self) -> None:
        """Both are subscribed to what Valkey carries, and nobody else is."""
        assert self.valkey
        told = b":%d\r\n" % PAIR
        valkey = self.valkey
        await until(lambda: valkey.say("PUBSUB", "NUMSUB", CHANNEL).endswith(told))


@asynccontextmanager
async def crew(site: Site, folder: Path, *, by_valkey: bool) -> AsyncIterator[Crew]:
    """Two processes that serve the people of this site, whose own may serve on."""
    await site.stage.database.execute(LASTING)
    async with AsyncExitStack() as stack:
        wire = await stack.enter_async_context(Wire(site.stage.socket, NAME).laid())
        valkey = stack.enter_context(running()) if by_valkey else None
        gate = Gate(site.stage, valkey) if valkey else None
        carrier = await stack.enter_async_context(gate) if gate else ""
        server = Served(wire.url, folder, stack.enter_context(held_port()), broadcast=carrier)
        stack.push_async_callback(Worker(server, wire).stop)
        await Worker(server, wire).start()
        own = replace(site, workers=[Worker(server, wire)], carrier=valkey.url if valkey else None)
        two = Crew(own, server, wire, valkey, gate)
        if valkey:
            await two.hears()
        yield two


@asynccontextmanager
async def stopped(pid: int) -> AsyncIterator[None]:
    """It does nothing meanwhile, and cannot know it."""
    os.kill(pid, signal.SIGSTOP)
    try:
        await until(lambda: ") T " in Path(f"/proc/{pid}/stat").read_text())
        yield
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
