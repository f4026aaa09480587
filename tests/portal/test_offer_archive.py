"""All documents of an offer as one zip file: what it holds, who may fetch it, and that it is whole or not at all."""

import hashlib
import io
import subprocess
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import UUID, uuid4

import aiohttp
import pytest
import pytest_asyncio

from models.document import DocumentKind
from models.lifecycle import Role
from models.offer import Offer, OfferStatus
from models.offer_parts import OfferDocument
from models.person import Viewer
from portal.archive import LONGEST, name_in_archive, zipped
from resolvers.document_archive import Archive
from tests.cases import IDENTITY, SENT_PAPERS, Cases
from tests.filing import FETCH, Filing, filing, paper
from tests.world import AN_ORDINARY_DAY, Firm, World

ASK = """mutation ($id: UUID!) {
  offerDownloadDocuments(id: $id) { download { url expiresAt } problems { code message path } } }"""
NAMES = ("Ångström «plan».pdf", "same.pdf", "Same.pdf", 'why? "a:b" <c>|d*.PDF')
NONE = (404, "NOT_FOUND")


@pytest_asyncio.fixture(loop_scope="session")
async def files(world: World) -> AsyncIterator[Filing]:
    async with filing(world) as files:
        yield files


class Case:
    """An offer with its compulsory documents and further ones, all sent as bytes."""

    def __init__(self, files: Filing) -> None:
        self.files, self.world, self.cases = files, files.world, Cases(files.world)
        self.contents: dict[str, bytes] = {}
        self.offer = self.referral = ""

    async def begin(self, *further: str) -> "Case":
        self.firm: Firm = await self.world.provider(name="Haven & Söhne")
        self.officer, self.member = await self.files.officer(), await self.files.staff(self.firm)
        for kind in SENT_PAPERS:
            await self.filed(f"{kind.lower()}.pdf", kind=kind.value)
        self.referral = await self.cases.sent(self.officer)
        self.offer = await self.cases.offered(self.member, self.referral, {"homeId": str(self.firm.homes[0])})
        for name in further:
            id = await self.filed(name)
            await self.cases.on_offer(self.member, "offerAttach", self.offer, documentId=id)
        return self

    async def filed(self, name: str, **facts: Any) -> str:
        content = paper()
        self.contents[hashlib.sha256(content).hexdigest()] = content
        return await self.files.filed(self.member, content, name=name, **facts)

    async def submitted(self) -> "Case":
        await self.cases.on_offer(self.member, "offerSubmit", self.offer)
        return self

    async def url(self, who: Viewer) -> str:
        return str((await self.world.do(who, ASK, id=self.offer))["download"]["url"])

    async def fetched(self, who: Viewer) -> zipfile.ZipFile:
        answer = await self.files.get(await self.url(who))
        assert answer.status == 200, answer.body
        return zipfile.ZipFile(io.BytesIO(answer.body))

    def vault(self, content: bytes) -> Path:
        vault: Any = self.world.shell.vault
        return Path(vault.path(hashlib.sha256(content).hexdigest()))


