"""GraphQL over HTTP: by POST alone, one JSON object in, one out, whatever happens."""

import asyncio
from typing import Final

import orjson
from graphql import GraphQLError, OperationType
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send
from strawberry.types import ExecutionResult

from models.person import Viewer
from portal.answers import JSON, Answer, RequestRefused, encoded, media_for, refusal, refused
from portal.body import Call, read_call
from portal.door import Door, MakeContext, answer_headers
from portal.incidents import internal, masked
from portal.incoming import Incoming
from portal.operations import Operation, Operations

SECONDS: Final = 10.0
RETRY_AFTER: Final = b"2"
TOO_SLOW = "This took too long and was stopped. Before repeating a change, read whether it was made."


class Endpoint:
    """The HTTP side of the API, an ASGI application.

    Callers without a credential are answered from `public`, and told to sign in where that does not know what they ask.
    An operation that takes longer than `seconds` is cancelled and answered with 503 TIMEOUT.
    """

    def __init__(
        self,
        *,
        operations: Operations,
        public: Operations,
        door: Door,
        make_context: MakeContext,
        seconds: float = SECONDS,
    ) -> None:
        self.operations = operations
        self.public = public
        self.door = door
        self.make_context = make_context
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Incoming(scope, receive)
        media = media_for(request.headers.get("accept"))
        try:
            answer = await self._answer(request, media)
        except RequestRefused as request_refused:
            answer = refusal(request_refused, media)
        except ClientDisconnect:
            return
        await answer.send(send)

    async def _answer(self, request: Request, media: str | None) -> Answer:
        if request.method != "POST":
            raise refused(405, "METHOD_NOT_ALLOWED", "Send operations by POST.", headers=[(b"allow", b"POST")])
        if media is None:
            raise refused(406, "NOT_ACCEPTABLE", f"Answers are {JSON} or application/graphql-response+json.")
        self.door.check(request)
        try:
            async with asyncio.timeout(self.seconds):
                return await self._run(request, await read_call(request), media)
        except (RequestRefused, ClientDisconnect):
            raise
        except TimeoutError:
            raise refused(503, "TIMEOUT", TOO_SLOW) from None
        except Exception as fault:
            raise internal(fault) from fault

    async def _run(self, request: Request, call: Call, media: str) -> Answer:
        viewer = await self.door.viewer(request)
        operation = self._prepare(request, call, viewer)
        context = self.make_context(viewer, request)
        body = await self._fast(operation, call, context)
        if body is None:
            body = _finished(await operation.schema.perform(operation, call.variables, context))
        return Answer(200, body, media, answer_headers(request))

    def _prepare(self, request: Request, call: Call, viewer: Viewer | None) -> Operation:
        operations = self.operations if viewer else self.public
        try:
            operation = operations.prepare(call, viewer)
        except RequestRefused as request_refused:
            if viewer is None and _unknown(request_refused):
                raise self.door.unauthenticated(request) from None
            raise
        if operation.kind is OperationType.SUBSCRIPTION:
            raise refused(400, "BAD_REQUEST", "Subscriptions run over the WebSocket (graphql-transport-ws).")
        return operation

    async def _fast(self, operation: Operation, call: Call, context: object) -> bytes | None:
        if operation.fast is None:
            return None
        try:
            data = await operation.fast.run(context, call.variables)
        except GraphQLError as error:
            return encoded(masked([error]), data=None)
        return None if data is None else b"".join((b'{"data":', data, b"}"))


def _unknown(request_refused: RequestRefused) -> bool:
    return any((error.extensions or {}).get("code") == "GRAPHQL_VALIDATION_FAILED" for error in request_refused.errors)


def _finished(result: ExecutionResult) -> bytes:
    """The body for a result; what failed before its first field is a fault of the request.

    Whatever could not be begun because of too many others is 503 as a whole, with the time to wait.
    """
    if not result.errors:
        return orjson.dumps({"data": result.data})
    busy = [error for error in result.errors if (error.extensions or {}).get("code") == "BUSY"]
    if busy:
        raise RequestRefused(503, busy, headers=[(b"retry-after", RETRY_AFTER)])
    if result.data is None and all(error.path is None for error in result.errors):
        raise RequestRefused(400, result.errors, about_document=True)
    return encoded(result.errors, data=result.data)
