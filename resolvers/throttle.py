"""Slowing down whoever guesses: tries count before they are looked at, so many at once gain nothing (TRUST E2).

The person whose account is closed to further tries by it is told, once each time.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import randbelow
from time import monotonic
from typing import Any

from sqlalchemy import case, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.dml import ReturningInsert

from models.person import AccountStatus, Person
from models.refusal import Code, Refused
from models.session import BLOCK_LASTS, Throttle
from resolvers.act import by_nobody
from resolvers.context import Context

SWEPT_EVERY, REMEMBERED = 500, timedelta(days=1)
TELLING_TAKES = 0.1  # seconds
GUESSED_WRONG = (Code.SIGN_IN_REFUSED, Code.CODE_REFUSED, Code.CODE_USED)


@dataclass(frozen=True)
class Kept:
    """What tries are counted by, and how many may fail in a quarter of an hour before it is closed for another.

    `clears`: a right answer takes back all the wrong ones, not only itself. `lasting`: time does not, so that after so
    many in a row nothing but a new authenticator, begun by an administrator, opens it again.
    """

    key: bytes
    most: int
    clears: bool
    lasting: bool = False
    whose: Any = None  # a condition on people


def by_account(context: Context, email_key: str) -> Kept:
    """By e-mail address as submitted, whether or not anybody has it."""
    return Kept(
        context.shell.keys.keyed_digest(f"account|{email_key}"), 6, clears=True, whose=Person.email_key == email_key
    )


def by_codes_of(context: Context, person_id: object) -> Kept:
    return Kept(context.shell.keys.keyed_digest(f"code|{person_id}"), 6, clears=True, whose=Person.id == person_id)


def by_link(context: Context, token: str) -> Kept:
    """By a one-use link: what is tried with it says nothing about whoever signs in meanwhile."""
    return Kept(context.shell.keys.keyed_digest(f"link|{token}"), 6, clears=True)


def in_a_row(context: Context, person_id: object) -> Kept:
    """Wrong second factors one after the other, over whatever time (TRUST E2)."""
    key, own = context.shell.keys.keyed_digest(f"codes in a row|{person_id}"), Person.id == person_id
    return Kept(key, 100, clears=True, lasting=True, whose=own)


def second_factor(context: Context, person_id: object) -> tuple[Kept, Kept]:
    """What every second factor of a person is counted by: codes of the authenticator and recovery codes alike."""
    return by_codes_of(context, person_id), in_a_row(context, person_id)


def by_address(context: Context, purpose: str = "sign in", most: int = 30) -> Kept:
    """By network address, which many people may share."""
    return Kept(context.shell.keys.keyed_digest(f"{purpose}|{context.caller.address}"), most, clears=False)


@asynccontextmanager
async def counted(context: Context, *all_kept: Kept, proved: Callable[[], bool] = lambda: True) -> AsyncIterator[bool]:
    """Whether a try may be looked at. It counts as a failure unless the block ends otherwise than by a wrong guess.

    Where `proved` says that nothing was shown to be right, earlier failures stay as they are.
    """
    counts = await _count(context, all_kept)
    admitted = _within(counts)
    if not admitted:
        await take_back(context, [kept for kept in all_kept if kept.lasting])  # it was not looked at
    try:
        yield admitted
    except Exception as error:
        if admitted and getattr(error, "code", None) not in GUESSED_WRONG:
            await take_back(context, all_kept)
        elif admitted:
            await _tell(context, [kept for kept, count in counts if count == kept.most and kept.whose is not None])
        raise
    if admitted:
        cleared = [kept for kept in all_kept if kept.clears and proved()]
        await take_back(context, [kept for kept in all_kept if kept not in cleared])
        await forget(context, *cleared)


@asynccontextmanager
async def limited(context: Context, kept: Kept) -> AsyncIterator[None]:
    """Every try counts, right or wrong; too many are refused."""
    if not await tries(context, kept):
        raise Refused(Code.FORBIDDEN, "Too many of these have come from your network. Please try again later.")
    yield


async def tries(context: Context, kept: Kept) -> bool:
    """Count one more; whether there have not been too many."""
    return _within(await _count(context, [kept]))


async def _count(context: Context, all_kept: Sequence[Kept]) -> list[tuple[Kept, int]]:
    """Count one more under each key, in one order, so that tries cannot wait for each other in a ring."""
    now = datetime.now(UTC)
    async with context.shell.database.acting(None, context.now) as session:
        if randbelow(SWEPT_EVERY) == 0:
            await session.execute(select(func.portal_forget_tries(now - REMEMBERED)))
        in_order = sorted(all_kept, key=lambda k: k.key)
        return [(kept, await session.scalar(_one_more(kept, now)) or 0) for kept in in_order]


def _within(counts: Sequence[tuple[Kept, int]]) -> bool:
    return all(count <= kept.most for kept, count in counts)


async def _tell(context: Context, closed: Sequence[Kept]) -> None:
    """Whose account it is hears that it was closed; it takes the same time where it is nobody's (TRUST E3)."""
    if not closed:
        return
    began = monotonic()
    async with by_nobody(context) as unit:
        active = select(Person).where(closed[0].whose, Person.status == AccountStatus.ACTIVE)
        person = await unit.session.scalar(active)
        if person is not None:
            person.follow("block", by=unit.by, lasting=any(kept.lasting for kept in closed))
    await asyncio.sleep(max(0.0, TELLING_TAKES - (monotonic() - began)))


def _one_more(kept: Kept, now: datetime) -> ReturningInsert[int]:
    new = insert(Throttle).values(key=kept.key, failures=1, last_at=now, lasting=kept.lasting)
    if kept.lasting:
        one_more = {"failures": func.least(Throttle.failures + 1, kept.most + 1), "last_at": now}
        return new.on_conflict_do_update(index_elements=[Throttle.key], set_=one_more).returning(Throttle.failures)
    closed = Throttle.blocked_until > now
    over = or_(Throttle.blocked_until <= now, Throttle.last_at < now - BLOCK_LASTS)
    failures = case((closed, kept.most + 1), (over, 1), else_=func.least(Throttle.failures + 1, kept.most + 1))
    until = case(
        (closed, Throttle.blocked_until), (over, null()), (Throttle.failures + 1 >= kept.most, now + BLOCK_LASTS)
    )
    counted_on = {"failures": failures, "blocked_until": until, "last_at": now}
    return new.on_conflict_do_update(index_elements=[Throttle.key], set_=counted_on).returning(Throttle.failures)


async def take_back(context: Context, all_kept: Sequence[Kept]) -> None:
    """The last try was none: it does not count under these keys."""
    fewer = func.greatest(Throttle.failures - 1, 0)
    async with context.shell.database.acting(None, context.now) as session:
        for kept in sorted(all_kept, key=lambda k: k.key):
            until = case((fewer >= kept.most, Throttle.blocked_until))
            row = update(Throttle).where(Throttle.key == kept.key)
            await session.execute(row.values(failures=fewer, blocked_until=until))


async def forget(context: Context, *all_kept: Kept) -> None:
    """Take back every failure under these keys."""
    async with context.shell.database.acting(None, context.now) as session:
        keys = [kept.key for kept in all_kept]
        await session.execute(update(Throttle).where(Throttle.key.in_(keys)).values(failures=0, blocked_until=None))
