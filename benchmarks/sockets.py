"""Raw clients of graphql-transport-ws: many of them in one process, each as little as can tell and count frames."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

import orjson

MESSAGE = 126
ADDED = b'"__typename":"NotificationAdded"'
FOLLOW = """subscription ($after: String) { notifications(after: $after) { __typename
  ... on NotificationAdded { cursor after unread notification { id kind title at reference } }
  ... on Heartbeat { cursor } ... on Resync { cursor reason } } }"""
HANDSHAKE = (
    b"GET /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
    b"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n"
    b"sec-websocket-protocol: graphql-transport-ws\r\n\r\n"
)


def masked(text: bytes) -> bytes:
    """A text frame of a client, with a mask that changes nothing."""
    size = bytes([0x80 | len(text)]) if len(text) < MESSAGE else b"\xfe" + len(text).to_bytes(2, "big")
    return b"\x81" + size + b"\0\0\0\0" + text


class Client(asyncio.Protocol):
    """One socket. `frames` are the `next` messages as they came, `at` when the last event did; pings are answered."""

    def __init__(self, token: str | None, after: str | None, told: Callable[[], None]) -> None:
        self.frames: list[bytes] = []
        self.at = 0.0
        self.live: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport
        self.token, self.after, self._told = token, after, told
        self._got = bytearray()
        self._answered = token is None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        if self.token:
            self.transport.write(HANDSHAKE)

    def data_received(self, data: bytes) -> None:
        self._got += data
        if not self._answered:
            self._accepted()
        for kind, text in self._whole():
            self._take(kind, text)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.live.done():
            self.live.set_exception(ConnectionError("A server closed a socket."))

    @property
    def cursor(self) -> str:
        """Where it is."""
        return str(event(self.frames[-1])["cursor"])

    def _accepted(self) -> None:
        end = self._got.find(b"\r\n\r\n") + 4
        if end > 3:
            assert self._got.startswith(b"HTTP/1.1 101"), bytes(self._got[:200])
            del self._got[:end]
            self._answered = True
            who = {"type": "connection_init", "payload": {"Authorization": f"Bearer {self.token}"}}
            asked = {"query": FOLLOW, "variables": {"after": self.after}}
            self.transport.write(masked(orjson.dumps(who)))
            self._asked = masked(orjson.dumps({"id": "1", "type": "subscribe", "payload": asked}))

    def _whole(self) -> Iterator[tuple[int, bytes]]:
        """The whole frames that have come."""
        got = self._got
        while len(got) >= 2:
            long = got[1] == MESSAGE
            begin, size = (4, int.from_bytes(got[2:4], "big")) if long else (2, got[1])
            if len(got) < begin + size:
                return
            yield got[0] & 15, bytes(got[begin : begin + size])
            del got[: begin + size]

    def _take(self, kind: int, text: bytes) -> None:
        if kind == 9:
            self.transport.write(b"\x8a" + bytes([0x80 | len(text)]) + b"\0\0\0\0" + text)
        elif b'"connection_ack"' in text[:40]:
            self.transport.write(self._asked)
            if self.after and not self.live.done():
                self.live.set_result(None)
        elif kind == 1:
            assert b'"type":"next"' in text[:40] or self.token is None, text
            self.frames.append(text)
            if self.token is None or ADDED in text[:120]:
                self.at = time.perf_counter()
                self._told()
            if not self.live.done():
                self.live.set_result(None)


def event(frame: bytes) -> dict[str, Any]:
    """What a `next` message tells."""
    (told,) = orjson.loads(frame)["payload"]["data"].values()
    return cast(dict[str, Any], told)


class Crowd:
    """Clients of one server, and how many events they have been told together."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.clients: list[Client] = []
        self.told = 0
        self._wanted = 0
        self._enough = asyncio.Event()

    async def come(self, who: Sequence[tuple[str | None, str | None]], at_once: int) -> None:
        """So many at a time, each with its token, or none of a server that only writes, and the cursor to go on from;
        until all are live.
        """
        gate, loop = asyncio.Semaphore(at_once), asyncio.get_running_loop()

        async def one(token: str | None, after: str | None) -> Client:
            async with gate:
                made = await loop.create_connection(lambda: Client(token, after, self._hear), "127.0.0.1", self.port)
                await made[1].live
                return made[1]

        self.clients += await asyncio.gather(*(one(token, after) for token, after in who))

    async def told_more(self, frames: int, patience: float = 60) -> None:
        """Wait until so many more frames than at the last call have come."""
        self._wanted += frames
        self._enough.clear()
        if self.told < self._wanted:
            await asyncio.wait_for(self._enough.wait(), patience)

    def at_rest(self) -> None:
        """Whatever has come so far counts no more."""
        self._wanted = self.told

    async def leave(self) -> None:
        """All at once, as when a network is gone."""
        for client in self.clients:
            client.transport.abort()
        self.clients = []
        await asyncio.sleep(0.2)

    def _hear(self) -> None:
        self.told += 1
        if self.told >= self._wanted:
            self._enough.set()
