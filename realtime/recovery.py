"""How this folder waits for a database that is away: jittered, doubling, without end."""

import random
from collections.abc import Iterator

import asyncpg

FAULTS = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What a connection may fail with while the server, the network or a proxy is at fault; time-outs are `OSError`s."""


class CarrierFault(ConnectionError):
    """A fault of a client library, known by its name alone: its words may quote an address."""


def named(fault: BaseException) -> str:
    """What to call it in a log."""
    return str(fault) if isinstance(fault, CarrierFault) else type(fault).__name__


CHANCE = random.SystemRandom()


def pauses(most: float) -> Iterator[float]:
    """Seconds to wait before the next try: from 50 ms, doubled up to `most`, each shortened by up to half by chance."""
    pause = 0.05
    while True:
        yield pause * CHANCE.uniform(0.5, 1)
        pause = min(pause * 2, most)
