"""The files of an agreement: what was fixed, each signature sealed on it, certificate and void copy; made once each."""

import hashlib
from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from models.lifecycle import Role
from models.person import Viewer
from portal.database import asyncpg_dsn, standing
from tests.agreeing import Agreeing
from tests.listening import Known, Listening
from tests.resolvers.test_ipa import codes
from tests.sealing import (
    CHOOSE,
    FILES,
    PlainSealer,
    bytes_of,
    enabled,
    files_of,
    kinds_of,
    seals_plainly,
    signed,
    worked_off,
)
from tests.standing import standing_as
from tests.world import World, as_app

BOTH = [("ENABLED", None), ("SEALED", "LOCAL_AUTHORITY"), ("SEALED", "PROVIDER"), ("CERTIFICATE", None)]


@pytest.fixture(autouse=True)
def plainly(world: World) -> None:
    seals_plainly(world)


async def shown(agreeing: Agreeing, who: Viewer) -> dict[str, Any]:
    answer: dict[str, Any] = (await agreeing.world.gql(who, FILES, id=agreeing.ids["ipa"]))["ipa"]
    return answer


async def chosen(agreeing: Agreeing, who: Viewer, file: str) -> dict[str, Any]:
    answer = await agreeing.world.gql(who, CHOOSE, id=agreeing.ids["ipa"], file=file)
    payload: dict[str, Any] = answer["ipaOpen"]
    return payload


async def of(agreeing: Agreeing, kind: str, party: str | None = None) -> str:
    (found,) = [f["sha256"] for f in await files_of(agreeing) if (f["kind"], f["party"]) == (kind, party)]
    return str(found)


# S-106
async def test_enabling_keeps_the_certified_bytes_as_the_first_file(world: World) -> None:
    agreeing = await enabled(world)
    (row,) = await files_of(agreeing)
    (ipa,) = await world.sql("SELECT * FROM ipa")
    content = await world.shell.vault.read(ipa["pdf_sha256"])
    assert (row["no"], row["kind"], row["party"], row["level"]) == (0, "ENABLED", None, "B_B")
    assert row["sha256"] == ipa["pdf_sha256"] == hashlib.sha256(content).hexdigest()
    assert row["byte_size"] == len(content)
    assert content.startswith(b"%PDF")
    assert content.endswith(b"% fixed\n")
    assert (await shown(agreeing, agreeing.officer))["signedPdfSha256"] is None


# S-106
async def test_what_cannot_be_sealed_is_not_enabled(world: World) -> None:
    agreeing = await Agreeing.among(world)
    for step in (agreeing.referred, agreeing.offered, agreeing.accepted, agreeing.drawn_up, agreeing.shared):
        await step()
    await agreeing.filled()
    world.shell = replace(world.shell, sealer=None)
    assert isinstance(await agreeing_error(agreeing), AssertionError)
    (row,) = await world.sql("SELECT status, content_hash, pdf_sha256 FROM ipa")
    assert tuple(row.values()) == ("IN_REVIEW", None, None)
    assert await world.count("ipa_file") == 0


async def agreeing_error(agreeing: Agreeing) -> BaseException:
    document = """mutation ($id: UUID!, $version: Int!) {
      ipaEnable(id: $id, expectedVersion: $version) { problems { code } } }"""
    (row,) = await agreeing.world.sql("SELECT version FROM ipa")
    return await agreeing.world.error(agreeing.officer, document, id=agreeing.ids["ipa"], version=row["version"])


