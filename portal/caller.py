"""Whoever is at the other end of one WebSocket: nobody until `connection_init`, the person of one session after it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from graphql import OperationType
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket

from models.person import Viewer
from portal.answers import refused
from portal.audiences import Audiences
from portal.body import Call
from portal.conditions import check_conditions
from portal.door import BOTH, Door, MakeContext, SignedOut
from portal.operations import Operation, Operations
from portal.outlet import Ended, Outlet
from portal.websocket import SAY
from realtime.ports import LookAt, Sink

SIGN_IN_SECONDS: Final = 10

WatchSession = Callable[[UUID, datetime, Callable[[], None]], Callable[[], None]]
"""Given a session, when it expires and what to call once when it ends; gives what stops the watch."""


Push = Callable[[tuple[UUID, UUID], str | None, Sink, LookAt[bool] | None], Callable[[], None]]
"""Given a person and their session, a cursor and a sink, hands the sink what follows; gives what stops that.

What is to be looked for first says whether there is anything to hand out.
"""


@dataclass(frozen=True, slots=True)
class House:
    """What every socket of this process has in common."""

    operations: Operations
    door: Door
    make_context: MakeContext
    watch_session: WatchSession
    push: Push | None = None
    audiences: Audiences = field(default_factory=Audiences)


@dataclass(slots=True, eq=False)
class Caller:
    """One socket's person; `connection_params` is the payload of its `connection_init`."""

    house: House
    websocket: WebSocket
    connection_params: dict[str, Any] = field(default_factory=dict)
    on_end: Callable[[], None] = lambda: None
    viewer: Viewer | None = None
    _unwatch: Callable[[], None] = lambda: None

    async def come_in(self) -> None:
        """Sign in with the token of `connection_init` or the cookie of the handshake; raises SignedOut without either.

        Whether the session ended in between is for the watch to say: it begins with a look of its own.
        """
        connection = self._credentialed()
        async with asyncio.timeout(SIGN_IN_SECONDS):
            viewer = await self._signed_in(connection)
        self._unwatch = self.house.watch_session(viewer.session_id, viewer.expires_at, self.on_end)
        self.viewer = viewer

    @property
    def says_at_once(self) -> Callable[[str], bool]:
        extensions = self.websocket.scope.get("extensions") or {}
        says: Callable[[str], bool] = extensions.get(SAY, _never)
        return says

    def leave(self) -> None:
        self._unwatch()

    def prepare(self, call: Call) -> Operation:
        operation = self.house.operations.prepare(call, self.viewer)
        if operation.kind is not OperationType.SUBSCRIPTION:
            raise refused(400, "BAD_REQUEST", "Only subscriptions run over the WebSocket; send anything else by POST.")
        check_conditions(operation, call.variables)
        return operation

    def outlet(self, id_: str, call: Call, ended: Ended) -> Callable[[], None] | None:
        """Let what a subscription asks for flow from now on; what stops it. None where that takes the executor."""
        operation, viewer, push = self.prepare(call), self.viewer, self.house.push
        asked = self.house.audiences.of(operation, call.variables, viewer) if push and viewer else None
        if asked is None or push is None or viewer is None:
            return None
        outlet = Outlet(id_, asked, self, (operation, call.variables), ended)
        return push((viewer.person_id, viewer.session_id), asked.after, outlet, outlet.look if asked.look else None)

    def fresh_context(self) -> object:
        return self.house.make_context(self.viewer, self.websocket)

    async def _signed_in(self, connection: HTTPConnection) -> Viewer:
        viewer = await self.house.door.sign_in(connection)
        if viewer is None:
            raise SignedOut
        return viewer

    def _credentialed(self) -> HTTPConnection:
        """The handshake, with the token that browsers cannot put into its headers."""
        given = [value for name, value in self.connection_params.items() if name.lower() == "authorization"]
        if not given:
            return self.websocket
        if self.house.door.has_cookie(self.websocket):
            raise refused(400, "BAD_REQUEST", BOTH)
        others = [header for header in self.websocket.scope["headers"] if header[0] != b"authorization"]
        return HTTPConnection({**self.websocket.scope, "headers": [*others, (b"authorization", _latin(given[0]))]})


def _never(_: str) -> bool:
    """What a server that is not ours says at once."""
    return False


def _latin(token: object) -> bytes:
    if not isinstance(token, str) or not token.isascii():
        raise SignedOut
    return token.encode("ascii")
