"""Whoever holds a file of an agreement finds out whether it is genuine; nothing that was done to it stays unseen."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest
import pytest_asyncio
from typer.testing import CliRunner

from portal.cli import portal
from portal.seal_work import close, fix
from portal.verifying_beside import Beside
from portal.verifying_form import Unreadable
from portal.verifying_pdf import MOST_SEALS, Seen, examined
from portal.verifying_reading import LARGEST, Taken
from portal.verifying_report import report
from tests.portal.sealing import CANONICAL, a_print, judged, poppler_says, some_means
from tests.portal.tampering import (
    REVISIONS,
    STAGES,
    certificate_of,
    certificates,
    enabled_with,
    flipped,
    genuine,
    printed_of,
    revised,
    somebody_elses,
)

SEALS = {
    "enabled": ["PORTAL"],
    "one signature": ["PORTAL", "PROVIDER"],
    "both signatures": ["PORTAL", "PROVIDER", "LOCAL_AUTHORITY"],
    "time-stamped": ["PORTAL", "PROVIDER", "LOCAL_AUTHORITY", "TIMESTAMP_1"],
    "certificate": ["PORTAL"],
    "earlier release, signed": ["PORTAL", "LOCAL_AUTHORITY"],
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def files() -> dict[str, bytes]:
    return await genuine()


async def seen(pdf: bytes) -> Seen:
    return await examined(pdf, [certificates(some_means()).encode()], datetime.now(UTC))


def passes(found: Seen) -> bool:
    fine = all(seal.intact and seal.trusted and not seal.faults for seal in found.seals)
    return bool(found.seals) and fine and not found.faults


async def found_out(pdf: bytes) -> bool:
    try:
        return not passes(await seen(pdf))
    except Unreadable:
        return True


@pytest.mark.parametrize("stage", STAGES)
async def test_a_genuine_file_is_found_good_by_us_by_pyhanko_and_by_poppler(
    stage: str, files: dict[str, bytes], tmp_path: Path
) -> None:
    # S-111
    found = await seen(files[stage])
    assert passes(found)
    assert [seal.name for seal in found.seals] == SEALS[stage]
    assert found.kind == ("CLOSED" if stage == "certificate" else "AGREEMENT")
    assert any(sha256(CANONICAL).hexdigest() in run for run in found.printed) == (stage != "earlier release, signed")
    carries = stage not in ("certificate", "earlier release, signed")
    assert found.content_hash == (sha256(CANONICAL).hexdigest() if carries else None)
    assert all(each.bottom_line for each in await judged(files[stage]))
    signed = [name for name in SEALS[stage] if name != "TIMESTAMP_1"]  # poppler leaves stamps of the whole file alone
    assert (poppler_says(files[stage], tmp_path) or [])[: len(signed)] in ([], ["Signature is Valid."] * len(signed))


@pytest.mark.parametrize("change", REVISIONS)
async def test_whatever_is_added_or_exchanged_is_found(change: str, files: dict[str, bytes]) -> None:
    # S-106
    assert await found_out(revised(change, files["both signatures"]))


@pytest.mark.parametrize("stage", ["enabled", "certificate"])
@pytest.mark.parametrize("change", ["a page", "a note", "an overlay", "a field", "a turned page"])
async def test_a_file_of_one_seal_takes_no_revision_either(change: str, stage: str, files: dict[str, bytes]) -> None:
    # S-106
    assert await found_out(revised(change, files[stage]))


@pytest.mark.parametrize("seed", range(6))
async def test_one_changed_bit_is_found(seed: int, files: dict[str, bytes]) -> None:
    """Anywhere but in what a signature carries beside itself, where the SHA-256 finds it."""
    # S-106
    changed = flipped(files["enabled"], Random(seed))
    assert await found_out(changed)


@pytest.mark.long
async def test_two_hundred_changed_bits_are_each_found(files: dict[str, bytes]) -> None:
    # S-106
    dice = Random(20261122)
    changed = [flipped(files["both signatures"], dice) for _ in range(200)]
    missed = [each for each in changed if not await found_out(each)]
    assert all(_within_a_signature(files["both signatures"], each) for each in missed)
    assert sha256(files["both signatures"]).digest() not in [sha256(each).digest() for each in missed]


def _within_a_signature(pdf: bytes, changed: bytes) -> bool:
    (place,) = [number for number, byte in enumerate(pdf) if byte != changed[number]]
    return pdf.rfind(b"/Contents <", 0, place) > pdf.rfind(b">", 0, place)


async def test_somebody_elses_seal_with_the_same_names_is_not_trusted() -> None:
    theirs = await genuine(somebody_elses())
    for stage in STAGES[:3]:
        found = await seen(theirs[stage])
        assert all(seal.intact and not seal.trusted for seal in found.seals)
        assert not passes(found)


async def test_a_seal_that_has_ended_since_is_held_against_the_time_of_sealing(files: dict[str, bytes]) -> None:
    in_ten_years = datetime.now(UTC) + timedelta(days=3650)
    roots = [certificates(some_means()).encode()]
    assert passes(await examined(files["both signatures"], roots, in_ten_years))
    early = await examined(files["both signatures"], roots, datetime.now(UTC) - timedelta(days=30))
    assert "not come yet" in early.seals[0].faults[0]


@pytest.mark.parametrize(
    "form",
    [b'wmpp/ipa/1\n{"b": 1}', b'wmpp/ipa/1\n{"b":1,"a":2}', b'{"a":1}', b"wmpp/ipa/1\n{", b"wmpp/ipa/1\n[" * 3_000],
)
async def test_a_form_that_is_not_canonical_is_told(form: bytes) -> None:
    pdf = await enabled_with(form)
    assert (await seen(pdf)).faults == ["Its agreement.json is not in the canonical form."]


# ── the command ──────────────────────────────────────────────────────────────
class Command:
    """`portal verify-pdf` on one machine; `authority` is the file that it is given where there is no database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = folder / "authority.pem"
        self.authority.write_text(certificates(some_means()))
        self.environment = {"PORTAL_HOME": str(folder / "home"), "PORTAL_OWNER_DATABASE_URL": ""}

    def __call__(self, content: bytes | Path, *words: str) -> tuple[int, dict[str, Any]]:
        path = content if isinstance(content, Path) else self.folder / "file.pdf"
        if isinstance(content, bytes):
            path.write_bytes(content)
        ended = CliRunner().invoke(portal, ["verify-pdf", str(path), "--json", *words], env=self.environment)
        assert ended.exception is None or isinstance(ended.exception, SystemExit)
        return ended.exit_code, json.loads(ended.stdout)

    def by_authority(self, content: bytes | Path) -> tuple[int, dict[str, Any]]:
        return self(content, "--authority", str(self.authority))


