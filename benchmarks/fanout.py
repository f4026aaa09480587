"""What delivery to thousands of sockets costs and how soon it comes, beside the floor (docs: benchmarks/README.md)."""

import argparse
import asyncio
import sys
import time
from dataclasses import dataclass

import uvloop
from rich.console import Console

from benchmarks.ground import Ground, arguments, upon
from benchmarks.process import Process, floor, portal
from benchmarks.serve import Job
from benchmarks.sockets import Crowd, event
from benchmarks.telling import MEMBERS, Telling
from benchmarks.world import token
from portal.serving import enough_files

FLOORS, MICROSECONDS = 3.2, 1e6
IDLE_SECONDS = 3.0
MEMORY_KIB, CONNECT_MS, STORM_SECONDS = 45, 0.7, 6.0
ONE, MANY = (8, 20), (None, 120)


@dataclass(frozen=True)
class Effort:
    """Sockets of each of so many organisations, how many of those a referral reaches, how often each is measured, and
    how many events somebody who is away misses.
    """

    organisations: int = 400
    sockets: int = 5
    reached: int = 300
    rounds: int = 40
    paced: int = 400
    missed: int = 3

    @property
    def everybody(self) -> list[str]:
        return [staff(n, s) for s in range(self.sockets) for n in range(self.organisations)]


QUICK = Effort(organisations=40, sockets=2, reached=30, rounds=4, paced=10, missed=2)


def staff(organisation: int, no: int) -> str:
    return token(f"staff-{organisation}-{no % MEMBERS}")


