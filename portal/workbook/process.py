"""Files from outside are opened in a process of their own, with limits; here it is begun, heard and ended."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from pydantic import TypeAdapter

from portal.workbook.fault import WORKBOOK, Fault, FaultCode, Reading, located

SECONDS = 30  # on the clock; the process may compute for ten
LONGEST_ANSWER = 128 * 1024 * 1024
ROOT = Path(__file__).parent.parent.parent
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")
READING = TypeAdapter(Reading)
FAULTS = TypeAdapter(tuple[Fault, ...])
PROGRESS, RESULT = b"progress ", b"result\n"
Progress = Callable[[int, int], None]


class Ended(Exception):
    """The process ended without an answer: too slow, too large, or broken by the file."""

    def __init__(self, code: FaultCode, what: str) -> None:
        super().__init__(what)
        self.fault = located(WORKBOOK, None, None, code, what)


def silent(done: int, total: int) -> None:
    """Nobody is told."""


async def read(path: Path, *, sheet: str | None = None, progress: Progress = silent) -> Reading:
    """What the registration workbook or .csv at this path says, or all that is wrong with it; it raises for neither.

    `sheet` is the name of the one sheet that a .csv holds; without it its header decides. `progress` is told how many
    rows of how many are done. A file that cannot be read is one fault of the sheet "Workbook". Ten seconds of
    computing and 512 MB are the limits.
    """
    try:
        return READING.validate_json(await _run(["read", str(path), *([sheet] if sheet else [])], b"", progress))
    except Ended as ended:
        return Reading(None, (ended.fault,))


async def marked(path: Path, faults: Sequence[Fault], *, sheet: str | None = None) -> bytes:
    """A copy of the file as .xlsx, with a first sheet that lists the faults and with the cells concerned in red.

    Of a file that cannot be opened only the list. It never has macros.
    """
    told = FAULTS.dump_json(tuple(faults))
    try:
        return await _run(["mark", str(path), *([sheet] if sheet else [])], told, silent)
    except Ended:
        return await _run(["mark", os.devnull], told, silent)


async def _run(arguments: list[str], told: bytes, progress: Progress) -> bytes:
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "portal.workbook.child", *arguments,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        limit=LONGEST_ANSWER, cwd=ROOT, env=environment | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    try:
        async with asyncio.timeout(SECONDS):
            answer = await _heard(process, told, progress)
            await process.wait()
    except TimeoutError:
        raise _too_slow() from None
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if process.returncode or answer is None:
        raise _died(process.returncode)
    return answer


async def _heard(process: asyncio.subprocess.Process, told: bytes, progress: Progress) -> bytes | None:
    """The answer, or None if there is none."""
    if process.stdin is None or process.stdout is None:
        return None
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(told)
        await process.stdin.drain()
    process.stdin.close()
    while line := await process.stdout.readline():
        if line == RESULT:
            return await process.stdout.read()
        if line.startswith(PROGRESS):
            done, total = line.removeprefix(PROGRESS).split()
            progress(int(done), int(total))
    return None


def _too_slow() -> Ended:
    what = "reading it takes too long. Delete sheets and rows that are not the template's, or start from a new one."
    return Ended(FaultCode.TOO_SLOW, what)


def _died(returncode: int | None) -> Ended:
    if returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return _too_slow()
    return Ended(
        FaultCode.TOO_LARGE, "the workbook could not be read with the memory allowed. Start from a new template."
    )
