"""Clients that lose their connection again and again, and one that does not read what it is sent."""
# S-028, S-119, S-124: 0 lost, 0 doubled, 0 out of order

import asyncio

import pytest

from tests.faults.clients import Client
from tests.faults.site import Site
from tests.faults.verdict import verdict
from tests.faults.writing import writing
from tests.waiting import until

WIDE = "".join(f" t{n}: title" for n in range(150))


async def dropped(site: Site, every: float, times: int) -> None:
    """Without a word, each at another moment of the interval."""
    async with site.listening() as clients:
        async with writing(site):
            for _ in range(times):
                for client in clients:
                    await asyncio.sleep(every / len(clients))
                    client.drop()
        found = await verdict(site.stage, clients, f"clients dropped every {every} s, {times} times")
        await until(lambda: all(client.connections > times // 2 for client in clients))
    assert found.clean, found


async def test_clients_that_are_dropped_again_and_again_miss_nothing(site: Site) -> None:
    await dropped(site, 0.5, 3)


@pytest.mark.long
async def test_clients_that_are_dropped_every_two_seconds_miss_nothing(site: Site) -> None:
    await dropped(site, 2, 20)


async def beside_a_stalled_reader(site: Site, events: int) -> tuple[int, int]:
    """Everybody else is told as ever; it is told the rest when it reads again. By how many MiB the workers grew."""
    reader = site.people[-1]
    stalled = [Client(reader.id, reader.token, site.addresses, seed, wide=WIDE) for seed in range(4)]
    async with site.listening(screens=1) as clients:
        await asyncio.gather(*(client.start() for client in stalled))
        for client in stalled:
            client.stall()
        before = site.memory()
        for _ in range(events):
            await site.stage.tell(reader.id, site.people[0].id)
        others = await verdict(site.stage, clients, f"beside stalled readers, {events} events")
        grown = site.memory() - before
        for client in stalled:
            client.resume()
        theirs = await verdict(site.stage, stalled, f"stalled readers that read again; grown by {grown} MiB")
        for client in stalled:
            await client.stop()
    assert others.clean, others
    assert theirs.clean, theirs
    return events, grown


async def test_a_stalled_reader_holds_nobody_up_and_misses_nothing(site: Site) -> None:
    await beside_a_stalled_reader(site, 300)


@pytest.mark.long
async def test_a_stalled_reader_costs_no_memory_however_much_there_is_to_tell(site: Site) -> None:
    """What it does not take waits in the log: 4 sockets with 3 000 events of 10 KiB would be 120 MiB."""
    _, grown = await beside_a_stalled_reader(site, 3_000)
    assert grown < 60
