"""The job that reads a workbook which has come: shows how far it is, and has it taken in or says what is wrong."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final
from uuid import UUID

from models.job import Job
from models.registration_import import ImportStatus, RegistrationImport
from resolvers import registration_reading as becomes
from resolvers.context import Shell
from resolvers.ports import Reading, Workbooks

EVERY: Final = 0.5
TRIES: Final = 3
OUR_FAULT: Final = (
    "The portal could not read this file, and that is not your fault. Nothing has changed. Please upload it again, and"
    " if it fails again, send it to {}."
)


async def read_registration(shell: Shell, job: Job) -> None:
    """Bears being called again: what has been decided stays so, what has not is read anew, three times in all."""
    id = UUID(job.payload["import"])
    made = await becomes.as_it_is(shell, id)
    if made.status is ImportStatus.READING and job.attempts > TRIES:
        await becomes.fail(shell, id, OUR_FAULT.format(made.support_email))
    elif made.status is ImportStatus.READING:
        async with _on_disk(shell, made) as path:
            await _read(shell, made, path)
    made = await becomes.as_it_is(shell, id)
    if made.status is ImportStatus.FAULTY and made.marked_sha256 is None:
        async with _on_disk(shell, made) as path:
            await _mark(shell, made, path)


async def _read(shell: Shell, made: RegistrationImport, path: Path) -> None:
    reading = await Watched(shell, made).read(path)
    if reading.content is None:
        await becomes.found_faults(shell, made.id, reading.faults)
    else:
        await becomes.take_in_for_uploader(shell, made, reading.content)


async def _mark(shell: Shell, made: RegistrationImport, path: Path) -> None:
    """A second copy for whoever likes to mend it there; the faults have been told already."""
    faults = await becomes.told_faults(shell, made.id)
    copy = await _workbooks(shell).marked(path, made.sheet, faults)
    stored = await shell.vault.put_bytes(copy)
    await becomes.keep_marked(shell, made.id, stored.sha256)


class Watched:
    """A reading whose progress is written to its row twice a second, where it has got on."""

    def __init__(self, shell: Shell, made: RegistrationImport) -> None:
        self._shell, self._made = shell, made
        self._so_far: tuple[int, int] | None = None
        self._told: tuple[int, int] | None = None

    async def read(self, path: Path) -> Reading:
        telling = asyncio.create_task(self._tell())
        try:
            reading = await _workbooks(self._shell).read(path, self._made.sheet, self._got)
        finally:
            telling.cancel()
            with suppress(asyncio.CancelledError):
                await telling
        await self._write()
        return reading

    def _got(self, done: int, total: int) -> None:
        self._so_far = done, total

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            await self._write()

    async def _write(self) -> None:
        so_far = self._so_far
        if so_far and so_far != self._told:
            await becomes.read_so_far(self._shell, self._made.id, *so_far)
            self._told = so_far


@asynccontextmanager
async def _on_disk(shell: Shell, made: RegistrationImport) -> AsyncIterator[Path]:
    """The file under an ending that says what it is, for as long as a reader needs it."""
    content = await shell.vault.read(made.sha256)
    with tempfile.TemporaryDirectory(prefix="registration-") as folder:
        path = Path(folder) / ("registration.csv" if made.sheet else "registration.xlsx")
        await asyncio.to_thread(path.write_bytes, content)
        yield path


def _workbooks(shell: Shell) -> Workbooks:
    assert shell.workbooks is not None
    return shell.workbooks
