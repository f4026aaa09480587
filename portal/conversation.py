"""One conversation in graphql-transport-ws, held to the protocol: its own faults end it, a subscription's do not."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import aclosing, suppress
from functools import partial
from typing import Any, Final, cast

from starlette.websockets import WebSocketDisconnect, WebSocketState
from starlette.websockets import WebSocketDisconnected as AlreadyClosed
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation
from strawberry.subscriptions.protocols.graphql_transport_ws.types import Message, PingMessage, SubscribeMessage
from strawberry.types.execution import PreExecutionError

from portal.answers import RequestRefused, refused
from portal.body import call_of, nested_too_deep
from portal.caller import Caller
from portal.door import SignedOut
from portal.incidents import internal, report
from portal.outlet import GONE
from realtime.eager import begun
from resolvers.ports import SignedOut as Ended

MOST_SUBSCRIPTIONS: Final = 16
MOST_ID_LENGTH: Final = 128

INVALID, UNAUTHORIZED, BROKEN = 4400, 4401, 4500


class Socket(ASGIWebSocketAdapter):
    """The framework's socket, except that sending to one already closed, or closing it again, is no fault."""

    async def send_json(self, message: Mapping[str, object]) -> None:
        try:
            await super().send_json(message)
        except AlreadyClosed as closed:
            raise WebSocketDisconnected from closed

    async def close(self, code: int, reason: str) -> None:
        if self.ws.application_state is WebSocketState.CONNECTED:
            with suppress(WebSocketDisconnect):
                await super().close(code, reason)


