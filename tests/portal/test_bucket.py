"""A vault in a bucket keeps what the one in a folder keeps: in memory, on a disk, and over S3's own protocol."""

import hashlib
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from obstore.store import LocalStore, MemoryStore

from portal.arrival import Damaged, Missing, NotAName, TooLarge, WrongHash, WrongSize
from portal.bucket import ObstoreVault, Unreachable
from portal.keeping import vault_faults
from portal.vault import FolderVault, vault_at
from tests.portal.bucket_server import bucket

CONTENT = b"%PDF-1.7 a statement of purpose"
NAME = hashlib.sha256(CONTENT).hexdigest()
LATER = datetime.now(UTC) + timedelta(days=1)
EARLIER = datetime.now(UTC) - timedelta(days=1)
SIGN_IN = {"AWS_ACCESS_KEY_ID": "portal", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-west-2"}


@pytest_asyncio.fixture(loop_scope="session", params=["folder", "memory", "disk", "s3"])
async def vault(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[FolderVault | ObstoreVault]:
    (tmp_path / "store").mkdir()
    if request.param == "s3":
        async with bucket() as server:
            for name, value in {**SIGN_IN, "AWS_ENDPOINT_URL": server.address, "AWS_ALLOW_HTTP": "true"}.items():
                monkeypatch.setenv(name, value)
            yield vault_at("s3://papers/of/portal", tmp_path)
            assert all(asked.startswith("AWS4-HMAC-SHA256 Credential=portal/") for asked in server.asked)
            assert all(key.startswith("of/portal/") for key in server.kept)
        return
    made: dict[str, Any] = {
        "folder": lambda: vault_at(None, tmp_path),
        "memory": lambda: ObstoreVault(MemoryStore(), tmp_path / "arriving"),
        "disk": lambda: ObstoreVault(LocalStore(tmp_path / "store"), tmp_path / "arriving"),
    }
    yield made[request.param]()


async def arriving(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def names(vault: Any, before: datetime) -> set[str]:
    return {name async for some in vault.older(before) for name in some}


async def test_what_is_kept_is_read_back_and_known_by_its_hash(vault: Any) -> None:
    stored = await vault.put(arriving(CONTENT[:5], CONTENT[5:]), limit=100, expected_sha256=NAME, expected_size=31)
    assert (stored.sha256, stored.size) == (NAME, 31)
    assert (await vault.read(NAME), await vault.size(NAME), await vault.exists(NAME)) == (CONTENT, 31, True)
    assert (await vault.put_bytes(CONTENT)).sha256 == NAME
    assert await names(vault, LATER) == {NAME}


async def test_a_large_file_comes_out_as_it_went_in(vault: Any) -> None:
    content = os.urandom(1_500_003)
    stored = await vault.put(arriving(content[:700_000], content[700_000:]), limit=len(content))
    assert b"".join([piece async for piece in vault.stream(stored.sha256)]) == content


async def test_what_is_not_as_announced_or_not_found_good_is_not_kept(vault: Any, tmp_path: Path) -> None:
    async def check(path: Path) -> None:
        assert path.read_bytes() == CONTENT
        raise PermissionError

    refusals: list[tuple[dict[str, Any], type[Exception]]] = [
        ({"limit": 30}, TooLarge),
        ({"limit": 99, "expected_size": 30}, WrongSize),
        ({"limit": 99, "expected_sha256": "0" * 64}, WrongHash),
        ({"limit": 99, "check": check}, PermissionError),
    ]
    for given, refusal in refusals:
        with pytest.raises(refusal):
            await vault.put(arriving(CONTENT), **given)
    assert await names(vault, LATER) == set()
    assert not await vault.exists(NAME)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_what_is_not_there_is_missing_and_only_hashes_are_names(vault: Any) -> None:
    for asked in (vault.read, vault.size):
        with pytest.raises(Missing):
            await asked(NAME)
        with pytest.raises(NotAName):
            await asked("../" + NAME)


async def test_only_what_is_older_is_removed(vault: Any) -> None:
    await vault.put_bytes(CONTENT)
    assert await names(vault, EARLIER) == set()
    await vault.remove(NAME, EARLIER)
    assert await vault.exists(NAME)
    await vault.remove(NAME, LATER)
    await vault.remove(NAME, LATER)
    assert not await vault.exists(NAME)


async def test_what_was_damaged_in_the_storage_is_not_handed_out(tmp_path: Path) -> None:
    store = MemoryStore()
    vault = ObstoreVault(store, tmp_path)
    await vault.put_bytes(CONTENT)
    store.put(f"{NAME[:2]}/{NAME}", CONTENT.replace(b"a", b"b"))
    with pytest.raises(Damaged):
        await vault.read(NAME)


async def test_a_storage_that_does_not_answer_is_named_by_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bucket() as server:
        for name, value in {**SIGN_IN, "AWS_ENDPOINT_URL": server.address, "AWS_ALLOW_HTTP": "true"}.items():
            monkeypatch.setenv(name, value)
        assert await vault_faults("s3://papers/of/portal", tmp_path) == []
        assert server.kept == {}
        wrong = await vault_faults("s3://other/of/portal", tmp_path)
    assert len(wrong) == 1
    assert wrong[0].startswith("Documents cannot be kept in s3://other/of/portal (")
    assert issubclass(Unreachable, OSError)
