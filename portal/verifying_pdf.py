"""What a PDF proves by itself: its seals, what was added after them, and the canonical form it carries.

Begun as a process of its own by verifying_reading.py, since such files come from anywhere: a file on which this ends
badly is one that cannot be read.
"""

import asyncio
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from asn1crypto import core, pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm, enumerate_sig_fields
from pyhanko.sign.validation import SignatureCoverageLevel, async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext

from portal.verifying_form import Unreadable, carried, entry
from portal.verifying_print import printed

CERTIFICATION, PARTIES = "PORTAL", ("LOCAL_AUTHORITY", "PROVIDER")
MOST_SEALS, MOST_FIELDS = 12, 40
CLOCKS_DIFFER = timedelta(days=1)
AFTER = {
    ModificationLevel.NONE: "NOTHING",
    ModificationLevel.LTA_UPDATES: "TIME_STAMPS",
    ModificationLevel.FORM_FILLING: "SIGNATURES",
}
KINDS = {MDPPerm.FILL_FORMS: "AGREEMENT", MDPPerm.NO_CHANGES: "CLOSED"}
COVERS = {
    SignatureCoverageLevel.ENTIRE_FILE: "WHOLE_FILE",
    SignatureCoverageLevel.ENTIRE_REVISION: "ITS_REVISION",
}


@dataclass
class Seal:
    """One signature or time stamp. `after` is what was added behind it, `proved` whether others vouch for its time."""

    name: str
    kind: str
    intact: bool = False
    trusted: bool = False
    allowed: bool = False
    covers: str = "LESS"
    after: str = "OTHER"
    by: str = ""
    issuer: str = ""
    certificate: str = ""
    at: str | None = None
    proved: bool = False
    reason: str = ""
    faults: list[str] = field(default_factory=list)


@dataclass
class Seen:
    """Everything found in one file. `kind` is AGREEMENT, CLOSED (a certificate, a void copy) or OTHER.

    `title` is what the file calls itself. `printed` are the runs of hexadecimal digits on the pages that the portal
    certified.
    """

    kind: str = "OTHER"
    revisions: int = 0
    seals: list[Seal] = field(default_factory=list)
    title: str = ""
    content_hash: str | None = None
    printed: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


async def examined(content: bytes, authorities: Sequence[bytes], now: datetime) -> Seen:
    """What there is to see. `authorities` are certificates (PEM) of which one must stand behind every seal.

    Raises Unreadable for what is not a PDF, or cannot be taken apart.
    """
    if not content.startswith(b"%PDF-"):
        raise Unreadable("This is not a PDF.")
    count = content.count(b"/ByteRange")
    if count > MOST_SEALS:
        said = f"It carries {count} signatures. An agreement has the portal's, one for each party, and time stamps."
        return Seen(faults=[said])
    try:
        return await _seen(PdfFileReader(BytesIO(content)), [_loaded(text) for text in authorities], now)
    except Unreadable:
        raise
    except Exception as fault:
        raise Unreadable("It is damaged, or no PDF that can be taken apart.") from fault


def _loaded(text: bytes) -> x509.Certificate:
    return x509.Certificate.load(pem.unarmor(text)[2])


async def _seen(reader: PdfFileReader, roots: list[x509.Certificate], now: datetime) -> Seen:
    if reader.encrypted:
        raise Unreadable("It is locked with a password; the portal's files are not.")
    signed = reader.embedded_signatures
    seen = Seen(revisions=reader.xrefs.total_revisions)
    if not signed:
        seen.faults.append("It carries no signature.")
        return seen
    seen.seals = [await _seal(one, roots, now) for one in signed]
    seen.kind = _kind(reader, signed[0])
    seen.title = printable(entry(entry(reader.trailer_view, "/Info", {}), "/Title", ""))
    seen.faults += [*_misplaced(reader, seen), *_added(seen)]
    if seen.kind != "OTHER":
        seen.printed = printed(reader.get_historical_root(signed[0].signed_revision))
    if seen.kind == "AGREEMENT":
        seen.content_hash, faults = carried(reader, signed[0])
        seen.faults += faults
    return seen


# ── the seals ────────────────────────────────────────────────────────────────
async def _seal(one: Any, roots: list[x509.Certificate], now: datetime) -> Seal:
    stamp = one.sig_object_type == "/DocTimeStamp"
    approval = "CERTIFICATION" if one.field_name == CERTIFICATION else "APPROVAL"
    seal = Seal(printable(one.field_name), "TIME_STAMP" if stamp else approval)
    try:
        await (_stamped(seal, one, roots) if stamp else _signed(seal, one, roots, now))
    except Exception as fault:  # noqa: BLE001  whatever a hostile signature makes the library raise is told
        seal.faults.append(f"This signature cannot be checked ({type(fault).__name__}).")
    return seal


