"""Whoever stops reading, or is not there any more, is dropped, and holds no more than a bounded buffer until then."""

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from portal import demo
from portal.serving import SERVER, STALLED, UNSENT, listening
from portal.websocket import PortalSocket
from tests.portal import small_schema
from tests.portal.serving import OURS, Portal, serving
from tests.portal.talking import INIT
from tests.waiting import PATIENCE, until

HIGH_WATER = 64 * 1024
ONE_FRAME = 2 * 1024
HANDSHAKE = (
    f"GET /graphql HTTP/1.1\r\nHost: portal\r\nOrigin: {OURS}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)
linux = pytest.mark.skipif(sys.platform != "linux", reason="the system has no such option")


def frame(payload: bytes, opcode: int) -> bytes:
    """A frame as clients send it, under a mask that changes nothing."""
    length = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
    return bytes([0x80 | opcode]) + length + bytes(4) + payload


class Stalled:
    """A client that talks and does not listen."""

    def __init__(self, client: socket.socket) -> None:
        self.client = client

    async def say(self, message: dict[str, Any]) -> None:
        await self.send(frame(json.dumps(message).encode(), 1))

    async def send(self, data: bytes) -> None:
        await asyncio.get_running_loop().sock_sendall(self.client, data)


@asynccontextmanager
async def stalled(portal: Portal) -> AsyncIterator[Stalled]:
    """One that has said hello and reads nothing from then on."""
    loop = asyncio.get_running_loop()
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 * 1024)
        client.setblocking(False)
        await loop.sock_connect(client, ("127.0.0.1", int(portal.http.rpartition(":")[2])))
        await loop.sock_sendall(client, HANDSHAKE.encode())
        assert (await loop.sock_recv(client, 4096)).startswith(b"HTTP/1.1 101")
        talk = Stalled(client)
        await talk.say(INIT)
        yield talk


def ends(portal: Portal) -> list[PortalSocket]:
    """The server's ends of the WebSockets there are."""
    return [one for one in portal.server.server_state.connections if isinstance(one, PortalSocket)]


async def held_while(portal: Portal, going_on: Callable[[], bool]) -> int:
    """The most that was held for any of them, in bytes."""
    most = 0
    while going_on():
        sizes = [one.transport.get_write_buffer_size() for one in ends(portal) if not one.disconnected]
        most = max([most, *sizes])
        await asyncio.sleep(0.005)
    return most


def held_at_pauses(end: PortalSocket, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What is held for somebody each time that the server is told to write no more to them."""
    held, pause = list[int](), end.pause_writing

    def paused() -> None:
        held.append(end.transport.get_write_buffer_size())
        pause()

    monkeypatch.setattr(end, "pause_writing", paused)
    return held


async def flooded(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> int:
    """Somebody asks for more than they read, until they are dropped; the most that was held for them."""
    begun = len(small_schema.ended)
    async with stalled(portal) as talk:
        await until(lambda: bool(ends(portal)))
        (end,) = ends(portal)
        held = held_at_pauses(end, monkeypatch)
        await talk.say({"id": "1", "type": "subscribe", "payload": {"query": "subscription{flood}"}})
        await until(lambda: held)
        if portal.server.config.ws_ping_interval:
            end.send_keepalive_ping()  # as its timer would
        most = await asyncio.wait_for(held_while(portal, lambda: bool(ends(portal))), PATIENCE)
    await until(lambda: len(small_schema.ended) > begun)
    await until(lambda: not portal.server.server_state.tasks)
    return max(most, *held)


@linux
async def test_what_is_accepted_is_dropped_by_the_system_when_nothing_is_taken_for_thirty_seconds() -> None:
    for listener in (listening("127.0.0.1", 0), demo._listening(0)):
        with listener:
            listener.listen()
            address = listener.getsockname()
            with socket.create_connection(address), listener.accept()[0] as accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == STALLED * 1000
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT) == UNSENT
    assert STALLED <= SERVER["ws_ping_interval"] + SERVER["ws_ping_timeout"] <= 33


@linux
@pytest.mark.parametrize("seconds", [1, pytest.param(5, marks=pytest.mark.long)])
async def test_who_stops_reading_is_dropped_by_the_system_with_little_held_for_them(
    seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(stalled=seconds, ws_ping_interval=None) as portal:
        assert 0 < await flooded(portal, monkeypatch) <= HIGH_WATER + ONE_FRAME


async def test_who_answers_no_ping_is_dropped_although_what_was_sent_cannot_leave(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serving(stalled=600, ws_ping_interval=600, ws_ping_timeout=0.3) as portal:
        assert 0 < await flooded(portal, monkeypatch) <= HIGH_WATER + ONE_FRAME


async def test_those_who_come_together_are_not_all_asked_together_whether_they_are_there() -> None:
    # S-119
    interval = 600.0
    async with serving(stalled=600, ws_ping_interval=interval) as portal, AsyncExitStack() as stack:
        for _ in range(16):
            await stack.enter_async_context(stalled(portal))
        await until(lambda: sum(one.ping_timer is not None for one in ends(portal)) == 16)
        now = asyncio.get_running_loop().time()
        waits = [one.ping_timer.when() - now for one in ends(portal) if one.ping_timer]
        assert max(waits) <= interval
        assert max(waits) - min(waits) > interval / 10


async def test_who_pings_without_reading_the_answers_makes_nothing_grow() -> None:
    async with serving(stalled=600, ws_ping_interval=None) as portal, stalled(portal) as talk:
        await until(lambda: bool(ends(portal)))
        pings = frame(b"p" * 100, 9) * 1_000
        sending = asyncio.create_task(talk.send(pings * 100))
        most = await held_while(portal, lambda: not sending.done())
        assert not ends(portal)[0].writable.is_set(), "more was asked for than was read"
        assert most <= HIGH_WATER + 256 * 1024
        ends(portal)[0].shutdown()
        await until(lambda: not ends(portal))


async def test_a_server_that_stops_does_not_wait_for_who_does_not_read() -> None:
    async with serving(stalled=600, ws_ping_interval=None) as portal, stalled(portal) as talk:
        await talk.say({"id": "1", "type": "subscribe", "payload": {"query": "subscription{flood}"}})
        await until(lambda: bool(ends(portal)) and not ends(portal)[0].writable.is_set())
        portal.server.should_exit = True
        await until(lambda: not portal.server.server_state.connections)
