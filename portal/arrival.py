"""Bytes on their way into a vault: counted, hashed and looked at in a file of their own before any of them is kept."""

import asyncio
import hashlib
import os
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

HEAD = 1024
BLOCK = 256 * 1024
NAME = re.compile(r"[0-9a-f]{64}")

Check = Callable[[Path], Awaitable[None]]
"""Looks at a file that has arrived as announced; whatever it raises keeps the file out."""


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


@dataclass(frozen=True, slots=True)
class Expected:
    """What was said of the bytes before they came, and how many may come at most."""

    limit: int
    sha256: str | None
    size: int | None


class Arrival:
    """One file on its way into a vault. Each step opens it anew: a cancelled one may still run in its thread."""

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

    def checked(self, expected: Expected) -> Stored:
        sha256 = self._digest.hexdigest()
        if expected.size not in (None, self._size):
            raise WrongSize(f"{expected.size} bytes were announced, {self._size} arrived.")
        if expected.sha256 not in (None, sha256):
            raise WrongHash(f"SHA-256 {expected.sha256} was announced, {sha256} arrived.")
        return Stored(sha256=sha256, size=self._size, head=self._head)


@asynccontextmanager
async def arriving(
    stream: AsyncIterator[bytes], folder: Path, expected: Expected, check: Check | None
) -> AsyncIterator[tuple[Path, Stored]]:
    """A file in this folder with all that arrives, as it was announced and found good; gone when the block ends."""
    if expected.size is not None and expected.size > expected.limit:
        raise TooLarge(f"{expected.size} bytes were announced, {expected.limit} are allowed.")
    arrival = Arrival(folder / secrets.token_hex(16))
    try:
        await asyncio.to_thread(arrival.begin)
        async for block in _blocks(stream, expected.limit):
            await asyncio.to_thread(arrival.write, block)
        stored = arrival.checked(expected)
        if check:
            await check(arrival.path)
        yield arrival.path, stored
    finally:
        arrival.path.unlink(missing_ok=True)


def named(sha256: str) -> str:
    """The name, if it is one: nothing else ever becomes a part of a path. Raises NotAName."""
    if not NAME.fullmatch(sha256):
        raise NotAName("A name in the vault is 64 lower-case hexadecimal digits.")
    return sha256


async def verified(pieces: AsyncIterator[bytes], sha256: str) -> AsyncIterator[bytes]:
    """The pieces in turn. The last is held back until the whole is known to have this SHA-256. Raises Damaged."""
    digest, held = hashlib.sha256(), b""
    async for piece in pieces:
        if held:
            yield held
        digest.update(piece)
        held = piece
    if digest.hexdigest() != sha256:
        raise Damaged(f"{sha256} is damaged.")
    if held:
        yield held


async def once(content: bytes) -> AsyncIterator[bytes]:
    yield content


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