class Conversation(BaseGraphQLTransportWSHandler[Caller, None]):
    """The framework's handler with every refusal of the protocol made exact.

    Close codes: 4400 a message that is none, 4401 no session or one that ended, 4406, 4408, 4409 and 4429 as the
    protocol has them, 4500 a fault of ours. What is wrong with one document is an `error` message.
    """

    def on_request_accepted(self) -> None:
        self._leave: dict[str, Callable[[], None]] = {}
        self._ending: set[asyncio.Future[None]] = set()
        self.context.on_end = self.end_session
        super().on_request_accepted()

    async def handle_message(self, message: Message) -> None:
        if not well_formed(message):
            await self.handle_invalid_message("Invalid message received")
            return
        if message["type"] == "connection_init" and message.get("payload") is None:
            message = {"type": "connection_init", "payload": {}}
        try:
            await self._handle(message)
        except SignedOut:
            await self.websocket.close(UNAUTHORIZED, "Unauthorized")
        except RequestRefused as refusal:
            await self.websocket.close(BROKEN if refusal.status == 500 else INVALID, str(refusal))

    async def handle_ping(self, message: PingMessage) -> None:
        payload = message.get("payload")
        await self.send_message({"type": "pong", "payload": payload} if payload else {"type": "pong"})

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        refusable = self.connection_acknowledged and message["id"] not in self.operations
        if refusable and len(self.operations) >= MOST_SUBSCRIPTIONS:
            most = f"One socket carries {MOST_SUBSCRIPTIONS} subscriptions at most."
            errors = [error.formatted for error in refused(400, "OPERATION_TOO_LARGE", most).errors]
            await self.send_message({"id": message["id"], "type": "error", "payload": errors})
            return
        if refusable and self._follows(message):
            return
        await super().handle_subscribe(message)

    async def run_operation(self, operation: Operation[Caller, None]) -> None:
        try:
            await self._follow(operation)
        except RequestRefused as refusal:
            with suppress(WebSocketDisconnected):
                await operation.send_initial_errors(refusal.errors)
        except WebSocketDisconnected:
            self.operations.pop(operation.id, None)

    async def handle_task_exception(self, error: Exception) -> None:
        report(error)

    def end_session(self) -> None:
        """Stop everything and close with 4401, now: nothing more may be told to this caller."""
        for leave in self._leave.values():
            leave()
        for operation in self.operations.values():
            if operation.task:
                operation.task.cancel()
        self._say(self.websocket.close(UNAUTHORIZED, "Session ended"))

    async def cleanup_operation(self, operation_id: str) -> None:
        if leave := self._leave.pop(operation_id, None):
            leave()
            self.operations.pop(operation_id, None)
        else:
            await super().cleanup_operation(operation_id)

    def forget_id(self, id: str) -> None:
        if leave := self._leave.pop(id, None):
            leave()
        super().forget_id(id)

    async def shutdown(self) -> None:
        self.context.leave()
        await super().shutdown()

    async def _handle(self, message: Message) -> None:
        try:
            await super().handle_message(message)
        except (SignedOut, RequestRefused, WebSocketDisconnected):
            raise
        except Exception as fault:
            raise internal(fault) from fault

    def _follows(self, message: SubscribeMessage) -> bool:
        """Whether it listens to a stream, whose frames come without a task of this subscription's own."""
        payload = message["payload"]
        operation = Operation(
            self, message["id"], payload["query"], payload.get("variables"), payload.get("operationName")
        )
        try:
            call = call_of(asked_by(operation))
            outlet = self.context.outlet(operation.id, call, partial(self._ended, operation))
        except RequestRefused:
            return False
        if outlet is None:
            return False
        self.operations[operation.id] = operation
        self._leave[operation.id] = outlet
        return True

    def _ended(self, operation: Operation[Caller, None], fault: Exception | None) -> None:
        """A stream that ended by itself: complete, by a fault of ours, or because nobody is there any more."""
        if operation.id not in self._leave:
            return
        if fault is None:
            self._say(operation.send_operation_message({"id": operation.id, "type": "complete"}))
        elif isinstance(fault, GONE):
            self.forget_id(operation.id)
        elif isinstance(fault, Ended):
            self.end_session()
        else:
            self._say(operation.send_initial_errors(internal(fault).errors))

    def _say(self, words: Coroutine[Any, Any, None]) -> None:
        """Now, where the socket takes it now."""
        if rest := begun(_while_open(words)):
            saying = asyncio.ensure_future(rest)
            self._ending.add(saying)
            saying.add_done_callback(self._ending.discard)

    async def _follow(self, operation: Operation[Caller, None]) -> None:
        try:
            call = call_of(asked_by(operation))
            prepared = self.context.prepare(call)
            source = prepared.schema.follow(prepared, call.variables, self.context.fresh_context())
            async with aclosing(source) as results:
                async for result in results:
                    if isinstance(result, PreExecutionError):
                        raise RequestRefused(400, result.errors or [])
                    await operation.send_next(result)
        except (RequestRefused, WebSocketDisconnected):
            raise
        except Exception as fault:
            raise internal(fault) from fault
        await operation.send_operation_message({"id": operation.id, "type": "complete"})


async def _while_open(words: Coroutine[Any, Any, None]) -> None:
    """Whatever goes wrong with last words is no matter of whoever ends the conversation."""
    try:
        await words
    except WebSocketDisconnected:
        return
    except Exception as fault:  # noqa: BLE001
        report(fault)


def asked_by(operation: Operation[Caller, None]) -> dict[str, object]:
    return {"query": operation.query, "variables": operation.variables, "operationName": operation.operation_name}


def well_formed(message: object) -> bool:
    """Whether a decoded frame is one of the messages a client may send, with members of the right types."""
    if not isinstance(message, dict) or nested_too_deep(message):
        return False
    payload, id_ = message.get("payload"), message.get("id")
    match message.get("type"):
        case "connection_init" | "ping" | "pong":
            return isinstance(payload, dict | None)
        case "complete":
            return isinstance(id_, str)
        case "subscribe":
            return isinstance(id_, str) and 0 < len(id_) <= MOST_ID_LENGTH and _is_request(payload)
        case _:
            return False


def _is_request(payload: object) -> bool:
    if not isinstance(payload, dict):
        return False
    request = cast("dict[str, object]", payload)
    return (
        isinstance(request.get("query"), str)
        and isinstance(request.get("operationName"), str | None)
        and all(isinstance(request.get(name), dict | None) for name in ("variables", "extensions"))
    )
