"""A clamd for tests: speaks the real protocol on a socket, and knows one virus."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

VIRUS = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass
class FakeClamd:
    """`largest` is its StreamMaxLength; `mood` lets it hang up or talk nonsense."""

    largest: int = 30_000_000
    mood: str = ""
    seen: list[bytes] = field(default_factory=list)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(await self._answer(reader))
            await writer.drain()
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader) -> bytes:
        command = await reader.readuntil(b"\0")
        if self.mood:
            return {"hangs up": b"", "nonsense": b"stream: PERHAPS\0", "cut": b"stream: OK"}[self.mood]
        if command == b"zPING\0":
            return b"PONG\0"
        assert command == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack(">L", await reader.readexactly(4))[0]:
            content += await reader.readexactly(size)
            if len(content) > self.largest:
                return b"INSTREAM size limit exceeded. ERROR\0"
        self.seen.append(content)
        return b"stream: Eicar-Test-Signature FOUND\0" if VIRUS in content else b"stream: OK\0"


@asynccontextmanager
async def clamd(path: Path | None = None) -> AsyncIterator[tuple[FakeClamd, str]]:
    """One that runs, and its address as PORTAL_SCANNER has it."""
    fake = FakeClamd()
    if path:
        server = await asyncio.start_unix_server(fake, path)
        address = f"unix:{path}"
    else:
        server = await asyncio.start_server(fake, "127.0.0.1", 0)
        address = f"tcp:127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield fake, address
