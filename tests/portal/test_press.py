"""Child processes for paper: they are replaced when they die, and end with the portal without a word."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.reduction import ForkingPickler
from pathlib import Path

import pytest

from portal.press import Broken, Overdue, ProcessPress
from portal.press_child import _answer, _fault
from tests.waiting import PATIENCE

ROOT = Path(__file__).parent.parent.parent
SERVING = """
import asyncio, os, signal
from portal.press import Broken, ProcessPress
from portal.press_child import _answer, _fault

async def main():
    press = ProcessPress(1, ())
    try:
        print(await press.run(os.getpid), flush=True)
        await asyncio.sleep(60)
    finally:
        press.close()

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # where the tests run in the background it is ignored
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
    with pytest.raises(Broken):
        await press.run(os._exit, 1)
    assert await press.run(abs, -1) == 1


async def test_work_that_hangs_is_given_up_and_keeps_nothing_else_from_being_done() -> None:
    press = ProcessPress(1, (), longest=0.5)
    try:
        with pytest.raises(Overdue):
            await press.run(time.sleep, 60)
        assert not press._busy
        press._longest = 60.0  # the next process may take a while to start
        assert await press.run(abs, -1) == 1
    finally:
        press.close()


async def test_what_cannot_be_handed_over_is_a_fault_and_occupies_no_process(press: ProcessPress) -> None:
    with pytest.raises((TypeError, AttributeError)):
        await press.run(abs, lambda: None)
    assert not press._busy
    assert await press.run(abs, -1) == 1


async def test_processes_are_ready_before_they_are_needed(press: ProcessPress) -> None:
    press.warm(after=0)
    while not press._idle:
        await asyncio.sleep(0.01)
    assert await press.run(abs, -2) == 2


async def test_what_cannot_be_handed_back_is_a_fault(press: ProcessPress) -> None:
    with pytest.raises(TypeError, match="cannot pickle"):
        await press.run(threading.Lock)


def test_a_fault_that_cannot_travel_is_told_of_in_another() -> None:
    class Local(Exception):
        pass

    fine, fault = ForkingPickler.loads(_fault(Local("too far from home")))
    assert not fine
    assert repr(fault) == "RuntimeError('Local: too far from home')"


async def test_work_in_hand_ends_with_the_press() -> None:
    press = ProcessPress(1, ())
    working = asyncio.create_task(press.run(time.sleep, 60))
    while not press._busy:
        await asyncio.sleep(0.01)
    press.close()
    with pytest.raises(Broken):
        await working


async def test_a_closed_press_takes_no_work(press: ProcessPress) -> None:
    press.close()
    with pytest.raises(RuntimeError):
        await press.run(abs, -1)


def test_an_answer_is_the_result_or_the_fault_with_its_place() -> None:
    assert ForkingPickler.loads(_answer(bytes(ForkingPickler.dumps((divmod, (7, 2)))))) == (True, (3, 1))
    fine, fault = ForkingPickler.loads(_answer(bytes(ForkingPickler.dumps((divmod, (7, 0))))))
    assert not fine
    assert isinstance(fault, ZeroDivisionError)
    assert "press_child" in fault.__notes__[0]


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
    with suppress(FileNotFoundError, ProcessLookupError):
        while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
async def test_no_process_outlives_a_portal_that_was_killed(tmp_path: Path, how: signal.Signals) -> None:
    process, worker = serving(tmp_path)
    process.send_signal(how)
    _, noise = process.communicate()
    assert noise == ""
    await asyncio.wait_for(gone(worker), PATIENCE)


async def test_ctrl_c_at_a_terminal_ends_everything_without_noise(tmp_path: Path) -> None:
    process, worker = serving(tmp_path)
    os.killpg(process.pid, signal.SIGINT)
    out, noise = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out, noise) == (0, "stopped\n", "")
    await asyncio.wait_for(gone(worker), PATIENCE)
