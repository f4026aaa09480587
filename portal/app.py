"""The running application: the one place where the shell's parts are put together."""

import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

import schema
from models.email import GENERIC
from models.ipa_sealing import SEAL as SEAL_IPA
from models.ipa_sealing import SWEEP as SWEEP_IPAS
from models.person import Viewer
from models.referral_purge import PURGE
from models.reminder import REMIND
from portal import outbox
from portal.caller import House
from portal.clock import Clock
from portal.database import Database, asyncpg_dsn
from portal.door import Door, answer_headers
from portal.endpoint import Endpoint
from portal.files import file_routes
from portal.headers import SecurityHeaders
from portal.jobs import Handler, Worker
from portal.keys import Keys
from portal.mail import IN_EMAILS
from portal.mail_post import Sending
from portal.mail_sending import Mailing
from portal.operations import Operations
from portal.orphans import SWEEP, sweep
from portal.page import front_page
from portal.press import ProcessPress
from portal.printer import AgreementPrinter
from portal.registration_reading import read_registration
from portal.scanner import Clamd
from portal.seal import PdfSealer, Seal
from portal.seal_keys import OwnSeal
from portal.seal_served import authority_route
from portal.seal_trusted import Succeeding
from portal.served import ServedSchema
from portal.sign_in import COOKIE, SignIn
from portal.sockets import Sockets
from portal.spreadsheets import Spreadsheets, template_route
from portal.vault import vault_at
from realtime.carriers import carrier_at
from realtime.hints import Hints
from realtime.hub import Hub
from realtime.ports import HUB_SETTINGS, LookAt, Sink
from realtime.recognition import recognise
from resolvers import ipa_sealing
from resolvers.context import QUOTA, Caller, Context, Shell
from resolvers.operation import compiled
from resolvers.read import Reader
from resolvers.referral_purge import purge
from resolvers.registration_import import READ
from resolvers.reminder import remind
from schema.public import build_public

HUB_CONNECTIONS = 3
HANDLERS: dict[str, Handler] = {
    REMIND: remind, SWEEP: sweep, PURGE: purge, READ: read_registration, SEAL_IPA: ipa_sealing.seal,
    SWEEP_IPAS: ipa_sealing.sweep, outbox.DIGESTS: outbox.digests,
    outbox.FORGET: outbox.forget,
}  # fmt: skip
DAILY = {
    **dict.fromkeys((REMIND, SWEEP, PURGE, SWEEP_IPAS, outbox.FORGET)), outbox.DIGESTS: outbox.AT_EIGHT,
}  # fmt: skip
"""What is due each day, and at which hour in London where that matters."""


@dataclass(frozen=True)
class Installation:
    """What one running portal is made of. `database_url` signs in as portal_app."""

    database_url: str
    home: Path
    keys: Keys
    clock: Clock
    origin: str
    information: dict[str, Any]
    demonstration: bool = False
    connections: int = 8
    shared_mailboxes: frozenset[str] = GENERIC
    documents: str | None = None
    scanner: str = "none"
    sending: Sending | None = None
    broadcast: str | None = None
    quota: int = QUOTA
    draft_days: int = 31
    seal: Seal | None = None
    older_authorities: tuple[str, ...] = ()
    timestamp_url: str | None = None


@asynccontextmanager
async def shell_of(where: Installation) -> AsyncIterator[Shell]:
    """Everything that outlives a request, opened and closed in order."""
    database = await Database.connect(where.database_url, size=where.connections)
    hints = Hints(carrier_at(where.broadcast, asyncpg_dsn(where.database_url)))
    hub = Hub(hints, lambda: _hub_pool(where.database_url), where.clock)
    press = ProcessPress()
    seal = Succeeding(where.seal or OwnSeal(database, where.keys), database, where.older_authorities)
    sealer = PdfSealer(press, seal, where.timestamp_url)
    await hints.start()
    await hub.start()
    try:
        await sealer.ready()
        press.warm()
        yield Shell(
            clock=where.clock,
            database=database,
            reader=Reader(),
            keys=where.keys,
            vault=vault_at(where.documents, where.home),
            printer=AgreementPrinter(press),
            announce=hints.announce,
            hub=hub,
            address=where.origin,
            information=where.information,
            shared_mailboxes=where.shared_mailboxes,
            workbooks=Spreadsheets(),
            scanner=Clamd.at(where.scanner),
            sealer=sealer,
            post=where.sending.post() if where.sending else None,
            quota=where.quota,
            draft_days=where.draft_days,
        )
    finally:
        await hub.stop()
        await hints.stop()
        press.close()
        await database.close()


