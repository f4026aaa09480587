"""Where the bytes of documents live: named by their own SHA-256, written once, read by whoever the database let in."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from portal.arrival import BLOCK, NAME, Check, Expected, Missing, Stored, arriving, named, once, verified
from portal.settings import NotReady

if TYPE_CHECKING:
    from portal.bucket import ObstoreVault


def vault_at(address: str | None, home: Path) -> "FolderVault | ObstoreVault":
    """The vault at an address like `s3://bucket/prefix`; without one, in a folder of the portal's home."""
    if address is None:
        return FolderVault(home / "documents")
    try:
        from portal.bucket import ObstoreVault
    except ModuleNotFoundError:
        raise NotReady("PORTAL_DOCUMENTS names a bucket: install the portal with its extra [s3].") from None
    return ObstoreVault.at(address, home / "arriving")


class FolderVault:
    """A vault in a folder of the local disk. What `put` has returned survives a loss of power."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._arriving = root / "arriving"

    def path(self, sha256: str) -> Path:
        """The place of this name, whether or not anything is there."""
        return self.root / named(sha256)[:2] / sha256[2:4] / sha256

    async def put(
        self,
        stream: AsyncIterator[bytes],
        *,
        limit: int,
        expected_sha256: str | None = None,
        expected_size: int | None = None,
        check: Check | None = None,
    ) -> Stored:
        """Keeps what arrives, hashed and counted on the way; keeping the same content again changes nothing.

        Raises TooLarge as soon as `limit` bytes are exceeded, WrongSize and WrongHash when the announcement was wrong,
        and whatever `check` raises. Then nothing is kept.
        """
        expected = Expected(limit, expected_sha256, expected_size)
        async with arriving(stream, self._arriving, expected, check) as (path, stored):
            await asyncio.to_thread(_settle, path, self.path(stored.sha256), self.root)
        return stored

    async def put_bytes(self, content: bytes) -> Stored:
        return await self.put(once(content), limit=len(content))

    async def read(self, sha256: str) -> bytes:
        """All of it, checked against its name. Raises Missing or Damaged."""
        return b"".join([chunk async for chunk in self.stream(sha256)])

    def stream(self, sha256: str, chunk: int = BLOCK) -> AsyncIterator[bytes]:
        """Its bytes in turn. The last chunk is held back until the whole is known to have this SHA-256."""
        return verified(_pieces(self.path(sha256), chunk), sha256)

    async def size(self, sha256: str) -> int:
        """How many bytes it has. Raises Missing."""
        try:
            return (await asyncio.to_thread(self.path(sha256).stat)).st_size
        except FileNotFoundError:
            raise Missing(f"{sha256} is not kept here.") from None

    async def exists(self, sha256: str) -> bool:
        return await asyncio.to_thread(self.path(sha256).exists)

    async def older(self, before: datetime) -> AsyncIterator[list[str]]:
        """The names of what was kept before this moment, some at a time."""
        for folder in await asyncio.to_thread(lambda: sorted(self.root.glob("??"))):
            yield await asyncio.to_thread(lambda at: list(_older(at, before.timestamp())), folder)

    async def remove(self, sha256: str, before: datetime) -> None:
        """Forget it, unless it was kept anew after this moment."""
        await asyncio.to_thread(_remove, self.path(sha256), before.timestamp())

    async def sweep(self, *, before: datetime) -> int:
        """Removes what began to arrive, was last written before this moment and never settled; says how many."""
        return await asyncio.to_thread(removed_before, self._arriving, before)


def removed_before(folder: Path, before: datetime) -> int:
    """Remove the files of this folder that were last written before then; how many there were."""
    return sum(_remove(path, before.timestamp()) for path in folder.glob("*"))


def _settle(arrived: Path, place: Path, root: Path) -> None:
    """Replaces whatever is there: it is the same content, or damaged."""
    for folder in (place.parent.parent, place.parent):
        folder.mkdir(mode=0o700, exist_ok=True)
    _to_disk(arrived)
    os.replace(arrived, place)
    for folder in (place.parent, place.parent.parent, root):
        _to_disk(folder)


async def _pieces(path: Path, chunk: int) -> AsyncIterator[bytes]:
    offset = 0
    while data := await asyncio.to_thread(_read, path, offset, chunk):
        yield data
        offset += len(data)


def _older(folder: Path, before: float) -> Iterator[str]:
    for path in folder.glob("*/*"):
        with contextlib.suppress(FileNotFoundError):
            if NAME.fullmatch(path.name) and path.stat().st_mtime < before:
                yield path.name


def _remove(path: Path, before: float) -> bool:
    """Whether it was there, last written before then, and is gone."""
    try:
        if path.stat().st_mtime >= before:
            return False
        path.unlink()
    except FileNotFoundError:  # settled meanwhile
        return False
    return True


def _read(path: Path, offset: int, size: int) -> bytes:
    try:
        with open(path, "rb") as file:
            file.seek(offset)
            return file.read(size)
    except FileNotFoundError:
        raise Missing(f"{path.name} is not kept here.") from None


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
