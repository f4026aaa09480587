"""How much an organisation may keep, and what becomes of bytes that nobody names."""

import hashlib
import os
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest_asyncio

from models.base import Base
from portal.jobs import Worker
from portal.orphans import SWEEP, sweep
from tests.cases import Cases
from tests.filing import Filing, announcement, filing, paper
from tests.world import World

MOVED = "UPDATE document SET uploaded_at = uploaded_at - interval '2 days'"


@pytest_asyncio.fixture(loop_scope="session")
async def files(world: World) -> AsyncIterator[Filing]:
    async with filing(world) as files:
        yield files


def aged(files: Filing, days: float = 2) -> None:
    """Everything in the vault was kept that long ago."""
    vault: Any = files.world.shell.vault
    at = (datetime.now(UTC) - timedelta(days=days)).timestamp()
    for path in vault.root.rglob("*"):
        os.utime(path, (at, at))


async def swept(files: Filing) -> None:
    await Worker(files.world.shell, {SWEEP: sweep}, daily=[SWEEP]).work_off()
    assert await files.world.count("job", "kind = $1 AND done_at IS NOT NULL", SWEEP) == 1
    await files.world.sql("DELETE FROM job")


async def test_an_organisation_keeps_no_more_than_its_room(files: Filing) -> None:
    first, second = paper("a" * 900), paper("b" * 900)
    files.world.shell = replace(files.world.shell, quota=len(first) + len(second) - 1)
    who, other = await files.officer(), await files.officer("Coventry")
    late = await files.announced(who, second)
    await files.filed(who, first)
    given = announcement(second)
    assert await files.refusals(who, **{name: given[name] for name in ("byteSize", "sha256")}) == ["QUOTA_EXCEEDED"]
    assert (await files.send(late["upload"]["url"], second)).refused == (409, "QUOTA_EXCEEDED")
    assert (await files.row(late["document"]["id"]))["state"] == "AWAITING_UPLOAD"
    await files.filed(other, first)
    assert await files.world.count("document", "state = 'READY'") == 2


async def test_what_fits_exactly_is_kept(files: Filing) -> None:
    content = paper()
    files.world.shell = replace(files.world.shell, quota=len(content))
    await files.filed(await files.officer(), content)


async def test_bytes_that_nothing_names_go_after_a_day_and_all_others_stay(files: Filing) -> None:
    who, content, left = await files.officer(), paper(), paper()
    id = await files.filed(who, content)
    orphan = (await files.world.shell.vault.put_bytes(left)).sha256
    await files.world.sql(MOVED)
    await swept(files)
    assert await files.world.shell.vault.exists(orphan), "a day has not passed"
    aged(files)
    await swept(files)
    assert not await files.world.shell.vault.exists(orphan)
    assert await files.fetched(who, id) == content


async def test_bytes_wait_for_a_row_that_was_announced_within_a_day(files: Filing) -> None:
    who, content = await files.officer(), paper()
    made = await files.announced(who, content)
    name = (await files.world.shell.vault.put_bytes(content)).sha256
    aged(files)
    await swept(files)
    assert await files.world.shell.vault.exists(name)
    await files.world.sql(MOVED)
    await files.world.sql("UPDATE ticket SET expires_at = now()")
    await swept(files)
    assert not await files.world.shell.vault.exists(name)
    assert (await files.row(made["document"]["id"]))["state"] == "AWAITING_UPLOAD"


async def test_what_began_to_arrive_and_never_did_goes_after_a_day(files: Filing) -> None:
    vault: Any = files.world.shell.vault
    folder = vault.root / "arriving"
    folder.mkdir(parents=True)
    old, new = folder / "old", folder / "new"
    old.write_bytes(b"half")
    aged(files)
    new.write_bytes(b"half")
    await swept(files)
    assert [path.name for path in folder.iterdir()] == ["new"]


async def test_every_column_that_names_bytes_keeps_them(world: World) -> None:
    """The function that decides what nobody names knows each of these columns."""
    (row,) = await world.sql("SELECT prosrc FROM pg_proc WHERE proname = 'portal_unnamed'")
    known = set(re.findall(r"SELECT (\w*sha256) FROM public\.(\w+)", row["prosrc"]))
    columns = {
        (column.name, table.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name.endswith("sha256")
    }
    of_words = {("consent_sha256", "signature")}
    assert columns - of_words <= known


async def test_a_snapshot_keeps_its_bytes_when_the_document_is_gone_from_the_profile(files: Filing) -> None:  # S-083
    name = hashlib.sha256(content := paper()).hexdigest()
    cases, author = Cases(files.world), await files.officer()
    referral = await cases.drafted(author)
    document = await files.filed(author, content, kind="LOCAL_REFERRAL_FORM")
    await cases.on_referral(author, "referralAttach", referral, documentId=document, identifiesChild=False)
    await files.world.sql("ALTER TABLE document DISABLE TRIGGER ALL")
    await files.world.sql("UPDATE document SET sha256 = $1", uuid4().hex * 2)
    await files.world.sql("UPDATE ticket SET expires_at = now()")
    aged(files)
    await swept(files)
    assert await files.world.shell.vault.exists(name)