async def _hub_pool(url: str) -> Any:
    size: dict[str, Any] = {"min_size": 1, "max_size": HUB_CONNECTIONS}
    return await asyncpg.create_pool(
        asyncpg_dsn(url), **size, server_settings=HUB_SETTINGS, init=recognise, reset=_as_it_is
    )


async def _as_it_is(_: Any) -> None:
    """Nothing is to be undone on a connection that only reads; undoing nothing would take as long as a read."""


class Portal:
    """The ASGI application of one installation; its parts exist between start-up and shut-down."""

    def __init__(self, where: Installation) -> None:
        self.where = where
        self.shell: Shell
        self.served = schema.built(ServedSchema)
        self.public = build_public(ServedSchema)
        door = Door(origins=[where.origin], cookie=COOKIE, sign_in=self._viewer)
        operations = Operations(self.served, compiled(self.served))
        self.endpoint = Endpoint(
            operations=operations, public=Operations(self.public), door=door, make_context=self._context
        )
        routes = [
            *(Route(path, self._front) for path in ("/", *IN_EMAILS)),
            Route("/contract", self._contract),
            Route("/healthz", self._alive),
            Route("/readyz", self._ready),
            Route("/graphql", self.endpoint),
            WebSocketRoute(
                "/graphql",
                Sockets(House(operations, door, self._context, self._watch, self._push)),
            ),
            template_route(lambda: self.shell),
            authority_route(lambda: self.shell),
            *file_routes(lambda: self.shell),
        ]
        self.app = Starlette(routes=routes, lifespan=self._lifespan)
        self.asgi = SecurityHeaders(self._entered, over_tls=where.origin.startswith("https://"))

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        async with shell_of(self.where) as shell:
            self.shell = shell
            self.sign_in = SignIn(shell)
            gc.collect()
            gc.freeze()
            gc.set_threshold(5_000, 500, 1_000)
            worker, mailing = self._worker(shell), Mailing(shell)
            worker.start()
            mailing.start()
            try:
                yield
            finally:
                await mailing.stop()
                await worker.stop()

    def _worker(self, shell: Shell) -> Worker:
        return Worker(shell, HANDLERS, daily=DAILY, ear=shell.hub.ear)

    async def _entered(self, scope: Scope, receive: Receive, send: Send) -> None:
        """GraphQL goes past the router, whose way to it costs as much as a small read."""
        past = scope["type"] == "http" and scope["path"] == "/graphql"
        await (self.endpoint if past else self.app)(scope, receive, send)

    async def _viewer(self, connection: HTTPConnection) -> Viewer | None:
        return await self.sign_in(connection)

    def _watch(self, session: UUID, until: datetime, close: Callable[[], None]) -> Callable[[], None]:
        stop: Callable[[], None] = self.shell.hub.watch_session(session, until, close)
        return stop

    def _push(
        self, who: tuple[UUID, UUID], after: str | None, sink: Sink, look: LookAt[bool] | None
    ) -> Callable[[], None]:
        stop: Callable[[], None] = self.shell.hub.push(who, after, sink, look)
        return stop

    def _context(self, viewer: Viewer | None, connection: HTTPConnection) -> Context:
        address = connection.client.host if connection.client else None
        caller = Caller(address, connection.headers.get("user-agent"))
        headers = answer_headers(connection) if connection.scope["type"] == "http" else None
        return Context(self.shell, viewer, caller, set_cookie=headers)

    async def _front(self, _: Request) -> Response:
        return front_page(self.where.origin, demonstration=self.where.demonstration)

    async def _contract(self, _: Request) -> Response:
        return PlainTextResponse(str(self.served))

    async def _alive(self, _: Request) -> Response:
        return JSONResponse({"alive": True})

    async def _ready(self, _: Request) -> Response:
        """Whether requests can be answered now: the database answers."""
        try:
            connection = await asyncpg.connect(asyncpg_dsn(self.where.database_url), timeout=2)
        except (OSError, TimeoutError, asyncpg.PostgresError):
            return JSONResponse({"ready": False}, 503)
        await connection.close()
        return JSONResponse({"ready": True})
