"""How a test waits for what has to happen: far longer than it ever takes, so that a busy machine fails nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from inspect import isawaitable

PATIENCE = 120.0  # seconds


async def until(true: Callable[[], object | Awaitable[object]]) -> None:
    """Return once it is so. Raises TimeoutError when it has not come about for so long that it will not."""
    async with asyncio.timeout(PATIENCE):
        while not await _answer(true):
            await asyncio.sleep(0.005)


async def _answer(true: Callable[[], object | Awaitable[object]]) -> object:
    found = true()
    return await found if isawaitable(found) else found
