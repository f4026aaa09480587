"""Seals files off the event loop, with the portal's own key or the operator's."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol, TypeVar

from models.ipa_file import SealLevel
from portal import seal_calls
from portal.press import Press
from portal.seal_means import FieldFilled, Means, Sealed
from resolvers.ports import AlreadyFilled, SealedFile, Stamp

R = TypeVar("R")
SILENCE = 60.0  # seconds for which an address that gave no time stamp is not asked again


class Seal(Protocol):
    """Gives what to seal with."""

    async def means(self) -> Means: ...

    async def authorities(self) -> list[str]: ...


class PdfSealer:
    """The sealer that acts and jobs use.

    Without the time stamp that a file should have it is sealed all the same, and the address is left alone for a while.
    What follows acts takes its turn, one file after the other, so that whoever enables an agreement does not wait.
    """

    def __init__(
        self, press: Press, seal: Seal, timestamp_url: str | None = None, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._press = press
        self._seal = seal
        self._timestamp_url = timestamp_url
        self._now = now
        self._silent_until = 0.0
        self._turn = asyncio.Lock()

    async def ready(self) -> None:
        """Have keys. Raises NotReady with a sentence where there can be none."""
        await self._seal.means()

    @property
    def proves(self) -> bool:
        """See the protocol."""
        return self._timestamp_url is not None

    async def authorities(self) -> list[str]:
        """The certificates, as PEM, that whoever checks this installation's files has to trust; the newest first."""
        return await self._seal.authorities()

    async def fix(self, pdf: bytes, canonical_form: bytes) -> SealedFile:
        """See the protocol. No time stamp is asked for: somebody waits for this file, and a later one proves it."""
        means = replace(await self._seal.means(), timestamp_url=None)
        return self._told(await self._press.run(seal_calls.fix, pdf, canonical_form, means))

    async def fill(self, pdf: bytes, stamp: Stamp) -> SealedFile:
        """See the protocol."""
        given = (pdf, str(stamp.party), stamp.lines, stamp.reason)
        try:
            return self._told(await self._in_turn(seal_calls.fill, *given, await self._means()))
        except FieldFilled:
            raise AlreadyFilled(stamp.party) from None

    async def close(self, pdf: bytes) -> SealedFile:
        """See the protocol."""
        return self._told(await self._in_turn(seal_calls.close, pdf, await self._means()))

    async def prove(self, pdf: bytes) -> SealedFile | None:
        """See the protocol."""
        means = await self._means()
        if means.timestamp_url is None:
            return None
        proved = await self._in_turn(seal_calls.prove, pdf, means)
        if proved is None:
            self._silent_until = self._now() + SILENCE
            return None
        return self._told(proved)

    async def _in_turn(self, function: Callable[..., R], *given: object) -> R:
        async with self._turn:
            return await self._press.run(function, *given)

    async def _means(self) -> Means:
        asked = self._timestamp_url if self._now() >= self._silent_until else None
        return replace(await self._seal.means(), timestamp_url=asked)

    def _told(self, sealed: Sealed) -> SealedFile:
        if sealed.away:
            self._silent_until = self._now() + SILENCE
        return SealedFile(sealed.content, SealLevel(sealed.level))
