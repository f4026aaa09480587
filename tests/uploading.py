"""Registrations as spreadsheets, sent by people of a world to a real server and read by a real worker."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from models.person import Viewer
from portal.jobs import Worker
from portal.registration_reading import read_registration
from resolvers.registration_import import READ
from tests.filing import Filing, filing
from tests.workbooks import Workbooks
from tests.world import World

ANNOUNCE = """mutation ($key: UUID!, $input: RegistrationUploadInput!) {
  registrationUpload(idempotencyKey: $key, input: $input) {
    registrationImport { id status name sheet can } upload { url method } problems { code message path } } }"""
AGAIN = """mutation ($id: UUID!) { registrationUploadAgain(id: $id) {
  registrationImport { id } upload { url } problems { code message } } }"""
FETCH = """mutation ($id: UUID!, $marked: Boolean! = false) { registrationImportDownload(id: $id, marked: $marked) {
  download { url } problems { code message path } } }"""
SEEN = """query ($id: UUID!) { registrationImport(id: $id) {
  id status name sheet uploadedBy progress { done total } faultCount faults { sheet row column code message } marked
  changed failure helpUrl supportEmail can } }"""
FAULTS = """query ($id: UUID!, $first: Int!, $after: String) {
  registrationFaults(id: $id, first: $first, after: $after) {
    totalCount nodes { row } pageInfo { hasNextPage endCursor } } }"""
LIST = "{ registrationImports { totalCount nodes { id status } } }"


def announcement(content: bytes, **changes: Any) -> dict[str, Any]:
    digest = hashlib.sha256(content).hexdigest()
    return {"name": "Our homes.xlsx", "byteSize": len(content), "sha256": digest, **changes}


@dataclass(frozen=True)
class Uploading(Filing):
    """Whoever uploads, and the worker that reads what came."""

    workbooks: Workbooks

    async def announce(self, who: Viewer, content: bytes, **changes: Any) -> dict[str, Any]:
        return await self.world.do(who, ANNOUNCE, key=str(uuid4()), input=announcement(content, **changes))

    async def refusal(self, who: Viewer, content: bytes = b"x", **changes: Any) -> dict[str, Any]:
        """The one problem for which an announcement was refused, and nothing at all was kept."""
        given = announcement(content, **changes)
        shown = (await self.world.gql(who, ANNOUNCE, key=str(uuid4()), input=given))["registrationUpload"]
        assert (shown["registrationImport"], shown["upload"]) == (None, None)
        for table in ("registration_import", "ticket", "job"):
            assert await self.world.count(table) == 0, table
        assert await self.world.count("event", "kind LIKE 'registration_import%'") == 0
        (problem,) = shown["problems"]
        return dict(problem)

    async def send_in(self, who: Viewer, content: bytes, **changes: Any) -> str:
        """The id of a spreadsheet whose bytes have come and wait for the reader."""
        made = await self.announce(who, content, **changes)
        sent = await self.send(made["upload"]["url"], content)
        assert (sent.status, sent.json["state"]) == (200, "READING"), sent.body
        return str(made["registrationImport"]["id"])

    async def read(self, who: Viewer, content: bytes, **changes: Any) -> dict[str, Any]:
        """A spreadsheet as its sender sees it once it has been read."""
        id = await self.send_in(who, content, **changes)
        await self.work()
        return dict(await self.seen(who, id))

    async def work(self) -> int:
        return await Worker(self.world.shell, {READ: read_registration}).work_off()

    async def seen(self, who: Viewer, id: str) -> Any:
        return (await self.world.gql(who, SEEN, id=id))["registrationImport"]

    async def legal_name(self) -> str:
        (row,) = await self.world.sql("SELECT legal_name FROM provider ORDER BY legal_name LIMIT 1")
        return str(row["legal_name"])


@asynccontextmanager
async def uploading(world: World) -> AsyncIterator[Uploading]:
    workbooks = Workbooks()
    world.shell = replace(world.shell, workbooks=workbooks)
    async with filing(world) as files:
        yield Uploading(files.world, files.address, workbooks)
