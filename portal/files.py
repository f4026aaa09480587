"""The bytes of files: sent by PUT and fetched by GET, each by a one-use address that an act answered with (TRUST G)."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from models import announcement, document, registration_import
from models.ipa import Ipa
from models.offer import Offer
from models.refusal import Code, Refused, not_found
from models.session import Ticket
from portal.archive import whole, zipped
from portal.arrival import NotStored, TooLarge
from portal.filetypes import KINDS, TABLES, Kinds, NotAllowed, Recognised, recognise
from portal.incidents import SENTENCE, report
from portal.scanner import Infected, ScanUnavailable
from resolvers.act import Answer, Deed, perform
from resolvers.context import CLEAN, Context, Shell
from resolvers.document import hand_out, receive
from resolvers.document_archive import hand_out_all
from resolvers.ports import SignedOut
from resolvers.record import found
from resolvers.registration_import import receive as receive_registration
from resolvers.ticket import DOWNLOAD, UPLOAD, holder

log = logging.getLogger("portal.files")
STATUS: Final = {
    Code.NOT_FOUND: 404,
    Code.FORBIDDEN: 403,
    Code.FILE_TOO_LARGE: 413,
    Code.FILE_NOT_ALLOWED: 415,
    Code.FILE_INFECTED: 422,
    Code.SCAN_UNAVAILABLE: 503,
}  # any other refusal is a conflict with how things stand
NOT_AS_ANNOUNCED: Final = "These are not the bytes that were announced: size or SHA-256 differs. Nothing was kept."
INFECTED: Final = "Malware was found in this file. It was not kept. Please ask your IT support for help."
UNSCANNED: Final = "This file could not be checked for malware just now. It was not kept. Please send it again later."
LOCKED_UP: Final = {
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}


@dataclass(frozen=True)
class Way:
    """How the bytes come that a row of one table announces: how many, of which kinds, and who takes them in."""

    largest: int
    kinds: Kinds
    receive: Callable[[Context, Ticket, str, str], Awaitable[Any]]

    @property
    def too_large(self) -> Refused:
        return Refused(Code.FILE_TOO_LARGE, f"Such a file may have {self.largest >> 20} MiB at most.")


WAYS: Final = {
    document.Document.__tablename__: Way(announcement.LARGEST, KINDS, receive),
    registration_import.RegistrationImport.__tablename__: Way(
        registration_import.LARGEST, TABLES, receive_registration
    ),
}


def file_routes(shell: Callable[[], Shell]) -> list[Route]:
    """The route of the addresses in `Upload` and `Download`; `shell` is asked for at each request."""
    return [Route("/files/{token}", Files(shell))]


class Broken(Exception):
    """A fault of ours, under the number by which the log tells of it."""


class Files:
    """An ASGI application for one address: what a ticket stands for goes through once.

    A ticket that is unknown, used, expired or for something else, and one whose person may no longer do what it was
    given for, are one answer. A refused upload leaves its ticket as it was, to be tried again.
    """

    def __init__(self, shell: Callable[[], Shell]) -> None:
        self._shell = shell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except ClientDisconnect:
            return
        except Refused as refused:
            response = _refusal(STATUS.get(refused.code, 409), refused.code, refused.message)
        except Broken as fault:
            response = _refusal(500, "INTERNAL", SENTENCE.format(fault))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        token = request.path_params["token"]
        try:
            if request.method == "PUT":
                return await self._take_in(request, token)
            if request.method == "GET":
                return await self._give(token)
        except SignedOut:
            raise not_found("file") from None
        except (Refused, ClientDisconnect):
            raise
        except Exception as fault:
            raise Broken(report(fault)) from fault
        return _refusal(405, "METHOD_NOT_ALLOWED", "Send a file by PUT, fetch one by GET.", allow="GET, PUT")

    async def _take_in(self, request: Request, token: str) -> Response:
        shell = self._shell()
        ticket, viewer = await holder(shell, token, UPLOAD)
        context = Context(shell, viewer, proof=CLEAN if shell.scanner else None)
        way = WAYS[ticket.table_name]
        media_type, name = await _stored(request, ticket, way, shell)
        row = await _act(context, "file_receive", lambda: way.receive(context, ticket, media_type, name))
        return JSONResponse({"id": str(row.id), "state": row.state, "mediaType": media_type, "name": name})

    async def _give(self, token: str) -> Response:
        shell = self._shell()
        ticket, viewer = await holder(shell, token, DOWNLOAD)
        give = _give_all if ticket.table_name == Offer.__tablename__ else _give_one
        return await give(Context(shell, viewer), ticket)


async def _give_one(context: Context, ticket: Ticket) -> Response:
    await _act(context, "file_hand_out", lambda: hand_out(context, ticket))
    assert ticket.sha256 is not None
    size = await context.shell.vault.size(ticket.sha256)
    stream = await _begun(context.shell.vault.stream(ticket.sha256))
    headers = await _headers_of_page(ticket) if _is_page(ticket) else _headers(ticket)
    return StreamingResponse(stream, headers={**headers, "content-length": str(size)})


async def _give_all(context: Context, ticket: Ticket) -> Response:
    """Every document of an offer; a single one that is missing or damaged in the vault fails them all."""
    archive = await _act(context, "file_hand_out", lambda: hand_out_all(context, ticket))
    await whole(archive, context.shell.vault)
    return StreamingResponse(await _begun(zipped(archive, context.shell.vault)), headers=_headers(ticket))


def _headers(ticket: Ticket) -> dict[str, str]:
    assert ticket.media_type is not None
    disposition = f"attachment; filename*=UTF-8''{quote(ticket.name, safe='')}"
    return {"content-disposition": disposition, "content-type": ticket.media_type, **LOCKED_UP}


def _is_page(ticket: Ticket) -> bool:
    """Whether it stands for a page that the portal has written itself: nothing else is shown in a browser."""
    return ticket.table_name == Ipa.__tablename__ and str(ticket.media_type).startswith("text/html")


async def _headers_of_page(ticket: Ticket) -> dict[str, str]:
    """It may use its own style, and has no script, no form and nothing from elsewhere."""
    policy = await asyncio.to_thread(_page_policy)
    return {**_headers(ticket), "content-disposition": "inline", "content-security-policy": f"sandbox; {policy}"}


def _page_policy() -> str:
    from portal.agreement_page import PAGE_POLICY  # it brings what prints

    return PAGE_POLICY


async def _stored(request: Request, ticket: Ticket, way: Way, shell: Shell) -> tuple[str, str]:
    """Keep the body as announced, if it may be kept, and say what it is: its type, and the name to show it by."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > way.largest:
        raise way.too_large
    recognised: list[Recognised] = []

    async def check(path: Path) -> None:
        recognised.append(await asyncio.to_thread(recognise, path, ticket.name, way.kinds))
        if shell.scanner:
            await shell.scanner.scan(path)

    try:
        await shell.vault.put(
            request.stream(),
            limit=way.largest,
            expected_sha256=ticket.sha256,
            expected_size=ticket.byte_size,
            check=check,
        )
    except (NotStored, NotAllowed, Infected, ScanUnavailable) as fault:
        raise _why(fault, way, ticket) from None
    return recognised[0].media_type, recognised[0].name


