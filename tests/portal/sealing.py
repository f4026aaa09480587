"""A seal made for a test, and what two programs that are not ours say about the files it sealed."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from portal.agreement import print_agreement
from portal.seal_authority import Certified, new_authority, new_seal, nothing_revoked
from portal.seal_means import Means
from tests.portal.agreements import agreement

CANONICAL = b'wmpp/ipa/1\n{"reference":"WM-7KD4-RES-A1"}'
HOW_IT_WAS = ("NONE", "LTA_UPDATES", "FORM_FILLING")


@cache
def an_authority() -> Certified:
    return new_authority(datetime.now(UTC) - timedelta(minutes=1))


@cache
def some_means(timestamp_url: str | None = None) -> Means:
    """To seal with, made once for all tests."""
    return means_of(an_authority(), timestamp_url)


def stranger() -> Means:
    """Somebody who made the same for themselves."""
    return means_of(new_authority(datetime.now(UTC)))


def means_of(authority: Certified, timestamp_url: str | None = None) -> Means:
    seal = new_seal(authority, datetime.now(UTC))
    key = seal.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    revoked = nothing_revoked(authority, datetime.now(UTC)).public_bytes(Encoding.DER)
    issuers = (authority.certificate.public_bytes(Encoding.DER),)
    return Means(seal.certificate.public_bytes(Encoding.DER), key, issuers, timestamp_url, (revoked,))


@cache
def a_print() -> bytes:
    """A printed agreement with room for both parties."""
    return print_agreement(agreement(signatures=[]), mark=None)


def opened(pdf: bytes) -> PdfFileReader:
    return PdfFileReader(BytesIO(pdf))


async def judged(pdf: bytes, *, roots: Sequence[bytes] = (), loose: bool = False) -> list[Any]:
    """What pyHanko finds of each signature, in the order in which they were made."""
    trusted = [Certificate.load(each) for each in (*some_means().issuers, *roots)]
    reader = PdfFileReader(BytesIO(pdf), strict=not loose)
    return [
        await async_validate_pdf_signature(each, ValidationContext(trust_roots=trusted))
        for each in reader.embedded_regular_signatures
    ]


async def is_sound(pdf: bytes, count: int, **given: Any) -> bool:
    """Whether a file has so many signatures and nothing has happened to it but what sealing does."""
    found = await judged(pdf, **given)
    last = opened(pdf).embedded_signatures[-1]
    if last.evaluate_signature_coverage() != SignatureCoverageLevel.ENTIRE_FILE:
        return False
    levels = all(each.modification_level.name in HOW_IT_WAS for each in found)
    return len(found) == count and levels and all(each.bottom_line for each in found)


async def is_found_out(pdf: bytes, count: int) -> bool:
    """Whether a file does not pass for one with so many sound signatures."""
    try:
        return not await is_sound(pdf, count)
    except Exception:  # noqa: BLE001  # whatever it stumbles over, it does not pass
        return True


def poppler_says(pdf: bytes, folder: Path) -> list[str] | None:
    """What pdfsig says of each signature, where it is installed; .ci/run says so where it must be."""
    program = shutil.which("pdfsig")
    if program is None:
        assert "PORTAL_TESTS_ASK_PDFSIG" not in os.environ, "pdfsig was to be asked, and is not here"
        return None
    path = folder / "sealed.pdf"
    path.write_bytes(pdf)
    said = subprocess.run([program, "-nocert", str(path)], capture_output=True, text=True, check=False).stdout
    return [line.split(": ", 1)[1] for line in said.splitlines() if "Signature Validation: " in line]
