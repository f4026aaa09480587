"""Where a benchmark runs: a database server of its own in a temporary folder, or one that is given (`--server`)."""

import asyncio
import shutil
import tempfile
from argparse import ArgumentParser
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import asyncpg

from portal.database import asyncpg_dsn
from portal.embedded import EmbeddedPostgres

MIGRATED = "migrated"
Result = TypeVar("Result")


@dataclass(frozen=True)
class Ground:
    """A folder for files, and the superuser's address of the database `postgres` of a server."""

    home: Path
    dsn: str
    given: bool

    async def database(self, name: str, fill: Callable[[str], Awaitable[None]]) -> str:
        """The superuser's address of a database that was filled so. On a server that is given it is a copy: what goes
        by one name is filled once, from a database `migrated` where there is one.
        """
        connection = await asyncpg.connect(asyncpg_dsn(self.dsn))
        try:
            there = {row["datname"] for row in await connection.fetch("SELECT datname FROM pg_database")}
            if name not in there:
                await connection.execute(_create(name, MIGRATED if MIGRATED in there else "template1"))
                await fill(self._url(name))
            if not self.given:
                return self._url(name)
            copy = f"{name}_{uuid4().hex}"
            await connection.execute(_create(copy, name))
            return self._url(copy)
        finally:
            await connection.close()

    def _url(self, name: str) -> str:
        return self.dsn.replace("/postgres?", f"/{name}?")


def _create(name: str, template: str) -> str:
    return f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"


def upon(
    server: str | None, work: Callable[[Ground], Awaitable[Result]], *, durable: bool = True, loop: Any = asyncio
) -> Result:
    """What that work comes to on the server that is given, or on one that is there only as long, by `asyncio` or by a
    `loop` that takes less of what is measured.
    """

    async def on_ground() -> Result:
        async with _ground(server, durable) as ground:
            return await work(ground)

    result: Result = loop.run(on_ground())
    return result


@asynccontextmanager
async def _ground(server: str | None, durable: bool) -> AsyncIterator[Ground]:
    home = Path(tempfile.mkdtemp(prefix="portal-benchmark-"))
    home.chmod(0o711)
    own = EmbeddedPostgres(home / "database", durable=durable)
    try:
        if not server:
            await asyncio.to_thread(own.start)
        yield Ground(home, server or own.dsn, given=bool(server))
    finally:
        if not server:
            await asyncio.to_thread(own.stop)
        shutil.rmtree(home, ignore_errors=True)


def arguments(description: str) -> ArgumentParser:
    """What every benchmark can be told."""
    parser = ArgumentParser(description=description)
    parser.add_argument("--server", help="the superuser's address of a database server; otherwise one is started")
    return parser