# S-109, S-116
async def test_each_signature_is_sealed_on_the_revision_before_it_and_a_certificate_follows_both(world: World) -> None:
    agreeing = await enabled(world)
    assert codes(await agreeing.sign(agreeing.provider_signatory)) == []
    assert await kinds_of(agreeing) == BOTH[:1]  # the signature counts; its seal follows
    await worked_off(world)
    assert await kinds_of(agreeing) == [("ENABLED", None), ("SEALED", "PROVIDER")]
    assert (await shown(agreeing, agreeing.officer))["signedPdfSha256"] is None
    assert codes(await agreeing.sign(agreeing.authority_signatory)) == []
    await worked_off(world)
    contents = await bytes_of(agreeing)
    assert await kinds_of(agreeing) == [
        ("ENABLED", None), ("SEALED", "PROVIDER"), ("SEALED", "LOCAL_AUTHORITY"), ("CERTIFICATE", None),
    ]  # fmt: skip
    assert contents[1].startswith(contents[0])
    assert contents[2].startswith(contents[1])
    assert contents[3].endswith(b"% closed\n")
    answer = await shown(agreeing, agreeing.provider_signatory)
    assert answer["signedPdfSha256"] == hashlib.sha256(contents[2]).hexdigest()
    assert [file["byteSize"] for file in answer["files"]] == [len(content) for content in contents]
    assert "Dev Director" in contents[1].decode("latin-1")


# S-116
async def test_signatures_that_wait_together_are_sealed_in_the_order_in_which_they_were_given(world: World) -> None:
    agreeing = await signed(world, sealed=False)
    await world.sql("UPDATE job SET due_at = due_at - interval '1 hour' WHERE key LIKE '%PROVIDER'")
    await worked_off(world)
    assert await kinds_of(agreeing) == BOTH
    assert await world.count("job", "kind = 'ipa.seal' AND done_at IS NULL") == 0


# S-111
async def test_whoever_opens_a_sealed_agreement_gets_the_same_bytes(world: World) -> None:
    agreeing = await signed(world)
    newest = await of(agreeing, "SEALED", "PROVIDER")
    readers = (agreeing.officer, agreeing.member, agreeing.provider_signatory, agreeing.officer)
    for file in ("AGREEMENT", "ORIGINAL"):
        assert {(await chosen(agreeing, who, file))["pdfSha256"] for who in readers} == {newest}
    assert {(await chosen(agreeing, who, "CERTIFICATE"))["pdfSha256"] for who in readers} == {
        await of(agreeing, "CERTIFICATE")
    }


# S-111
async def test_what_is_not_there_yet_is_refused_with_what_there_is(world: World) -> None:
    agreeing = await Agreeing.among(world)
    for step in (agreeing.referred, agreeing.offered, agreeing.accepted, agreeing.drawn_up, agreeing.shared):
        await step()
    for file in ("ORIGINAL", "CERTIFICATE"):
        payload = await chosen(agreeing, agreeing.member, file)
        assert (payload["download"], codes(payload)) == (None, ["WRONG_STATE"])
        assert payload["problems"][0]["path"] == ["file"]
    assert await world.count("ticket", "table_name = 'ipa'") == 0
    assert await world.count("event", "kind = 'agreement.open'") == 0


# S-109
@pytest.mark.parametrize("file", ["AGREEMENT", "ORIGINAL"])
async def test_a_later_revision_counts_as_having_opened_what_is_signed(world: World, file: str) -> None:
    agreeing = await enabled(world)
    await world.sql("ALTER TABLE ipa_opening DISABLE TRIGGER ALL")
    await world.sql("DELETE FROM ipa_opening WHERE true")
    assert codes(await agreeing.sign(agreeing.provider_signatory)) == ["NOT_OPENED"]
    await agreeing.opened(agreeing.authority_signatory)
    assert codes(await agreeing.sign(agreeing.authority_signatory)) == []
    await worked_off(world)
    opened = await chosen(agreeing, agreeing.provider_signatory, file)
    assert opened["pdfSha256"] == await of(agreeing, "SEALED", "LOCAL_AUTHORITY")
    fresh = agreeing.code(agreeing.provider_signatory)
    assert codes(await agreeing.sign(agreeing.provider_signatory, code=fresh)) == []


