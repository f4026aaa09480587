"""Requests and sockets handed to the portal's application in this process, as a web server hands them over."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import orjson
from starlette.types import ASGIApp

Message = MutableMapping[str, Any]


def scope(kind: str, method: str, path: str, headers: dict[str, str]) -> Message:
    return {
        "type": kind, "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": path,
        "raw_path": path.encode(), "root_path": "", "scheme": "http" if kind == "http" else "ws", "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("192.0.2.1", 50_000), "server": ("127.0.0.1", 80), "state": {},
    }  # fmt: skip


async def request(app: ASGIApp, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes, bytes]:
    """Status, headers in order as text, and body of the answer."""
    sent: list[Message] = []
    given = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return given.pop() if given else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    told = {"content-type": "application/json", "content-length": str(len(body)), **headers}
    await app(scope("http", method, path, told), receive, send)
    start = sent[0]
    lines = b"\n".join(name + b": " + value for name, value in sorted(start["headers"]))
    return start["status"], lines, b"".join(part.get("body", b"") for part in sent[1:])


class Screen:
    """One WebSocket of somebody who follows what the portal streams; every frame is kept as it was sent."""

    def __init__(self, app: ASGIApp, token: str, documents: dict[str, str], after: dict[str, str | None]) -> None:
        self.frames: list[str] = []
        self._in: asyncio.Queue[Message] = asyncio.Queue()
        self._documents, self._after = documents, after
        told = {"sec-websocket-protocol": "graphql-transport-ws", "host": "127.0.0.1"}
        asked = {**scope("websocket", "GET", "/graphql", told), "subprotocols": ["graphql-transport-ws"]}
        self._in.put_nowait({"type": "websocket.connect"})
        self._say({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}})
        self.task = asyncio.create_task(self._run(app, asked))

    async def _run(self, app: ASGIApp, asked: Message) -> None:
        await app(asked, self._in.get, self._send)

    async def _send(self, message: Message) -> None:
        if message["type"] == "websocket.accept":
            return
        if message["type"] == "websocket.close":
            self.frames.append(f"closed {message.get('code')} {message.get('reason')}")
            self._in.put_nowait({"type": "websocket.disconnect", "code": message.get("code", 1000)})
            return
        text = message["text"]
        if orjson.loads(text)["type"] == "connection_ack":
            for name, document in self._documents.items():
                payload = {"query": document, "variables": {"after": self._after.get(name)}}
                self._say({"id": name, "type": "subscribe", "payload": payload})
            return
        self.frames.append(text)

    def _say(self, message: Any) -> None:
        self._in.put_nowait({"type": "websocket.receive", "text": orjson.dumps(message).decode()})

    def cursor(self, name: str) -> str | None:
        """Where one of its streams is, as a client would keep it."""
        found = None
        for frame in self.frames:
            if frame.startswith("{") and (told := orjson.loads(frame))["id"] == name and told["type"] == "next":
                found = told["payload"]["data"][name]["cursor"]
        return found

    async def close(self) -> None:
        self._in.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await asyncio.gather(self.task, return_exceptions=True)
