"""Bytes of files: announced, sent once as announced, recognised, and fetched once by whoever may still read them."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from models.announcement import LARGEST
from tests.filing import ANNOUNCE, Filing, announcement, filing, paper
from tests.portal.corpus import pdf, picture
from tests.world import World

NONE = (404, "NOT_FOUND")


@pytest_asyncio.fixture(loop_scope="session")
async def files(world: World) -> AsyncIterator[Filing]:
    async with filing(world) as files:
        yield files


async def untouched(files: Filing, made: dict[str, Any]) -> bool:
    """Whether the document still waits for its bytes, with its ticket unused and nothing said about it."""
    waiting = (await files.row(made["document"]["id"]))["state"] == "AWAITING_UPLOAD"
    unused = await files.world.count("ticket", "used_at IS NOT NULL") == 0
    return waiting and unused and await files.world.count("event", "kind = 'document.upload'") == 0


async def test_a_file_is_announced_sent_and_fetched_byte_for_byte(files: Filing) -> None:  # S-056
    who, content = await files.officer(), paper()
    made = await files.announced(who, content, name="Ångström «plan».PDF", kind="CARE_PLAN")
    assert made["document"]["state"] == "AWAITING_UPLOAD"
    assert made["upload"]["method"] == "PUT"
    sent = await files.send(made["upload"]["url"], content)
    id = made["document"]["id"]
    shown = {"id": id, "state": "READY", "mediaType": "application/pdf", "name": "Ångström «plan».PDF"}
    assert (sent.status, sent.json) == (200, shown)
    fetched = await files.get(await files.url(who, id))
    assert (fetched.status, fetched.body) == (200, content)
    headers = {name: fetched.headers[name] for name in ("Content-Type", "Content-Length", "Content-Disposition")}
    assert headers == {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(content)),
        "Content-Disposition": "attachment; filename*=UTF-8''%C3%85ngstr%C3%B6m%20%C2%ABplan%C2%BB.PDF",
    }
    assert fetched.headers["X-Content-Type-Options"] == "nosniff"
    assert fetched.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert fetched.headers["Cache-Control"] == "no-store"


async def test_sending_and_reading_are_on_the_own_organisations_timeline_alone(files: Filing) -> None:  # S-056, S-121
    who = await files.officer()
    id = await files.filed(who, paper())
    await files.fetched(who, id)
    events = await files.world.sql("SELECT * FROM event WHERE subject_id = $1 ORDER BY seq", UUID(id))
    assert [event["kind"] for event in events] == ["document.announce", "document.upload", "document.download"]
    for event in events:
        assert (event["la_id"], event["provider_id"]) == (who.organisation_id, None)
        assert event["actor_id"] == who.person_id
    assert await files.world.count("inbox_entry", "event_id = $1", events[-1]["id"]) == 0


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"byteSize": LARGEST + 1}, "FILE_TOO_LARGE", "byteSize"),
        ({"byteSize": 0}, "INVALID_INPUT", "byteSize"),
        ({"sha256": "abc"}, "INVALID_INPUT", "sha256"),
        ({"name": "  "}, "INVALID_INPUT", "name"),
        ({"name": "n" * 201}, "INVALID_INPUT", "name"),
        ({"name": "a.exe"}, "FILE_NOT_ALLOWED", "name"),
        ({"name": "page.html"}, "FILE_NOT_ALLOWED", "name"),
        ({"name": "macros.docm"}, "FILE_NOT_ALLOWED", "name"),
        ({"name": "pdf"}, "FILE_NOT_ALLOWED", "name"),
        ({"name": ".pdf"}, "FILE_NOT_ALLOWED", "name"),
        ({"expiresOn": "1989-12-31"}, "INVALID_INPUT", "expiresOn"),
        ({"expiresOn": "2077-01-01"}, "INVALID_INPUT", "expiresOn"),
    ],
)
async def test_what_cannot_be_is_not_announced(files: Filing, changes: dict[str, Any], code: str, path: str) -> None:
    given = announcement(paper(), **changes)
    shown = await files.world.gql(await files.officer(), ANNOUNCE, key=str(uuid4()), input=given)
    (problem,) = shown["documentUpload"]["problems"]
    assert (problem["code"], problem["path"]) == (code, ["input", path])
    assert await files.world.count("document") == await files.world.count("ticket") == 0


async def test_bytes_other_than_announced_are_not_taken_and_can_be_sent_again(files: Filing) -> None:
    content = paper("right")
    made = await files.announced(await files.officer(), content)
    url = made["upload"]["url"]
    for wrong in (paper("wrong"), content + b"\n", content[:-1], b""):
        assert (await files.send(url, wrong)).refused == (409, "FILE_NOT_AS_ANNOUNCED")
        assert await untouched(files, made)
    assert (await files.send(url, content)).status == 200


async def test_a_body_beyond_the_limit_is_not_read_to_its_end(files: Filing) -> None:
    made = await files.announced(await files.officer(), paper())
    url = made["upload"]["url"]
    assert (await files.send(url, bytes(LARGEST + 1))).refused == (413, "FILE_TOO_LARGE")

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(LARGEST // 1_000_000 + 2):
            yield bytes(1_000_000)

    assert (await files.send(url, endless())).refused == (413, "FILE_TOO_LARGE")
    assert await untouched(files, made)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("picture.pdf", picture("PNG")),
        ("page.pdf", b"<script>alert(1)</script>"),
        ("active.pdf", pdf(catalogue=b"/Type /Catalog /OpenAction << /S /JavaScript >>")),
    ],
)
async def test_what_is_no_allowed_file_is_not_taken(files: Filing, name: str, content: bytes) -> None:
    made = await files.announced(await files.officer(), content, name=name)
    assert (await files.send(made["upload"]["url"], content)).refused == (415, "FILE_NOT_ALLOWED")
    assert await untouched(files, made)


async def test_a_ticket_sends_one_file_once(files: Filing) -> None:
    who, content = await files.officer(), paper()
    made = await files.announced(who, content)
    url = made["upload"]["url"]
    both = await asyncio.gather(files.send(url, content), files.send(url, content))
    assert sorted(sent.status for sent in both) == [200, 404]
    assert (await files.send(url, content)).refused == NONE
    assert await files.world.count("event", "kind = 'document.upload'") == 1


async def test_every_useless_ticket_gets_one_answer(files: Filing) -> None:
    """Unknown, for something else, expired, or of somebody who is signed out."""
    who, content = await files.officer(), paper()
    id = await files.filed(who, content)
    down, up = await files.url(who, id), (await files.announced(who, paper()))["upload"]["url"]
    answers = [
        await files.get(f"{files.address}/files/{uuid4().hex}"),
        await files.send(f"{files.address}/files/{uuid4().hex}", content),
        await files.get(up),
        await files.send(down, content),
    ]
    late = await files.url(who, id)
    await files.world.sql("UPDATE ticket SET expires_at = now() WHERE used_at IS NULL AND purpose = 'download'")
    answers += [await files.get(late), await files.get(down)]
    down = await files.url(who, id)
    await files.world.sql("UPDATE session SET revoked_at = now() WHERE id = $1", who.session_id)
    answers += [await files.get(down), await files.send(up, content)]
    assert {answer.body for answer in answers} == {b'{"code":"NOT_FOUND","message":"There is no such file."}'}
    assert {answer.status for answer in answers} == {404}


async def test_the_address_speaks_put_and_get_alone(files: Filing) -> None:
    who = await files.officer()
    url = await files.url(who, await files.filed(who, paper()))
    for method in ("POST", "DELETE", "OPTIONS"):
        refused = await files.send(url, method=method)
        assert (refused.refused, refused.headers["Allow"]) == ((405, "METHOD_NOT_ALLOWED"), "GET, PUT")
    assert (await files.send(url, method="HEAD")).status == 405, "a look must not use it up"
    assert (await files.get(url)).status == 200
    assert (await files.get(url)).refused == NONE


async def test_an_announcement_is_made_once_and_its_ticket_can_be_had_again(files: Filing) -> None:
    who, content, key = await files.officer(), paper(), str(uuid4())
    first = await files.world.do(who, ANNOUNCE, key=key, input=announcement(content))
    again = await files.world.do(who, ANNOUNCE, key=key, input=announcement(content))
    assert again == {"document": first["document"], "upload": None, "problems": []}
    once_more = """mutation ($id: UUID!) {
      documentUploadAgain(id: $id) { upload { url } problems { code message } } }"""
    id = first["document"]["id"]
    assert await files.world.refused(await files.officer("Solihull"), once_more, id=id) == ["NOT_FOUND"]
    ticket = (await files.world.do(who, once_more, id=id))["upload"]["url"]
    assert (await files.send(ticket, content)).status == 200
    assert await files.world.refused(who, once_more, id=id) == ["WRONG_STATE"]
    assert await files.world.count("document") == 1


async def test_a_damaged_file_is_not_handed_out(files: Filing) -> None:
    who, content = await files.officer(), paper()
    url = await files.url(who, await files.filed(who, content))
    vault: Any = files.world.shell.vault
    vault.path(hashlib.sha256(content).hexdigest()).write_bytes(content.replace(b"Title", b"Tritl"))
    refused = await files.get(url)
    assert refused.refused == (500, "INTERNAL")
    assert b"Tritl" not in refused.body
    vault.path(hashlib.sha256(content).hexdigest()).unlink()
    assert (await files.get(await files.url(who, await _id(files)))).refused == (500, "INTERNAL")


async def _id(files: Filing) -> str:
    return str((await files.world.sql("SELECT id FROM document"))[0]["id"])
