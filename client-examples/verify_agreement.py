"""Is this agreement genuine? For whoever holds the PDF, at a provider's office or anywhere else.

    python verify_agreement.py agreement.pdf --portal https://the.portal.example
    python verify_agreement.py agreement.pdf --authority sealing-authority.pem

It needs Python 3.11 and pyHanko (`pip install pyhanko`), and nothing of the portal: no account, no database, none of
its code. With --portal it asks the portal whether it knows the file, and fetches the sealing authority if you give
none; only the file's SHA-256 is sent, never the file. With --authority alone it works without a network.

What it looks at: that every signature is intact and made with the portal's seal; that the portal certified the contents
before anybody signed; that nothing was added afterwards but the parties' signatures and time stamps; and the content
hash, taken anew from the machine-readable form inside, which must be the one printed in the agreement.

It ends with 0 where the file is genuine, with 1 where it is not, with 2 where it cannot be read. The file of a void
agreement is genuine: its last line is then GENUINE, BUT VOID.
"""

import argparse
import asyncio
import hashlib
import json
import logging
import subprocess
import sys
import unicodedata
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

AGREEMENT = "Individual Placement Agreement "
"""Begins the title of every agreement; one that is certified against signing too is the copy marked as void."""
CERTIFICATION, PARTIES = "PORTAL", {"LOCAL_AUTHORITY": "the placing authority", "PROVIDER": "the provider"}
ATTACHED, FIRST_LINE = "agreement.json", b"wmpp/ipa/1\n"
LARGEST, MOST_SIGNATURES, SECONDS, MEMORY = 64 * 1024 * 1024, 12, 60, 1024 * 1024 * 1024
QUESTION = """query ($sha256: String!) { verifyAgreement(sha256: $sha256) {
  state enabledAt signedAt voidedAt localAuthority provider } }"""
GENUINE, NOT_GENUINE, UNREADABLE = 0, 1, 2


class Unreadable(Exception):
    """Nothing can be said of the file; the message says why."""


class Findings:
    """What was found, in sentences, and whether any of it speaks against the file."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.good = True
        self.void = False

    def check(self, fine: bool, yes: str, no: str) -> None:
        self.lines.append(f"  ok     {yes}" if fine else f"  WRONG  {no}")
        self.good = self.good and fine

    def note(self, sentence: str) -> None:
        self.lines.append(f"  note   {sentence}")


# ── the file itself ──────────────────────────────────────────────────────────
async def look(content: bytes, authorities: list[Any], found: Findings) -> None:
    """Everything that the file proves by itself. Raises Unreadable for what is no PDF that can be taken apart."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    if not content.startswith(b"%PDF-"):
        raise Unreadable("This is not a PDF.")
    if content.count(b"/ByteRange") > MOST_SIGNATURES:
        found.check(False, "", "It carries more signatures than any agreement.")
        return
    try:
        reader = PdfFileReader(BytesIO(content))
        if reader.encrypted:
            raise Unreadable("It is locked with a password; the portal's files are not.")
        await _signatures(reader, authorities, found)
    except Unreadable:
        raise
    except Exception as fault:
        raise Unreadable("It is damaged, or no PDF that can be taken apart.") from fault


async def _signatures(reader: Any, authorities: list[Any], found: Findings) -> None:
    signed = reader.embedded_signatures
    if not signed:
        found.check(False, "", "It carries no signature.")
        return
    permits = _certified(reader, signed[0])
    found.check(permits is not None, _permission(permits), "It does not begin with the portal's certification.")
    for one in signed:
        await _signature(one, authorities, found)
    _places(reader, signed, permits, found)
    if permits == 2:
        _content(reader, signed[0], found)
    elif permits == 1 and str(entry(entry(reader.trailer, "/Info", {}), "/Title", "")).startswith(AGREEMENT):
        found.void = True
        found.note("It is the copy of an agreement marked as VOID.")


