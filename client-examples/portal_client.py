"""A client of the portal on the stock `gql` library: sign in, ask, act, listen, send and fetch files."""

import asyncio
import hashlib
import math
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

try:
    import aiohttp
    import pyotp
    from gql import Client, GraphQLRequest
    from gql.client import AsyncClientSession
    from gql.transport.aiohttp import AIOHTTPTransport
    from gql.transport.exceptions import TransportQueryError
    from gql.transport.websockets import WebsocketsTransport
    from graphql import DocumentNode, parse, separate_operations
    from websockets.exceptions import ConnectionClosed
except ModuleNotFoundError as missing:
    sys.exit(f"{missing.name} is not installed in this environment; `python3 portal demo` brings it along in .venv.")

HERE = Path(__file__).parent
STEP = 30  # seconds for which an authenticator shows one code
ADDRESS = "http://127.0.0.1:8000"
ANSWER_WITHIN = 30  # seconds: the portal itself gives up after ten, and says so


class Refused(Exception):
    """The portal changed nothing, and says why in `problems`."""

    def __init__(self, problems: list[dict[str, Any]]) -> None:
        super().__init__("; ".join(f"{problem['code']}: {problem['message']}" for problem in problems))
        self.problems = problems

    @property
    def code(self) -> str:
        return str(self.problems[0]["code"])


@cache
def operations() -> dict[str, DocumentNode]:
    """Every operation in the .graphql files beside this one, by its name."""
    files = [parse(path.read_text()) for path in sorted(HERE.glob("*.graphql"))]
    return {name: document for file in files for name, document in separate_operations(file).items()}


def operation(name: str, variables: dict[str, Any]) -> GraphQLRequest:
    return GraphQLRequest(operations()[name], variable_values=variables, operation_name=name)


def new_key() -> str:
    """An idempotency key. Send an act again with the same key when no answer came: it is done once."""
    return str(uuid4())


@dataclass
class Authenticator:
    """What an authenticator app does. Each code is good for one use, so the next use waits for the next code."""

    secret: str
    say: Callable[[str], None] = print
    used: int = 0

    async def code(self) -> str:
        if self._step() <= self.used:
            left = math.ceil((self.used + 1) * STEP - time.time())
            self.say(f"waits {left} s for the next code: each works once")
            await asyncio.sleep(left)
        self.used = self._step()
        return pyotp.TOTP(self.secret).at(self.used * STEP)

    @staticmethod
    def _step() -> int:
        return int(time.time()) // STEP


@dataclass(frozen=True)
class SignIn:
    """An e-mail address, its password, and the authenticator that was set up for it."""

    email: str
    password: str
    authenticator: Authenticator


async def sign_in(address: str, who: SignIn) -> dict[str, Any]:
    """Password, then code; answers with the token and whose it is. Raises Refused.

    A code that somebody has used in this half minute is refused like a wrong one, so one more is tried.
    """
    async with _asking(address) as anonymous:
        try:
            return await _sign_in(anonymous, who)
        except Refused as refused:
            if refused.code != "SIGN_IN_REFUSED":
                raise
            return await _sign_in(anonymous, who)


def _asking(address: str, **headers: str) -> Client:
    return Client(transport=AIOHTTPTransport(f"{address}/graphql", headers=headers), execute_timeout=ANSWER_WITHIN)


async def _sign_in(anonymous: AsyncClientSession, who: SignIn) -> dict[str, Any]:
    first = await _act(anonymous, "SignIn", {"email": who.email, "password": who.password})
    code = await who.authenticator.code()
    return await _act(anonymous, "SignInConfirm", {"challenge": first["challenge"], "code": code})


async def _act(session: AsyncClientSession, name: str, variables: dict[str, Any]) -> dict[str, Any]:
    (payload,) = (await session.execute(operation(name, variables))).values()
    if payload["problems"]:
        raise Refused(payload["problems"])
    return dict(payload)


@dataclass
class Person:
    """Somebody who is signed in."""

    address: str
    token: str
    name: str = ""
    organisation: str = ""
    authenticator: Authenticator = field(default_factory=lambda: Authenticator(""))
    _session: AsyncClientSession | None = None

    @classmethod
    @asynccontextmanager
    async def signed_in(cls, address: str, who: SignIn) -> AsyncIterator[Self]:
        given = await sign_in(address, who)
        viewer = given["viewer"]
        names = viewer["person"]["name"], viewer["organisation"]["name"]
        async with cls(address, given["token"], *names, who.authenticator).connected() as person:
            yield person

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Self]:
        async with _asking(self.address, Authorization=f"Bearer {self.token}") as self._session:
            yield self

    async def ask(self, name: str, **variables: Any) -> dict[str, Any]:
        """The data of a query."""
        assert self._session, "connect first"
        return dict(await self._session.execute(operation(name, variables)))

    async def act(self, name: str, **variables: Any) -> dict[str, Any]:
        """The payload of a mutation. Raises Refused."""
        assert self._session, "connect first"
        return await _act(self._session, name, variables)

    async def follow(self, name: str, **variables: Any) -> AsyncGenerator[dict[str, Any], None]:
        """The events of a subscription, over a WebSocket of its own; ends or raises when that does."""
        async with Client(transport=self._live()) as session:
            async for data in session.subscribe(operation(name, variables)):
                (event,) = data.values()
                yield event

    def _live(self) -> WebsocketsTransport:
        return WebsocketsTransport(
            self.address.replace("http", "ws", 1) + "/graphql",
            init_payload={"Authorization": f"Bearer {self.token}"},
            subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
            close_timeout=1,
        )

    async def upload(self, path: Path, kind: str) -> str:
        """Announce a file, then send its raw bytes to the address that the portal answers with; the document's id."""
        content = path.read_bytes()
        announced = {"name": path.name, "kind": kind, "byteSize": len(content), "sha256": sha256(content)}
        given = await self.act("DocumentUpload", input=announced, key=new_key())
        async with aiohttp.request(given["upload"]["method"], given["upload"]["url"], data=content) as answer:
            answer.raise_for_status()
        return str(given["document"]["id"])


async def fetch(url: str) -> bytes:
    """The bytes behind a one-use address."""
    async with aiohttp.request("GET", url) as answer:
        answer.raise_for_status()
        return await answer.read()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def passes(fault: TransportQueryError) -> bool:
    """Whether the portal was at fault, or its database away, so that the same may be asked again."""
    codes = [error.get("extensions", {}).get("code") for error in fault.errors or []]
    return bool(codes) and {*codes} <= {"INTERNAL", "TIMEOUT"}


def close_code(fault: BaseException | None) -> int | None:
    """The code with which the portal closed the WebSocket, where that is what is behind a fault."""
    while fault is not None and not isinstance(fault, ConnectionClosed):
        fault = fault.__cause__
    return fault.rcvd.code if fault is not None and fault.rcvd else None
