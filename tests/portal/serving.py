"""A real server with the small schema on a real port, and what clients need to talk to it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import uvicorn
from graphql import DocumentNode, GraphQLError
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.routing import Route, WebSocketRoute
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from models.lifecycle import Role, Side
from models.person import Viewer
from portal.caller import House
from portal.door import Door, SignedOut, answer_headers
from portal.endpoint import Endpoint
from portal.headers import SecurityHeaders
from portal.operations import FastOperation, Operations
from portal.serving import SERVER, STALLED, bounded, listening
from portal.sockets import Sockets
from tests.portal.small_schema import PUBLIC, SCHEMA, SECRET, Situation
from tests.waiting import PATIENCE

OURS = "https://portal.example"
COOKIE = "__Host-portal"
EXPIRES = datetime(2099, 1, 1, tzinfo=UTC)


def viewer(name: str, role: Role) -> Viewer:
    return Viewer(uuid4(), uuid4(), Side.LOCAL_AUTHORITY, frozenset({role}), uuid4(), name, None, "Testford", EXPIRES)


@dataclass
class Sessions:
    """Who is signed in, and who is told when that ends."""

    people: dict[str, Viewer] = field(
        default_factory=lambda: {
            "person": viewer("person", Role.PLACEMENT_OFFICER),
            "machine": viewer("machine", Role.MACHINE),
        }
    )
    watchers: dict[UUID, list[Callable[[], None]]] = field(default_factory=dict)
    when_watched: str = ""
    breaking: str = ""

    async def sign_in(self, connection: HTTPConnection) -> Viewer | None:
        await asyncio.sleep(0)
        if self.breaking == "sign-in":
            raise RuntimeError(SECRET)
        token = connection.headers.get("authorization", "").removeprefix("Bearer ") or connection.cookies.get(COOKIE)
        if not token:
            return None
        if token not in self.people:
            raise SignedOut("SESSION_EXPIRED" if token == "expired" else "UNAUTHENTICATED")
        return self.people[token]

    def watch(self, session: UUID, expires_at: datetime, close: Callable[[], None]) -> Callable[[], None]:
        assert expires_at == EXPIRES
        self.watchers.setdefault(session, []).append(close)
        if self.when_watched == "signed out":
            self.people.clear()
            asyncio.get_running_loop().call_soon(close)  # a watch begins with a look at the session
        if self.when_watched == "told":
            close()
        return lambda: self.watchers[session].remove(close)

    def end(self, name: str) -> None:
        for close in list(self.watchers[self.people.pop(name).session_id]):
            close()


@dataclass
class Answered:
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def codes(self) -> list[str]:
        return [error["extensions"]["code"] for error in self.json["errors"]]


class Portal:
    """A running server."""

    def __init__(self, port: int, sessions: Sessions, server: uvicorn.Server) -> None:
        self.http = f"http://127.0.0.1:{port}"
        self.ws = f"ws://127.0.0.1:{port}/graphql"
        self.sessions = sessions
        self.server = server

    async def send(self, body: Any, *, method: str = "POST", **headers: str) -> Answered:
        """Send bytes as they are, anything else as JSON; header names are given with underscores."""
        sent = {"content-type": "application/json", **{name.replace("_", "-"): v for name, v in headers.items()}}
        sent = {name: value for name, value in sent.items() if value}
        data = body if isinstance(body, bytes | None) or hasattr(body, "__aiter__") else json.dumps(body).encode()
        skip = {"Content-Type", "Accept"}
        async with (
            aiohttp.ClientSession(skip_auto_headers=skip) as client,
            client.request(method, f"{self.http}/graphql", data=data, headers=sent) as answer,
        ):
            return Answered(answer.status, answer.headers, await answer.text())

    async def ask(
        self, query: str, variables: object = None, *, who: str | None = "person", **headers: str
    ) -> Answered:
        """Send one operation as `who`, signed in by bearer token."""
        if who:
            headers["authorization"] = f"Bearer {who}"
        return await self.send({"query": query, "variables": variables}, **headers)

    def dial(self, *, protocol: str | None = "graphql-transport-ws", **headers: str) -> connect:
        protocols = [Subprotocol(protocol)] if protocol else None
        return connect(self.ws, subprotocols=protocols, additional_headers=headers, open_timeout=PATIENCE)


def compiled(document: DocumentNode, name: str | None) -> FastOperation | None:
    return Fast(name) if name and name.startswith("fast") else None


@dataclass
class Fast:
    """Stands for a compiled read."""

    name: str

    async def run(self, context: Situation, variables: Mapping[str, Any], /) -> bytes | None:
        if self.name == "fastBroken":
            raise RuntimeError(SECRET)
        if self.name == "fastRefused":
            raise GraphQLError("Too old.", extensions={"code": "CURSOR_EXPIRED"})
        return None if "fall_back" in variables else b'{"hello":"fast %b"}' % (context.name or "").encode()


def application(sessions: Sessions, *, seconds: float, init_within: timedelta) -> Starlette:
    def make_context(person: Viewer | None, connection: HTTPConnection) -> Situation:
        if sessions.breaking == "context":
            raise RuntimeError(SECRET)
        return Situation(person.name if person else None, answer_headers(connection))

    operations = Operations(SCHEMA, compiled)
    door = Door(origins=[OURS], cookie=COOKIE, sign_in=sessions.sign_in)
    endpoint = Endpoint(
        operations=operations, public=Operations(PUBLIC), door=door, make_context=make_context, seconds=seconds
    )
    sockets = Sockets(House(operations, door, make_context, sessions.watch), init_within=init_within)
    return Starlette(routes=[Route("/graphql", endpoint), WebSocketRoute("/graphql", sockets)])


@asynccontextmanager
async def serving(
    *, seconds: float = PATIENCE, init_within: float = PATIENCE, stalled: float = STALLED, **more: Any
) -> AsyncIterator[Portal]:
    """The small schema as a portal is served, except for what is said otherwise."""
    sessions = Sessions()
    app = application(sessions, seconds=seconds, init_within=timedelta(seconds=init_within))
    told = {**SERVER, "log_config": None, "lifespan": "off", **more}
    server = uvicorn.Server(uvicorn.Config(SecurityHeaders(app, over_tls=True), **told))
    with bounded(listening("127.0.0.1", 0), stalled) as listener:
        task = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            await asyncio.sleep(0.01)
        try:
            yield Portal(listener.getsockname()[1], sessions, server)
        finally:
            server.should_exit = True
            await task