def _certified(reader: Any, first: Any) -> int | None:
    """What the first signature, the portal's certification, permits: 1 nothing, 2 signing; None where it is none."""
    try:
        mark = reader.root["/Perms"].get_value_as_reference("/DocMDP")
    except (KeyError, TypeError, AttributeError):
        return None
    ours = mark == first.sig_object.container_ref and first.field_name == CERTIFICATION
    permits = first.docmdp_level.value if ours and first.docmdp_level else None
    return permits if permits in (1, 2) else None


def _permission(permits: int | None) -> str:
    fixed = "The portal certified its contents before anything else"
    return f"{fixed}; it can only be signed." if permits == 2 else f"{fixed}; nothing may follow."


async def _signature(one: Any, authorities: list[Any], found: Findings) -> None:
    """One signature: intact, by the portal's seal as it was then, and what was added behind it."""
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
    from pyhanko_certvalidator import ValidationContext

    name, stamp = shown(one.field_name), one.sig_object_type == "/DocTimeStamp"
    at = one.self_reported_timestamp or datetime.now(UTC)
    trusting: dict[str, Any] = {"trust_roots": authorities, "allow_fetching": False}
    try:
        if stamp:
            status: Any = await async_validate_pdf_timestamp(one, ValidationContext(**trusting))
        else:
            context = ValidationContext(**trusting, moment=at if at.tzinfo else at.replace(tzinfo=UTC))
            status = await async_validate_pdf_signature(one, context, ValidationContext(**trusting))
    except Exception as fault:  # noqa: BLE001  whatever a hostile signature makes the library raise
        found.check(False, "", f"{name}: this signature cannot be checked ({type(fault).__name__}).")
        return
    by = shown(status.signing_cert.subject.human_friendly)
    said = f"{name}: intact, by {by}, at {(status.timestamp if stamp else at).isoformat(timespec='minutes')}"
    found.check(bool(status.intact and status.valid), f"{said}.", f"{name}: what it covers is not what was signed.")
    if not stamp:
        found.check(bool(status.trusted), f"{name}: that is the portal's seal.", f"{name}: NOT the portal's seal.")
        harmless = getattr(status, "modification_level", ModificationLevel.OTHER) <= ModificationLevel.FORM_FILLING
        changed = f"{name}: the file was changed behind it, in a way that is not allowed."
        found.check(harmless and bool(status.docmdp_ok), f"{name}: nothing but signatures came behind it.", changed)


def _places(reader: Any, signed: list[Any], permits: int | None, found: Findings) -> None:
    """Who has signed where, that nobody else has, and that nothing stands behind the last signature."""
    from pyhanko.sign.validation import SignatureCoverageLevel

    names = [shown(one.field_name) for one in signed if one.sig_object_type != "/DocTimeStamp"]
    stamps = {shown(one.field_name) for one in signed} - set(names)
    allowed = {CERTIFICATION, *(PARTIES if permits == 2 else ())}
    strange = [name for name in names if name not in allowed or names.count(name) > 1]
    strange += [name for name in _fields(reader) if name not in {CERTIFICATION, *PARTIES, *stamps}]
    found.check(
        not strange, "Its fields are the portal's.", f"It has fields that none of the portal's files has: {strange}"
    )
    whole = signed[-1].evaluate_signature_coverage() == SignatureCoverageLevel.ENTIRE_FILE
    found.check(whole, "The last signature covers the whole file.", "Something was added behind the last signature.")
    found.check(
        all(map(_alone, signed)), "The signatures fill their room alone.", "Something hides beside a signature."
    )
    for party in PARTIES if permits == 2 else ():
        found.note(f"{PARTIES[party].capitalize()} {'has signed' if party in names else 'has NOT signed this file'}.")


def _fields(reader: Any) -> list[str]:
    fields = [each.get_object() for each in list(reader.root["/AcroForm"]["/Fields"])[:40]]
    return [shown(entry(each, "/T", "one without a name")) for each in fields]


