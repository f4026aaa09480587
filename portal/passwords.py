"""Passwords are slow to check on purpose, so few are checked at once and the rest wait in a short queue."""

import asyncio
import base64
import os
import re
import threading
import unicodedata
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import argon2

from models.credential import LONGEST_PASSWORD, SHORTEST_PASSWORD, UnfitPassword, WeakPassword, words_of
from portal.region import AUTHORITIES
from resolvers.ports import Busy

__all__ = ["Busy", "Passwords", "UnfitPassword", "WeakPassword"]

Result = TypeVar("Result")

THREADS, WAITING = 2, 32
WEIGHED, STRONG = 72, 3  # characters looked at; zxcvbn's "safely unguessable", four being the most
SYMBOLS = frozenset("@({[<&#!|$+%")  # each may stand for letters: many kinds of them take seconds to think through
KINDS = 6
NAMES = words_of(*(authority.name for authority in AUTHORITIES), "Brum Hereford Oldbury Shrewsbury Stafford Warwick")
PLACES = [name for name in NAMES if name not in ("and", "county")]
ABOUT_US = ("west", "midlands", "placement", "placements", "portal", "referral", "password", *PLACES)
FAMOUS = "correcthorsebatterystaple"
ONE_AT_A_TIME = threading.Lock()  # zxcvbn keeps the words of whoever is weighed in one place for all threads
YEAR = r"(?:19|20)\d\d"


class Passwords:
    """Argon2id with 19 MiB, two passes and one lane, in a small pool of threads."""

    def __init__(self) -> None:
        self._hasher = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="passwords")
        self._places = threading.BoundedSemaphore(THREADS + WAITING)
        self.nobodys_hash = _nobodys_hash(self._hasher)

    async def hash(self, text: str, about: Collection[str] = ()) -> str:
        """Refused where it would be guessed too soon; `about` are words that somebody who knows the person tries."""
        password = _composed(text)
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD or any(map(_unwritable, password)):
            raise UnfitPassword
        return await self._in_turn(lambda: self._weighed_and_hashed(password, about))

    async def hash_all(self, secrets: Sequence[str]) -> list[str]:
        """Of secrets drawn by lot, all in one turn."""
        return await self._in_turn(lambda: [self._hasher.hash(secret) for secret in secrets])

    async def verify(self, stored: str | None, text: str) -> bool:
        known, password = stored or self.nobodys_hash, _composed(text).encode(errors="surrogatepass")
        return await self._in_turn(lambda: self._matches(known, password)) and stored is not None

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def _weighed_and_hashed(self, password: str, about: Collection[str]) -> str:
        weigh(password, about)
        return self._hasher.hash(password)

    def _matches(self, known: str, password: bytes) -> bool:
        try:
            return self._hasher.verify(known, password)
        except argon2.exceptions.VerifyMismatchError:
            return False

    async def _in_turn(self, work: Callable[[], Result]) -> Result:
        if not self._places.acquire(blocking=False):
            raise Busy("Too many people are signing in at this moment.")
        job = self._pool.submit(work)
        job.add_done_callback(lambda _: self._places.release())  # when the work is done, not when the caller has gone
        return await asyncio.wrap_future(job)


def weigh(password: str, about: Collection[str]) -> None:
    """Raises WeakPassword for what lists of common passwords, words, names, dates and patterns lead to soon.

    What is known of the person, the portal and the region counts for nothing, nor do years: the rest has to be strong
    enough by itself, with those words spelt otherwise (0 for o, backwards) as the first that anybody tries.
    """
    from zxcvbn import zxcvbn

    words = sorted({FAMOUS, *ABOUT_US, *about}, key=len, reverse=True)
    rest = re.sub("|".join([YEAR, *map(re.escape, words)]), "", password, flags=re.IGNORECASE)
    if not rest:
        raise WeakPassword
    with ONE_AT_A_TIME:
        found = zxcvbn(_bounded(rest), user_inputs=words)
    if found["score"] < STRONG:
        raise WeakPassword(str(found["feedback"]["warning"]))


def _bounded(password: str) -> str:
    """As much of it as can be thought through in a few milliseconds, whoever chose it."""
    looked_at = password[:WEIGHED]
    used = SYMBOLS.intersection(looked_at)
    return "".join("~" if c in used else c for c in looked_at) if len(used) > KINDS else looked_at


def _composed(text: str) -> str:
    """One spelling of what was typed (NFC), cut where even four characters in one pass the limit."""
    return unicodedata.normalize("NFC", text[: 4 * LONGEST_PASSWORD + 1])


def _unwritable(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs"}


def _nobodys_hash(hasher: argon2.PasswordHasher) -> str:
    """Costs as much to check as a real one and is the hash of nothing anybody knows."""
    salt, digest = (base64.b64encode(os.urandom(size)).decode().rstrip("=") for size in (16, 32))
    return f"$argon2id$v=19$m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}${salt}${digest}"
