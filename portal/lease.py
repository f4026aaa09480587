"""What was claimed stays its worker's: the lease is renewed while somebody is at it, or said to be lost."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

log = logging.getLogger("portal.lease")

Renewal = Callable[[], Awaitable[object]]
RENEWALS = 4
"""How often it is renewed in its own length, so that one which fails is made up for."""


@asynccontextmanager
async def held(lease: timedelta, renew: Renewal, lost: Callable[[], object]) -> AsyncIterator[None]:
    """Renew it while inside. `lost` is called, once, when the last renewal is as old as the lease: others may claim."""
    holding = asyncio.create_task(_hold(lease.total_seconds(), renew, lost), name="portal-lease")
    try:
        yield
    finally:
        holding.cancel()
        await asyncio.gather(holding, return_exceptions=True)


async def _hold(length: float, renew: Renewal, lost: Callable[[], object]) -> None:
    clock = asyncio.get_running_loop().time
    ends = clock() + length
    while (left := ends - clock()) > 0:
        await asyncio.sleep(min(length / RENEWALS, left))
        begun = clock()
        (fault,) = await asyncio.gather(_in_time(ends, renew), return_exceptions=True)
        if fault is None:
            ends = begun + length
        else:
            log.warning("a lease could not be renewed (%s)", type(fault).__name__)
    lost()


async def _in_time(ends: float, renew: Renewal) -> None:
    async with asyncio.timeout_at(ends):
        await renew()