async def _signed(seal: Seal, one: Any, roots: list[x509.Certificate], now: datetime) -> None:
    """A signature, held against the authorities as they were when it says that it was made."""
    at = _aware(one.self_reported_timestamp) or now
    seal.at, seal.reason = at.isoformat(timespec="seconds"), printable(entry(one.sig_object, "/Reason", ""))
    status = await async_validate_pdf_signature(
        one,
        ValidationContext(trust_roots=roots, moment=at, allow_fetching=False),
        ValidationContext(trust_roots=roots, allow_fetching=False),
    )
    _noted(seal, one, status)
    seal.allowed = bool(status.docmdp_ok)
    stamped = status.timestamp_validity
    if stamped is not None:
        seal.proved = bool(stamped.intact and stamped.valid)
        if not seal.proved:
            seal.faults.append("Its time stamp does not belong to it.")
    if at > now + CLOCKS_DIFFER:
        seal.faults.append("It says that it was made at a time that has not come yet.")


async def _stamped(seal: Seal, one: Any, roots: list[x509.Certificate]) -> None:
    status = await async_validate_pdf_timestamp(one, ValidationContext(trust_roots=roots, allow_fetching=False))
    _noted(seal, one, status)
    seal.at, seal.proved, seal.allowed = status.timestamp.isoformat(timespec="seconds"), seal.intact, True


def _noted(seal: Seal, one: Any, status: Any) -> None:
    seal.intact, seal.trusted = bool(status.intact and status.valid), bool(status.trusted)
    seal.covers = COVERS.get(status.coverage, "LESS")
    seal.after = AFTER.get(getattr(status, "modification_level", None), "OTHER")  # type: ignore[arg-type]
    seal.by, seal.issuer = _named(status.signing_cert.subject), _named(status.signing_cert.issuer)
    seal.certificate = status.signing_cert.sha256.hex()
    if not _alone(one):
        seal.faults.append("Something else stands in the room of this signature.")


def _alone(one: Any) -> bool:
    """Whether the room that a signature does not cover holds it, zeros behind it, and nothing else."""
    content, (_, before, after, _) = one.pkcs7_content, one.byte_range
    one.reader.stream.seek(before)
    room = one.reader.stream.read(after - before)
    rest = content[len(core.Asn1Value.load(content).dump()) :]
    return bool(room == b"<%s>" % content.hex().upper().encode() and not any(rest))


def _named(name: x509.Name) -> str:
    return printable(name.native.get("common_name") or name.human_friendly)


def _aware(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


# ── how they stand to each other ─────────────────────────────────────────────
def _kind(reader: PdfFileReader, first: Any) -> str:
    """What the portal's certification, the first signature, permits: signing alone, or nothing."""
    try:
        certifying = reader.root["/Perms"].get_value_as_reference("/DocMDP") == first.sig_object.container_ref
    except (KeyError, TypeError, AttributeError):
        return "OTHER"
    if not certifying or first.field_name != CERTIFICATION:
        return "OTHER"
    return KINDS.get(first.docmdp_level, "OTHER")


def _misplaced(reader: PdfFileReader, seen: Seen) -> list[str]:
    """Signatures and fields that no file of the portal has."""
    faults = []
    if seen.kind == "OTHER":
        faults.append("It does not begin with the portal's certification, which fixes the contents.")
    filled = [seal.name for seal in seen.seals if seal.kind != "TIME_STAMP"]
    allowed = {CERTIFICATION, *(PARTIES if seen.kind == "AGREEMENT" else ())}
    faults += [f"A signature stands in {name!r}, where none belongs." for name in filled if name not in allowed]
    stamps = {seal.name for seal in seen.seals if seal.kind == "TIME_STAMP"}
    faults += [f"It has the field {name!r}, which is none of the portal's." for name in _fields(reader)
               if name not in {CERTIFICATION, *PARTIES, *stamps}]  # fmt: skip
    if len(set(filled)) != len(filled):
        faults.append("A field is signed more than once.")
    return faults


def _fields(reader: PdfFileReader) -> list[str]:
    """The names of all fields of the form, those that are no signatures' among them."""
    form = reader.root["/AcroForm"]
    named = [printable(entry(each.get_object(), "/T", "")) for each in list(form["/Fields"])[:MOST_FIELDS]]
    signing = [printable(name) for name, _, _ in enumerate_sig_fields(reader)]
    return [*named, *(name for name in signing if name not in named)][:MOST_FIELDS]


def _added(seen: Seen) -> list[str]:
    """What was done to the file after it was sealed, beyond what the portal itself does."""
    faults = []
    for seal in seen.seals:
        if seal.covers == "LESS":
            faults.append(f"The signature {seal.name} does not cover what stands before it.")
        elif seal.after == "OTHER" or (seal.kind != "TIME_STAMP" and not seal.allowed):
            faults.append(f"The file was changed after the signature {seal.name}, in a way that is not allowed.")
    if seen.seals[-1].covers != "WHOLE_FILE":
        faults.append("Something was added to the file behind its last signature.")
    return faults


def printable(text: object) -> str:
    """What a terminal can be shown of a text that somebody else has written."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in str(text)[:200])


def main() -> None:
    """One file: its path and the authorities in a line of JSON, and the answer in another."""
    from portal.verifying_reading import limit_yourself

    logging.disable()
    asked = json.loads(sys.stdin.readline())
    limit_yourself()
    with open(asked["path"], "rb") as file:
        content = file.read()
    try:
        roots = [each.encode() for each in asked["authorities"]]
        seen = asyncio.run(examined(content, roots, datetime.now(UTC)))
        answer: dict[str, Any] = {"seen": asdict(seen)}
    except Unreadable as fault:
        answer = {"unreadable": str(fault)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
