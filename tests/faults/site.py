"""Several server processes on one database, each with a wire of its own to it, and those who listen to them."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_urlsafe

from sqlalchemy.ext.asyncio import create_async_engine

from migrations.run import upgrade
from portal.database import sqlalchemy_url
from portal.embedded import EmbeddedPostgres
from portal.embedded.account import stand_in
from portal.embedded.programs import programs_for
from portal.keys import Keys
from tests.conftest import BEGINNING, administer, database_url
from tests.faults.cast import Person, gathered
from tests.faults.clients import Client
from tests.faults.wire import Wire
from tests.realtime.stage import Stage, staged
from tests.server import SECRET, Server, held_port
from tests.world import World, furnish

NAME = "faults"


@dataclass
class Worker:
    """A server process; `up` while clients may try it."""

    server: Server
    wire: Wire
    up: bool = True

    async def start(self) -> None:
        self.up = False
        await asyncio.to_thread(self.server.start)
        self.up = True

    async def kill(self) -> None:
        self.up = False
        await asyncio.to_thread(self.server.kill)

    async def stop(self) -> None:
        self.up = False
        await asyncio.to_thread(self.server.stop)


@dataclass
class Site:
    """`stage` is the database as its superuser reaches it, past all wires; `carrier` is where hints are said."""

    postgres: EmbeddedPostgres
    stage: Stage
    people: list[Person]
    workers: list[Worker] = field(default_factory=list)
    carrier: str | None = None

    def addresses(self) -> list[str]:
        return [worker.server.address for worker in self.workers if worker.up] or [self.workers[0].server.address]

    @property
    def url(self) -> str:
        return database_url(self.postgres, NAME)

    async def whole(self) -> None:
        """Start whatever is down."""
        await asyncio.gather(*(worker.start() for worker in self.workers if not worker.up))

    async def newcomer(self) -> Person:
        """Somebody who is told nothing but what a test tells them."""
        person, token = await self.stage.person(), token_urlsafe(32)
        session = await self.stage.session(person)
        set_token = "update session set token_hash = $1 where id = $2"
        await self.stage.database.execute(set_token, Keys.token_hash(token), session)
        return Person(person, token)

    def memory(self) -> int:
        """MiB that the workers have in use."""
        return sum(worker.server.memory() for worker in self.workers) // 1024

    async def dumped(self) -> Path:
        """A dump of the database as it is now, made while it is used."""
        dump = self.postgres.home.parent / "dump"
        await asyncio.to_thread(self._run, "pg_dump", "--format=custom", "--create", f"--file={dump}", self.url)
        return dump

    async def restored(self, dump: Path) -> None:
        """The database as it was when it was dumped, under the same name; nobody reaches it meanwhile."""
        for worker in self.workers:
            worker.wire.shut = True
            worker.wire.cut()
        await administer(self.postgres, f"DROP DATABASE {NAME} WITH (FORCE)")
        await asyncio.to_thread(self._run, "pg_restore", "--create", f"--dbname={self.postgres.dsn}", str(dump))
        for worker in self.workers:
            worker.wire.shut = False

    def _run(self, program: str, *arguments: str) -> None:
        programs = programs_for(stand_in(), self.postgres.home)
        subprocess.run([programs / program, *arguments], check=True, capture_output=True)

    @asynccontextmanager
    async def listening(self, screens: int = 2) -> AsyncIterator[list[Client]]:
        """So many screens of everybody, each connected to one worker or another and back again whenever it can."""
        clients = [
            Client(person.id, person.token, self.addresses, seed=17 * n + screen)
            for n, person in enumerate(self.people)
            for screen in range(screens)
        ]
        try:
            await asyncio.gather(*(client.start() for client in clients))
            yield clients
        finally:
            await asyncio.gather(*(client.stop() for client in clients))


@asynccontextmanager
async def opened(folder: Path, workers: int = 2) -> AsyncIterator[Site]:
    """A database server of its own, which may be stopped, with a cast in it and so many processes before it."""
    async with AsyncExitStack() as stack:
        postgres = EmbeddedPostgres(folder / "database", durable=False)
        stack.callback(postgres.stop)
        postgres.start(BEGINNING)
        url = database_url(postgres, NAME)
        people = await _filled(postgres, url, folder)
        stage = await stack.enter_async_context(staged(url))
        site = Site(postgres, stage, people)
        for number in range(workers):
            wire = await stack.enter_async_context(Wire(stage.socket, NAME).laid())
            server = Server(wire.url, folder / f"home-{number}", stack.enter_context(held_port()))
            worker = Worker(server, wire)
            stack.push_async_callback(worker.stop)
            site.workers.append(worker)
        await asyncio.gather(*(worker.start() for worker in site.workers))
        yield site


async def _filled(postgres: EmbeddedPostgres, url: str, folder: Path) -> list[Person]:
    await administer(postgres, f"CREATE DATABASE {NAME}")
    await administer(postgres, f"ALTER DATABASE {NAME} SET synchronous_commit = on")  # as in production
    engine = create_async_engine(sqlalchemy_url(url))
    async with engine.connect() as connection:
        await connection.run_sync(upgrade)
        await connection.commit()
    await furnish(engine)
    await engine.dispose()
    keys = Keys(SECRET)
    world = await World.of(url, keys, folder / "documents")
    try:
        return await gathered(world)
    finally:
        await world.close()
        keys.close()