@pytest.fixture
def command(tmp_path: Path) -> Command:
    return Command(tmp_path)


def wrong(report: dict[str, Any]) -> list[str]:
    return [finding["sentence"] for finding in report["findings"] if finding["ok"] is False]


def test_without_a_database_the_authority_decides(command: Command, files: dict[str, bytes]) -> None:
    code, report = command.by_authority(files["both signatures"])
    assert (code, report["verdict"], wrong(report)) == (0, "GENUINE", [])
    assert report["sha256"] == sha256(files["both signatures"]).hexdigest()
    assert report["content_hash"] == sha256(CANONICAL).hexdigest()
    code, report = command(files["both signatures"])
    assert (code, report["verdict"], wrong(report)) == (2, "UNCHECKED", [])
    assert any("There is no sealing authority" in finding["sentence"] for finding in report["findings"])
    code, report = command(revised("an overlay", files["both signatures"]))
    assert (code, report["verdict"]) == (1, "NOT_GENUINE"), "what is wrong without any authority stays wrong"


def test_a_person_reads_the_verdict_first(command: Command, files: dict[str, bytes]) -> None:
    path = command.folder / "an \x1b[31magreement.pdf"
    path.write_bytes(files["both signatures"])
    told = CliRunner().invoke(portal, ["verify-pdf", str(path), "--authority", str(command.authority)])
    assert "\nGENUINE: this is a file of the portal" in told.stdout
    assert "LOCAL_AUTHORITY: intact, by 'Portal agreement seal'" in told.stdout
    assert "\x1b" not in told.stdout


def test_an_authority_that_is_none_is_said_in_a_sentence(command: Command, files: dict[str, bytes]) -> None:
    command.authority.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    (command.folder / "file.pdf").write_bytes(files["enabled"])
    words = ["verify-pdf", str(command.folder / "file.pdf"), "--authority", str(command.authority)]
    told = CliRunner().invoke(portal, words)
    assert (told.exit_code, told.stdout) == (2, "")
    assert "cannot be read as a file of certificates" in told.stderr


