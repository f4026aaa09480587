"""Where the bytes of documents live: named by their own SHA-256, written once, read by whoever the database let in."""

import asyncio
import contextlib
import hashlib
import os
import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

HEAD = 1024
BLOCK = 256 * 1024
NAME = re.compile(r"[0-9a-f]{64}")


class NotStored(Exception):
    """The bytes were not what was announced. Nothing of them remains."""


class TooLarge(NotStored):
    """More arrived than is allowed."""


class WrongSize(NotStored):
    """More or fewer arrived than were announced."""


class WrongHash(NotStored):
    """Others arrived than were announced."""


class NotAName(ValueError):
    """Only 64 lower-case hexadecimal digits name something in the vault."""


class Missing(LookupError):
    """Nothing is kept under this name."""


class Damaged(Exception):
    """What is kept under this name no longer has this SHA-256; it is not handed out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """What was kept. `head` is the first KiB, for whoever wants to look at its kind."""

    sha256: str
    size: int
    head: bytes


class FolderVault:
    """A vault in a folder of the local disk. What `put` has returned survives a loss of power."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._arriving = root / "arriving"

    def path(self, sha256: str) -> Path:
        """The place of this name, whether or not anything is there."""
        if not NAME.fullmatch(sha256):
            raise NotAName("A name in the vault is 64 lower-case hexadecimal digits.")
        return self.root / sha256[:2] / sha256[2:4] / sha256

    async def put(
        self,
        stream: AsyncIterator[bytes],
        *,
        limit: int,
        expected_sha256: str | None = None,
        expected_size: int | None = None,
    ) -> Stored:
        """Keeps what arrives, hashed and counted on the way; keeping the same content again changes nothing.

        Raises TooLarge as soon as `limit` bytes are exceeded, WrongSize and WrongHash when the announcement was wrong.
        """
        if expected_size is not None and expected_size > limit:
            raise TooLarge(f"{expected_size} bytes were announced, {limit} are allowed.")
        arrival = _Arrival(self._arriving / secrets.token_hex(16))
        try:
            await asyncio.to_thread(arrival.begin)
            async for block in _blocks(stream, limit):
                await asyncio.to_thread(arrival.write, block)
            stored = arrival.checked(expected_sha256, expected_size)
            await asyncio.to_thread(arrival.settle, self.path(stored.sha256), self.root)
            return stored
        finally:
            arrival.path.unlink(missing_ok=True)

    async def put_bytes(self, content: bytes) -> Stored:
        async def once() -> AsyncIterator[bytes]:
            yield content

        return await self.put(once(), limit=len(content))

    async def read(self, sha256: str) -> bytes:
        """All of it, checked against its name. Raises Missing or Damaged."""
        return b"".join([chunk async for chunk in self.stream(sha256)])

    async def stream(self, sha256: str, chunk: int = BLOCK) -> AsyncIterator[bytes]:
        """Its bytes in turn. The last chunk is held back until the whole is known to have this SHA-256."""
        path, digest, offset, held = self.path(sha256), hashlib.sha256(), 0, b""
        while data := await asyncio.to_thread(_read, path, offset, chunk):
            if held:
                yield held
            digest.update(data)
            offset += len(data)
            held = data
        if digest.hexdigest() != sha256:
            raise Damaged(f"{sha256} is damaged.")
        if held:
            yield held

    async def sweep(self, *, before: datetime) -> int:
        """Removes what began to arrive, was last written before this moment and never settled; says how many."""
        return await asyncio.to_thread(self._sweep, before.timestamp())

    def _sweep(self, before: float) -> int:
        swept = 0
        for path in self._arriving.glob("*"):
            with contextlib.suppress(FileNotFoundError):  # settled meanwhile
                if path.stat().st_mtime < before:
                    path.unlink()
                    swept += 1
        return swept


class _Arrival:
    """One file on its way into the vault. Each step opens it anew: a cancelled one may still run in its thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._digest = hashlib.sha256()
        self._size = 0
        self._head = b""

    def begin(self) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))

    def write(self, block: bytes) -> None:
        with open(os.open(self.path, os.O_WRONLY | os.O_APPEND), "wb") as file:  # never O_CREAT: the caller may be gone
            file.write(block)
        self._digest.update(block)
        self._size += len(block)
        self._head = self._head or block[:HEAD]

    def checked(self, expected_sha256: str | None, expected_size: int | None) -> Stored:
        sha256 = self._digest.hexdigest()
        if expected_size is not None and expected_size != self._size:
            raise WrongSize(f"{expected_size} bytes were announced, {self._size} arrived.")
        if expected_sha256 is not None and expected_sha256 != sha256:
            raise WrongHash(f"SHA-256 {expected_sha256} was announced, {sha256} arrived.")
        return Stored(sha256=sha256, size=self._size, head=self._head)

    def settle(self, place: Path, root: Path) -> None:
        """Replaces whatever is there: it is the same content, or damaged."""
        for folder in (place.parent.parent, place.parent):
            folder.mkdir(mode=0o700, exist_ok=True)
        _to_disk(self.path)
        os.replace(self.path, place)
        for folder in (place.parent, place.parent.parent, root):
            _to_disk(folder)


async def _blocks(stream: AsyncIterator[bytes], limit: int) -> AsyncIterator[bytes]:
    """The stream in larger pieces, so that a thread is worth its while."""
    gathered, size = bytearray(), 0
    async for chunk in stream:
        size += len(chunk)
        if size > limit:
            raise TooLarge(f"More than {limit} bytes arrived.")
        gathered += chunk
        if len(gathered) >= BLOCK:
            yield bytes(gathered)
            gathered.clear()
    if gathered:
        yield bytes(gathered)


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