# S-108, S-111
async def test_a_voided_agreement_has_a_copy_that_says_so_and_keeps_its_original(world: World) -> None:
    agreeing = await signed(world)
    before = await bytes_of(agreeing)
    await agreeing.well(agreeing.officer, "ipaVoid", 'reason: "The home has closed."')
    await worked_off(world)
    assert await kinds_of(agreeing) == [*BOTH, ("VOID_COPY", None)]
    assert (await bytes_of(agreeing))[:4] == before
    copy = (await bytes_of(agreeing))[4]
    assert copy.startswith(b"%PDF")
    assert copy.endswith(b"% closed\n")
    for who in (agreeing.officer, agreeing.provider_signatory):
        assert (await chosen(agreeing, who, "AGREEMENT"))["pdfSha256"] == await of(agreeing, "VOID_COPY")
        assert (await chosen(agreeing, who, "ORIGINAL"))["pdfSha256"] == await of(agreeing, "SEALED", "PROVIDER")
    assert (await shown(agreeing, agreeing.member))["signedPdfSha256"] == await of(agreeing, "SEALED", "PROVIDER")


# S-108
async def test_voiding_the_offer_makes_the_copy_too_and_signatures_given_before_are_sealed(world: World) -> None:
    agreeing = await signed(world, sealed=False)
    version = (await world.sql("SELECT version FROM offer"))[0]["version"]
    await agreeing.with_offer(agreeing.officer, "offerVoid", version, 'reason: "The home has closed."')
    assert await world.count("job", "key LIKE 'ipa.seal % VOIDED'") == 1
    await worked_off(world)
    assert await kinds_of(agreeing) == [*BOTH, ("VOID_COPY", None)]


# S-108
async def test_a_draft_that_is_voided_leaves_no_file(world: World) -> None:
    agreeing = await Agreeing.among(world)
    for step in (agreeing.referred, agreeing.offered, agreeing.accepted, agreeing.drawn_up):
        await step()
    await agreeing.well(agreeing.officer, "ipaVoid", 'reason: "Drawn up in error."')
    await worked_off(world)
    assert await world.count("ipa_file") == 0
    assert await world.count("job", "kind = 'ipa.seal'") == 0
    assert codes(await chosen(agreeing, agreeing.officer, "AGREEMENT")) == []


# H4
async def test_a_time_stamp_comes_before_the_certificate_and_later_where_its_service_was_away(world: World) -> None:
    world.shell = replace(world.shell, sealer=(stamping := PlainSealer(proves=True, away=True)))
    agreeing = await signed(world)
    assert await kinds_of(agreeing) == BOTH  # what both have signed is not kept waiting
    assert await world.count("job", "kind = 'ipa.seal' AND done_at IS NULL") == 1
    stamping.away = False
    world.clock.goes_on(hours=1)
    await worked_off(world)
    assert await kinds_of(agreeing) == [*BOTH, ("TIMESTAMPED", None)]
    files, contents = await files_of(agreeing), await bytes_of(agreeing)
    assert contents[4].startswith(contents[2])
    assert files[4]["level"] == "B_LTA"
    assert (await shown(agreeing, agreeing.officer))["signedPdfSha256"] == files[4]["sha256"]
    assert await world.count("job", "kind = 'ipa.seal' AND done_at IS NULL") == 0


# S-083: what is swept as nobody's
async def test_no_file_of_an_agreement_is_taken_for_an_orphan(world: World) -> None:
    agreeing = await signed(world)
    names = [row["sha256"] for row in await files_of(agreeing)]
    (row,) = await world.sql("SELECT portal_unnamed($1, $2) AS names", [*names, "cd" * 32], world.clock.now)
    assert row["names"] == ["cd" * 32]


