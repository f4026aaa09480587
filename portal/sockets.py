"""Subscriptions over WebSocket: graphql-transport-ws and nothing else, closed when the session behind them ends."""

from datetime import timedelta
from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.unset import UnsetType

from portal.body import MOST_BYTES, frame_in
from portal.caller import Caller, House
from portal.conversation import Conversation, Socket

FRAME: Final = MOST_BYTES
"""The most bytes of one message, for the server's `ws_max_size`: a larger one closes the socket with 1009."""

INIT_WITHIN: Final = timedelta(seconds=10)


class Sockets(GraphQL[Caller, None]):
    """The WebSocket side of the API, an ASGI application for a WebSocket route.

    A handshake from a foreign origin, or with a cookie and no origin, is answered with 403 (TRUST D4).
    """

    websocket_adapter_class = Socket
    graphql_transport_ws_handler_class = Conversation

    def __init__(self, house: House, *, init_within: timedelta = INIT_WITHIN) -> None:
        super().__init__(
            house.operations.schema,
            graphql_ide=None,
            allow_queries_via_get=False,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=init_within,
            max_subscriptions_per_connection=None,
            allowed_origins=tuple(house.door.origins),
        )
        self.house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        websocket = WebSocket(scope, receive, send)
        if self.house.door.admits_socket(websocket):
            await super().__call__(scope, receive, send)
        else:
            await self.reject_websocket(websocket)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Caller:
        if not isinstance(response, WebSocket):
            raise TypeError("only a WebSocket has a caller")
        return Caller(self.house, response)

    async def on_ws_connect(self, context: Caller) -> UnsetType | dict[str, object] | None:
        await context.come_in()
        return UnsetType()

    def decode_json(self, data: str | bytes) -> object:
        return frame_in(data)

    def encode_json(self, data: object) -> str:
        """Text, never bytes: bytes would go out as a binary frame, which the protocol does not have."""
        return orjson.dumps(data).decode()
