"""Slowing down whoever guesses: tries count before they are looked at, so many at once gain nothing (TRUST E2)."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import case, func, null, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.dml import ReturningInsert

from models.refusal import Code, Refused
from models.session import BLOCK_LASTS, Throttle
from resolvers.context import Context

GUESSED_WRONG = (Code.SIGN_IN_REFUSED, Code.CODE_REFUSED)


@dataclass(frozen=True)
class Kept:
    """What tries are counted by, and how many may fail in a quarter of an hour before it is closed for another.

    `clears`: a right answer takes back all the wrong ones, not only itself.
    """

    key: bytes
    most: int
    clears: bool


def by_account(context: Context, email_key: str) -> Kept:
    """By e-mail address as submitted, whether or not anybody has it."""
    return Kept(context.shell.keys.keyed_digest(f"account|{email_key}"), 6, clears=True)


def by_codes_of(context: Context, person_id: object) -> Kept:
    return Kept(context.shell.keys.keyed_digest(f"code|{person_id}"), 6, clears=True)


def by_address(context: Context, purpose: str = "sign in", most: int = 30) -> Kept:
    """By network address, which many people may share."""
    return Kept(context.shell.keys.keyed_digest(f"{purpose}|{context.caller.address}"), most, clears=False)


@asynccontextmanager
async def counted(context: Context, *all_kept: Kept) -> AsyncIterator[bool]:
    """Whether a try may be looked at. It counts as a failure unless the block ends otherwise than by a wrong guess."""
    admitted = await _count(context, all_kept)
    try:
        yield admitted
    except Exception as error:
        if admitted and getattr(error, "code", None) not in GUESSED_WRONG:
            await _take_back(context, all_kept)
        raise
    if admitted:
        await _take_back(context, [kept for kept in all_kept if not kept.clears])
        await _clear(context, [kept for kept in all_kept if kept.clears])


@asynccontextmanager
async def limited(context: Context, kept: Kept) -> AsyncIterator[None]:
    """Every try counts, right or wrong; too many are refused."""
    if not await _count(context, [kept]):
        raise Refused(Code.FORBIDDEN, "Too many of these have come from your network. Please try again later.")
    yield


async def _count(context: Context, all_kept: Sequence[Kept]) -> bool:
    """Count one more under each key, in one order, so that tries cannot wait for each other in a ring."""
    now = datetime.now(UTC)
    async with context.shell.database.acting(None, context.now) as session:
        counts = [(await session.scalar(_one_more(kept, now)), kept) for kept in sorted(all_kept, key=lambda k: k.key)]
    return all(count is not None and count <= kept.most for count, kept in counts)


def _one_more(kept: Kept, now: datetime) -> ReturningInsert[int]:
    new = insert(Throttle).values(key=kept.key, failures=1, last_at=now)
    closed = Throttle.blocked_until > now
    over = or_(Throttle.blocked_until <= now, Throttle.last_at < now - BLOCK_LASTS)
    failures = case((closed, kept.most + 1), (over, 1), else_=func.least(Throttle.failures + 1, kept.most + 1))
    until = case(
        (closed, Throttle.blocked_until), (over, null()), (Throttle.failures + 1 >= kept.most, now + BLOCK_LASTS)
    )
    counted_on = {"failures": failures, "blocked_until": until, "last_at": now}
    return new.on_conflict_do_update(index_elements=[Throttle.key], set_=counted_on).returning(Throttle.failures)


async def _take_back(context: Context, all_kept: Sequence[Kept]) -> None:
    fewer = func.greatest(Throttle.failures - 1, 0)
    async with context.shell.database.acting(None, context.now) as session:
        for kept in sorted(all_kept, key=lambda k: k.key):
            until = case((fewer >= kept.most, Throttle.blocked_until))
            row = update(Throttle).where(Throttle.key == kept.key)
            await session.execute(row.values(failures=fewer, blocked_until=until))


async def _clear(context: Context, all_kept: Sequence[Kept]) -> None:
    async with context.shell.database.acting(None, context.now) as session:
        keys = [kept.key for kept in all_kept]
        await session.execute(update(Throttle).where(Throttle.key.in_(keys)).values(failures=0, blocked_until=None))
