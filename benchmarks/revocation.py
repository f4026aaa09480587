"""How soon sockets close whose session has ended, in every process (docs: benchmarks/README.md)."""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from statistics import median

import aiohttp
from rich.console import Console
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from benchmarks.ground import Ground, arguments, upon
from benchmarks.registration import loaded, serving
from benchmarks.serve import Job
from benchmarks.world import token

PROCESSES = 2
MILLISECONDS = 250
PROTOCOL = Subprotocol("graphql-transport-ws")
FOLLOW = "subscription { notifications { __typename } }"
SIGN_OUT = "mutation { signOut { ended problems { message } } }"


async def listening(address: str, who: str) -> ClientConnection:
    """A socket of somebody's session that follows their notifications from now."""
    url = address.replace("http", "ws", 1) + "/graphql"
    listener = await connect(url, subprotocols=[PROTOCOL], open_timeout=60, ping_interval=None)
    for message in (
        {"type": "connection_init", "payload": {"Authorization": f"Bearer {token(who)}"}},
        {"id": "1", "type": "subscribe", "payload": {"query": FOLLOW}},
    ):
        await listener.send(json.dumps(message))
        await listener.recv()
    return listener


async def closed(listener: ClientConnection) -> float:
    """When the portal closed it."""
    await listener.wait_closed()
    assert listener.close_code == 4401, listener.close_code
    return time.perf_counter()


async def signed_out(addresses: Sequence[str], who: str, sockets: int) -> list[float]:
    """Milliseconds from the request to sign out until each socket was closed, whichever process it was with."""
    listeners = [await listening(addresses[n % len(addresses)], who) for n in range(sockets)]
    closing = [asyncio.create_task(closed(listener)) for listener in listeners]
    headers = {"authorization": f"Bearer {token(who)}"}
    began = time.perf_counter()
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.post(f"{addresses[0]}/graphql", json={"query": SIGN_OUT}) as answer,
    ):
        assert (await answer.json())["data"]["signOut"]["problems"] == []
    return [1000 * (at - began) for at in await asyncio.gather(*closing)]


async def measure(ground: Ground, rounds: int, sockets: int, console: Console) -> None:
    """Load a little world, sign one person after the other out, print."""
    job = Job(await loaded(ground), ground.home, [])
    with ExitStack() as open_:
        addresses = [open_.enter_context(serving(job)) for _ in range(PROCESSES)]
        took = [await signed_out(addresses, f"staff-{n}-0", sockets) for n in range(rounds)]
    last = [max(times) for times in took]
    console.print(f"{rounds} sessions with {sockets} sockets each, in {PROCESSES} processes")
    word = "passed" if max(last) <= MILLISECONDS else "FAILED"
    console.print(
        f"the last socket closed after {median(last):.0f} ms in the middle, {max(last):.0f} ms at most;"
        f" at most {MILLISECONDS} ms: {word}"
    )


def main() -> int:
    parser = arguments("How soon the sockets of a session close that has ended.")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--sockets", type=int, default=20)
    given = parser.parse_args()
    upon(given.server, lambda ground: measure(ground, given.rounds, given.sockets, Console(width=130)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
