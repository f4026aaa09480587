"""A client of graphql-transport-ws that sends whatever a test wants, frame by frame."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection

from tests.portal.serving import Portal
from tests.waiting import PATIENCE

INIT = {"type": "connection_init", "payload": {"authorization": "Bearer person"}}


class Talk:
    """One socket, from the client's end."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def send(self, message: object) -> None:
        await self.socket.send(message if isinstance(message, str | bytes) else json.dumps(message))

    async def subscribe(self, query: str, id_: str = "1") -> None:
        await self.send({"id": id_, "type": "subscribe", "payload": {"query": query}})

    async def hear(self) -> Any:
        frame = await asyncio.wait_for(self.socket.recv(), PATIENCE)
        assert isinstance(frame, str)
        return json.loads(frame)

    async def closed(self) -> tuple[int | None, str | None]:
        """The code and reason with which the server closes."""
        await asyncio.wait_for(self.socket.wait_closed(), PATIENCE)
        return self.socket.close_code, self.socket.close_reason


@asynccontextmanager
async def calling(portal: Portal, protocol: str | None = "graphql-transport-ws", **headers: str) -> AsyncIterator[Talk]:
    """A socket on which nothing has been said yet."""
    async with portal.dial(protocol=protocol, **headers) as socket:
        yield Talk(socket)


@asynccontextmanager
async def talking(portal: Portal, who: str | None = "person", **headers: str) -> AsyncIterator[Talk]:
    """A socket whose `connection_init` is acknowledged."""
    async with calling(portal, **headers) as talk:
        payload = {"authorization": f"Bearer {who}"} if who else None
        await talk.send({"type": "connection_init", "payload": payload})
        assert await talk.hear() == {"type": "connection_ack"}
        yield talk
