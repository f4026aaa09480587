"""Files of tests, sent to and fetched from a real server on a port of its own."""

import asyncio
import hashlib
import io
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import uvicorn
from starlette.applications import Starlette

from models.lifecycle import Role
from models.person import Viewer
from portal.files import file_routes
from portal.headers import SecurityHeaders
from tests.portal.corpus import pdf
from tests.world import Firm, World

ANNOUNCE = """mutation ($key: UUID!, $input: DocumentInput!) {
  documentUpload(idempotencyKey: $key, input: $input) {
    document { id state name mediaType } upload { url method expiresAt } problems { code message path }
  }
}"""
FETCH = """mutation ($id: UUID!) {
  documentDownload(id: $id) { download { url expiresAt } problems { code message path } }
}"""


@dataclass(frozen=True)
class Sent:
    """An answer of the server to one request for bytes."""

    status: int
    headers: Any
    body: bytes
    json: Any

    @property
    def refused(self) -> tuple[int, str]:
        assert set(self.json) == {"code", "message"}
        return self.status, self.json["code"]


def paper(words: str = "") -> bytes:
    """A PDF that no other test has."""
    return pdf(catalogue=f"/Type /Catalog /Title ({words or uuid4().hex})".encode())


def announcement(content: bytes, **changes: Any) -> dict[str, Any]:
    digest = hashlib.sha256(content).hexdigest()
    insured = {"expiresOn": "2027-03-31"} if str(changes.get("kind")).endswith("_INSURANCE") else {}
    return {"name": "paper.pdf", "kind": "OTHER", "byteSize": len(content), "sha256": digest, **insured, **changes}


@dataclass(frozen=True)
class Filing:
    """People of a world who send and fetch files at an address."""

    world: World
    address: str

    async def send(self, url: str, content: Any = None, method: str = "PUT", **headers: str) -> Sent:
        body: Any = io.BytesIO(content) if isinstance(content, bytes) else content
        async with aiohttp.ClientSession() as client, client.request(method, url, data=body, headers=headers) as answer:
            body = await answer.read()
            shown = await answer.json() if answer.content_type == "application/json" else None
            return Sent(answer.status, answer.headers, body, shown)

    async def officer(self, authority: str = "Birmingham", *roles: Role) -> Viewer:
        return await self.world.person(await self.world.authority(authority), *(roles or (Role.PLACEMENT_OFFICER,)))

    async def staff(self, firm: Firm, *roles: Role) -> Viewer:
        return await self.world.person(firm.id, *(roles or (Role.MEMBER,)))

    async def row(self, id: str) -> dict[str, Any]:
        (found,) = await self.world.sql("SELECT * FROM document WHERE id = $1", UUID(id))
        return found

    async def refusals(self, who: Viewer, **changes: Any) -> list[str]:
        """The codes for which an announcement was refused; none where it was taken."""
        given = announcement(paper(), **changes)
        shown = await self.world.gql(who, ANNOUNCE, key=str(uuid4()), input=given)
        return [problem["code"] for problem in shown["documentUpload"]["problems"]]

    async def get(self, url: str) -> Sent:
        return await self.send(url, method="GET")

    async def announced(self, who: Viewer, content: bytes, **changes: Any) -> dict[str, Any]:
        return await self.world.do(who, ANNOUNCE, key=str(uuid4()), input=announcement(content, **changes))

    async def filed(self, who: Viewer, content: bytes, **changes: Any) -> str:
        """The id of a document whose bytes have come."""
        made = await self.announced(who, content, **changes)
        sent = await self.send(made["upload"]["url"], content)
        assert sent.status == 200, sent.body
        return str(made["document"]["id"])

    async def url(self, who: Viewer, id: str) -> str:
        """A one-use address of a file that somebody can see."""
        return str((await self.world.do(who, FETCH, id=id))["download"]["url"])

    async def fetched(self, who: Viewer, id: str) -> bytes:
        sent = await self.get(await self.url(who, id))
        assert sent.status == 200
        return sent.body


@asynccontextmanager
async def filing(world: World) -> AsyncIterator[Filing]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        world.shell = replace(world.shell, address=address)
        app = SecurityHeaders(Starlette(routes=file_routes(lambda: world.shell)), over_tls=False)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        task = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        yield Filing(world, address)
        server.should_exit = True
        await task
