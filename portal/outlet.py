"""The way of one subscription's frames to its socket."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Protocol, cast

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect
from starlette.websockets import WebSocketDisconnected as AlreadyClosed
from strawberry.types.execution import PreExecutionError

from models.person import Viewer
from portal.audience import MOST_WHOLE, Audience, Item, Left
from portal.audiences import Asked
from portal.hole import Template
from portal.operations import Operation
from realtime.entry import Heartbeat, Resync, Row, Told
from realtime.ports import At, Frame
from resolvers.context import Context
from resolvers.stream import Last

GONE = (WebSocketDisconnect, AlreadyClosed)


class Listens(Protocol):
    """One socket's person."""

    websocket: WebSocket
    viewer: Viewer | None

    @property
    def says_at_once(self) -> Callable[[str], bool]:
        """Sends a text at once, or does not and says so."""

    def fresh_context(self) -> object: ...


Ended = Callable[[Exception | None], None]


class Outlet:
    """Fills the templates of an audience for one who belongs to it; what has none is executed, once for each session.

    `ended` is called once, where the stream ends by itself: with the fault, or with None where it is complete.
    """

    __slots__ = ("_asked", "_audience", "_caller", "_ended", "_found", "_head", "_operation", "_say", "_socket")
    _audience: Audience

    def __init__(
        self, id_: str, asked: Asked, caller: Listens, operation: tuple[Operation, Mapping[str, Any]], ended: Ended
    ) -> None:
        self._head = '{"id":' + orjson.dumps(id_).decode() + ',"type":"next","payload":'
        self._asked = asked
        self._found: Any = None
        self._caller = caller
        self._operation = operation
        self._ended = ended
        self._socket: WebSocket = caller.websocket
        self._say = caller.says_at_once
        if asked.look is None:
            self._audience = asked.audience(None)

    async def look(self, now: str) -> bool:
        """Find out to which audience it belongs, before anything is told; where there is none, say so."""
        assert self._asked.look is not None, "it was pushed with nothing to look for"
        self._found = await self._asked.look(cast(Context, self._caller.fresh_context()), now)
        if not isinstance(self._found, Last):
            self._audience = self._asked.audience(self._found)
            return True
        if sending := self.send(await self._executed(Heartbeat(now))):
            await sending
        return False

    def tells(self, row: Row, at: At) -> Frame | None:
        no, unread, told = row
        rendering = told.rendered.get(self._audience) or self._audience.of(told)
        if type(rendering) is Template and no <= MOST_WHOLE:
            filled: str = self._head + rendering.text % rendering.pick((at.cursor, at.last, no, unread))
            return filled
        if rendering is Left.NOTHING:
            return None
        if rendering is Left.ONE_BY_ONE:
            return self._alone(row, at)
        return self._by_executor(row, at)

    def says(self, item: Heartbeat | Resync) -> Frame:
        rendering = self._audience.common(item)
        if isinstance(rendering, Template):
            return self._head + rendering.filled((item.cursor, "", 0, 0))
        return partial(self._executed, item)

    def send(self, frame: str) -> Coroutine[Any, Any, None] | None:
        if self._say(frame):
            return None
        return self._socket.send({"type": "websocket.send", "text": frame})

    def complete(self) -> None:
        self._ended(None)

    def failed(self, fault: Exception) -> None:
        self._ended(fault)

    def _alone(self, row: Row, at: At) -> Frame | None:
        found = self._audience.alone(cast(Any, self._caller.viewer), row, at)
        if isinstance(found, str) and row.no <= MOST_WHOLE:
            return self._head + found
        return None if found is Left.NOTHING else self._by_executor(row, at)

    def _by_executor(self, row: Row, at: At) -> Frame:
        entry = row.entry(at.cursor, at.last)
        return partial(self._shared, row.told, entry if row.told.visible else entry.tombstone(), at.last)

    async def _shared(self, told: Told, item: Item, after: str) -> str:
        """Several screens of one session at one place are answered by one execution."""
        viewer = cast(Any, self._caller.viewer)
        key = (self._audience, viewer.person_id, viewer.session_id, after)
        if key not in told.rendered:
            told.rendered[key] = asyncio.create_task(self._payload(item), name="portal-execute")
        payload: str = await asyncio.shield(told.rendered[key])
        return self._head + payload

    async def _executed(self, item: Item) -> str:
        return self._head + await self._payload(item)

    async def _payload(self, item: Item) -> str:
        operation, variables = self._operation
        context = cast(Context, self._caller.fresh_context())
        context.shell = replace(context.shell, hub=_Only(item, self._found))
        async for result in operation.schema.follow(operation, variables, context):
            if not isinstance(result, PreExecutionError):
                shown: dict[str, Any] = {"data": result.data}
                if result.errors:
                    shown["errors"] = [error.formatted for error in result.errors]
                return orjson.dumps(shown).decode() + "}"
        raise RuntimeError("an event was not answered")


class _Only:
    """A hub of one item, for a stream that has found already what it looks for."""

    def __init__(self, item: Item, found: Any) -> None:
        self._item = item
        self._found = found

    async def look(self, *_: Any) -> tuple[str, Any]:
        return self._item.cursor, self._found

    async def listen(self, *_: Any) -> Any:
        yield self._item