def _alone(one: Any) -> bool:
    """Whether the room that a signature does not cover holds it, zeros behind it, and nothing else."""
    from asn1crypto.core import Asn1Value

    content, (_, before, after, _) = one.pkcs7_content, one.byte_range
    one.reader.stream.seek(before)
    room = one.reader.stream.read(after - before)
    rest = content[len(Asn1Value.load(content).dump()) :]
    return bool(room.upper() == b"<%s>" % content.hex().upper().encode() and not any(rest))


def _content(reader: Any, certification: Any, found: Findings) -> None:
    """The content hash, taken anew from what was attached when the portal certified."""
    forms = _attached(reader.get_historical_root(certification.signed_revision))
    same = _attached(reader.root) == forms
    found.check(same, "What is attached is what the portal attached.", f"Its {ATTACHED} was exchanged.")
    if len(forms) != 1:
        found.note("It carries no machine-readable form, so its content hash cannot be taken anew.")
        return
    well = canonical(forms[0]) == forms[0]
    found.check(well, f"Its {ATTACHED} is in the canonical form.", f"Its {ATTACHED} is not in the canonical form.")
    found.note(f"Content hash, taken anew: {hashlib.sha256(forms[0]).hexdigest()}")
    found.note("Compare it with the content hash that is printed in the agreement.")


def _attached(root: Any) -> list[bytes]:
    """The contents of every attachment of that name in one revision."""
    found: list[bytes] = []
    nodes = [entry(entry(root, "/Names", {}), "/EmbeddedFiles", {})]
    for _ in range(200):
        if not nodes:
            return found
        node = nodes.pop()
        nodes += [kid.get_object() for kid in entry(node, "/Kids", ())]
        files = [each.get_object() for each in list(entry(node, "/Names", ()))[1::2]]
        found += [each["/EF"]["/F"].data for each in files if ATTACHED in (entry(each, "/UF"), entry(each, "/F"))]
    raise Unreadable("It has more attachments than can be looked at.")


def entry(holder: Any, name: str, default: Any = None) -> Any:
    """What a dictionary of the file has under this name; one that it refers to elsewhere is looked up."""
    try:
        return holder[name]
    except KeyError:
        return default


def canonical(form: bytes) -> bytes | None:
    """The same content written anew: sorted keys, no spaces, NFC, behind the line that names the form."""
    try:
        said = json.loads(form.removeprefix(FIRST_LINE))
    except (ValueError, RecursionError):
        return None
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return FIRST_LINE + unicodedata.normalize("NFC", text).encode() if form.startswith(FIRST_LINE) else None


def shown(text: object) -> str:
    """What a terminal can be shown of a text that somebody else has written."""
    return "".join(letter if letter.isprintable() else "?" for letter in str(text)[:200])


# ── the portal ───────────────────────────────────────────────────────────────
def asked(portal: str, path: str, question: object = None) -> bytes:
    """What the portal answers. Raises OSError or HTTPException where it does not."""
    address = urlsplit(portal)
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    connection = kind(address.hostname or "", address.port, timeout=20)
    try:
        body = None if question is None else json.dumps(question)
        headers = {"content-type": "application/json"} if body else {}
        connection.request("POST" if body else "GET", address.path.rstrip("/") + path, body, headers)
        answer = connection.getresponse()
        if answer.status != 200:
            raise HTTPException(f"it answered {answer.status}")
        return answer.read(1024 * 1024)
    finally:
        connection.close()


def ask(portal: str, digest: str, found: Findings) -> None:
    """Whether the portal knows the file, and whether the agreement stands."""
    try:
        answer = json.loads(asked(portal, "/graphql", {"query": QUESTION, "variables": {"sha256": digest}}))
        told = answer["data"]["verifyAgreement"]
    except (OSError, HTTPException, ValueError, KeyError, TypeError) as fault:
        found.note(f"The portal gave no answer ({shown(fault)}); whether the agreement stands is not known.")
        return
    found.check(told["state"] != "UNKNOWN", "The portal made exactly this file.", "The portal does not know this file.")
    if told["state"] != "UNKNOWN":
        found.note(f"It is between {shown(told['localAuthority'])} and {shown(told['provider'])}.")
        days = {"enabled for signing": "enabledAt", "signed by both": "signedAt", "voided": "voidedAt"}
        found.note(", ".join(f"{words} {shown(told[name])}" for words, name in days.items() if told[name]) + ".")
    if told["state"] == "VOID":
        found.void = True
        found.note("THE AGREEMENT IS VOID: it binds nobody any more.")