def _why(fault: Exception, way: Way, ticket: Ticket) -> Refused:
    """Why these bytes are not kept, as whoever sends them is told."""
    if isinstance(fault, TooLarge):
        return way.too_large
    if isinstance(fault, NotAllowed):
        return Refused(Code.FILE_NOT_ALLOWED, fault.sentence)
    if isinstance(fault, Infected):
        log.warning("malware was found in the bytes announced by %s %s", ticket.table_name, ticket.row_id)
        return Refused(Code.FILE_INFECTED, INFECTED)
    if isinstance(fault, ScanUnavailable):
        log.warning("the scanner did not answer for %s %s", ticket.table_name, ticket.row_id)
        return Refused(Code.SCAN_UNAVAILABLE, UNSCANNED)
    return Refused(Code.FILE_NOT_AS_ANNOUNCED, NOT_AS_ANNOUNCED)


async def _act(context: Context, name: str, run: Callable[[], Any]) -> Any:
    """One act by the holder of a ticket, in one transaction with its events."""

    async def result(answer: Answer) -> Any:
        return answer.record

    return await perform(context, Deed(name, None, {}, run, result, found))


async def _begun(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The stream with its first piece read already, so that missing or damaged bytes are no half answer."""
    first = await anext(stream, b"")

    async def whole() -> AsyncIterator[bytes]:
        yield first
        async for piece in stream:
            yield piece

    return whole()


def _refusal(status: int, code: str, message: str, **headers: str) -> Response:
    return JSONResponse({"code": code, "message": message}, status, headers={**LOCKED_UP, **headers})