# S-105, S-031
async def test_each_file_is_told_to_both_sides_screens_and_rings_no_bell(world: World) -> None:
    agreeing = await signed(world)
    told = await world.sql(
        "SELECT e.kind, n.notice, n.person_id FROM inbox_entry n JOIN event e ON e.id = n.event_id"
        " WHERE e.kind IN ('agreement.sealed', 'agreement.certificate') ORDER BY e.seq"
    )
    everybody = {agreeing.officer, agreeing.member, agreeing.authority_signatory, agreeing.provider_signatory}
    ids = {who.person_id for who in everybody}
    assert {row["notice"] for row in told} == {None}
    assert len(told) == 3 * len(ids)
    assert {row["person_id"] for row in told} == ids
    assert await world.count("event", "kind LIKE 'agreement.%' AND actor_id IS NULL") == 3


# S-119
async def test_screens_that_only_listen_are_told_to_read_the_agreement_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[dict[str, Any]] = []
    monkeypatch.setattr(Known, "_ipa_changed", lambda known, item: heard.append(item))
    agreeing = await signed(world, sealed=False)
    async with Listening.to(world) as everybody:
        await worked_off(world)
        await everybody.agrees()
    assert {item["ipaId"] for item in heard} == {agreeing.ids["ipa"]}
    assert len(heard) >= 3 * 4  # three files for each of four people; some hear of them in several ways


# S-031
async def test_another_organisation_learns_nothing_of_the_files(world: World) -> None:
    agreeing = await signed(world)
    rival = await world.person((await world.provider()).id, Role.MEMBER)
    assert (await world.gql(rival, FILES, id=agreeing.ids["ipa"]))["ipa"] is None
    assert codes(await chosen(agreeing, rival, "CERTIFICATE")) == ["NOT_FOUND"]
    async with standing_as(world, rival) as connection:
        assert await connection.fetchval("SELECT count(*) FROM ipa_file") == 0


FORGED = {
    "a changed hash": "UPDATE ipa_file SET sha256 = repeat('0', 64)",
    "another party": "UPDATE ipa_file SET party = 'PROVIDER'",
    "a removed file": "DELETE FROM ipa_file",
    "an emptied table": "TRUNCATE ipa_file",
    "a second beginning": "INSERT INTO ipa_file (ipa_id, no, la_id, provider_id, kind, sha256, byte_size, made_at)"
    " SELECT id, 0, la_id, provider_id, 'ENABLED', repeat('0', 64), 1, now() FROM ipa ON CONFLICT DO NOTHING",
    "a seal for who has not signed": "INSERT INTO ipa_file (ipa_id, no, la_id, provider_id, kind, party, sha256,"
    " byte_size, made_at) SELECT id, 1, la_id, provider_id, 'SEALED', 'PROVIDER', repeat('0', 64), 1, now() FROM ipa",
    "a certificate of nothing": "INSERT INTO ipa_file (ipa_id, no, la_id, provider_id, kind, sha256, byte_size,"
    " made_at) SELECT id, 1, la_id, provider_id, 'CERTIFICATE', repeat('0', 64), 1, now() FROM ipa",
    "a void copy of what stands": "INSERT INTO ipa_file (ipa_id, no, la_id, provider_id, kind, sha256, byte_size,"
    " made_at) SELECT id, 1, la_id, provider_id, 'VOID_COPY', repeat('0', 64), 1, now() FROM ipa",
    "a gap": "INSERT INTO ipa_file (ipa_id, no, la_id, provider_id, kind, party, sha256, byte_size, made_at)"
    " SELECT id, 5, la_id, provider_id, 'SEALED', 'LOCAL_AUTHORITY', repeat('0', 64), 1, now() FROM ipa",
    "no trigger": "ALTER TABLE ipa_file DISABLE TRIGGER ALL",
}


# S-106, S-115
async def test_no_role_changes_removes_or_forges_a_file(world: World) -> None:
    agreeing = await enabled(world)
    assert codes(await agreeing.sign(agreeing.authority_signatory)) == []
    before = await files_of(agreeing)
    for name, statement in FORGED.items():
        for who in (agreeing.officer, agreeing.member, agreeing.provider_signatory, None):
            state = await tried(world, who, statement)
            assert state in ("42501", "PT409") or state.startswith("23"), (name, who and who.side, state)
    assert await files_of(agreeing) == before


