"""A server in a process of its own, and what it costs: processor and memory."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.serve import Job

PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Process:
    """`cpu` in seconds since it began, of all its threads; `memory` in bytes that are its own now."""

    process: "subprocess.Popen[bytes]"
    port: int

    @property
    def cpu(self) -> float:
        spent = 0
        for thread in Path(f"/proc/{self.process.pid}/task").iterdir():
            with suppress(OSError):
                spent += int((thread / "schedstat").read_text().split()[0])
        return spent / 1e9

    @property
    def memory(self) -> int:
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * PAGE

    def say(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()


@contextmanager
def portal(job: Job) -> Iterator[Process]:
    with _running(["benchmarks.serve", "portal", str(job.write())]) as process:
        yield process


@contextmanager
def floor() -> Iterator[Process]:
    with _running(["benchmarks.floor"]) as process:
        yield process


@contextmanager
def _running(module: list[str]) -> Iterator[Process]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        command = [sys.executable, "-m", *module, str(listener.fileno())]
        process = subprocess.Popen(command, pass_fds=[listener.fileno()], stdin=subprocess.PIPE)
        port = listener.getsockname()[1]
    try:
        yield Process(process, port)
    finally:
        assert process.stdin
        process.stdin.close()
        process.terminate()
        process.wait(60)
