"""Sealing, as functions on bytes: what they return begins with the bytes they were given."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.embed import EmbeddedFileObject, EmbeddedFileParams, FileSpec, embed_file
from pyhanko.pdf_utils.generic import NameObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.stamp import BaseStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.seal_fields import opened, place_certification, place_missing, present, room_of
from portal.seal_means import CERTIFICATION, FieldFilled, Means, Sealed
from portal.seal_stamp import stamp_style
from portal.seal_time import TimestampRequestError, stamper

ATTACHED = "agreement.json"
ABOUT = "The agreement in its canonical form; its SHA-256 is the agreement's content hash."
FIXED = "Enabled for signing: nothing in this agreement can be changed, it can only be signed."
CLOSED = "Issued by the West Midlands Placement Portal: nothing in this file can be changed."
BASELINE: dict[str, Any] = {"subfilter": SigSeedSubFilter.PADES, "md_algorithm": "sha256"}


Preparing = Callable[[IncrementalPdfFileWriter], None]


async def fix(pdf: bytes, canonical_form: bytes, means: Means) -> Sealed:
    """See `resolvers.ports.Sealer.fix`."""
    return await _fixed(pdf, canonical_form, means)


class Signing(NamedTuple):
    """Which party signs, what is seen of it, and why."""

    party: str
    lines: Sequence[str]
    reason: str


async def fill(pdf: bytes, signing: Signing, means: Means) -> Sealed:
    """See `resolvers.ports.Sealer.fill`. Raises FieldFilled.

    A file of an earlier release, which has no fields and is not certified, is given both first.
    """
    there = present(opened(pdf))
    if there.get(signing.party):
        raise FieldFilled(signing.party)
    base = pdf if there else (await _fixed(pdf, None, means)).content
    room = room_of(opened(base), signing.party)
    said = PdfSignatureMetadata(signing.party, reason=signing.reason, name=signing.lines[0], **BASELINE)
    return await _signed(base, said, means, style=stamp_style(signing.lines, room.wide, room.high))


async def close(pdf: bytes, means: Means) -> Sealed:
    """See `resolvers.ports.Sealer.close`."""
    return await _signed(pdf, _certifying(CLOSED, MDPPerm.NO_CHANGES), means, place_certification)


async def _fixed(pdf: bytes, canonical_form: bytes | None, means: Means) -> Sealed:
    def prepare(writer: IncrementalPdfFileWriter) -> None:
        if canonical_form is not None:
            _attach(writer, canonical_form)
        place_missing(writer)
        place_certification(writer)

    return await _signed(pdf, _certifying(FIXED, MDPPerm.FILL_FORMS), means, prepare)


def _attach(writer: IncrementalPdfFileWriter, canonical_form: bytes) -> None:
    file = EmbeddedFileObject.from_file_data(
        writer, canonical_form, params=EmbeddedFileParams(), mime_type="text/plain"
    )
    relation = NameObject("/Data")
    embed_file(writer, FileSpec(ATTACHED, ATTACHED, file, ABOUT, relation))


def _certifying(reason: str, permits: MDPPerm) -> PdfSignatureMetadata:
    return PdfSignatureMetadata(CERTIFICATION, reason=reason, certify=True, docmdp_permissions=permits, **BASELINE)


async def _signed(
    pdf: bytes,
    said: PdfSignatureMetadata,
    means: Means,
    prepare: Preparing = lambda _: None,
    *,
    style: BaseStampStyle | None = None,
) -> Sealed:
    """Signed with a time stamp where one is to be had, otherwise without."""
    if means.timestamp_url:
        try:
            return Sealed(await _appended(pdf, prepare, _signer(means, said, style, timed=True)), "B_T")
        except (TimestampRequestError, SigningError):  # none came, or one larger than the room for it
            pass
    content = await _appended(pdf, prepare, _signer(means, said, style, timed=False))
    return Sealed(content, "B_B", away=means.timestamp_url is not None)


def _signer(means: Means, said: PdfSignatureMetadata, style: BaseStampStyle | None, *, timed: bool) -> PdfSigner:
    timestamper = stamper(means.timestamp_url) if timed and means.timestamp_url else None
    return PdfSigner(said, signer_of(means), timestamper=timestamper, stamp_style=style)


async def _appended(pdf: bytes, prepare: Preparing, signer: PdfSigner) -> bytes:
    writer = opened(pdf)
    prepare(writer)
    content: bytes = (await signer.async_sign_pdf(writer, existing_fields_only=True)).getvalue()
    assert content.startswith(pdf), "sealing only ever appends"
    return content


@lru_cache(maxsize=2)
def signer_of(means: Means) -> SimpleSigner:
    """What signs with these means; the issuers' certificates go into every signature."""
    known = SimpleCertificateStore()
    for issuer in means.issuers:
        known.register(Certificate.load(issuer))
    return SimpleSigner(Certificate.load(means.certificate), PrivateKeyInfo.load(means.key), known)