def encrypted(pdf: bytes) -> bytes:
    from io import BytesIO

    from pypdf import PdfReader, PdfWriter

    writer, out = PdfWriter(clone_from=PdfReader(BytesIO(pdf))), BytesIO()
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


HOSTILE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda pdf: b"", "not a PDF"),
    "text": (lambda pdf: b"Dear Sir or Madam", "not a PDF"),
    "only a header": (lambda pdf: b"%PDF-1.7\n", "damaged"),
    "cut off": (lambda pdf: pdf[: len(pdf) // 2], "damaged"),
    "broken table": (lambda pdf: pdf.replace(b"startxref", b"startxrfe"), "damaged"),
    "table that leads to itself": (lambda pdf: pdf[: pdf.rindex(b"startxref")] + b"startxref\n15\n%%EOF", "damaged"),
    "locked": (encrypted, "password"),
    "deep": (lambda pdf: pdf + b"[" * 500_000, "damaged"),
}


@pytest.mark.parametrize("kind", HOSTILE)
async def test_a_file_that_is_none_gets_a_sentence(kind: str) -> None:
    make, words = HOSTILE[kind]
    with pytest.raises(Unreadable, match=words):
        await seen(make(a_print()))


def test_the_command_says_so_of_such_a_file(command: Command) -> None:
    code, report = command.by_authority(HOSTILE["deep"][0](a_print()))
    assert (code, report["verdict"], report["seals"]) == (2, "UNREADABLE", [])
    assert "damaged" in wrong(report)[-1]


def test_what_is_too_large_or_no_file_is_not_even_opened(command: Command) -> None:
    huge = command.folder / "huge.pdf"
    with huge.open("wb") as file:
        file.truncate(LARGEST + 1)
    for path, words in ((huge, "larger than"), (command.folder, "not a file"), (Path("/dev/zero"), "not a file"),
                        (command.folder / "none.pdf", "cannot be opened")):  # fmt: skip
        code, report = command.by_authority(path)
        assert (code, report["sha256"]) == (2, None)
        assert words in wrong(report)[-1]


def test_thousands_of_signatures_are_not_looked_at(command: Command, files: dict[str, bytes]) -> None:
    many = files["enabled"] + b"\n% /ByteRange [0 1 2 3]" * 5_000
    code, report = command.by_authority(many)
    assert (code, report["verdict"]) == (1, "NOT_GENUINE")
    assert str(files["enabled"].count(b"/ByteRange") + 5_000) in wrong(report)[0]
    assert MOST_SEALS < 5_000


def test_a_print_without_any_signature_is_not_genuine(command: Command) -> None:
    code, report = command.by_authority(a_print())
    assert (code, wrong(report)) == (1, ["It carries no signature."])


async def test_a_form_beside_another_print_is_told(command: Command) -> None:
    other = (await fix(a_print(), CANONICAL, some_means())).content
    found = report("other.pdf", Taken("", asdict(await seen(other))), [])
    assert (found.code, wrong(json.loads(found.as_json()))) == (
        1, [f"The content hash, taken anew, is {sha256(CANONICAL).hexdigest()}; another one is printed."]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("beside", "told"),
    [
        ("certificate", []),
        ("enabled", ["What is beside it is no certificate of the portal's."]),
        ("void copy", ["What is beside it is no certificate of the portal's."]),
        ("another's", ["The certificate beside it is not of this agreement."]),
        ("forged", ["The certificate beside it: PORTAL: what it covers is not what was signed."]),
    ],
)
async def test_a_certificate_of_one_agreement_beside_another_is_told(
    beside: str, told: list[str], files: dict[str, bytes]
) -> None:
    another = (await close(certificate_of(b"another"), some_means())).content
    forged = bytearray(files["certificate"])
    forged[30] ^= 1
    void = (await close(printed_of(CANONICAL), some_means())).content
    given = {**files, "void copy": void, "another's": another, "forged": bytes(forged)}[beside]
    taken = Taken("", asdict(await seen(given)))
    found = [finding.sentence for finding in Beside(taken).findings(sha256(CANONICAL).hexdigest()) if not finding.ok]
    assert found == told


def test_the_command_takes_a_certificate_beside_the_file(command: Command, files: dict[str, bytes]) -> None:
    (command.folder / "certificate.pdf").write_bytes(files["certificate"])
    words = ("--authority", str(command.authority), "--certificate", str(command.folder / "certificate.pdf"))
    code, told = command(files["both signatures"], *words)
    assert (code, told["findings"][-1]["ok"]) == (0, True)