class Page(HTMLParser):
    """What a page says: where its links lead, and its rows."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.rows: list[list[str]] = []
        self.marks: list[tuple[str, dict[str, Any]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.marks.append((tag, dict(attrs)))
        if tag == "a":
            self.links.append(unquote(dict(attrs)["href"]))
        if tag == "tr":
            self.rows.append([])

    def handle_data(self, data: str) -> None:
        if self.rows and data.strip():
            self.rows[-1].append(data.strip())


async def test_the_authority_fetches_everything_as_one_archive(files: Filing, tmp_path: Path) -> None:  # S-082
    case = await (await Case(files).begin(*NAMES)).submitted()
    answer = await files.get(await case.url(case.officer))
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/zip")
    (reference,) = await case.world.sql("SELECT reference FROM referral")
    named = unquote(answer.headers["Content-Disposition"].removeprefix("attachment; filename*=UTF-8''"))
    assert named == f"{reference['reference']} documents of Haven & Söhne.zip"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "no-store"
    place = tmp_path / "all.zip"
    place.write_bytes(answer.body)
    checked = subprocess.run(["unzip", "-t", place], capture_output=True, text=True, check=True)
    assert "No errors detected" in checked.stdout
    held = zipfile.ZipFile(place)
    assert held.testzip() is None
    index, *names = held.namelist()
    assert (index, len(names)) == ("index.html", 9)
    assert {hashlib.sha256(held.read(name)).hexdigest() for name in names} == set(case.contents)
    assert names[0].startswith("01 Employer's liability insurance - employers_liability_insurance")
    assert {name[3:] for name in names[5:]} == {
        "Other - Ångström «plan».pdf", "Other - same.pdf", "Other - Same.pdf", "Other - why_ _a_b_ _c__d_.PDF",
    }  # fmt: skip
    assert len({name.casefold() for name in names}) == 9


async def test_the_index_says_what_each_document_is_and_nothing_of_the_child(files: Filing) -> None:  # S-082
    case = await (await Case(files).begin(*NAMES)).submitted()
    held = await case.fetched(case.officer)
    text = held.read("index.html").decode()
    page = Page(text)
    assert page.links == held.namelist()[1:], "every link leads to a file beside it"
    heads, *rows = page.rows
    assert heads == ["Document", "What it is", "Size", "Valid until", "Attached", "SHA-256"]
    for row in rows:
        name, kind, size, last_day, attached, digest = row
        content = held.read(name)
        assert digest == hashlib.sha256(content).hexdigest()
        assert f"{len(content):,} bytes" in size
        assert kind.endswith("further document" if "Other" in name else "compulsory")
        assert last_day == ("31 March 2027" if "insurance" in name else "no last day")
        assert attached == f"15 June 2026, 10:00 by {case.member.name}"
    (home,) = await case.world.sql("SELECT name FROM home")
    for told in (home["name"], "Haven &amp; Söhne", case.offer, "Submitted", f"10:00 by {case.officer.name}, Birm"):
        assert told in text
    assert ("html", {"lang": "en-GB"}) in page.marks
    assert [attributes["scope"] for tag, attributes in page.marks if tag == "th"] == ["col"] * 6 + ["row"] * 9
    assert {"caption", "title", "h1", "main"} <= {tag for tag, _ in page.marks}
    assert not {"script", "img", "link", "iframe"} & {tag for tag, _ in page.marks}
    assert not [word for word in IDENTITY.values() if word in text]


async def test_the_index_tells_the_authority_of_no_day_before_the_submission(files: Filing) -> None:  # S-070, S-082
    case = await Case(files).begin("one.pdf")
    case.world.clock.goes_on(hours=1)
    await case.submitted()
    for who, one in ((case.officer, "11:00"), (case.member, "10:00")):
        _, *rows = Page((await case.fetched(who)).read("index.html").decode()).rows
        attached = {row[4] for row in rows}
        assert attached == {f"15 June 2026, {at} by {case.member.name}" for at in (one, "11:00")}


async def test_fetching_it_is_the_reading_of_each_document(files: Filing) -> None:  # S-056, S-082
    case = await (await Case(files).begin("one.pdf")).submitted()
    before = await case.cases.told(case.member)
    await case.fetched(case.officer)
    events = await case.world.sql("SELECT * FROM event WHERE kind = 'document.download'")
    held = {row["id"] for row in await case.world.sql("SELECT id FROM offer_document")}
    assert {event["subject_id"] for event in events} == held
    assert len(events) == 6
    for event in events:
        assert (event["actor_id"], event["la_id"]) == (case.officer.person_id, case.officer.organisation_id)
        assert (event["referral_id"], event["provider_id"]) == (UUID(case.referral), None)
        assert case.offer in event["payload"]
    assert await case.cases.told(case.member) == before, "nobody is told who reads"


async def test_the_providers_staff_has_it_too_and_nobody_else_knows_of_it(files: Filing) -> None:  # S-030, S-031
    case = await Case(files).begin("one.pdf")
    world, asked = case.world, {"id": case.offer}
    rival = await files.staff(await world.provider())
    strangers = [
        rival,
        await files.officer("Solihull"),
        await files.staff(case.firm, Role.SIGNATORY),
        await world.person(await world.region(), Role.REGION_ADMIN),
    ]
    assert await world.refused(case.officer, ASK, **asked) == ["NOT_FOUND"], "a draft is the provider's alone"
    assert len((await case.fetched(case.member)).namelist()) == 2
    await case.submitted()
    for who in strangers:
        assert await world.refused(who, ASK, **asked) == await world.refused(who, ASK, id=str(uuid4())) == ["NOT_FOUND"]
    colleague = await files.staff(case.firm, Role.ADMINISTRATOR)
    reader = await files.officer("Birmingham", Role.READ_ONLY)
    for who in (case.member, colleague, case.officer, reader):
        assert len((await case.fetched(who)).namelist()) == 7


async def test_an_offer_without_documents_has_no_archive(files: Filing) -> None:
    case = await Case(files).begin()
    assert await case.world.refused(case.member, ASK, id=case.offer) == ["WRONG_STATE"]


async def test_its_address_works_once_for_its_holder_and_not_for_long(files: Filing) -> None:  # S-056
    case = await (await Case(files).begin()).submitted()
    url = await case.url(case.officer)
    assert (await files.send(url, method="HEAD")).status == 405, "a look does not use it up"
    assert (await files.send(url, b"bytes")).refused == NONE
    assert (await files.get(url)).status == 200
    assert (await files.get(url)).refused == NONE
    late, over = await case.url(case.officer), await case.url(case.officer)
    await case.world.sql("UPDATE ticket SET expires_at = now() WHERE used_at IS NULL")
    assert (await files.get(late)).refused == NONE
    await case.world.sql("UPDATE session SET revoked_at = now() WHERE id = $1", case.officer.session_id)
    assert (await files.get(over)).refused == NONE


async def test_what_has_changed_since_it_was_asked_for_is_asked_for_again(files: Filing) -> None:  # S-083
    case = await (await Case(files).begin("one.pdf")).submitted()
    url = await case.url(case.officer)
    (row,) = await case.world.sql("SELECT document_id FROM offer_document WHERE NOT compulsory")
    await case.cases.on_offer(case.member, "offerDetach", case.offer, documentId=str(row["document_id"]))
    assert (await files.get(url)).refused == NONE
    assert len((await case.fetched(case.officer)).namelist()) == 6


async def test_it_holds_what_was_submitted_whatever_the_profile_has_since(files: Filing) -> None:  # S-083
    case = await (await Case(files).begin()).submitted()
    before, first = dict(case.contents), await case.fetched(case.officer)
    shown = await case.cases.seen(case.officer, "Offer", case.offer)
    (old,) = await case.world.sql("SELECT id FROM document WHERE kind = 'STATEMENT_OF_PURPOSE'")
    for kind in SENT_PAPERS:
        await case.filed("newer.pdf", kind=kind.value)
    renewed = 'mutation ($id: UUID!) { documentSetExpiry(id: $id, expiresOn: "2026-07-01") { problems { code } } }'
    (now,) = await case.world.sql("SELECT id FROM document WHERE kind = $1 AND replaced_at IS NULL", SENT_PAPERS[0])
    assert (await case.world.do(case.member, renewed, id=str(now["id"])))["problems"] == []
    assert await case.cases.seen(case.officer, "Offer", case.offer) == shown
    again = await case.fetched(case.officer)
    assert again.namelist() == first.namelist()
    digests = {hashlib.sha256(again.read(name)).hexdigest() for name in again.namelist()[1:]}
    assert digests == set(before)
    for document in shown["documents"]:
        url = (await case.world.do(case.officer, FETCH, id=document["id"]))["download"]["url"]
        assert (await files.get(url)).body == before[document["sha256"]]
    await case.cases.on_offer(case.member, "offerRefreshDocuments", case.offer)
    renewed_digests = {document["sha256"] for document in (await case.cases.seen(
        case.officer, "Offer", case.offer))["documents"]}  # fmt: skip
    assert renewed_digests == set(case.contents) - set(before)
    assert (await files.get(await files.url(case.member, str(old["id"])))).body in before.values()


# ── whole, or not at all ─────────────────────────────────────────────────────
async def test_one_damaged_or_missing_document_fails_the_whole(files: Filing) -> None:  # S-082
    case = await (await Case(files).begin("last.pdf")).submitted()
    content = list(case.contents.values())[-1]
    place = case.vault(content)
    for damaged in (content.replace(b"Title", b"Tritl"), content[:-1], b"", None):
        if damaged is None:
            place.unlink()
        else:
            place.write_bytes(damaged)
        refused = await files.get(await case.url(case.officer))
        assert refused.refused == (500, "INTERNAL")
        assert b"PK" not in refused.body
    place.write_bytes(content)
    assert len((await case.fetched(case.officer)).namelist()) == 7


class Failing:
    """A vault that loses a document while an archive of it is under way."""

    def __init__(self, vault: Any, sha256: str) -> None:
        self._vault, self._sha256, self._asked = vault, sha256, 0

    def stream(self, sha256: str) -> AsyncIterator[bytes]:
        self._asked += sha256 == self._sha256
        if sha256 == self._sha256 and self._asked > 1:
            return self._broken()
        return self._vault.stream(sha256)  # type: ignore[no-any-return]

    async def _broken(self) -> AsyncIterator[bytes]:
        yield b"%PDF-"
        raise OSError("the disk is gone")


async def test_what_fails_on_the_way_is_no_archive(files: Filing) -> None:  # S-082
    case = await (await Case(files).begin("last.pdf")).submitted()
    url, vault = await case.url(case.officer), case.world.shell.vault
    failing: Any = Failing(vault, list(case.contents)[-1])
    case.world.shell = replace(case.world.shell, vault=failing)
    got = io.BytesIO()
    with pytest.raises(aiohttp.ClientPayloadError):
        await fetched_into(got, url)
    assert got.getvalue().startswith(b"PK"), "it had begun"
    assert not zipfile.is_zipfile(got)


async def fetched_into(kept: io.BytesIO, url: str) -> None:
    async with aiohttp.ClientSession() as client, client.get(url) as answer:
        async for piece in answer.content.iter_any():
            kept.write(piece)


class Endless:
    """A vault in which every document has this many large pieces."""

    def __init__(self, pieces: int) -> None:
        self._pieces, self.given = pieces, 0

    async def stream(self, sha256: str) -> AsyncIterator[bytes]:
        for number in range(self._pieces):
            self.given += 1
            yield hashlib.shake_128(f"{sha256} {number}".encode()).digest(1 << 18)


async def test_no_more_of_it_is_held_than_is_on_its_way() -> None:
    reader = Viewer.nobody()
    offer = Offer(
        id=uuid4(), reference="WM-1", version=2, status=OfferStatus.SUBMITTED, home_id=uuid4(), placement={"name": "A"}
    )
    now = AN_ORDINARY_DAY
    documents = [
        OfferDocument(
            id=uuid4(), kind=DocumentKind.OTHER, name="large.pdf", sha256=f"{number}", byte_size=4 << 18,
            expires_on=None, compulsory=False, attached_at=now, attached_by_name="Somebody",
        )
        for number in range(3)
    ]  # fmt: skip
    vault: Any = Endless(4)
    largest, total, ahead = 0, 0, 0
    async for part in zipped(Archive(offer, "A provider", documents, reader, now), vault):
        largest, total = max(largest, len(part)), total + len(part)
        ahead = max(ahead, vault.given * (1 << 18) - total)
    assert total > 3 * 4 << 18
    assert largest < 3 << 18
    assert ahead < 3 << 18


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("plan.pdf", "01 Other - plan.pdf"),
        ("../../etc/passwd.pdf", "01 Other - _.._etc_passwd.pdf"),
        ("..\\boot.pdf", "01 Other - _boot.pdf"),
        ("a\x00b\nc.pdf", "01 Other - a_b_c.pdf"),
        ("CON.pdf", "01 Other - CON.pdf"),
        ("dots. .pdf", "01 Other - dots.pdf"),
        ("e\u0301.pdf", "01 Other - é.pdf"),
        ("عربي.pdf", "01 Other - عربي.pdf"),
    ],
)
def test_names_are_safe_and_readable_everywhere(name: str, kept: str) -> None:
    assert name_in_archive("01 Other - ", name) == kept


def test_long_names_are_cut_between_characters_and_keep_their_ending() -> None:
    name = name_in_archive("01 Professional indemnity insurance - ", "é" * 196 + ".pdf")
    assert LONGEST - 2 <= len(name.encode()) <= LONGEST
    assert name.endswith("é.pdf")
