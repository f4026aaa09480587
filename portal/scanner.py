"""Uploads are looked at by clamd, where there is one: what it does not call clean is not kept (TRUST G4)."""

import asyncio
import struct
from pathlib import Path
from typing import Any

from portal.settings import NotReady

BLOCK = 64 * 1024
PATIENCE = 60.0
NONE = "none"
FORMS = "unix:/run/clamav/clamd.ctl, tcp:host:port, or none"


class Infected(Exception):
    """The scanner knows malware in these bytes."""


class ScanUnavailable(Exception):
    """The scanner did not say that these bytes are clean, nor that they are not."""


class Clamd:
    """One clamd, reached by a socket of its machine or over the network; each file has a connection of its own."""

    def __init__(self, *, path: str | None = None, host: str | None = None, port: int | None = None) -> None:
        self._path, self._host, self._port = path, host, port

    @classmethod
    def at(cls, address: str) -> "Clamd | None":
        """The scanner at an address of PORTAL_SCANNER; None for `none`. Raises NotReady for anything else."""
        kind, _, rest = address.partition(":")
        host, _, port = rest.rpartition(":")
        if kind == "unix" and rest.startswith("/"):
            return cls(path=rest)
        if kind == "tcp" and host and port.isdecimal():
            return cls(host=host, port=int(port))
        if address == NONE:
            return None
        raise NotReady(f"PORTAL_SCANNER is {address!r}; write {FORMS}.")

    async def scan(self, path: Path) -> None:
        """Return when clamd calls the file clean; raises Infected or ScanUnavailable."""
        answer = await self._asked(b"zINSTREAM\0", path)
        if answer.endswith(b"FOUND"):
            raise Infected
        if answer != b"stream: OK":
            raise ScanUnavailable

    async def ping(self) -> None:
        """Return when clamd answers; raises ScanUnavailable."""
        if await self._asked(b"zPING\0", None) != b"PONG":
            raise ScanUnavailable

    async def _asked(self, command: bytes, path: Path | None) -> bytes:
        try:
            async with asyncio.timeout(PATIENCE):
                reader, writer = await self._open()
                try:
                    writer.write(command)
                    if path:
                        await _send(writer, path)
                    return bytes(await reader.readuntil(b"\0"))[:-1]
                finally:
                    writer.close()
        except (OSError, EOFError, asyncio.LimitOverrunError) as fault:  # a time-out is an OSError, too
            raise ScanUnavailable from fault

    async def _open(self) -> Any:
        if self._path is not None:
            return await asyncio.open_unix_connection(self._path)
        return await asyncio.open_connection(self._host, self._port)


async def _send(writer: asyncio.StreamWriter, path: Path) -> None:
    """The file in pieces, each with its length before it, and a length of nothing at the end."""
    with path.open("rb") as file:
        while piece := await asyncio.to_thread(file.read, BLOCK):
            writer.write(struct.pack(">L", len(piece)) + piece)
            await writer.drain()
    writer.write(struct.pack(">L", 0))
    await writer.drain()
