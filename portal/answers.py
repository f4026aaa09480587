"""What the GraphQL endpoint can answer with: media types, status codes and refusals before execution."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.types import Send

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"
CONTENT_TYPES = {media: f"{media}; charset=utf-8".encode() for media in (JSON, GRAPHQL_RESPONSE)}
UNDERSTOOD = {GRAPHQL_RESPONSE: GRAPHQL_RESPONSE, JSON: JSON, "application/*": JSON, "*/*": JSON}

Header = tuple[bytes, bytes]


class RequestRefused(Exception):
    """A request that is not executed at all: its answer has `errors` and no `data`.

    `about_document` marks faults of a document that arrived well-formed; only their status depends on the media type.
    """

    def __init__(
        self,
        status: int,
        errors: Sequence[GraphQLError],
        *,
        about_document: bool = False,
        headers: Iterable[Header] = (),
    ) -> None:
        super().__init__(errors[0].message)
        self.status = status
        self.errors = list(errors)
        self.about_document = about_document
        self.headers = tuple(headers)


def refused(
    status: int, code: str, message: str, *, headers: Iterable[Header] = (), **extensions: object
) -> RequestRefused:
    """A refusal of one sentence."""
    error = GraphQLError(message, extensions={"code": code, **extensions})
    return RequestRefused(status, [error], headers=headers)


@dataclass(frozen=True, slots=True)
class Answer:
    """One finished HTTP answer, ready to be sent."""

    status: int
    body: bytes
    media: str = JSON
    headers: Sequence[Header] = field(default=())

    async def send(self, send: Send) -> None:
        headers = [
            (b"content-type", CONTENT_TYPES[self.media]),
            (b"content-length", b"%d" % len(self.body)),
            *self.headers,
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


def refusal(request_refused: RequestRefused, media: str | None) -> Answer:
    media = media or JSON
    return Answer(status_of(request_refused, media), encoded(request_refused.errors), media, request_refused.headers)


def status_of(request_refused: RequestRefused, media: str) -> int:
    """The published GraphQL-over-HTTP audits ask for 200 where plain JSON is accepted; later drafts may differ here."""
    return 200 if request_refused.about_document and media == JSON else request_refused.status


def encoded(errors: Iterable[GraphQLError], **data: Any) -> bytes:
    """The body of an answer with errors; `data` is left out unless it is given."""
    return orjson.dumps({"errors": [error.formatted for error in errors], **data})


def media_for(accept: str | None) -> str | None:
    """The media type to answer in, by the client's order of preference; None where it accepts neither of ours."""
    if accept is None or accept in UNDERSTOOD:
        return UNDERSTOOD[accept or JSON]
    wished = [_preference(part) for part in accept.split(",")]
    wished.sort(key=lambda wish: -wish[0])
    return next((UNDERSTOOD[media] for quality, media in wished if quality > 0 and media in UNDERSTOOD), None)


def _preference(part: str) -> tuple[float, str]:
    media, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
    try:
        return float(quality), media
    except ValueError:
        return 0.0, media
