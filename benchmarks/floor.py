"""The floor: uvloop writing one prebuilt frame to every socket, in a process of its own.

`python -m benchmarks.floor FD`. Whoever connects counts as a socket, and is told so by an empty frame; each line on the
standard input is a round, and says how many bytes a frame has.
"""

import asyncio
import socket
import sys
from typing import ClassVar, cast

import uvloop


class Socket(asyncio.Protocol):
    """Knows everybody who is connected."""

    everybody: ClassVar[set[asyncio.Transport]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:

        self.transport = cast(asyncio.Transport, transport)
        self.everybody.add(self.transport)
        self.transport.write(head(0))

    def connection_lost(self, exc: Exception | None) -> None:
        self.everybody.discard(self.transport)


def a_round() -> None:
    line = sys.stdin.readline()
    if not line:
        asyncio.get_running_loop().stop()
        return
    frame = head(int(line)) + b"x" * int(line)
    for transport in Socket.everybody:
        transport.write(frame)


def head(size: int) -> bytes:
    """Of an unmasked text frame."""
    return b"\x81" + (bytes([size]) if size < 126 else b"\x7e" + size.to_bytes(2, "big"))


async def main(listener: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    loop.add_reader(sys.stdin, a_round)
    async with await loop.create_server(Socket, sock=listener, backlog=4_096) as server:
        await server.serve_forever()


if __name__ == "__main__":
    try:
        uvloop.run(main(socket.socket(fileno=int(sys.argv[1]))))
    except RuntimeError:
        sys.exit(0)  # the loop was stopped: nobody speaks to it any more
