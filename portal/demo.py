"""The demonstration: one line of a fresh clone to a living portal, on this machine alone."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import typer
import uvicorn
from sqlalchemy.ext.asyncio import create_async_engine

from portal.app import Installation, Portal, shell_of
from portal.clock import Clock, clock_from, system_clock
from portal.database import asyncpg_dsn, sqlalchemy_url
from portal.demonstration.journal import JOURNAL, is_complete
from portal.demonstration.known import KnownToken
from portal.demonstration.sign_ins import printed_sign_ins
from portal.demonstration.users import region_administrator
from portal.embedded import EmbeddedPostgres
from portal.founding import Founder, found, migrate
from portal.keys import Keys
from portal.mail_post import Sending
from portal.serving import SERVER, bounded
from portal.settings import NotReady, Settings, from_environment

DATABASE = "portal"
DEMONSTRATIONS = "West Midlands Placement Portal <portal@example.org>"
FIRST = region_administrator()
FOUNDER = Founder(FIRST.name, FIRST.email)


def home_of(settings: Settings, at: datetime | None) -> Path:
    """A home of its own for every starting time of the clock."""
    name = "demo" if at is None else f"demo-at-{at.astimezone(UTC):%Y%m%dT%H%MZ}"
    return settings.home / name


def mail_of(home: Path) -> Path:
    """The folder into which the demonstration puts its e-mails."""
    return (home / "mail").absolute()


def clock_of(home: Path, at: datetime | None) -> Clock:
    """The system's clock, or one that showed `at` when this home was first used and has run on since."""
    if at is None:
        return system_clock
    kept = home / "clock.json"
    if not kept.exists():
        kept.write_text(json.dumps({"showed": at.isoformat(), "when": datetime.now(UTC).isoformat()}))
    known = json.loads(kept.read_text())
    passed = datetime.now(UTC) - datetime.fromisoformat(known["when"])
    return clock_from(datetime.fromisoformat(known["showed"]) + max(passed, timedelta(0)))


@asynccontextmanager
async def database(home: Path) -> AsyncIterator[tuple[EmbeddedPostgres, str]]:
    """The embedded server, started or shared, and its superuser's address of the portal's database, migrated."""
    home.mkdir(parents=True, exist_ok=True)
    server = EmbeddedPostgres(home / "database")
    await asyncio.to_thread(server.start)
    try:
        yield server, await _migrated(server)
    finally:
        await asyncio.to_thread(server.stop)


async def _migrated(server: EmbeddedPostgres) -> str:
    url = server.dsn.replace("/postgres?", f"/{DATABASE}?")
    connection = await asyncpg.connect(asyncpg_dsn(server.dsn))
    try:
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", DATABASE):
            await connection.execute(f"CREATE DATABASE {DATABASE}")
    finally:
        await connection.close()
    if await _revision(url) != _newest():
        await migrate(url)
    return url


def _newest() -> str:
    """The newest migration by its file's name, without loading what migrates."""
    versions = Path(__file__).resolve().parent.parent / "migrations" / "versions"
    return max(path.name[:4] for path in versions.glob("[0-9]*.py"))


async def _revision(url: str) -> str | None:
    connection = await asyncpg.connect(asyncpg_dsn(url))
    try:
        if await connection.fetchval("SELECT to_regclass('public.alembic_version')") is None:
            return None
        return str(await connection.fetchval("SELECT max(version_num) FROM alembic_version"))
    finally:
        await connection.close()


def installation(home: Path, url: str, clock: Clock, origin: str, settings: Settings) -> Installation:
    keys = Keys.from_file(home / "keys")
    app_url = url.replace("postgres@", "portal_app@", 1)
    return Installation(
        app_url, home, keys, clock, origin, settings.information(), demonstration=True,
        sending=Sending(f"folder:{mail_of(home)}", DEMONSTRATIONS), **settings.keeping(), **settings.sealing(),
        **settings.broadcasting(),
    )  # fmt: skip


def run(at: datetime | None, port: int) -> None:
    """Start everything, serve, fill the world on, and stop it all cleanly at Ctrl-C."""
    loop = uvicorn.Config("", **SERVER).get_loop_factory()
    with contextlib.suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=loop) as runner:
        runner.run(_run(at, _listening(port)))


def _listening(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError:
        raise NotReady(f"Something serves on port {port} already; choose another one with --port.") from None
    return bounded(listener)


async def _run(at: datetime | None, listener: socket.socket) -> None:
    settings = from_environment()
    home = home_of(settings, at)
    async with database(home) as (server, url):
        clock = clock_of(home, at)
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        where = installation(home, url, clock, origin, settings)
        engine = create_async_engine(sqlalchemy_url(url))
        keys = KnownToken.of(where.keys)
        await found(engine, keys, FOUNDER, clock(), datetime.now(UTC))
        await engine.dispose()
        if not server.owner:
            typer.echo("Another portal runs on this database; this one shares it.")
        await _serve(where, listener, keys.invitation if server.owner else None, at)


async def _serve(where: Installation, listener: socket.socket, invitation: str | None, at: datetime | None) -> None:
    portal = Portal(where)
    server = _Server(uvicorn.Config(portal.asgi, **SERVER))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started and not serving.done():
        await asyncio.sleep(0.01)
    if not serving.done():
        server.filling = asyncio.create_task(_fill(where, portal, invitation, at))
        server.filling.add_done_callback(_told)
    await serving


class _Server(uvicorn.Server):
    """Stops the filling before the application, on whose database it works."""

    filling: "asyncio.Task[None] | None" = None

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self.filling:
            self.filling.cancel()
            await asyncio.wait([self.filling])
        await super().shutdown(sockets)


async def _fill(where: Installation, portal: Portal, invitation: str | None, at: datetime | None) -> None:
    """Fill the world on, and print the sign-ins as soon as they work; who shares the database only prints."""

    def opened() -> None:
        began = at.isoformat(timespec="minutes") if at else None
        typer.echo(printed_sign_ins(where.origin, where.clock(), datetime.now(UTC), began))
        typer.echo(f"From 1 July 2026 on, by its clock, its e-mails are files in {mail_of(where.home)}")

    if invitation is None or is_complete(where.home / JOURNAL):
        opened()
    else:
        from portal.demonstration.acts import Contracts
        from portal.demonstration.world import Filling, fill

        typer.echo(f"The portal runs at {where.origin} and is being filled; sign-ins follow in some seconds.", err=True)
        contracts = Contracts(portal.served, portal.public)
        await fill(Filling(portal.shell, contracts, where.home, invitation, opened))


def _told(filling: "asyncio.Task[None]") -> None:
    """A fault ends the filling, never the serving; the next start goes on with it."""
    fault = None if filling.cancelled() else filling.exception()
    if fault:
        typer.echo(f"The demonstration world could not be filled on: {type(fault).__name__}: {fault}", err=True)


async def token_for(email: str, at: datetime | None) -> str:
    """A bearer token for somebody of the demonstration world, valid as if they had signed in now."""
    from resolvers.session import open_session

    settings = from_environment()
    home = home_of(settings, at)
    if not (home / "database").exists():
        raise NotReady(
            "There is no demonstration here yet; start it with `portal demo`, and give both commands the same --at."
        )
    async with database(home) as (_, url):
        where = installation(home, url, clock_of(home, at), settings.origin, settings)
        async with shell_of(where) as shell:
            token = await open_session(shell, email)
    if token is None:
        raise NotReady(f"Nobody in the demonstration has the address {email}.")
    return token
