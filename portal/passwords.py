"""Passwords are slow to check on purpose, so few are checked at once and the rest wait in a short queue."""

import asyncio
import base64
import os
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import argon2

from models.refusal import Code, Refused

Result = TypeVar("Result")

SHORTEST, LONGEST = 12, 256
THREADS, WAITING = 2, 32


class Busy(Exception):
    """More passwords wait to be checked than can be soon. Nothing was checked; the caller may try again."""


class UnfitPassword(Refused):
    """A password has 12 to 256 characters, none of them a control character."""

    def __init__(self) -> None:
        super().__init__(
            Code.INVALID_INPUT, f"Please choose a password of {SHORTEST} to {LONGEST} characters.", ["password"]
        )


class Passwords:
    """Argon2id with 19 MiB, two passes and one lane, in a small pool of threads."""

    def __init__(self) -> None:
        self._hasher = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="passwords")
        self._places = threading.BoundedSemaphore(THREADS + WAITING)
        self.nobodys_hash = _nobodys_hash(self._hasher)

    async def hash(self, text: str) -> str:
        password = _composed(text)
        if not SHORTEST <= len(password) <= LONGEST or any(map(_unwritable, password)):
            raise UnfitPassword
        return await self._in_turn(lambda: self._hasher.hash(password))

    async def verify(self, stored: str | None, text: str) -> bool:
        known, password = stored or self.nobodys_hash, _composed(text).encode(errors="surrogatepass")
        return await self._in_turn(lambda: self._matches(known, password)) and stored is not None

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def _matches(self, known: str, password: bytes) -> bool:
        try:
            return self._hasher.verify(known, password)
        except argon2.exceptions.VerifyMismatchError:
            return False

    async def _in_turn(self, work: Callable[[], Result]) -> Result:
        if not self._places.acquire(blocking=False):
            raise Busy("Too many passwords are being checked.")
        job = self._pool.submit(work)
        job.add_done_callback(lambda _: self._places.release())  # when the work is done, not when the caller has gone
        return await asyncio.wrap_future(job)


def _composed(text: str) -> str:
    """One spelling of what was typed (NFC), cut where even four characters in one pass the limit."""
    return unicodedata.normalize("NFC", text[: 4 * LONGEST + 1])


def _unwritable(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs"}


def _nobodys_hash(hasher: argon2.PasswordHasher) -> str:
    """Costs as much to check as a real one and is the hash of nothing anybody knows."""
    salt, digest = (base64.b64encode(os.urandom(size)).decode().rstrip("=") for size in (16, 32))
    return f"$argon2id$v=19$m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}${salt}${digest}"
