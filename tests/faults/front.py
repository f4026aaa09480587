"""What lies between a client and the portal: it can be cut, go silent, refuse WebSockets as some proxies do, and answer
as a portal does that lost its database in the middle of a request.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

CONFUSED = b'{"data":null,"errors":[{"message":"Something went wrong.","extensions":{"code":"INTERNAL"}}]}'
FAULT = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (len(CONFUSED), CONFUSED)
LENGTH = re.compile(rb"(?i)content-length: (\d+)")
REFUSAL = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Front:
    """`target` says where the portal is, at each new connection."""

    def __init__(self, target: Callable[[], str]) -> None:
        self._target = target
        self._ends: set[asyncio.StreamWriter] = set()
        self._works: set[asyncio.Task[None]] = set()
        self.blocks = self.confused = False
        self.silent = False
        self.refused = self.confusions = 0
        self.opened = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def cut(self) -> None:
        for end in self._ends:
            end.transport.abort()

    @asynccontextmanager
    async def set_up(self) -> AsyncIterator["Front"]:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            self.cut()
            await asyncio.gather(*self._works, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._ends.add(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            socket = b"upgrade: websocket" in head.lower()
            self.opened += socket
            if socket and self.blocks:
                self.refused += 1
                writer.write(REFUSAL)
                await writer.drain()
            elif self.confused and not socket:
                await reader.readexactly(int(LENGTH.findall(head)[0]))
                writer.write(FAULT)
                await writer.drain()
                self.confusions += 1
            else:
                await self._pass_on(head, reader, writer)
        writer.close()

    async def _pass_on(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        where = urlsplit(self._target())
        inner_reader, inner_writer = await asyncio.open_connection(where.hostname, where.port)
        self._ends.add(inner_writer)
        inner_writer.write(head)
        ways = (self._pump(reader, inner_writer), self._pump(inner_reader, writer))
        works = [asyncio.create_task(way) for way in ways]
        self._works |= {*works}
        await asyncio.gather(*works)

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                if not self.silent:
                    target.write(data)
                    await target.drain()
        target.close()