@dataclass
class Bench:
    """A portal in a process of its own, a region in which something happens, and where figures go."""

    telling: Telling
    server: Process
    effort: Effort
    console: Console

    async def connecting(self) -> Crowd:
        """Everybody comes and stays; what that costs the server, and what it costs to keep them."""
        first = Crowd(self.server.port)
        await first.come([(who, None) for who in self.effort.everybody[:64]], 8)
        await first.leave()
        now = await self._now(self.effort.everybody)
        crowd, cpu, memory = Crowd(self.server.port), self.server.cpu, self.server.memory
        await crowd.come([(who, now[who]) for who in self.effort.everybody], 32)
        spent = 1e3 * (self.server.cpu - cpu) / len(crowd.clients)
        await asyncio.sleep(0.5)
        kept = (self.server.memory - memory) / 1024 / len(crowd.clients)
        self._say(f"connecting, with signing in and a cursor: {spent:.2f} ms of the processor", spent, CONNECT_MS)
        self._say(f"an idle socket: {kept:.1f} KiB", kept, MEMORY_KIB)
        return crowd

    async def _now(self, everybody: list[str]) -> dict[str | None, str]:
        """Each one's cursor, once for each person."""
        crowd, people = Crowd(self.server.port), sorted(set(everybody))
        await crowd.come([(who, None) for who in people], 32)
        found = {client.token: client.cursor for client in crowd.clients}
        await crowd.leave()
        return found

    async def fan_out(self, crowd: Crowd, name: str) -> None:
        """Processor time of the server for each message that came, less what it spends when nothing happens."""
        everybody, sockets = tuple(range(self.effort.organisations)), len(crowd.clients)
        await self._rounds(crowd, 2, everybody)
        await asyncio.sleep(2)
        cpu = self.server.cpu
        await asyncio.sleep(IDLE_SECONDS)
        idle = (self.server.cpu - cpu) / IDLE_SECONDS
        began, cpu = time.perf_counter(), self.server.cpu
        await self._rounds(crowd, self.effort.rounds, everybody)
        idle *= time.perf_counter() - began
        spent = self.server.cpu - cpu
        each = MICROSECONDS * (spent - idle) / self.effort.rounds / sockets
        size = len(crowd.clients[0].frames[-1])
        lowest = await floors(self.effort, sockets, size)
        self.console.print(f"{name}: {each:.1f} µs a message of {size} bytes; uvloop alone {lowest:.1f} µs")
        self._say(f"ratio to that: {each / lowest:.2f}", each / lowest, FLOORS)

    async def _rounds(self, crowd: Crowd, times: int, whom: tuple[int, ...]) -> None:
        crowd.at_rest()
        for _ in range(times):
            await self.telling.tell(*whom)
            await crowd.told_more(len(crowd.clients))

    async def latency(self, crowd: Crowd, whom: int, times: int, most: tuple[int | None, int]) -> None:
        """Milliseconds from the commit until each socket has it; the next event comes a while after that."""
        reached = self.effort.sockets * whom
        tokens = {staff(n, s) for n in range(whom) for s in range(self.effort.sockets)}
        of = [client for client in crowd.clients if client.token in tokens]
        took = []
        crowd.at_rest()
        for _ in range(times):
            await self.telling.tell(*range(whom))
            committed = time.perf_counter()
            await crowd.told_more(reached)
            took += [1e3 * (client.at - committed) for client in of]
            await asyncio.sleep(0.02)
        took.sort()
        p50, p99 = took[len(took) // 2], took[int(len(took) * 0.99)]
        self.console.print(f"{reached} sockets of {whom} organisations: p50 {p50:.1f} ms, p99 {p99:.1f} ms", end="; ")
        if most[0]:
            self._say("p50", p50, most[0], end="; ")
        self._say("p99", p99, most[1])

    async def storm(self, crowd: Crowd) -> None:
        """All sockets are gone at once, something happens, and all come back at once, each from where it was."""
        places = [(client.token, client.cursor) for client in crowd.clients]
        await crowd.leave()
        for _ in range(self.effort.missed):
            await self.telling.tell(*range(self.effort.organisations))
        back, began = Crowd(self.server.port), time.perf_counter()
        coming = asyncio.create_task(back.come(places, len(places)))
        await back.told_more(self.effort.missed * len(places), 120)
        await coming
        took = time.perf_counter() - began
        wrong = sum(not follows(client.after, client.frames, self.effort.missed) for client in back.clients)
        self._say(f"{len(places)} sockets back with all they missed after {took:.1f} s", took, STORM_SECONDS)
        assert not wrong, f"{wrong} sockets missed something, or were told it twice"
        await back.leave()

    def _say(self, what: str, found: float, most: float, end: str = "\n") -> None:
        self.console.print(f"{what}; at most {most:g}: {'passed' if found <= most else 'FAILED'}", end=end)


def follows(after: str | None, frames: list[bytes], number: int) -> bool:
    """Whether these are so many events, each of which names the one before it."""
    events = [told for told in map(event, frames) if told["__typename"] == "NotificationAdded"]
    places = [after, *(told["cursor"] for told in events)]
    return len(events) == number and [told["after"] for told in events] == places[:-1]


async def floors(effort: Effort, sockets: int, size: int) -> float:
    """Microseconds of the processor for one frame of that size, written to as many sockets by nothing but uvloop."""
    with floor() as process:
        crowd = Crowd(process.port)
        await crowd.come([(None, None)] * sockets, 64)
        crowd.at_rest()
        cpu = process.cpu
        for _ in range(effort.rounds):
            process.say(str(size))
            await crowd.told_more(sockets)
        spent = process.cpu - cpu
        await crowd.leave()
    return MICROSECONDS * spent / effort.rounds / sockets


async def measure(ground: Ground, effort: Effort, console: Console) -> None:
    telling = await Telling.on(ground, effort.organisations)
    with portal(Job(telling.url, ground.home, [])) as server:
        bench = Bench(telling, server, effort, console)
        crowd = await bench.connecting()
        await bench.fan_out(crowd, f"{effort.organisations} organisations with {effort.sockets} sockets each")
        await bench.latency(crowd, 1, effort.paced, ONE)
        await bench.latency(crowd, effort.reached, effort.rounds, MANY)
        await bench.storm(crowd)
    await telling.close()


def main() -> int:
    parser = arguments("What delivery to thousands of sockets costs, and how soon it comes.")
    parser.add_argument("--quick", action="store_true", help="few sockets: only shows that it works")
    given: argparse.Namespace = parser.parse_args()
    enough_files()
    upon(
        given.server,
        lambda ground: measure(ground, QUICK if given.quick else Effort(), Console(width=130)),
        loop=uvloop,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