# ── from the command line ────────────────────────────────────────────────────
def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path, help="the PDF, as you received it")
    parser.add_argument("--authority", type=Path, help="certificates of the portal's sealing authority (PEM)")
    parser.add_argument("--portal", help="the portal's address, like https://the.portal.example")
    given = parser.parse_args()
    found = Findings()
    try:
        content = _read(given.file)
        digest = hashlib.sha256(content).hexdigest()
        print(f"{shown(given.file.name)}\nSHA-256 {digest}")
        if given.portal:
            ask(given.portal, digest, found)
        authority = _authority(given.authority, given.portal)
        found.check(bool(authority), "The sealing authority is at hand.", "Give --authority or --portal to check by.")
        _apart(content, authority, found)
    except Unreadable as fault:
        print("\n".join([*found.lines, f"CANNOT BE READ: {fault}"]))
        return UNREADABLE
    print("\n".join(found.lines))
    genuine = "GENUINE, BUT VOID: the agreement binds nobody any more." if found.void else "GENUINE."
    print(genuine if found.good else "NOT GENUINE: do not rely on this file.")
    return GENUINE if found.good else NOT_GENUINE


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise Unreadable("This is not a file.")
        if path.stat().st_size > LARGEST:
            raise Unreadable("It is larger than any file of the portal.")
        return path.read_bytes()
    except OSError as fault:
        raise Unreadable(f"It cannot be opened: {fault.strerror}.") from None


def _authority(path: Path | None, portal: str | None) -> str:
    try:
        if path:
            return path.read_text("ascii")
        return asked(portal, "/sealing-authority.pem").decode("ascii") if portal else ""
    except (OSError, HTTPException, ValueError) as fault:
        raise Unreadable(f"The sealing authority cannot be read ({shown(fault)}).") from None


def _apart(content: bytes, authority: str, found: Findings) -> None:
    """Taken apart in a process of its own, which ends when it takes too long or too much."""
    command = [sys.executable, __file__, "--inside"]
    request = json.dumps(authority).encode() + b"\n" + content
    try:
        done = subprocess.run(command, input=request, capture_output=True, timeout=SECONDS, check=False)
        lines, good, void, fault = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise Unreadable("It cannot be taken apart in the time and memory allowed.") from None
    found.lines, found.good = [*found.lines, *lines], found.good and good
    found.void = found.void or void
    if fault:
        raise Unreadable(fault)


def inside() -> None:
    """The other process: an authority and a file come in, findings go out."""
    logging.disable()
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS // 2, SECONDS // 2))
    except (ImportError, ValueError, OSError):
        pass  # Windows has no such limits; the time is limited all the same
    found, fault = Findings(), None
    authority = json.loads(sys.stdin.buffer.readline())
    try:
        asyncio.run(look(sys.stdin.buffer.read(), certificates(authority), found))
    except Unreadable as unreadable:
        fault = str(unreadable)
    print(json.dumps([found.lines, found.good, found.void, fault]))


def certificates(text: str) -> list[Any]:
    """The certificates in a PEM text. Raises Unreadable where it holds something else."""
    from asn1crypto import pem
    from asn1crypto.x509 import Certificate

    if not text.strip():
        return []
    try:
        return [Certificate.load(der) for _, _, der in pem.unarmor(text.encode(), multiple=True)]
    except ValueError:
        raise Unreadable("The sealing authority is no file of certificates (PEM).") from None


if __name__ == "__main__":
    try:
        import pyhanko  # noqa: F401
    except ModuleNotFoundError:
        sys.exit("This needs pyHanko: pip install pyhanko")
    if sys.argv[1:] == ["--inside"]:
        inside()
    else:
        sys.exit(main())
