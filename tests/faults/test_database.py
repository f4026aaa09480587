"""A database that is restarted, that crashes, and that is restored to what it was before."""
# S-028, S-119: 0 lost, 0 doubled, 0 out of order

import asyncio
import os
import signal

import pytest

from tests.faults.site import Site
from tests.faults.verdict import verdict
from tests.faults.writing import TOGETHER, writing
from tests.waiting import until


async def restarted(site: Site, times: int) -> None:
    async with site.listening() as clients:
        async with writing(site):
            for _ in range(times):
                await asyncio.sleep(0.3)
                await asyncio.to_thread(site.postgres.stop)
                await asyncio.sleep(0.3)
                await asyncio.to_thread(site.postgres.start)
        found = await verdict(site.stage, clients, f"database restarted, {times} times")
    assert found.clean, found
    assert not any(client.resyncs for client in clients)


async def test_nothing_is_lost_when_the_database_is_restarted(site: Site) -> None:
    await restarted(site, 1)


@pytest.mark.long
async def test_nothing_is_lost_when_the_database_is_restarted_again_and_again(site: Site) -> None:
    await restarted(site, 8)


@pytest.mark.long
async def test_nothing_is_lost_when_the_database_crashes(site: Site) -> None:
    """It starts again by itself; what it had said to be committed is there."""
    async with site.listening() as clients:
        async with writing(site):
            for _ in range(5):
                await asyncio.sleep(1)
                backend = await site.stage.database.fetchval("select pg_backend_pid()")
                os.kill(backend, signal.SIGKILL)
        found = await verdict(site.stage, clients, "database crashed, 5 times")
    assert found.clean, found
    assert not any(client.resyncs for client in clients)


async def restored(site: Site, meanwhile: float) -> None:
    """What happened after the dump is gone, and its numbers are given to other events."""
    async with site.listening() as clients:
        dump = await site.dumped()
        async with writing(site):
            await asyncio.sleep(meanwhile)
        before = await verdict(site.stage, clients, "before the restore")
        await site.restored(dump)
        for client in clients[::2]:
            client.drop()
        async with writing(site, seed=8) as writers:
            await until(lambda: all(client.resyncs for client in clients))
            said = writers.acts + TOGETHER
            await until(lambda: writers.acts > said)
            await asyncio.sleep(meanwhile)
        after = await verdict(site.stage, clients, "after the restore")
    assert before.clean, before
    assert after.whole, after
    assert [client.resyncs for client in clients] == [["EPOCH_CHANGED"]] * len(clients)


async def test_after_a_restore_everybody_reads_afresh_and_is_told_everything_since(site: Site) -> None:
    await restored(site, 0.5)


@pytest.mark.long
async def test_after_restores_with_much_in_between_everybody_reads_afresh(site: Site) -> None:
    for _ in range(3):
        await restored(site, 5)
