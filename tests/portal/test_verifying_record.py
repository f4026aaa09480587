"""What the portal's own record says of a file, beside what the file proves by itself (TRUST H6)."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.serialization import Encoding
from starlette.requests import Request

from models.lifecycle import Side
from portal.app import Installation, Portal
from portal.keys import Keys
from portal.production import connected
from portal.seal_authority import new_authority, new_seal
from portal.seal_operator import operators_seal
from portal.seal_served import authority_route
from portal.seal_work import Signing, fill
from portal.verifying import Asked, verified
from portal.verifying_record import recorded
from portal.verifying_report import Report
from resolvers.ports import Stamp
from tests.agreeing import Agreeing
from tests.portal.sealing import CANONICAL
from tests.portal.tampering import certificate_of, flipped, printed_of, revised
from tests.portal.test_seal_operator import NOW
from tests.portal.test_seal_operator import kept as kept_file
from tests.sealing import bytes_of, planted, worked_off
from tests.world import AN_ORDINARY_DAY, World

STAMP = Stamp(Side.PROVIDER, ("Dev Director", "Director"), "Signed")


@dataclass
class Kept:
    """An agreement that the provider has signed, and its sealed file as the portal has recorded it."""

    agreeing: Agreeing
    folder: Path
    pdf: bytes

    async def check(self, pdf: bytes | None = None) -> Report:
        path = self.folder / "agreement.pdf"
        path.write_bytes(pdf or self.pdf)
        return await verified(Asked(path))

    async def record(self, pdf: bytes) -> None:
        await planted(self.agreeing, 40, "TIMESTAMPED", sha256(pdf).hexdigest())


@pytest_asyncio.fixture(loop_scope="session")
async def kept(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    monkeypatch.setenv("PORTAL_OWNER_DATABASE_URL", world.dsn)
    agreeing = await (await Agreeing.among(world)).to_sign()
    await agreeing.sign(agreeing.provider_signatory)
    await worked_off(world)
    return Kept(agreeing, tmp_path, (await bytes_of(agreeing))[-1])


def wrong(report: Report) -> list[str]:
    return [finding.sentence for finding in report.findings if finding.ok is False]


async def test_a_recorded_file_is_genuine_and_says_how_the_agreement_stands(kept: Kept) -> None:
    # S-111
    report = await kept.check()
    assert (wrong(report), report.code, report.state) == ([], 0, "VALID")
    text = report.as_text()
    assert "The portal made exactly this file" in text
    assert f"It is between Birmingham and {kept.agreeing.firm.name} Ltd." in text
    assert "The events of enabling, the provider's signing stand in an unbroken chain." in text
    assert "It is the content hash of enabling, the provider's signing." in text


async def test_a_file_of_a_voided_agreement_is_genuine_and_says_so_first(kept: Kept) -> None:
    # S-108
    agreeing = kept.agreeing
    await agreeing.well(agreeing.officer, "ipaVoid", "reason: $why", why=("String!", "The home has closed."))
    report = await kept.check()
    assert (report.code, report.state) == (0, "VOID")
    assert "THE AGREEMENT IS VOID" in report.as_text().splitlines()[4]


@pytest.mark.parametrize("seed", range(2))
async def test_a_changed_bit_anywhere_is_another_file(kept: Kept, seed: int) -> None:
    report = await kept.check(flipped(kept.pdf, Random(seed)))
    assert report.code > 0
    assert wrong(report)[0] == "The portal never made a file with these bytes."


async def test_an_appended_revision_is_another_file(kept: Kept) -> None:
    report = await kept.check(revised("an overlay", kept.pdf))
    assert report.code == 1
    assert "Something was added to the file behind its last signature." in wrong(report)


async def test_a_form_that_nobody_signed_is_found(kept: Kept, world: World) -> None:
    sealer = world.shell.sealer
    assert sealer is not None
    other = (await sealer.fill((await sealer.fix(printed_of(CANONICAL), CANONICAL)).content, STAMP)).content
    await kept.record(other)
    assert wrong(await kept.check(other)) == [
        "It is not the content hash of enabling.", "It is not the content hash of the provider's signing."
    ]  # fmt: skip


async def test_a_signature_that_the_record_does_not_have_is_found(kept: Kept, world: World) -> None:
    # S-116
    sealer = world.shell.sealer
    assert sealer is not None
    both = (await sealer.fill(kept.pdf, Stamp(Side.LOCAL_AUTHORITY, ("Sian",), "Signed"))).content
    await kept.record(both)
    assert wrong(await kept.check(both)) == ["The record has no signature for LOCAL_AUTHORITY."]


async def test_a_record_that_was_tampered_with_is_found(kept: Kept, world: World) -> None:
    await world.sql(
        "DO $$ BEGIN SET LOCAL session_replication_role = replica;"
        " UPDATE event SET payload = replace(payload, 'contentHash', 'contentHush') WHERE kind = 'agreement.enable';"
        " END $$"
    )
    found = wrong(await kept.check())
    assert "this event is not what was recorded" in found[0]
    assert found[1] == "The record has no event of that content for enabling."


async def test_a_database_that_does_not_answer_is_said(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    monkeypatch.setenv("PORTAL_OWNER_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    report = await kept.check()
    assert (report.verdict, report.code, wrong(report)) == ("UNCHECKED", 2, [])
    assert "its database does not answer" in report.findings[0].sentence
    assert "NOT GENUINE" not in report.as_text()
    (kept.folder / "authority.pem").write_text("".join(await world.shell.sealer.authorities()))  # type: ignore[union-attr]
    monkeypatch.setenv("PORTAL_OLDER_SEAL_AUTHORITIES", str(kept.folder / "authority.pem"))
    assert (await kept.check()).verdict == "GENUINE"


async def test_what_the_operators_certificate_sealed_is_genuine_after_every_switch(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fixed under the portal's own authority, filled under the operator's, checked while that is in use and after."""
    authority = new_authority(NOW)
    file = kept_file(kept.folder, new_seal(authority, NOW), authority.certificate)
    means = await operators_seal(file, "open sesame").means()
    enabled = (await bytes_of(kept.agreeing))[0]
    sealed = (await fill(enabled, Signing("PROVIDER", ("Dev Director",), "Signed"), means)).content
    await kept.record(sealed)
    assert "is not this portal's seal" in wrong(await kept.check(sealed))[0]
    with monkeypatch.context() as now:
        now.setenv("PORTAL_SEAL_FILE", str(file))
        now.setenv("PORTAL_SEAL_PASSPHRASE", "open sesame")
        assert (wrong(await kept.check(sealed)), wrong(await kept.check())) == ([], [])
    older = kept.folder / "older.pem"
    older.write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    monkeypatch.setenv("PORTAL_OLDER_SEAL_AUTHORITIES", str(older))
    assert wrong(await kept.check(sealed)) == []


