"""The body of a GraphQL request: read with a limit, and held to its shape before anything looks inside."""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request

from portal.answers import RequestRefused, refused

MOST_BYTES = 262_144
MOST_NESTING = 32
HALVED = "The request holds half of a character, like \\ud800 alone. Send whole characters: pairs of halves, or UTF-8."


class Halved(str):
    """Stands for the text of a request with half of a character in it, which is refused once its sender is known."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a client asks to be run."""

    query: str
    variables: dict[str, Any]
    operation_name: str | None


async def read_call(request: Request) -> Call:
    """The call in an HTTP request; refusals are 415, 413 and 400."""
    media = request.headers.get("content-type", "").split(";", 1)[0].strip().lower()
    if media != "application/json":
        raise refused(415, "UNSUPPORTED_MEDIA_TYPE", "Send the request as application/json.")
    return call_in(await _read(request))


def call_in(body: bytes) -> Call:
    try:
        asked = orjson.loads(body)
    except orjson.JSONDecodeError as fault:
        raise _malformed(HALVED if "surrogate in " in str(fault) else "The request body is not valid JSON.") from None
    return call_of(asked)


def frame_in(text: str | bytes) -> object:
    """What a frame says. Half of a character in a subscription is that one's fault, and no reason to end the others."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as fault:
        if "surrogate in " in str(fault):
            with suppress(ValueError, RecursionError, KeyError, TypeError):
                message = json.loads(text)
                message["id"].encode()
                return {"type": message["type"], "id": message["id"], "payload": {"query": Halved()}}
        raise


def call_of(asked: object) -> Call:
    """The call that decoded JSON stands for, over HTTP or in a `subscribe` message."""
    if not isinstance(asked, dict):
        raise _malformed("Send one JSON object with a `query`.")
    query, variables, name = asked.get("query"), asked.get("variables"), asked.get("operationName")
    if isinstance(query, Halved):
        raise _malformed(HALVED)
    if not isinstance(query, str):
        raise _malformed("`query` must be a string.")
    if not isinstance(variables, dict | None) or not isinstance(asked.get("extensions"), dict | None):
        raise _malformed("`variables` and `extensions` must be objects.")
    if not isinstance(name, str | None):
        raise _malformed("`operationName` must be a string.")
    if nested_too_deep(variables):
        raise _malformed(f"`variables` may be nested {MOST_NESTING} levels deep at most.")
    return Call(query, variables or {}, name or None)


async def _read(request: Request) -> bytes:
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced[:20]) > MOST_BYTES:
        raise _too_large()
    body, more = bytearray(), True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MOST_BYTES:
            raise _too_large()
    return bytes(body)


def nested_too_deep(value: object) -> bool:
    """Layer by layer, so that no depth of nesting costs a stack frame."""
    layer = [value]
    for _ in range(MOST_NESTING):
        layer = [inner for outer in layer for inner in _inside(outer)]
        if not layer:
            return False
    return True


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _malformed(message: str) -> RequestRefused:
    return refused(400, "BAD_REQUEST", message)


def _too_large() -> RequestRefused:
    return refused(413, "PAYLOAD_TOO_LARGE", f"A request may have {MOST_BYTES // 1024} KiB at most.")
