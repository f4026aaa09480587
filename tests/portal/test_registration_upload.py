"""A registration comes in by real HTTP to a real process, which may be killed at any moment."""

import asyncio
import os
import re
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import openpyxl
import pytest_asyncio

from models.lifecycle import Role
from portal.app import DAILY
from portal.database import asyncpg_dsn
from portal.keys import Keys
from portal.workbook import filled
from tests.contents import registration
from tests.journeys.asking import Asking, Somebody, new_key
from tests.portal.corpus import archive
from tests.server import ROOT, Server, running
from tests.uploading import ANNOUNCE, FETCH, SEEN, announcement
from tests.waiting import until
from tests.world import Firm, World, as_app

TEMPLATE = "{ registrationTemplate { url name sheets } }"
TOKEN = "a token of a test"


@dataclass
class Office:
    """Somebody at a provider, and the portal that they use."""

    world: World
    server: Server
    firm: Firm
    somebody: Somebody

    @property
    def asking(self) -> Asking:
        return Asking(self.server.address)

    async def send(self, content: bytes, **told: Any) -> str:
        """The id of a spreadsheet that was announced and sent."""
        given = await self.asking.do(self.somebody, ANNOUNCE, key=new_key(), input=announcement(content, **told))
        try:
            async with aiohttp.request("PUT", given["upload"]["url"], data=content) as answer:
                assert answer.status == 200, await answer.text()
        except aiohttp.ClientError:
            assert self.server.doom.exists()
        return str(given["registrationImport"]["id"])

    async def seen(self, id: str) -> dict[str, Any]:
        return dict((await self.asking.gql(self.somebody, SEEN, id=id))["registrationImport"])

    async def read(self, id: str) -> dict[str, Any]:
        """A spreadsheet once it has been read."""

        async def over() -> bool:
            return (await self.seen(id))["status"] not in ("AWAITING_UPLOAD", "READING")

        await until(over)
        return await self.seen(id)

    async def fetched(self, id: str, *, marked: bool) -> bytes:
        given = await self.asking.do(self.somebody, FETCH, id=id, marked=marked)
        async with aiohttp.request("GET", given["download"]["url"]) as answer:
            assert answer.status == 200
            return await answer.read()

    async def jobs(self, condition: str) -> int:
        return await self.world.count("job", f"kind = 'registration.read' AND {condition}")

    async def is_quiet(self) -> bool:
        """What is due each day has been done: that is announced, too, and would let a doomed process die too early."""
        return await self.world.count("job", "kind = ANY ($1) AND done_at IS NOT NULL", [*DAILY]) == len(DAILY)

    async def reborn(self) -> None:
        """The lease of what the dead process was doing has run out, and a new one starts."""
        self.server.doom.unlink(missing_ok=True)
        await self.world.sql("UPDATE job SET lease_until = now() - interval '1 s' WHERE lease_until IS NOT NULL")
        self.server.start()


@asynccontextmanager
async def nothing_written(world: World, table: str) -> AsyncIterator[None]:
    """Whoever comes to write into this table waits at it until the block ends."""
    connection = await asyncpg.connect(asyncpg_dsn(world.dsn))
    try:
        async with connection.transaction():
            await connection.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
            yield
    finally:
        await connection.close()


@pytest_asyncio.fixture(loop_scope="session")
async def office(world: World, tmp_path: Path) -> AsyncIterator[Office]:
    home = tmp_path / "home"
    home.mkdir()
    firm = await world.provider(approved=False, name="Alder")
    viewer = await world.person(firm.id, Role.MEMBER)
    await world.sql("UPDATE session SET token_hash = $1 WHERE id = $2", Keys.token_hash(TOKEN), viewer.session_id)
    with running(as_app(world.dsn), home) as server:
        office = Office(world, server, firm, Somebody("", "", "", TOKEN))
        await until(office.is_quiet)
        yield office


# S-002, S-003
async def test_what_comes_by_http_is_refused_with_all_its_faults_or_taken_in(office: Office) -> None:
    """The same people first send what is broken, then what no spreadsheet wrote, then what is right."""
    await everything_wrong_is_told(office)
    await what_cannot_be_read_is_a_fault(office)
    await the_template_filled_in_is_the_registration(office)
    await the_example_registers_and_shows_faults(office)