async def test_the_void_copy_is_not_the_certificate(kept: Kept, world: World) -> None:
    (row,) = await world.sql("SELECT canonical_form FROM ipa")
    sealer = world.shell.sealer
    assert sealer is not None
    closed = (await sealer.close(certificate_of(row["canonical_form"].encode()))).content
    await planted(kept.agreeing, 41, "VOID_COPY", sha256(closed).hexdigest())
    (kept.folder / "certificate.pdf").write_bytes(closed)
    (kept.folder / "agreement.pdf").write_bytes(kept.pdf)
    report = await verified(Asked(kept.folder / "agreement.pdf", kept.folder / "certificate.pdf"))
    assert wrong(report) == ["What is beside it is the copy marked as void, not the certificate."]


async def test_what_an_earlier_release_handed_out_as_signed_is_known(kept: Kept, world: World) -> None:
    await world.sql("ALTER TABLE ipa DISABLE TRIGGER ALL")
    await world.sql("UPDATE ipa SET signed_pdf_sha256 = $1", "5" * 64)
    async with connected(world.dsn) as connection:
        known = await recorded(connection, "5" * 64)
    assert known is not None
    assert (known.file["kind"], known.file["level"], known.state) == ("SEALED", None, "VALID")
    assert str(known.file["ipa_id"]) == kept.agreeing.ids["ipa"]


async def test_the_authority_is_for_everybody(world: World, kept: Kept) -> None:
    route = authority_route(lambda: world.shell)
    served = await route.endpoint(Request({"type": "http", "method": "GET", "headers": []}))
    rows = await world.sql("SELECT authority FROM sealing_key ORDER BY made_at DESC")
    assert served.body.decode() == "".join(row["authority"] for row in rows)
    (kept.folder / "authority.pem").write_bytes(served.body)
    (kept.folder / "agreement.pdf").write_bytes(kept.pdf)
    report = await verified(Asked(kept.folder / "agreement.pdf"), kept.folder / "authority.pem")
    assert (wrong(report), report.state) == ([], None)


def test_the_portal_serves_it(keys: Keys, tmp_path: Path) -> None:
    where = Installation(
        "postgresql://portal_app@localhost/none", tmp_path, keys, lambda: AN_ORDINARY_DAY, "http://here", {}
    )
    routes = Portal(where).app.routes
    assert [route for route in routes if getattr(route, "path", "") == "/sealing-authority.pem"]
