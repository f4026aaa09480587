"""The load: keep-alive connections that each send their next request as soon as they have an answer."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import cast

END = b"\r\n\r\n"
LENGTH = b"content-length: "


class Failed(Exception):
    """A server answered something else than 200 with data."""


@dataclass(frozen=True)
class Request:
    """One operation as somebody sends it."""

    token: str
    body: bytes

    @property
    def raw(self) -> bytes:
        head = (
            "POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
            f"accept: application/json\r\nauthorization: Bearer {self.token}\r\n"
            f"content-length: {len(self.body)}\r\n\r\n"
        )
        return head.encode() + self.body


@dataclass
class Run:
    """What a load has brought: seconds it took, seconds of each answer, and the answers where they are kept."""

    took: float = 0.0
    latencies: list[float] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.took

    def percentile(self, part: float) -> float:
        """The milliseconds that this part of the answers took at most."""
        return sorted(self.latencies)[min(int(len(self.latencies) * part), len(self.latencies) - 1)] * 1000


class Caller(asyncio.Protocol):
    """One connection: reads an answer, counts it, sends the next request; stops when there is none."""

    def __init__(self, requests: Iterator[bytes], run: Run, keep: bool) -> None:
        self._requests, self._run, self._keep = requests, run, keep
        self._transport: asyncio.Transport
        self._got = bytearray()
        self._whole, self._start, self._sent = 0, 0, 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        self._got += data
        if not self._whole:
            self._start = self._got.find(END) + len(END)
            if self._start < len(END):
                return
            self._whole = self._start + _announced(self._got)
        if len(self._got) >= self._whole:
            self._answered()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(Failed("A server closed a connection."))

    def _answered(self) -> None:
        self._run.latencies.append(time.perf_counter() - self._sent)
        body = bytes(self._got[self._start :])
        if not self._got.startswith(b"HTTP/1.1 200") or not body.startswith(b'{"data":'):
            self.done.set_exception(Failed(f"A server answered {bytes(self._got[:12])!r}: {body[:300]!r}"))
            self._transport.close()
            return
        if self._keep:
            self._run.answers.append(body)
        self._got.clear()
        self._whole = 0
        self._next()

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self.done.set_result(None)
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(request)


def _announced(head: bytearray) -> int:
    begin = head.find(LENGTH) + len(LENGTH)
    return int(head[begin : head.find(b"\r", begin)])


async def each_once(port: int, requests: Sequence[Request], connections: int) -> Run:
    """Every request once; the answers are kept, with one connection in the order of the requests."""
    return await _load(port, iter([request.raw for request in requests]), connections, keep=True)


async def for_seconds(port: int, requests: Sequence[Request], connections: int, seconds: float) -> Run:
    """The requests in turn, over and over, until the time is up."""
    end = time.perf_counter() + seconds
    turns = (request if time.perf_counter() < end else None for request in cycle([request.raw for request in requests]))
    return await _load(port, iter(lambda: next(turns), None), connections, keep=False)


async def _load(port: int, requests: Iterator[bytes], connections: int, *, keep: bool) -> Run:
    run, loop = Run(), asyncio.get_running_loop()
    began = time.perf_counter()
    callers = [
        (await loop.create_connection(lambda: Caller(requests, run, keep), "127.0.0.1", port))[1]
        for _ in range(connections)
    ]
    await asyncio.gather(*(caller.done for caller in callers))
    run.took = time.perf_counter() - began
    return run
