"""What a parent does where a process does not come to serve, serves no more, or the system has no room for one."""

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

from portal import tether
from portal.serving import listening
from portal.tether import Worker
from portal.workers import Workers
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


BEATING = """
import pathlib, sys, time
from socket import socket
from portal.serving import serve
folder = pathlib.Path(sys.argv[1])
class Tether(socket):
    def send(self, *said):
        sent = super().send(*said)
        with (folder / "said").open("ab") as file:
            file.write(said[0])
        return sent
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        (folder / f"serves-{__import__('os').getpid()}").touch()
        await receive()
        return await send({"type": "lifespan.shutdown.complete"})
    time.sleep(600)
listener, tether = socket(fileno=int(sys.argv[2])), Tether(fileno=int(sys.argv[3]))
serve(app, listener, tether=tether)
"""


@asynccontextmanager
async def kept(folder: Path, program: str = PROCESS) -> AsyncIterator[Workers]:
    """One process on one seat, in this process."""
    loop = asyncio.get_running_loop()
    with listening("127.0.0.1", 0) as listener:
        parent = Workers(
            [sys.executable, *(["-S"] if program is PROCESS else []), "-c", program, str(folder)], listener, 1
        )
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
    if first:
        the_next_hangs(tmp_path, monkeypatch)
    async with kept(tmp_path):
        if not first:
            (pid,) = await serving(tmp_path, 1)
            the_next_hangs(tmp_path, monkeypatch)
            os.kill(pid, signal.SIGKILL)
        await until(lambda: list(tmp_path.glob("hung-*")))
        monkeypatch.setattr(tether, "READY_WITHIN", 3600)  # whoever follows it may be slow for want of a processor
        await serving(tmp_path, 1 if first else 2)
        assert len(list(tmp_path.glob("hung-*"))) == 1


def the_next_hangs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "hang").touch()
    monkeypatch.setattr(tether, "READY_WITHIN", 1.5)


@pytest.mark.parametrize("how", ["stopped", pytest.param("busy", marks=pytest.mark.long)])
async def test_one_whose_loop_hangs_is_killed_and_another_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    monkeypatch.setattr(tether, "MISSED", 3600)  # until it hangs: here it may be slow for want of a processor
    async with kept(tmp_path, BEATING) as parent:
        (hanging,) = await serving(tmp_path, 1)
        await until(lambda: (tmp_path / "said").exists() and (tmp_path / "said").read_bytes() >= b"1..")
        assert not caplog.records
        if how == "stopped":
            os.kill(hanging, signal.SIGSTOP)
        else:
            _, writer = await asyncio.open_connection(*parent._listener.getsockname())
            writer.write(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
            await writer.drain()
            writer.close()
        with monkeypatch.context() as patience:
            patience.setattr(tether, "MISSED", 2)
            await until(lambda: f"process {hanging} hangs" in caplog.text)
        assert hanging in await serving(tmp_path, 2)
        assert not Path(f"/proc/{hanging}").exists()
    assert f"process {hanging} ended with -9; another takes its place" in caplog.text


async def test_one_that_says_nothing_after_it_serves_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As those of an earlier release do, when that is put back in place under a newer parent."""
    monkeypatch.setattr(tether, "MISSED", 1)
    monkeypatch.setattr(tether, "BEAT_EVERY", 0.1)
    async with kept(tmp_path):
        (pid,) = await serving(tmp_path, 1)
        await asyncio.sleep(0.5)
        assert await serving(tmp_path, 1) == [pid]
    assert not caplog.records


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
