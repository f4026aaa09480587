"""What a parent does where a process does not come to serve, or the system has no room for one."""

import asyncio
import errno
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from socket import socket

import pytest

from portal import workers
from portal.serving import listening
from portal.workers import Worker, Workers
from tests.waiting import until

PROCESS = """
import os, pathlib, socket, sys, time
folder = pathlib.Path(sys.argv[1])
if (folder / "hang").exists():
    (folder / "hang").rename(folder / f"hung-{os.getpid()}")
    time.sleep(600)
tether = socket.socket(fileno=int(sys.argv[3]))
tether.send(b"1")
(folder / f"serves-{os.getpid()}").touch()
tether.recv(1)
"""


@asynccontextmanager
async def kept(folder: Path) -> AsyncIterator[Workers]:
    """One process on one seat, in this process."""
    loop = asyncio.get_running_loop()
    with listening("127.0.0.1", 0) as listener:
        parent = Workers([sys.executable, "-S", "-c", PROCESS, str(folder)], listener, 1)
        running = asyncio.create_task(parent.run())
        try:
            yield parent
            assert not running.done()
            parent._stopping.set()
        finally:
            if not parent._stopping.is_set():
                running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                loop.remove_signal_handler(number)
    await running


async def serving(folder: Path, count: int) -> list[int]:
    """Who has come to serve, when so many have."""
    await until(lambda: len(list(folder.glob("serves-*"))) >= count)
    return [int(path.name.partition("-")[2]) for path in folder.glob("serves-*")]


@pytest.mark.parametrize("first", [True, False])
async def test_one_that_does_not_come_to_serve_is_ended_and_another_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: bool
) -> None:
    monkeypatch.setattr(workers, "READY_WITHIN", 1.5)
    if first:
        (tmp_path / "hang").touch()
    async with kept(tmp_path):
        if not first:
            (pid,) = await serving(tmp_path, 1)
            (tmp_path / "hang").touch()
            os.kill(pid, signal.SIGKILL)
        await serving(tmp_path, 1 if first else 2)
        assert len(list(tmp_path.glob("hung-*"))) == 1


@pytest.mark.parametrize("how", ["one has died", "they are renewed"])
async def test_a_system_without_room_for_another_process_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    start, refusals = Worker.start, [errno.EAGAIN, errno.ENOMEM]

    async def lacking(command: Sequence[str], listener: socket) -> Worker:
        if refusals:
            number = refusals.pop()
            raise OSError(number, os.strerror(number))
        return await start(command, listener)

    async with kept(tmp_path) as parent:
        (pid,) = await serving(tmp_path, 1)
        monkeypatch.setattr(Worker, "start", lacking)
        if how == "one has died":
            os.kill(pid, signal.SIGKILL)
        else:
            parent._renewing.set()
        await serving(tmp_path, 2)
    assert caplog.text.count("no process can be started") == 2