async def the_template_filled_in_is_the_registration(office: Office) -> None:
    shown = (await office.asking.gql(office.somebody, TEMPLATE))["registrationTemplate"]
    async with aiohttp.request("GET", shown["url"]) as answer:
        template, headers = await answer.read(), answer.headers
    assert headers["Content-Disposition"] == f'attachment; filename="{shown["name"]}"'
    assert headers["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert set(shown["sheets"]) <= set(openpyxl.load_workbook(BytesIO(template)).sheetnames)

    seen = await office.read(await office.send(filled(registration(homes=12, families=3))))
    assert (seen["status"], seen["faults"], seen["failure"]) == ("TAKEN_IN", [], None)
    assert seen["progress"]["done"] == seen["progress"]["total"] > 15
    live = {"provider_id": office.firm.id}
    assert await office.world.count("home", "provider_id = $1 AND ended_at IS NULL", *live.values()) == 12
    assert await office.world.count("fostering_family", "provider_id = $1", *live.values()) == 3
    (provider,) = await office.world.sql("SELECT legal_name, status FROM provider")
    assert (provider["legal_name"], provider["status"]) == ("Alder Homes Limited", "DRAFT")


async def everything_wrong_is_told(office: Office) -> None:
    before = await office.world.sql("SELECT t::text FROM home t UNION ALL SELECT t::text FROM provider t")
    book = openpyxl.load_workbook(BytesIO(filled(registration(homes=2))))
    homes = book["Homes"]
    urn = next(n for n, cell in enumerate(homes[2], 1) if str(cell.value).startswith("Ofsted URN"))
    homes.cell(4, urn).value = "SC12345"
    file = BytesIO()
    book.save(file)
    seen = await office.read(await office.send(file.getvalue()))
    assert (seen["status"], seen["faultCount"]) == ("FAULTY", 1)
    (fault,) = seen["faults"]
    assert (fault["sheet"], fault["row"], fault["column"]) == ("Homes", 4, "Ofsted URN")
    assert "SC12345" in fault["message"]
    assert seen["helpUrl"]
    assert seen["supportEmail"]

    async def marked() -> bool:
        return bool((await office.seen(seen["id"]))["marked"])

    await until(marked)
    copy = openpyxl.load_workbook(BytesIO(await office.fetched(seen["id"], marked=True)))
    assert "Homes" in copy.sheetnames
    assert await office.fetched(seen["id"], marked=False) == file.getvalue()
    assert await office.world.sql("SELECT t::text FROM home t UNION ALL SELECT t::text FROM provider t") == before


async def what_cannot_be_read_is_a_fault(office: Office) -> None:
    parts = {
        "[Content_Types].xml": b'<Types><Override ContentType="application/vnd.openxmlformats-officedocument.'
        b'spreadsheetml.sheet.main+xml"/></Types>',
        "xl/workbook.xml": b"<workbook/>",
    }
    seen = await office.read(await office.send(archive(parts)))
    assert seen["status"] == "FAULTY"
    assert {fault["sheet"] for fault in seen["faults"]} == {"Workbook"}


async def the_example_registers_and_shows_faults(office: Office) -> None:
    wrong = office.server.home / "wrong.xlsx"
    wrong.write_bytes(filled(registration(homes=1)))
    book = openpyxl.load_workbook(wrong)
    book["Contacts"].cell(3, 2).value = "Nobody"
    book.save(wrong)
    options = ("--workbook", str(wrong), "--save-to", str(office.server.home / "marked"))
    async with nothing_written(office.world, "registration_fault"):
        process = await begun(office, *options)
        assert process.stdout
        first = await process.stdout.readline()
    status, told = await ended(process, first)
    assert (status, "1 faults; nothing has been changed" in told) == (1, True), told
    assert re.search(r"READING: \d+ of [\d?]+ rows read.*Contacts, row 3.*https://.*necdigitalsupport", told, re.DOTALL)
    assert [path.suffix for path in (office.server.home / "marked").iterdir()] == [".xlsx"]
    status, told = await example(office, "--submit")
    assert status == 0, told
    assert re.search("is filled in.*TAKEN_IN.*is DRAFT.*Submitted to Birmingham: PENDING_APPROVAL", told, re.DOTALL), (
        told
    )
    status, told = await example(office)
    assert (status, "REGISTRATION_LOCKED" in told) == (1, True)


async def example(office: Office, *options: str) -> tuple[int | None, str]:
    return await ended(await begun(office, *options))


async def begun(office: Office, *options: str) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "client-examples/register.py", "--address", office.server.address, *options, cwd=ROOT,
        env={**os.environ, "PORTAL_TOKEN": TOKEN}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip


async def ended(process: Process, before: bytes = b"") -> tuple[int | None, str]:
    """Its status, and all that it has said, `before` having been read already."""
    output, _ = await process.communicate()
    return process.returncode, (before + output).decode()


# S-001
async def test_a_workbook_is_taken_in_once_whenever_the_process_is_killed(office: Office) -> None:
    """When its bytes have come, while it is read, and when it has just been taken in."""
    id = await dying(office, filled(registration(homes=300)))
    assert (await office.jobs("done_at IS NULL"), await office.world.count("home")) == (1, 1)
    async with nothing_written(office.world, "home"):
        await office.reborn()
        await until(lambda: office.jobs("lease_until > now()"))
        office.server.kill()
    assert await office.world.count("home") == 1
    async with nothing_written(office.world, "home"):
        await office.reborn()
        await until(lambda: office.jobs("lease_until > now()"))
        office.server.doom.touch()
    office.server.has_died()
    assert await office.world.count("event", "kind = 'registration_import.take_in'") == 1
    await office.reborn()
    assert (await office.read(id))["status"] == "TAKEN_IN"
    await until(lambda: office.jobs("done_at IS NOT NULL"))
    assert await office.world.count("home", "ended_at IS NULL") == 300
    for kind in ("registration_import.upload", "registration_import.take_in", "registration.edit"):
        assert await office.world.count("event", "kind = $1", kind) == 1


async def dying(office: Office, content: bytes) -> str:
    """Announce it, and let the process die as soon as its bytes have come."""
    given = await office.asking.do(office.somebody, ANNOUNCE, key=new_key(), input=announcement(content))
    office.server.doom.touch()
    with suppress(aiohttp.ClientError):
        async with aiohttp.request("PUT", given["upload"]["url"], data=content):
            pass
    office.server.has_died()
    return str(given["registrationImport"]["id"])
