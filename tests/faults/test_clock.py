"""Clocks that are set back: numbers, not times, say what comes after what."""
# S-119: 0 lost, 0 doubled, 0 out of order

import asyncio

from tests.faults.site import Site
from tests.faults.verdict import verdict
from tests.faults.writing import writing


async def test_nothing_is_lost_when_clocks_are_set_back_an_hour(site: Site) -> None:
    """One worker's first, so that they disagree; then those of all."""
    async with site.listening() as clients:
        async with writing(site):
            for worker in site.workers:
                worker.server.set_clock_back()
                await asyncio.sleep(0.3)
                for client in clients[::3]:
                    client.drop()
            await asyncio.sleep(0.3)
        found = await verdict(site.stage, clients, "clocks set back an hour")
    assert found.clean, found
    assert not any(client.resyncs for client in clients)
    assert 4401 not in {code for client in clients for code in client.closes}
