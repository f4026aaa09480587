"""What keeps a sealed file provable for long: everything needed to check it, in it, under a time stamp."""

import asyncio
from collections.abc import Iterator
from typing import Any

from asn1crypto.cms import SignedData
from asn1crypto.crl import CertificateList
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore

from portal.seal_fields import opened
from portal.seal_means import Means, Sealed
from portal.seal_revocation import published
from portal.seal_time import Stamper, TimestampRequestError, stamper

FIELD = "TIMESTAMP"
TOKEN = "signature_time_stamp_token"  # noqa: S105


async def prove(pdf: bytes, means: Means) -> Sealed | None:
    """See `resolvers.ports.Sealer.prove`. None where the address of `means` gives no time stamp now."""
    if means.timestamp_url is None:
        return None
    try:
        return Sealed(await _proved(pdf, means, stamper(means.timestamp_url)), "B_LTA")
    except (TimestampRequestError, SigningError):  # none came, or one larger than the room for it
        return None


async def _proved(pdf: bytes, means: Means, source: Stamper) -> bytes:
    writer = opened(pdf)
    example = await source.async_dummy_response("sha256")
    certificates = [*map(Certificate.load, means.issuers), *_in_signatures(writer.prev), *_in(example["content"])]
    revoked = [*map(CertificateList.load, means.revocations), *await asyncio.to_thread(published, certificates)]
    DocumentSecurityStore.supply_dss_in_writer(writer, None, certs=certificates, crls=revoked)
    number = len(writer.prev.embedded_timestamp_signatures) + 1
    timing = PdfTimeStamper(source, field_name=f"{FIELD}_{number}")
    proved: bytes = (await timing.async_timestamp_pdf(writer, "sha256")).getvalue()
    assert proved.startswith(pdf), "proving only ever appends"
    return proved


def _in_signatures(reader: PdfFileReader) -> Iterator[Any]:
    """The certificates of all signatures and of the time stamps in them."""
    for signature in reader.embedded_signatures:
        yield from _in(signature.signed_data)
        unsigned = signature.signer_info["unsigned_attrs"]
        for attribute in unsigned if unsigned.native else ():
            if attribute["type"].native == TOKEN:
                yield from (each for token in attribute["values"] for each in _in(token["content"]))


def _in(signed: SignedData) -> Iterator[Any]:
    return (each.chosen for each in signed["certificates"])
