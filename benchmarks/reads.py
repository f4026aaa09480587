"""The portal beside the limit: `python -m benchmarks.reads` (docs: benchmarks/README.md)."""

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks.client import Failed, Run, each_once, for_seconds
from benchmarks.ground import Ground, arguments, upon
from benchmarks.questions import Question, reads, submissions
from benchmarks.serve import Job
from benchmarks.world import Size, region

CONNECTIONS = 16
KINDS = ("portal", "limit")


@dataclass(frozen=True)
class Effort:
    """How much is loaded, how often each is measured, for how many seconds, and how many offers are submitted."""

    scale: float = 1.0
    rounds: int = 7
    seconds: float = 3.0
    offers: int = 250


QUICK = Effort(scale=0.02, rounds=1, seconds=0.1, offers=20)


@dataclass(frozen=True)
class Measured:
    """One kind of operation, measured: a run of each server for each round."""

    question: Question
    portal: Sequence[Run]
    limit: Sequence[Run]

    @property
    def ratio(self) -> float:
        return median(mine.rate / theirs.rate for mine, theirs in zip(self.portal, self.limit, strict=True))

    @property
    def verdict(self) -> str:
        if self.question.least is None:
            return "no threshold"
        word = "passed" if self.ratio >= self.question.least else "FAILED"
        return f"at least {self.question.least}: {word}"


async def measure(ground: Ground, effort: Effort, console: Console) -> bool:
    """Load, compare, print; whether both servers gave the same answers."""
    size = Size.scaled(effort.scale)
    url = await _loaded(ground, size, console)
    questions = await reads(url, size.providers)
    job = Job(url, ground.home, [request for question in questions for request in question.requests])
    with _serving(job) as ports:
        await _answering(ports)
        same = [await _same(question, ports, console) for question in questions]
        table = [await _compared(question, ports, effort) for question in questions]
        submitted = await _submitted(url, ports["portal"], effort)
    _print(table, submitted, console)
    return all(same)


async def _loaded(ground: Ground, size: Size, console: Console) -> str:
    began = time.perf_counter()
    url = await region(ground, size)
    took = time.perf_counter() - began
    console.print(f"{size.referrals} referrals to {size.providers} providers, loaded in {took:.0f} s.")
    return url


@contextmanager
def _serving(job: Job) -> Iterator[dict[str, int]]:
    """Both servers, each in a process of its own, and their ports."""
    file, ports, processes = job.write(), {}, []
    try:
        for kind in KINDS:
            with socket.create_server(("127.0.0.1", 0)) as listener:
                ports[kind] = listener.getsockname()[1]
                command = [sys.executable, "-m", "benchmarks.serve", kind, str(file), str(listener.fileno())]
                processes.append(subprocess.Popen(command, pass_fds=[listener.fileno()]))
        yield ports
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(60)


async def _answering(ports: dict[str, int]) -> None:
    """Wait for the first answer of each: connections are taken before anybody serves them."""
    for port in ports.values():
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")
        await asyncio.wait_for(reader.read(), 60)
        writer.close()


async def _same(question: Question, ports: dict[str, int], console: Console) -> bool:
    """Whether every request is answered byte for byte alike; warms both up."""
    mine, limit = [await each_once(ports[kind], question.requests, 1) for kind in KINDS]
    differing = sum(a != b for a, b in zip(mine.answers, limit.answers, strict=True))
    size = median(map(len, mine.answers))
    word = "identical" if not differing else f"DIFFERENT in {differing}"
    console.print(f"{question.name}: {len(mine.answers)} answers of some {size:.0f} bytes, {word}.")
    return not differing


async def _compared(question: Question, ports: dict[str, int], effort: Effort) -> Measured:
    """Rounds in turn, so that whatever else the machine does hits both alike."""
    runs: dict[str, list[Run]] = {kind: [] for kind in KINDS}
    for kind in KINDS:
        await for_seconds(ports[kind], question.requests, CONNECTIONS, effort.seconds / 2)
    for number in range(effort.rounds):
        for kind in KINDS if number % 2 else reversed(KINDS):
            runs[kind].append(await for_seconds(ports[kind], question.requests, CONNECTIONS, effort.seconds))
    return Measured(question, runs["portal"], runs["limit"])


async def _submitted(url: str, port: int, effort: Effort) -> list[Run]:
    """Drafted offers, each submitted once."""
    drafts = await submissions(url)
    each = min(effort.offers, len(drafts) // effort.rounds)
    runs = [await each_once(port, drafts[n * each :][:each], CONNECTIONS) for n in range(effort.rounds)]
    refused = [answer for run in runs for answer in run.answers if b'"problems":[]' not in answer]
    if refused:
        raise Failed(f"{len(refused)} offers were refused: {refused[0]!r}")
    return runs


def _print(table: Sequence[Measured], submitted: Sequence[Run], console: Console) -> None:
    shown = Table("", "portal/s", "p50 ms", "p99 ms", "limit/s", "p50 ms", "p99 ms", "ratio", "threshold")
    for row in table:
        shown.add_row(row.question.name, *_figures(row.portal), *_figures(row.limit), f"{row.ratio:.2f}", row.verdict)
    shown.add_row("offer submitted", *_figures(submitted), "", "", "", "", "an act: no limit to compare with")
    console.print(shown)


def _figures(runs: Sequence[Run]) -> tuple[str, str, str]:
    rate = median(run.rate for run in runs)
    p50, p99 = (median(run.percentile(part) for run in runs) for part in (0.5, 0.99))
    return f"{rate:.0f}", f"{p50:.1f}", f"{p99:.1f}"


def main() -> int:
    parser = arguments("The portal's reads beside the limit of what its SQL allows.")
    parser.add_argument("--quick", action="store_true", help="little data and short rounds: does it work?")
    parser.add_argument("--scale", type=float, default=1.0, help="1 is 20 000 referrals")
    given = parser.parse_args()
    effort = QUICK if given.quick else Effort(scale=given.scale)
    same = upon(given.server, lambda ground: measure(ground, effort, Console(width=130)))
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
