"""Which carrier an address means."""

import asyncio
import os
from collections.abc import Callable
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

from realtime.carrier import Carrier
from realtime.line import PostgresHints
from realtime.memory import MemoryHints
from realtime.redis_line import RedisHints

MEMORY: Final = "memory"
ECHO_WITHIN = 10.0  # seconds: lines may be made anew meanwhile
FILES: Final = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")


class UnknownCarrier(ValueError):
    """No carrier can be made of the address; the message says why, without quoting it."""


def carrier_at(address: str | None, database_dsn: str) -> Carrier:
    """What carries the hints of a process; without an address, the database does. Connects to nothing yet."""
    if address is None:
        return PostgresHints(database_dsn)
    scheme, colon, rest = address.partition("://")
    if not colon or scheme not in CARRIERS:
        known = ", ".join(f"{name}://" for name in CARRIERS)
        raise UnknownCarrier(f"It has to begin with one of {known}.")
    if scheme != MEMORY:
        _refuse_half_addresses(address)
    elif rest:
        raise UnknownCarrier("Nothing follows memory://, which is this process and no place.")
    try:
        return CARRIERS[scheme](rest)
    except (ValueError, TypeError, AttributeError):  # a client library stumbles over its options in several ways
        raise UnknownCarrier("What follows the name of the server cannot be understood.") from None


def is_within_one_process(address: str | None) -> bool:
    return address is not None and address.startswith(f"{MEMORY}:")


async def comes_back(carrier: Carrier) -> bool:
    """Whether what is said is heard within ten seconds; connects for that, and disconnects again."""
    await carrier.connect()
    try:
        async with asyncio.timeout(ECHO_WITHIN):
            while not carrier.echo_alive:
                await asyncio.sleep(0.02)
    except TimeoutError:
        return False
    finally:
        await carrier.disconnect()
    return True


def _refuse_half_addresses(address: str) -> None:
    if not address.isprintable() or " " in address or "#" in address:
        raise UnknownCarrier("It holds a space, a line break or a #: in a password they are written %20, %0A and %23.")
    parts = _parted(address)
    if parts is None:
        raise UnknownCarrier("Its port or host cannot be understood.")
    if not parts.hostname and "host=" not in parts.query:
        raise UnknownCarrier("It names no server, as redis://name:6379 and postgresql://name/database do.")
    for name in FILES:
        if not all(os.access(file, os.R_OK) for file in parse_qs(parts.query).get(name, [])):
            raise UnknownCarrier(f"The file that {name} names cannot be read.")


def _parted(address: str) -> SplitResult | None:
    """None where it has a port, or a host, that cannot be one."""
    try:
        parts = urlsplit(address)
        read = parts.port != 0 and all(map(str.isdecimal, parse_qs(parts.query).get("port", [])))
    except ValueError:
        return None
    return parts if read else None


CARRIERS: Final[dict[str, Callable[[str], Carrier]]] = {
    MEMORY: lambda _: MemoryHints(),
    "postgresql": lambda rest: PostgresHints(f"postgresql://{rest}"),
    "postgres": lambda rest: PostgresHints(f"postgresql://{rest}"),
    "redis": lambda rest: RedisHints(f"redis://{rest}"),
    "rediss": lambda rest: RedisHints(f"rediss://{rest}"),
    "valkey": lambda rest: RedisHints(f"redis://{rest}"),
    "valkeys": lambda rest: RedisHints(f"rediss://{rest}"),
}
