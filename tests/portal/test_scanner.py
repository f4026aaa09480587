"""Malware is refused and not kept; while the scanner does not say that a file is clean, nothing is taken (TRUST G4)."""

import tempfile
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from portal.keeping import scanner_faults
from portal.scanner import Clamd, Infected, ScanUnavailable
from portal.settings import NotReady
from tests.filing import Filing, filing, paper
from tests.portal.corpus import pdf
from tests.portal.scanning import VIRUS, FakeClamd, clamd
from tests.world import World


@pytest_asyncio.fixture(loop_scope="session")
async def fake(world: World) -> AsyncIterator[FakeClamd]:
    async with clamd() as (fake, address):
        world.shell = replace(world.shell, scanner=Clamd.at(address))
        yield fake


@pytest_asyncio.fixture(loop_scope="session")
async def files(world: World, fake: FakeClamd) -> AsyncIterator[Filing]:
    async with filing(world) as files:
        yield files


async def kept(files: Filing) -> list[Path]:
    vault: Any = files.world.shell.vault
    return [path for path in vault.root.rglob("*") if path.is_file()]


async def test_a_clean_file_is_kept_and_says_when_it_was_scanned(files: Filing, fake: FakeClamd) -> None:
    content = paper()
    id = await files.filed(await files.officer(), content)
    assert fake.seen == [content]
    row = await files.row(id)
    assert (row["scan"], row["scanned_at"]) == ("CLEAN", files.world.clock.now)


async def test_malware_is_refused_by_its_own_code_and_nothing_of_it_is_kept(files: Filing) -> None:
    content = pdf(catalogue=b"/Type /Catalog % " + VIRUS + b"\n")
    made = await files.announced(await files.officer(), content)
    assert (await files.send(made["upload"]["url"], content)).refused == (422, "FILE_INFECTED")
    row = await files.row(made["document"]["id"])
    assert (row["state"], row["scan"], row["scanned_at"]) == ("AWAITING_UPLOAD", "NOT_SCANNED", None)
    assert await kept(files) == []
    assert await files.world.count("event", "kind = 'document.upload'") == 0


@pytest.mark.parametrize("mood", ["hangs up", "nonsense", "cut", "too large", "away"])
async def test_without_an_answer_nothing_is_taken_and_the_file_can_be_sent_again(
    files: Filing, fake: FakeClamd, mood: str
) -> None:
    content, scanner = paper(), files.world.shell.scanner
    made = await files.announced(await files.officer(), content)
    if mood == "too large":
        fake.largest = 10
    elif mood == "away":
        files.world.shell = replace(files.world.shell, scanner=Clamd.at("unix:/nonexistent/clamd"))
    else:
        fake.mood = mood
    assert (await files.send(made["upload"]["url"], content)).refused == (503, "SCAN_UNAVAILABLE")
    assert (await files.row(made["document"]["id"]))["state"] == "AWAITING_UPLOAD"
    assert await kept(files) == []
    fake.largest, fake.mood = 30_000_000, ""
    files.world.shell = replace(files.world.shell, scanner=scanner)
    assert (await files.send(made["upload"]["url"], content)).status == 200


async def test_without_a_scanner_a_file_says_that_it_was_not_scanned(world: World) -> None:
    async with filing(world) as files:
        id = await files.filed(await files.officer(), paper())
        row = await files.row(id)
        assert (row["scan"], row["scanned_at"]) == ("NOT_SCANNED", None)


async def test_it_is_reached_by_a_socket_of_the_machine_and_over_the_network() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        for where in (Path(folder) / "clamd.ctl", None):
            async with clamd(where) as (_, address):
                scanner = Clamd.at(address)
                assert scanner
                path.write_bytes(b"clean" * 100_000)
                await scanner.scan(path)
                path.write_bytes(b"x" * 100_000 + VIRUS)
                with pytest.raises(Infected):
                    await scanner.scan(path)
                assert await scanner_faults(address) == []
        with pytest.raises(ScanUnavailable):
            await Clamd(path=f"{folder}/clamd.ctl").scan(path)
        assert "does not answer" in (await scanner_faults(f"unix:{folder}/clamd.ctl"))[0]


@pytest.mark.parametrize("address", ["", "clamd", "unix:clamd", "tcp:3310", "tcp:host:", "http://host:1", "NONE"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(NotReady, match="PORTAL_SCANNER"):
        Clamd.at(address)
    assert Clamd.at("none") is None