async def tried(world: World, viewer: Viewer | None, statement: str) -> str:
    """The refusal of a statement that is committed if it is not refused; without a viewer, of the worker's role."""
    connection = await asyncpg.connect(asyncpg_dsn(as_app(world.dsn)))
    worker = "SELECT set_config('role', 'portal_worker', true)"
    try:
        async with connection.transaction():
            await connection.execute(standing(viewer, world.clock.now) if viewer else worker)
            await connection.execute(statement)
    except asyncpg.PostgresError as error:
        return str(error.sqlstate)
    finally:
        await connection.close()
    return "done"


# S-111, S-109
async def test_the_page_says_the_same_and_does_not_count_as_having_opened_what_is_signed(world: World) -> None:
    agreeing = await enabled(world)
    await world.sql("ALTER TABLE ipa_opening DISABLE TRIGGER ALL")
    await world.sql("DELETE FROM ipa_opening WHERE true")
    opened = await chosen(agreeing, agreeing.provider_signatory, "PAGE")
    page = (await world.shell.vault.read(opened["pdfSha256"])).decode()
    assert "<!doctype html>" in page
    assert "Żak" in page
    (ticket,) = await world.sql("SELECT name, media_type FROM ticket ORDER BY expires_at DESC LIMIT 1")
    assert ticket["name"].endswith(".html")
    assert ticket["media_type"] == "text/html; charset=utf-8"
    assert codes(await agreeing.sign(agreeing.provider_signatory)) == ["NOT_OPENED"]


# S-106
async def test_what_an_earlier_release_fixed_is_signed_sealed_and_opened_like_any_other(world: World) -> None:
    agreeing = await enabled(world)
    plain = (await world.shell.vault.put_bytes(b"%PDF-1.7 as it was printed then")).sha256
    await world.sql("ALTER TABLE ipa_file DISABLE TRIGGER ALL")
    await world.sql("ALTER TABLE ipa DISABLE TRIGGER ALL")
    await world.sql("DELETE FROM ipa_file WHERE true")
    await world.sql("UPDATE ipa SET pdf_sha256 = $1", plain)
    await world.sql("ALTER TABLE ipa_file ENABLE TRIGGER ALL")
    await world.sql("ALTER TABLE ipa ENABLE TRIGGER ALL")
    for signer in (agreeing.authority_signatory, agreeing.provider_signatory):
        assert (await agreeing.opened(signer))["pdfSha256"] == plain
        assert codes(await agreeing.sign(signer)) == []
    await worked_off(world)
    assert await kinds_of(agreeing) == BOTH
    (first, *_) = await files_of(agreeing)
    assert (first["sha256"], first["level"], first["byte_size"]) == (plain, None, 31)
    assert (await bytes_of(agreeing))[2].startswith(b"%PDF-1.7 as it was printed then")


# S-111
async def test_what_an_earlier_release_printed_with_signatures_is_shown_until_it_is_sealed(world: World) -> None:
    agreeing = await signed(world, sealed=False)
    print_ = (await world.shell.vault.put_bytes(b"%PDF-1.7 with both signatures")).sha256
    await world.sql("ALTER TABLE ipa DISABLE TRIGGER ALL")
    await world.sql("UPDATE ipa SET signed_pdf_sha256 = $1 WHERE id = $2", print_, UUID(agreeing.ids["ipa"]))
    assert (await chosen(agreeing, agreeing.officer, "AGREEMENT"))["pdfSha256"] == print_
    await worked_off(world)
    newest = await of(agreeing, "SEALED", "PROVIDER")
    assert (await chosen(agreeing, agreeing.officer, "AGREEMENT"))["pdfSha256"] == newest
