"""Bytes are kept whole or not at all, under the name they have themselves."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.arrival import Damaged, Missing, NotAName, TooLarge, WrongHash, WrongSize
from portal.vault import FolderVault

CONTENT = b"%PDF-1.7 a statement of purpose"
NAME = hashlib.sha256(CONTENT).hexdigest()
NOW = datetime(2026, 4, 28, tzinfo=UTC)


@pytest.fixture
def vault(tmp_path: Path) -> FolderVault:
    return FolderVault(tmp_path / "documents")


def files(vault: FolderVault) -> list[Path]:
    return [path for path in vault.root.rglob("*") if path.is_file()]


async def arriving(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def test_what_is_kept_is_named_by_its_hash_and_read_back(vault: FolderVault) -> None:
    stored = await vault.put(arriving(CONTENT[:5], b"", CONTENT[5:]), limit=100, expected_sha256=NAME, expected_size=31)

    assert (stored.sha256, stored.size, stored.head) == (NAME, len(CONTENT), CONTENT)
    assert await vault.read(NAME) == CONTENT
    assert files(vault) == [vault.path(NAME)]


async def test_a_large_file_goes_in_and_comes_out_in_pieces(vault: FolderVault) -> None:
    content = os.urandom(1_000_003)
    chunks = [content[at : at + 65_536] for at in range(0, len(content), 65_536)]

    stored = await vault.put(arriving(*chunks), limit=len(content))
    pieces = [piece async for piece in vault.stream(stored.sha256, 300_000)]
    assert stored.head == content[:1024]
    assert b"".join(pieces) == content
    assert {len(piece) for piece in pieces} == {300_000, 100_003}


async def test_only_the_owner_may_read_what_is_kept(vault: FolderVault) -> None:
    await vault.put_bytes(CONTENT)

    assert vault.path(NAME).stat().st_mode & 0o777 == 0o600
    assert {path.stat().st_mode & 0o077 for path in vault.root.rglob("*")} == {0}


async def test_keeping_the_same_content_again_changes_nothing(vault: FolderVault) -> None:
    first = await vault.put_bytes(CONTENT)
    again = await asyncio.gather(*(vault.put_bytes(CONTENT) for _ in range(8)))

    assert set(again) == {first}
    assert files(vault) == [vault.path(NAME)]


async def test_one_byte_over_the_limit_is_refused_and_nothing_remains(vault: FolderVault) -> None:
    with pytest.raises(TooLarge):
        await vault.put(arriving(CONTENT, b"."), limit=len(CONTENT))
    with pytest.raises(TooLarge):
        await vault.put(arriving(), limit=100, expected_size=101)

    assert files(vault) == []


async def test_no_more_is_read_once_the_limit_is_passed(vault: FolderVault) -> None:
    stream = arriving(*[bytes(100_000)] * 20)

    with pytest.raises(TooLarge):
        await vault.put(stream, limit=1_000_000)

    assert len([chunk async for chunk in stream]) == 9
    assert files(vault) == []


@pytest.mark.parametrize("announced", [len(CONTENT) - 1, len(CONTENT) + 1])
async def test_another_size_than_announced_is_refused_and_nothing_remains(vault: FolderVault, announced: int) -> None:
    with pytest.raises(WrongSize):
        await vault.put(arriving(CONTENT), limit=100, expected_size=announced, expected_sha256=NAME)

    assert files(vault) == []


async def test_another_hash_than_announced_is_refused_and_nothing_remains(vault: FolderVault) -> None:
    with pytest.raises(WrongHash):
        await vault.put(arriving(CONTENT), limit=100, expected_sha256="0" * 64)

    assert files(vault) == []


async def test_a_sender_that_is_cancelled_leaves_nothing(vault: FolderVault) -> None:
    begun = asyncio.Event()

    async def hanging() -> AsyncIterator[bytes]:
        yield bytes(300_000)
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(vault.put(hanging(), limit=1_000_000))
    await begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert task.cancelled()
    assert files(vault) == []


@pytest.mark.parametrize(
    "name", ["", "../" * 21 + "x", "0" * 63, "0" * 65, "A" * 64, "0" * 63 + "/", "0" * 64 + "\n", "\u0660" * 64]
)
async def test_nothing_but_a_hash_is_a_name(vault: FolderVault, name: str) -> None:
    with pytest.raises(NotAName):
        vault.path(name)
    with pytest.raises(NotAName):
        await vault.read(name)


async def test_a_name_under_which_nothing_is_kept_is_missing(vault: FolderVault) -> None:
    with pytest.raises(Missing):
        await vault.read(NAME)


async def test_damaged_content_is_never_handed_out_whole(vault: FolderVault) -> None:
    await vault.put_bytes(CONTENT)
    vault.path(NAME).write_bytes(CONTENT.swapcase())
    pieces = vault.stream(NAME, 20)

    assert len(await anext(pieces)) == 20
    with pytest.raises(Damaged):
        await anext(pieces)


async def test_keeping_it_again_repairs_what_was_damaged(vault: FolderVault) -> None:
    await vault.put_bytes(CONTENT)
    vault.path(NAME).write_bytes(b"")

    await vault.put_bytes(CONTENT)

    assert await vault.read(NAME) == CONTENT


async def test_old_leftovers_are_swept_and_what_still_arrives_is_not(vault: FolderVault) -> None:
    await vault.put_bytes(CONTENT)
    old, new = (vault.root / "arriving" / name for name in ("old", "new"))
    for path, written in ((old, NOW - timedelta(hours=25)), (new, NOW)):
        path.write_bytes(b"half a fi")
        os.utime(path, (written.timestamp(), written.timestamp()))

    assert await vault.sweep(before=NOW - timedelta(hours=24)) == 1
    assert await vault.sweep(before=NOW - timedelta(hours=24)) == 0
    assert set(files(vault)) == {new, vault.path(NAME)}


async def test_the_event_loop_goes_on_while_a_file_is_kept(vault: FolderVault) -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(others())
    await vault.put_bytes(CONTENT)
    task.cancel()

    assert turns >= 3


async def test_it_is_on_disk_before_it_has_its_name_and_so_are_the_folders_after(
    vault: FolderVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[Path] = []
    fsync, replace = os.fsync, os.replace

    def noted_fsync(handle: int) -> None:
        steps.append(Path(f"/proc/self/fd/{handle}").readlink())
        fsync(handle)

    def noted_replace(source: Path, target: Path) -> None:
        steps.append(target)
        replace(source, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "replace", noted_replace)
    await vault.put_bytes(CONTENT)

    place = vault.path(NAME)
    assert steps[0].parent == vault.root / "arriving"
    assert steps[1:] == [place, place.parent, place.parent.parent, vault.root]
