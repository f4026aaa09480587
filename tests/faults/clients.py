"""A client as the contract asks for one: it keeps its cursor, proves that nothing is missing, and comes back."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from realtime.cursor import Cursor
from tests.waiting import PATIENCE, until

FOLLOW = """subscription ($after: String) { notifications(after: $after) { __typename
  ... on NotificationAdded { cursor after unread notification { id no kind titleWIDE } }
  ... on OfferChanged { cursor after } ... on IpaChanged { cursor after }
  ... on NotificationsRead { cursor after } ... on NotificationsWithdrawn { cursor after }
  ... on Withdrawn { cursor after } ... on Heartbeat { cursor } ... on Resync { cursor reason } } }"""
BREATH = 0.05


class Client:
    """One screen of one person. `heard` are the numbers of what it was told, and what was told, in the order of that.

    `broken` says where an event did not follow the one before; `began` is the number after which it listens.
    """

    def __init__(
        self, person: UUID, token: str, addresses: Callable[[], Sequence[str]], seed: int, *, wide: str = ""
    ) -> None:
        self.person = person
        self.began: int | None = None
        self.cursor: str | None = None
        self.heard: list[tuple[int, str | None]] = []
        self.broken: list[str] = []
        self.resyncs: list[str] = []
        self.closes: Counter[int | None] = Counter()
        self.connections = 0
        self._document = FOLLOW.replace("WIDE", wide)
        self._token = token
        self._addresses = addresses
        self._chance = random.Random(seed)
        self._socket: ClientConnection | None = None
        self._task: asyncio.Task[None] | None = None
        self._awake = asyncio.Event()
        self._awake.set()

    async def start(self) -> None:
        """Return once it listens."""
        self._task = asyncio.create_task(self._live())
        await until(lambda: self.began is not None)

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def drop(self) -> None:
        """As when a train enters a tunnel: nothing is said, the connection is gone."""
        if self._socket:
            self._socket.transport.abort()

    def stall(self) -> None:
        """Take nothing more from the socket, and leave it open."""
        self._awake.clear()

    def resume(self) -> None:
        self._awake.set()

    @property
    def reached(self) -> int:
        """The number up to which it has dealt with everything."""
        return number(self.cursor) if self.cursor else 0

    def has_reached(self, no: int) -> bool:
        return self.reached >= no

    async def _live(self) -> None:
        while True:
            try:
                await self._follow(self._chance.choice(self._addresses()))
            except ConnectionClosed as closed:
                self.closes[closed.rcvd.code if closed.rcvd else None] += 1
            except (OSError, WebSocketException):
                self.closes[None] += 1
            await asyncio.sleep(BREATH * self._chance.random())

    async def _follow(self, address: str) -> None:
        url = address.replace("http", "ws", 1) + "/graphql"
        given: Any = {"open_timeout": PATIENCE, "close_timeout": 0.1, "ping_interval": None}
        async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")], **given) as socket:
            self._socket = socket
            await self._say(type="connection_init", payload={"Authorization": f"Bearer {self._token}"})
            subscription = {"query": self._document, "variables": {"after": self.cursor}}
            async for message in socket:
                await self._awake.wait()
                told = json.loads(message)
                if told["type"] == "connection_ack":
                    await self._say(id="1", type="subscribe", payload=subscription)
                    self.connections += 1
                elif told["type"] == "next":
                    self._hear(told["payload"]["data"]["notifications"])
                elif told["type"] == "complete":
                    break

    async def _say(self, **message: Any) -> None:
        assert self._socket
        await self._socket.send(json.dumps(message))

    def _hear(self, event: dict[str, Any]) -> None:
        if event["__typename"] == "Resync":
            self.resyncs.append(event["reason"])
            self.heard, self.began = [], number(event["cursor"])  # what was before is read afresh
        elif "after" in event:
            if event["after"] != self.cursor:
                self.broken.append(f"{event} after {self.cursor}")
            shown = event.get("notification")
            self.heard.append((number(event["cursor"]), shown and shown["id"]))
        elif self.began is None:
            self.began = number(event["cursor"])
        elif number(event["cursor"]) < self.reached:
            self.broken.append(f"{event} after {self.cursor}")
        self.cursor = event["cursor"]


def number(cursor: str) -> int:
    parsed = Cursor.parse(cursor)
    assert isinstance(parsed, Cursor)
    return parsed.no
