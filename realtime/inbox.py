"""The log as the hub reads it."""

import asyncio
import contextlib
import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple, Self
from uuid import UUID

import asyncpg

from realtime.cursor import Cursor, Unreadable, numbering
from realtime.entry import Reason, Row, Told
from realtime.ports import Clock, Pool
from realtime.recovery import FAULTS, pauses
from realtime.statements import ENDED, ENTRIES, LOST, POLL, STANDINGS

log = logging.getLogger("portal.hub")

NUMBER = itemgetter(0)
PAGE = 128
PATIENCE = 5.0
LONGEST_PAUSE = 2.0


class LogClosed(Exception):
    """The hub is being stopped; nothing more is read."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a person's log reaches, how far back it is kept, and since when it tells what the person sees now."""

    epoch: str
    head: int
    oldest: int
    since: int = 0

    @classmethod
    def of(cls, row: Any, person_id: UUID) -> Self:
        """What STANDING says of that person."""
        return cls(numbering(row["epoch"], person_id), row["head"], row["oldest"], row["since"])

    @property
    def now(self) -> Cursor:
        return Cursor(self.epoch, self.head)

    def take_up(self, after: str) -> tuple[Cursor, Reason | None]:
        """Where to go on for somebody who has seen everything up to `after`: there, or now and why not there."""
        cursor = Cursor.parse(after)
        if isinstance(cursor, Unreadable):
            return self.now, Reason.UNREADABLE_CURSOR
        if cursor.epoch != self.epoch:
            return self.now, Reason.NOT_YOURS if cursor.life == self.now.life else Reason.EPOCH_CHANGED
        if cursor.no > self.head:
            return self.now, Reason.AHEAD_OF_HEAD
        if cursor.no + 1 < self.oldest:
            return self.now, Reason.OLDER_THAN_RETAINED
        if cursor.no < self.since:
            return self.now, Reason.ACCESS_CHANGED
        return cursor, None


class Asked(NamedTuple):
    """Whose log is read from which number on; how much was unread there, where that was read up to the log's end.

    As PostgreSQL reads them: written once, when somebody moves, for all the times that they are asked for.
    """

    person: str
    no: str
    unread: str

    @classmethod
    def of(cls, person: UUID | str, no: int, unread: int | None = None) -> Self:
        return cls(str(person), str(no), "null" if unread is None else str(unread))


@dataclass(frozen=True, slots=True)
class Page:
    """What follows each place that was asked for, in its order, at most PAGE entries each; and the sessions of those
    who are told anything, as far as they had not ended by then.
    """

    epoch: str
    rows: list[list[Row]]
    alive: Collection[UUID]

    @classmethod
    def of(cls, found: Sequence[asyncpg.Record], places: int) -> Self:
        """From what ENTRIES says of so many places."""
        rows: list[list[Row]] = [[] for _ in range(places)]
        for each in found:
            if each["slots"] is not None:
                told = Told.of(each)
                for slot, no, unread in zip(each["slots"], each["numbers"], each["unread"], strict=True):
                    rows[slot - 1].append(Row(no, unread, told))
        for read in rows:
            if len(read) > 1:
                read.sort(key=NUMBER)
        return cls(found[0]["epoch"], rows, frozenset(found[0]["sessions"] or ()))


class InboxLog:
    """The log as the hub reads it. Every read is repeated until the database answers it."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock
        self._closed = False

    async def entries(self, places: Sequence[Asked]) -> Page:
        """One statement for all places."""
        found = await self._fetch(ENTRIES, *_arrays(places), PAGE, self._clock())
        return Page.of(found, len(places))

    async def poll(self, person_id: UUID, no: int, most: int) -> tuple[Standing, Page]:
        """One statement for one person who asks: where their log stands, and at most so many entries after that."""
        found = await self._fetch(POLL, *_arrays([Asked.of(person_id, no)]), most, self._clock())
        return Standing.of(found[0], person_id), Page.of(found, 1)

    async def standings(self, people: Collection[UUID]) -> dict[UUID, Standing]:
        """One statement for all of them."""
        found = await self._fetch(STANDINGS, _array(map(str, people)))
        return {row["person_id"]: Standing.of(row, row["person_id"]) for row in found}

    async def lost(self, person_id: UUID, no: int, referral_id: UUID) -> int | None:
        """The number of the first entry after `no` by which they were told that a referral is gone from them."""
        found: int | None = (await self._fetch(LOST, person_id, no, referral_id))[0][0]
        return found

    async def ended(self, sessions: Collection[UUID]) -> set[UUID]:
        """Those of the sessions that are revoked, expired by the clock or unknown, or whose person is not active."""
        return {row["id"] for row in await self._fetch(ENDED, _array(map(str, sessions)), self._clock())}

    async def close(self) -> None:
        self._closed = True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._pool.close(), PATIENCE)

    async def _fetch(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        for pause in pauses(LONGEST_PAUSE):
            if self._closed:
                break
            try:
                async with self._pool.acquire(timeout=PATIENCE) as connection:
                    return await connection.fetch(statement, *arguments, timeout=PATIENCE)
            except FAULTS as fault:
                await self._recover(fault, pause)
        raise LogClosed

    async def _recover(self, fault: BaseException, pause: float) -> None:
        if not self._closed:
            log.warning("reading the log failed (%s); again in %.2f s", type(fault).__name__, pause)
            await self._pool.expire_connections()
            await asyncio.sleep(pause)


def _arrays(places: Sequence[Asked]) -> tuple[str, ...]:
    columns = zip(*places, strict=True) if places else ((), (), ())
    return tuple(map(_array, columns))


def _array(values: Iterable[str]) -> str:
    """An array as PostgreSQL writes it: the driver looks at each element of a list for longer than it takes to read."""
    return "{" + ",".join(values) + "}"
