"""A vault in S3-compatible storage, through obstore: for installations without a disk of their own."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from obstore.exceptions import BaseError
from obstore.store import from_url

from portal.arrival import BLOCK, NAME, Check, Expected, Missing, Stored, arriving, named, once, verified
from portal.vault import removed_before

LISTED = 1000


class ObstoreVault:
    """A vault in a bucket. What `put` has returned is kept as safely as the storage keeps what it has acknowledged.

    Bytes arrive in a folder of the local disk first, since they are looked at before any of them is kept.
    """

    def __init__(self, store: Any, folder: Path) -> None:
        self._store = store
        self._arriving = folder

    @classmethod
    def at(cls, address: str, folder: Path) -> Self:
        """The bucket and prefix of an `s3://` address; who signs in to which server is said by the AWS_ variables."""
        return cls(from_url(address), folder)

    async def put(
        self,
        stream: AsyncIterator[bytes],
        *,
        limit: int,
        expected_sha256: str | None = None,
        expected_size: int | None = None,
        check: Check | None = None,
    ) -> Stored:
        """Keeps what arrives, hashed and counted on the way; raises as FolderVault's does, and then keeps nothing."""
        expected = Expected(limit, expected_sha256, expected_size)
        async with arriving(stream, self._arriving, expected, check) as (path, stored):
            await _asked(self._store.put, _key(stored.sha256), path)
        return stored

    async def put_bytes(self, content: bytes) -> Stored:
        return await self.put(once(content), limit=len(content))

    async def read(self, sha256: str) -> bytes:
        """All of it, checked against its name. Raises Missing or Damaged."""
        return b"".join([chunk async for chunk in self.stream(sha256)])

    def stream(self, sha256: str, chunk: int = BLOCK) -> AsyncIterator[bytes]:
        """Its bytes in turn. The last chunk is held back until the whole is known to have this SHA-256."""
        return verified(self._pieces(_key(sha256), chunk), sha256)

    async def size(self, sha256: str) -> int:
        """How many bytes it has. Raises Missing."""
        return int((await self._found(sha256))["size"])

    async def exists(self, sha256: str) -> bool:
        try:
            await self._found(sha256)
        except Missing:
            return False
        return True

    async def older(self, before: datetime) -> AsyncIterator[list[str]]:
        """The names of what was kept before this moment, some at a time."""
        async for listed in _each(self._store.list(chunk_size=LISTED)):
            found = [(one["path"].rpartition("/")[2], one["last_modified"]) for one in listed]
            yield [name for name, at in found if at < before and NAME.fullmatch(name)]

    async def remove(self, sha256: str, before: datetime) -> None:
        """Forget it, unless it was kept anew after this moment."""
        try:
            found = await self._found(sha256)
        except Missing:
            return
        if found["last_modified"] < before:
            await _asked(self._store.delete, _key(sha256))

    async def sweep(self, *, before: datetime) -> int:
        """Removes what began to arrive, was last written before this moment and never settled; says how many."""
        return await asyncio.to_thread(removed_before, self._arriving, before)

    async def _found(self, sha256: str) -> Any:
        return await _asked(self._store.head, _key(sha256))

    async def _pieces(self, key: str, chunk: int) -> AsyncIterator[bytes]:
        found = await _asked(self._store.get, key)
        async for piece in _each(found.stream(min_chunk_size=chunk)):
            yield bytes(piece)


class Unreachable(OSError):
    """The storage does not answer, or does not let the portal in."""


async def _asked(ask: Callable[..., Any], *what: Any) -> Any:
    try:
        return await asyncio.to_thread(ask, *what)
    except FileNotFoundError:
        raise Missing(f"{what[0]} is not kept here.") from None
    except BaseError as fault:
        raise Unreachable(type(fault).__name__) from fault


async def _each(items: Iterable[Any]) -> AsyncIterator[Any]:
    """What a blocking iterator gives, in a thread: obstore's own coroutines can abort a process that ends."""
    waiting, end = iter(items), object()
    while (item := await _asked(next, waiting, end)) is not end:
        yield item


def _key(sha256: str) -> str:
    return f"{named(sha256)[:2]}/{sha256}"
