"""Files from outside are opened in a process of their own, with limits; here it is begun, asked and heard."""

import asyncio
import atexit
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from portal.workbook.fault import WORKBOOK, Fault, FaultCode, Reading, located

LONGEST_WAIT = 40  # seconds; the other process ends itself before
LONGEST_ANSWER = 128 * 1024 * 1024
ROOT = Path(__file__).parent.parent.parent
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")
PROGRESS, RESULT = b"progress ", b"result\n"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Request:
    """A file to be read, or to be marked with these faults; `sheet` is the one that a .csv holds."""

    path: str
    sheet: str | None = None
    mark: tuple[Fault, ...] | None = None


READING = TypeAdapter(Reading)
REQUEST = TypeAdapter(Request)


def silent(done: int, total: int) -> None:
    """Nobody is told."""


async def read(path: Path, *, sheet: str | None = None, progress: Progress = silent) -> Reading:
    """What the registration workbook or .csv at this path says, or all that is wrong with it; it raises for neither.

    `sheet` is the name of the one sheet that a .csv holds; without it its header decides. `progress` is told how many
    rows of how many are done. A file that cannot be read is one fault of the sheet "Workbook". Ten seconds of
    computing and 512 MB are the limits.
    """
    answer = await _asked(Request(str(path.absolute()), sheet), progress)
    if answer is None:
        what = "it cannot be read in the time and memory allowed. Delete what is not the template's, or start afresh."
        return Reading(None, (located(WORKBOOK, None, None, FaultCode.TOO_SLOW, what),))
    return READING.validate_json(answer)


async def marked(path: Path, faults: Sequence[Fault], *, sheet: str | None = None) -> bytes:
    """A copy of the file as .xlsx, with a first sheet that lists the faults and with the cells concerned in red.

    Of a file that cannot be opened only the list. It never has macros.
    """
    told = tuple(faults)
    answer = await _asked(Request(str(path.absolute()), sheet, told), silent)
    if answer is None:
        answer = await _asked(Request(os.devnull, None, told), silent)
    if answer is None:
        raise RuntimeError("the list of faults could not be written")
    return answer


async def _asked(request: Request, progress: Progress) -> bytes | None:
    """The answer, or None where the other process ended without one."""
    reader, writer = await asyncio.open_connection(sock=OPENER.connected(), limit=LONGEST_ANSWER)
    try:
        async with asyncio.timeout(LONGEST_WAIT):
            writer.write(REQUEST.dump_json(request) + b"\n")
            await writer.drain()
            return await _heard(reader, progress)
    except (TimeoutError, ConnectionError):
        return None
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def _heard(reader: asyncio.StreamReader, progress: Progress) -> bytes | None:
    while line := await reader.readline():
        if line == RESULT:
            return await reader.read()
        done, total = line.removeprefix(PROGRESS).split()
        progress(int(done), int(total))
    return None


class Opener:
    """The one process beside this one that opens files. It begins with the first file and ends with this process."""

    def __init__(self) -> None:
        self._requests: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def connected(self) -> socket.socket:
        """A line to a fresh copy of that process; it is begun, or begun again, where it is not there."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._requests or self._begun(), [b"."], [theirs.fileno()])
            except ConnectionError:
                self.end()
                socket.send_fds(self._begun(), [b"."], [theirs.fileno()])
        return ours

    def _begun(self) -> socket.socket:
        self._requests, theirs = socket.socketpair()
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | {"PYTHONPATH": str(ROOT)}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "portal.workbook.child"], stdin=theirs.fileno(), stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, cwd=ROOT, env=environment, start_new_session=True,
            )  # fmt: skip
        atexit.register(self.end)
        return self._requests

    def end(self) -> None:
        """It ends by itself when nobody is there to ask."""
        atexit.unregister(self.end)
        if self._requests is not None and self._process is not None:
            self._requests.close()
            self._process.wait()
        self._requests = self._process = None


OPENER = Opener()
