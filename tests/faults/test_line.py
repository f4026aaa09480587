"""What becomes of events while the line that hints travel on is killed, silent, or deaf: nothing."""
# S-028, S-119: 0 lost, 0 doubled, 0 out of order

import asyncio
from contextlib import ExitStack

import pytest

from tests.faults.site import Site
from tests.faults.verdict import verdict
from tests.faults.wire import LISTENING
from tests.faults.writing import writing


async def killed_again_and_again(site: Site, times: int) -> None:
    async with site.listening() as clients:
        async with writing(site):
            for _ in range(times):
                await site.stage.kill(LISTENING)
                await asyncio.sleep(0.7)
        found = await verdict(site.stage, clients, "LISTEN killed every 0.7 s")
    assert found.clean, found


async def test_nothing_is_lost_while_the_listening_backends_are_killed(site: Site) -> None:
    await killed_again_and_again(site, 2)


@pytest.mark.long
async def test_nothing_is_lost_while_the_listening_backends_are_killed_at_length(site: Site) -> None:
    await killed_again_and_again(site, 43)


async def into_a_black_hole(site: Site, seconds: float, times: int) -> None:
    """The connections stay open, and nothing comes through; what is opened meanwhile gets no answer either."""
    async with site.listening() as clients:
        async with writing(site):
            for _ in range(times):
                with ExitStack() as silent:
                    for worker in site.workers:
                        silent.enter_context(worker.wire.silence(LISTENING))
                    await asyncio.sleep(seconds)
                await asyncio.sleep(seconds / 2)
        found = await verdict(site.stage, clients, f"LISTEN black-holed for {seconds} s, {times} times")
    assert found.clean, found


async def test_nothing_is_lost_while_the_listening_connections_are_black_holes(site: Site) -> None:
    await into_a_black_hole(site, 1.2, 1)


@pytest.mark.long
async def test_nothing_is_lost_while_the_listening_connections_are_black_holes_for_four_seconds(site: Site) -> None:
    await into_a_black_hole(site, 4, 5)


async def without_notifications(site: Site, seconds: float) -> None:
    """As behind a pooler: LISTEN is answered and nothing is ever heard."""
    async with site.listening() as clients:
        async with writing(site):
            for worker in site.workers:
                worker.wire.deaf = True
                worker.wire.cut(LISTENING)
            await asyncio.sleep(seconds)
        found = await verdict(site.stage, clients, f"LISTEN deaf for {seconds} s")
        for worker in site.workers:
            worker.wire.deaf = False
    assert found.clean, found


async def test_nothing_is_lost_while_notifications_are_swallowed(site: Site) -> None:
    await without_notifications(site, 1.2)


@pytest.mark.long
async def test_nothing_is_lost_while_notifications_are_swallowed_at_length(site: Site) -> None:
    await without_notifications(site, 30)
