"""The limit: a bare ASGI application that answers the same requests with the same SQL, and does nothing else.

It stands as the same role with the same settings and the same check of the session, in the same statements as the
portal, and writes the finished JSON between what GraphQL puts around it. It knows its requests beforehand: it neither
signs in, nor reads GraphQL, nor checks limits.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import asyncpg
from starlette.types import Receive, Scope, Send

import schema
from benchmarks.client import Request
from models.lifecycle import Side
from models.person import Viewer
from portal.body import call_in
from portal.clock import Clock
from portal.database import PLANNED, READING, asyncpg_dsn, standing
from portal.operations import Operations
from portal.served import ServedSchema
from resolvers.context import Context, Shell
from resolvers.operation import compiled
from resolvers.read import Reader

MARK = b'"here stands what the database answers"'
SOME_TIME = datetime(2001, 2, 3, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Known:
    """One request: the statement that begins its transaction, up to the time, and the one that answers it."""

    side: Side
    begin: str
    end_of_begin: str
    sql: str
    values: list[Any]
    before: bytes
    after: bytes

    def values_at(self, now: datetime) -> list[Any]:
        return [now if value is SOME_TIME else value for value in self.values]


class Recorder:
    """Stands in for the database and keeps the statement by which the portal would have answered."""

    def __init__(self) -> None:
        self.sql = ""
        self.values: list[Any] = []

    @asynccontextmanager
    async def reading(self, viewer: Viewer, at: datetime) -> AsyncIterator["Recorder"]:
        yield self

    async def fetchval(self, sql: str, *values: Any) -> bytes:
        self.sql, self.values = sql, list(values)
        return MARK


class Limit:
    """Answers the requests it was told of."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[tuple[bytes, bytes], Known] = {}
        self._pools: dict[Side, asyncpg.Pool[Any]] = {}

    async def prepare(self, url: str, size: int, asked: Iterable[tuple[Request, Viewer]]) -> None:
        """Learn every request; `size` connections to the database for each side, like the portal's."""
        served = schema.built(ServedSchema)
        operations = Operations(served, compiled(served), keep=1_000)
        recorder = Recorder()
        nothing = cast(Any, None)
        shell = Shell(lambda: SOME_TIME, cast(Any, recorder), Reader(), nothing, nothing, nothing, nothing)
        for request, viewer in asked:
            call = call_in(request.body)
            fast = operations.prepare(call, viewer).fast
            assert fast is not None, "the portal would leave this to the executor"
            body = await fast.run(Context(shell, viewer), call.variables)
            self._known[b"Bearer " + request.token.encode(), request.body] = _known(viewer, recorder, body or b"")
        for side in (Side.PROVIDER, Side.LOCAL_AUTHORITY):
            self._pools[side] = await asyncpg.create_pool(
                asyncpg_dsn(url), max_size=size, min_size=1, server_settings=PLANNED, init=_json, reset=_leave
            )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = (await receive())["body"]
        known = self._known.get((_authorization(scope), body))
        if known is None:
            await _write(send, 404, b"")
            return
        now = self._clock()
        async with self._pools[known.side].acquire() as connection:
            await connection.execute(known.begin + now.isoformat() + known.end_of_begin)
            json = await connection.fetchval(known.sql, *known.values_at(now))
            await connection.execute("COMMIT")
        await _write(send, 200, known.before + json + known.after)


def _known(viewer: Viewer, recorder: Recorder, body: bytes) -> Known:
    begin, _, end = (READING + standing(viewer, SOME_TIME)).partition(SOME_TIME.isoformat())
    before, _, after = (b'{"data":' + body + b"}").partition(MARK)
    return Known(viewer.side, begin, end, recorder.sql, recorder.values, before, after)


def _authorization(scope: Scope) -> bytes:
    for name, value in scope["headers"]:
        if name == b"authorization":
            return cast(bytes, value)
    return b""


async def _write(send: Send, status: int, answer: bytes) -> None:
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", b"%d" % len(answer))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


async def _json(connection: Any) -> None:
    await connection.set_type_codec("json", schema="pg_catalog", encoder=str.encode, decoder=bytes, format="binary")


async def _leave(connection: Any) -> None:
    """Everything a transaction set was local to it."""
