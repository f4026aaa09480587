"""Registrations of the demonstration on their way in: workbooks in a folder, uploaded and read like any."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from typing import Any

from portal.demonstration.acts import Acts, Declined
from portal.demonstration.papers import Papers
from portal.demonstration.provider_content import registered
from portal.demonstration.providers import Provider
from portal.jobs import Worker
from portal.registration_reading import read_registration
from portal.workbook import filled
from resolvers.registration_import import READ

FOLDER = "workbooks"
SHOWN = "registrationImport { id } upload { url }"
SEEN = "query ($id: UUID!) { registrationImport(id: $id) { status failure faults { message } } }"
MOST_TRIES = 9
PAUSE = 0.1


class Workbooks:
    """Brings a registration in as a workbook. Whoever is interrupted goes on with the same file."""

    def __init__(self, acts: Acts, papers: Papers) -> None:
        self._acts = acts
        self._papers = papers
        self._worker = Worker(acts.shell, {READ: read_registration})

    async def take_in(self, provider: Provider, by: str) -> None:
        """The registration says what the workbook says. A reading that came to nothing is begun again: its uploader
        was signed out when the filling was interrupted, or the machine was too busy to read it in time.
        """
        step = f"{provider.key}/workbook"
        if step in self._acts.journal:
            return
        path = await self._written(provider)
        seen: dict[str, Any] = {"failure": "it was never read"}
        for number in range(MOST_TRIES):
            id = await self._uploaded(by, f"{step}/{number}", path)
            seen = await self._read(by, id)
            if seen["status"] == "TAKEN_IN":
                self._acts.journal.keep(step, id)
                return
        raise RuntimeError(f"{step}: {seen['failure'] or seen['faults'][0]['message']}")

    async def _written(self, provider: Provider) -> Path:
        """The file in the demonstration's folder, whole or not at all."""
        path = self._acts.journal.folder / FOLDER / f"{provider.key}.xlsx"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            new = path.with_suffix(".new")
            new.write_bytes(await asyncio.to_thread(filled, registered(provider)))
            new.replace(path)
        return path

    async def _uploaded(self, by: str, step: str, path: Path) -> str:
        """The id of a workbook whose bytes have come."""
        content = path.read_bytes()
        input = {"name": path.name, "byteSize": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        announced = await self._acts.do(by, f"{step}/announce", "registrationUpload", SHOWN, input=input)
        id = str(announced["registrationImport"]["id"])
        if announced["upload"] and await self._papers.put(announced["upload"]["url"], content) == 200:
            return id
        try:
            again = await self._acts.do(by, f"{step}/announce again", "registrationUploadAgain", SHOWN, id=id)
        except Declined as declined:
            if {"WRONG_STATE", "REGISTRATION_LOCKED"} & set(declined.codes):  # the bytes had come
                return id
            raise
        await self._papers.put(again["upload"]["url"], content)
        return id

    async def _read(self, by: str, id: str) -> dict[str, Any]:
        """What has become of it; whoever waits reads what is there to be read."""
        while True:
            seen: dict[str, Any] = (await self._acts.ask(by, SEEN, id=id))["registrationImport"]
            if seen["status"] != "READING":
                return seen
            if not await self._worker.work_off():
                await asyncio.sleep(PAUSE)
