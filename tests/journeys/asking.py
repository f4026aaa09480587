"""A client as anybody may write one: JSON over HTTP, and graphql-transport-ws frame by frame."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import aiohttp
import pyotp
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.waiting import PATIENCE

FOLLOW = """subscription ($after: String) { notifications(after: $after) { __typename
  ... on NotificationAdded { cursor after notification { id kind subjectId } }
  ... on OfferChanged { cursor after offerId version }
  ... on IpaChanged { cursor after ipaId version } ... on NotificationsRead { cursor after ids upTo }
  ... on Withdrawn { cursor after } ... on Heartbeat { cursor } ... on Resync { cursor reason } } }"""
LISTEN = """subscription ($after: String) { messages(after: $after) { __typename
  ... on MessageAdded { cursor after threadId no isNew } ... on MessagesRead { cursor after threadId upTo }
  ... on Heartbeat { cursor } } }"""
UPLOAD = """mutation ($key: UUID!, $input: DocumentInput!) { documentUpload(idempotencyKey: $key, input: $input) {
  document { id } upload { url } problems { code message } } }"""
PROBLEMS = "problems { code message ... on StaleVersion { currentVersion } ... on WrongState { state } }"


def new_key() -> str:
    return str(uuid4())


@dataclass
class Somebody:
    """A person as they sign in; `token` once they have. Kept with the database in which they have their account."""

    email: str
    password: str
    secret: str
    token: str = ""

    def code(self, steps: int = 0) -> str:
        """What the app shows now, or so many half minutes later; one step ahead is taken, one behind as well."""
        return pyotp.TOTP(self.secret).at(datetime.now(UTC) + timedelta(seconds=30 * steps))

    @property
    def as_sign_in(self) -> dict[str, str]:
        return {"email": self.email, "password": self.password, "secret": self.secret}


@dataclass
class Asking:
    """Asks one server, as somebody or as nobody."""

    address: str

    async def gql(self, who: Somebody | None, document: str, **variables: Any) -> dict[str, Any]:
        """The data of a request. Raises aiohttp.ClientError where no answer comes."""
        headers = {"Authorization": f"Bearer {who.token}"} if who else {}
        sent = {"query": document, "variables": variables}
        async with (
            aiohttp.ClientSession(headers=headers) as client,
            client.post(f"{self.address}/graphql", json=sent) as answer,
        ):
            given = await answer.json()
        assert "errors" not in given, given["errors"]
        return dict(given["data"])

    async def payload(self, who: Somebody | None, document: str, **variables: Any) -> dict[str, Any]:
        """What the one act in the document answers, problems and all."""
        (payload,) = (await self.gql(who, document, **variables)).values()
        return dict(payload)

    async def do(self, who: Somebody | None, document: str, **variables: Any) -> dict[str, Any]:
        """The payload of the one act in the document, which must succeed."""
        payload = await self.payload(who, document, **variables)
        assert payload["problems"] == []
        return payload

    async def upload(self, who: Somebody, content: bytes, **told: Any) -> str:
        announced = {"byteSize": len(content), "sha256": sha256(content).hexdigest(), **told}
        given = await self.do(who, UPLOAD, key=new_key(), input=announced)
        async with aiohttp.request("PUT", given["upload"]["url"], data=content) as answer:
            assert answer.status == 200, await answer.text()
        return str(given["document"]["id"])

    @asynccontextmanager
    async def following(
        self, who: Somebody, after: str | None = None, document: str = FOLLOW
    ) -> AsyncIterator["Stream"]:
        """A stream of somebody's, of notifications if not told otherwise, after this cursor or from now."""
        url = self.address.replace("http", "ws", 1) + "/graphql"
        protocols = [Subprotocol("graphql-transport-ws")]
        async with connect(url, subprotocols=protocols, open_timeout=PATIENCE, ping_interval=None) as socket:
            stream = Stream(socket)
            await stream.send(type="connection_init", payload={"Authorization": f"Bearer {who.token}"})
            assert await stream.hear() == {"type": "connection_ack"}
            subscription = {"query": document, "variables": {"after": after}}
            await stream.send(id="1", type="subscribe", payload=subscription)
            if after is None:
                assert (await stream.event())["__typename"] == "Heartbeat"
            yield stream


@dataclass
class Stream:
    """One socket with one subscription."""

    socket: ClientConnection
    cursor: str | None = None

    async def send(self, **message: Any) -> None:
        await self.socket.send(json.dumps(message))

    async def hear(self, seconds: float = PATIENCE) -> Any:
        return json.loads(await asyncio.wait_for(self.socket.recv(), seconds))

    async def event(self, seconds: float = PATIENCE) -> dict[str, Any]:
        """The next event. Each must follow the one before it."""
        message = await self.hear(seconds)
        assert message["type"] == "next", message
        (event,) = message["payload"]["data"].values()
        assert "after" not in event or self.cursor in (None, event["after"])
        self.cursor = event["cursor"]
        return dict(event)

    async def silent_for(self, seconds: float) -> bool:
        try:
            await self.event(seconds)
        except TimeoutError:
            return True
        return False

    async def closed(self) -> int | None:
        """The code with which the server closes."""
        await asyncio.wait_for(self.socket.wait_closed(), PATIENCE)
        return self.socket.close_code
