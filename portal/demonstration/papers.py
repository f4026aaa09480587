"""Documents of the demonstration on their way into the portal: announced, printed, and sent as bytes."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.types import Message

from portal.demonstration.acts import Acts, Declined
from portal.demonstration.documents import Document
from portal.files import Files
from portal.paperwork import print_document

SHOWN = "document { id state } upload { url }"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is printed, and how it is filed."""

    kind: str
    title: str
    lines: Sequence[str]
    organisation: str
    issued_on: date
    expires_on: date | None = None
    home_id: str | None = None

    @classmethod
    def of(cls, document: Document, home_id: str | None = None) -> Paper:
        return cls(
            kind=document.kind,
            title=document.title,
            lines=document.lines,
            organisation=document.issuer,
            issued_on=document.issued_on,
            expires_on=document.expires_on,
            home_id=home_id,
        )

    @property
    def file_name(self) -> str:
        return f"{self.title.replace(':', ' -')}.pdf"

    def printed(self) -> bytes:
        return print_document(
            self.title, self.lines, organisation=self.organisation, issued=self.issued_on, expires=self.expires_on
        )


class Papers:
    def __init__(self, acts: Acts) -> None:
        self._acts = acts
        self._files = Files(lambda: acts.shell)

    async def file(self, by: str, step: str, paper: Paper) -> str:
        """The document's id, its bytes in the vault. Raises Declined."""
        if f"{step}/sent" in self._acts.journal:
            return str(self._acts.journal[f"{step}/sent"])
        content = await asyncio.to_thread(paper.printed)
        input = {
            "name": paper.file_name, "kind": paper.kind, "byteSize": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "expiresOn": paper.expires_on and paper.expires_on.isoformat(), "homeId": paper.home_id,
        }  # fmt: skip
        announced = await self._acts.do(by, f"{step}/announce", "documentUpload", SHOWN, input=input)
        id = announced["document"]["id"]
        await self._send(by, step, id, announced, content)
        return str(self._acts.journal.keep(f"{step}/sent", id))

    async def _send(self, by: str, step: str, id: str, announced: dict[str, Any], content: bytes) -> None:
        """By the ticket of the announcement; when that was used or lost in an interruption, by another one."""
        if announced["upload"] and await self.put(announced["upload"]["url"], content) == 200:
            return
        try:
            again = await self._acts.do(by, f"{step}/announce again", "documentUploadAgain", SHOWN, id=id)
        except Declined as declined:
            if "WRONG_STATE" in declined.codes:  # the bytes had come
                return
            raise
        status = await self.put(again["upload"]["url"], content)
        if status != 200:
            raise RuntimeError(f"{step}: the bytes were answered with {status}")

    async def put(self, url: str, content: bytes) -> int:
        """The status by which the portal's own route answers a PUT of these bytes."""
        answers: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": content}

        async def send(message: Message) -> None:
            answers.append(message)

        scope = {
            "type": "http", "method": "PUT", "path": "/files", "query_string": b"",
            "headers": [(b"content-length", str(len(content)).encode())],
            "path_params": {"token": url.rpartition("/")[2]},
        }  # fmt: skip
        await self._files(scope, receive, send)
        return int(answers[0]["status"])
