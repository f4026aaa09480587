"""Where paper is made: child processes, so that whoever asks something else meanwhile does not wait for it."""

import asyncio
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Any, Protocol, TypeVar

from portal.workbook.process import PASSED_ON, ROOT

R = TypeVar("R")

WORKERS = min(2, os.cpu_count() or 1)
TRIES = 3
WARM_AFTER = 0.5  # seconds: whoever starts the portal and asks it something at once goes first
LONGEST = 60.0  # seconds for one piece of work, the start of its process included
TOOLS = ("portal.agreement", "portal.seal_work", "portal.seal_proof")


class Press(Protocol):
    """Runs a function of plain values somewhere else than on the event loop."""

    async def run(self, function: Callable[..., R], *given: object) -> R: ...


class Broken(Exception):
    """Process after process died of this work, or the portal is stopping."""


class Overdue(Exception):
    """The work was not done in the time that any work may take; its process was killed, and it is not tried again."""


class ProcessPress:
    """Child processes, begun with the first work or soon after `warm`, and replaced when one of them dies.

    Work whose process died is tried again, so it must bear being done twice; work that takes more than `longest`
    seconds is given up. The functions must be importable, what they take and give must be picklable.
    """

    def __init__(self, workers: int = WORKERS, tools: Sequence[str] = TOOLS, *, longest: float = LONGEST) -> None:
        self._workers = workers
        self._tools = tools
        self._longest = longest
        self._threads = ThreadPoolExecutor(workers, "portal-press")
        self._lock = threading.Lock()
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._warming: asyncio.TimerHandle | None = None
        self._closed = False

    def warm(self, after: float = WARM_AFTER) -> None:
        """Have the processes ready before they are needed; returns at once."""
        self._warming = asyncio.get_running_loop().call_later(after, self._threads.submit, self._begin)

    async def run(self, function: Callable[..., R], *given: object) -> R:
        """What the function returns or raises. Raises Broken or Overdue."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._done, function, given)

    def close(self) -> None:
        """What is not done by now is not done; no process is left."""
        if self._warming:
            self._warming.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._closed = True
            for child in self._busy:
                child.kill()
            for child in self._idle:
                child.end()
            self._idle.clear()

    def _begin(self) -> None:
        with self._lock:
            while not self._closed and len(self._idle) + len(self._busy) < self._workers:
                self._idle.append(Child(self._tools))

    def _done(self, function: Callable[..., R], given: tuple[object, ...]) -> R:
        for _ in range(TRIES):
            child = self._taken()
            try:
                fine, answer = child.asked(function, given, self._longest)
            except (EOFError, OSError):
                self._given_back(child, alive=False)
                continue
            except BaseException:
                self._given_back(child, alive=False)
                raise
            self._given_back(child, alive=True)
            if not fine:
                raise answer
            result: R = answer
            return result
        raise Broken(f"{TRIES} processes died of this.")

    def _taken(self) -> "Child":
        with self._lock:
            if self._closed:
                raise Broken("The press is closed.")
            child = self._idle.pop() if self._idle else Child(self._tools)
            self._busy.add(child)
            return child

    def _given_back(self, child: "Child", *, alive: bool) -> None:
        with self._lock:
            self._busy.discard(child)
            if alive and not self._closed:
                self._idle.append(child)
                return
        child.kill()
        child.end()


class Child:
    """One process and the line to it. It is in a session of its own, so Ctrl-C at a terminal does not reach it, and
    ends when the line does, however that comes about.
    """

    def __init__(self, tools: Sequence[str]) -> None:
        ours, theirs = socket.socketpair()
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | {"PYTHONPATH": str(ROOT)}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "portal.press_child", *tools], stdin=theirs.fileno(), stdout=subprocess.DEVNULL,
                env=environment, start_new_session=True,
            )  # fmt: skip
        self._line = Connection(ours.detach())
        self._late = False

    def asked(
        self, function: Callable[..., object], given: tuple[object, ...], longest: float = LONGEST
    ) -> tuple[bool, Any]:
        """Whether the function returned, and what it returned or raised. Raises EOFError or OSError if the process
        died, Overdue if it was killed because so many seconds had passed.
        """
        watch = threading.Timer(longest, self._overdue)
        watch.daemon = True
        watch.start()
        try:
            self._line.send((function, given))
            said: tuple[bool, Any] = self._line.recv()
        except (EOFError, OSError):
            if self._late:
                raise Overdue(f"It took more than {longest:g} seconds.") from None
            raise
        finally:
            watch.cancel()
        return said

    def _overdue(self) -> None:
        """Killing it is what frees the thread that waits at the line, whatever the process hangs in."""
        self._late = True
        self.kill()

    def kill(self) -> None:
        """End it in the middle of its work; who waits for that hears of it."""
        self._process.kill()

    def end(self) -> None:
        """Hang up, and see it off."""
        self._line.close()
        self._process.wait()
