"""Child processes for paper: they are replaced when they die, and end with the portal without a word."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path

import pytest

from portal.press import ProcessPress

ROOT = Path(__file__).parent.parent.parent
SERVING = """
import asyncio, os
from portal.press import ProcessPress

async def main():
    press = ProcessPress(1, ())
    try:
        print(await press.run(os.getpid), flush=True)
        await asyncio.sleep(60)
    finally:
        press.close()

if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        print("stopped")
"""


@pytest.fixture
def press() -> Iterator[ProcessPress]:
    press = ProcessPress(1, ())
    yield press
    press.close()


async def test_work_is_done_by_another_process(press: ProcessPress) -> None:
    elsewhere = await press.run(os.getpid)
    assert elsewhere != os.getpid()
    assert await press.run(divmod, 7, 2) == (3, 1)


async def test_what_the_work_raises_arrives(press: ProcessPress) -> None:
    with pytest.raises(ZeroDivisionError):
        await press.run(divmod, 7, 0)


async def test_a_killed_process_is_replaced(press: ProcessPress) -> None:
    before = await press.run(os.getpid)
    os.kill(before, signal.SIGKILL)
    assert await press.run(os.getpid) != before


async def test_work_that_kills_process_after_process_is_given_up(press: ProcessPress) -> None:
    with pytest.raises(BrokenProcessPool):
        await press.run(os._exit, 1)
    assert await press.run(abs, -1) == 1


async def test_processes_are_ready_before_they_are_needed(press: ProcessPress) -> None:
    press.warm(after=0)
    while press._pool is None:
        await asyncio.sleep(0.01)
    assert await press.run(abs, -2) == 2


async def test_a_closed_press_takes_no_work(press: ProcessPress) -> None:
    press.close()
    with pytest.raises(RuntimeError, match="closed"):
        await press.run(abs, -1)


def serving(folder: Path) -> "tuple[subprocess.Popen[str], int]":
    script = folder / "serving.py"
    script.write_text(SERVING)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, str(script)], env=environment, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    return process, int(process.stdout.readline())


async def gone(pid: int) -> None:
    with suppress(ProcessLookupError):
        while True:
            os.kill(pid, 0)
            await asyncio.sleep(0.02)


async def test_no_process_outlives_a_portal_that_was_killed(tmp_path: Path) -> None:
    process, worker = serving(tmp_path)
    process.kill()
    process.communicate()
    await asyncio.wait_for(gone(worker), 30)


async def test_ctrl_c_at_a_terminal_ends_everything_without_noise(tmp_path: Path) -> None:
    process, worker = serving(tmp_path)
    os.killpg(process.pid, signal.SIGINT)
    out, noise = process.communicate(timeout=30)
    assert (process.returncode, out, noise) == (0, "stopped\n", "")
    await asyncio.wait_for(gone(worker), 30)
