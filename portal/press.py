"""Where paper is made: child processes, so that whoever asks something else meanwhile does not wait for it."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import get_context, parent_process
from typing import Protocol, TypeVar

R = TypeVar("R")

WORKERS = min(2, os.cpu_count() or 1)
TRIES = 3
WARM_AFTER = 3.0  # seconds: who has just started has other things to do
NICENESS = 5
STOPPING = (signal.SIGINT, signal.SIGTERM)
TOOLS = ("portal.agreement", "portal.seal_work", "portal.seal_proof")


class Press(Protocol):
    """Runs a function of plain values somewhere else than on the event loop."""

    async def run(self, function: Callable[..., R], *given: object) -> R: ...


class ProcessPress:
    """Child processes, begun with the first work or some seconds after `warm`, and replaced when one of them dies.

    Work whose process died is tried again, so it must bear being done twice. The functions must be importable.
    """

    def __init__(self, workers: int = WORKERS, tools: Sequence[str] = TOOLS) -> None:
        self._workers = workers
        self._tools = tools
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._warming: asyncio.TimerHandle | None = None
        self._closed = False

    def warm(self, after: float = WARM_AFTER) -> None:
        """Have the processes ready before they are needed; returns at once."""
        self._warming = asyncio.get_running_loop().call_later(after, self._begin)

    def _begin(self) -> None:
        for _ in range(self._workers):
            self._submit(os.getpid)

    async def run(self, function: Callable[..., R], *given: object) -> R:
        """What the function returns or raises. Raises BrokenProcessPool when process after process dies of it."""
        for left in reversed(range(TRIES)):
            pool, work = await asyncio.to_thread(self._submit, function, *given)
            try:
                return await asyncio.wrap_future(work)
            except BrokenProcessPool:
                self._forget(pool)
                if not left:
                    raise
        raise AssertionError("unreachable")

    def close(self) -> None:
        """What has not begun is not done; the processes end when they have done what they are at."""
        self._closed = True
        if self._warming:
            self._warming.cancel()
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _submit(self, function: Callable[..., R], *given: object) -> "tuple[ProcessPoolExecutor, Future[R]]":
        for left in reversed(range(TRIES)):
            pool = self._open()
            try:
                with _undisturbed():
                    return pool, pool.submit(function, *given)
            except BrokenProcessPool:
                self._forget(pool)
                if not left:
                    raise
        raise AssertionError("unreachable")

    def _open(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._closed:
                raise RuntimeError("The press is closed.")
            if self._pool is None:
                self._pool = ProcessPoolExecutor(self._workers, get_context("spawn"), _prepare, (self._tools,))
            return self._pool

    def _forget(self, pool: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is pool:
                self._pool = None


@contextmanager
def _undisturbed() -> Iterator[None]:
    """A process begun in here inherits deaf ears for Ctrl-C and the like until it has said what it does about them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _prepare(tools: Sequence[str]) -> None:
    """In the child: leave stopping to the parent, follow it when it dies, give way to it, and fetch the tools."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
    threading.Thread(target=_follow, daemon=True, name="parent").start()
    os.nice(NICENESS)
    for tool in tools:
        import_module(tool)


def _follow() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
