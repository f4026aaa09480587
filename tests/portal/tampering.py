"""Files of an agreement as the portal makes them at each stage, and what people might do to them afterwards."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from io import BytesIO
from random import Random
from typing import Any

from asn1crypto import keys, pem
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import NameObject, NumberObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.agreement import print_agreement
from portal.certificate import print_certificate
from portal.seal_authority import new_authority, new_seal
from portal.seal_means import Means
from portal.seal_work import Signing, close, fill, fix
from portal.verifying_form import entry
from tests.portal.agreements import agreement
from tests.portal.certificates import CERTIFICATE
from tests.portal.sealing import CANONICAL, a_print, an_authority, some_means

AUTHORITY = Signing("LOCAL_AUTHORITY", ("Ruth Adeyemi", "Head of Placements", "Birmingham City Council"), "Signed")
PROVIDER = Signing("PROVIDER", ("Llŷr Brzęczyszczykiewicz", "Director", "Harbour Homes Ltd"), "Signed")
STAGES = ("enabled", "one signature", "both signatures", "time-stamped", "certificate", "earlier release, signed")


def certificates(means: Means) -> str:
    """The authority behind these means, as the portal serves it."""
    return str(pem.armor("CERTIFICATE", means.issuers[-1]).decode())


@cache
def printed_of(form: bytes) -> bytes:
    """The print of an agreement with that canonical form, as far as its content hash goes."""
    return print_agreement({**agreement(signatures=[]), "contentHash": sha256(form).hexdigest()}, mark=None)


@cache
def certificate_of(form: bytes) -> bytes:
    return print_certificate({**CERTIFICATE, "contentHash": sha256(form).hexdigest()})


async def enabled_with(form: bytes) -> bytes:
    """The file of an agreement that carries this as its canonical form."""
    return (await fix(printed_of(form), form, some_means())).content


async def genuine(means: Means | None = None) -> dict[str, bytes]:
    """One agreement's files by their stage."""
    means = means or some_means()
    enabled = (await fix(printed_of(CANONICAL), CANONICAL, means)).content
    one = (await fill(enabled, PROVIDER, means)).content
    both = (await fill(one, AUTHORITY, means)).content
    return {
        "enabled": enabled,
        "one signature": one,
        "both signatures": both,
        "time-stamped": await time_stamped(both),
        "certificate": (await close(certificate_of(CANONICAL), means)).content,
        "earlier release, signed": (await fill(a_print(), AUTHORITY, means)).content,
    }


async def time_stamped(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    stamped = await PdfTimeStamper(a_stamper(), field_name="TIMESTAMP_1").async_timestamp_pdf(writer, "sha256")
    content: bytes = stamped.getvalue()
    return content


@cache
def a_stamper() -> DummyTimeStamper:
    key, now = rsa.generate_private_key(65537, 2048), datetime.now(UTC)
    issuer = an_authority()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A time-stamping service")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(issuer.certificate.subject)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(issuer.certificate.not_valid_before_utc)
    builder = builder.not_valid_after(issuer.certificate.not_valid_after_utc)
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    made = builder.add_extension(usage, critical=True).sign(issuer.key, hashes.SHA256())
    pkcs8 = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return DummyTimeStamper(
        Certificate.load(made.public_bytes(Encoding.DER)), keys.PrivateKeyInfo.load(pkcs8), SimpleCertificateStore(),
        fixed_dt=now,
    )  # fmt: skip


def somebody_elses() -> Means:
    """Means that have the same names in their certificates, and another key behind them."""
    authority = new_authority(datetime.now(UTC))
    seal = new_seal(authority, datetime.now(UTC))
    key = seal.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    der = [each.certificate.public_bytes(Encoding.DER) for each in (seal, authority)]
    return Means(der[0], key, (der[1],))


# ── what people might do ─────────────────────────────────────────────────────
def flipped(pdf: bytes, dice: Random) -> bytes:
    """One bit of it changed, anywhere."""
    changed, bit = bytearray(pdf), dice.randrange(len(pdf) * 8)
    changed[bit // 8] ^= 1 << (bit % 8)
    return bytes(changed)


def appended(change: Callable[[Any], None]) -> Callable[[bytes], bytes]:
    """A revision behind the others, with that change."""

    def change_of(pdf: bytes) -> bytes:
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        change(writer)
        out = BytesIO()
        writer.write(out)
        return out.getvalue()

    return change_of


def _page(writer: Any) -> Any:
    return writer.find_page_for_modification(0)[0]


def new_page(writer: Any) -> None:
    blank = {"/Type": NameObject("/Page"), "/MediaBox": generic.ArrayObject(map(NumberObject, (0, 0, 595, 842)))}
    writer.insert_page(generic.DictionaryObject({pdf_name(name): value for name, value in blank.items()}))


def note(writer: Any) -> None:
    page = _page(writer).get_object()
    said = {
        "/Type": NameObject("/Annot"), "/Subtype": NameObject("/FreeText"),
        "/Rect": generic.ArrayObject(map(NumberObject, (50, 600, 300, 640))),
        "/Contents": generic.TextStringObject("Core fee: 9999.00"),
    }  # fmt: skip
    note = writer.add_object(generic.DictionaryObject({pdf_name(name): value for name, value in said.items()}))
    page["/Annots"] = generic.ArrayObject([*entry(page, "/Annots", ()), note])
    writer.update_container(page)


def overlay(writer: Any) -> None:
    page = _page(writer).get_object()
    drawn = writer.add_object(generic.StreamObject(stream_data=b"1 1 1 rg 50 600 250 40 re f"))
    before = page.raw_get("/Contents")
    page["/Contents"] = generic.ArrayObject([*(before if isinstance(before, list) else (before,)), drawn])
    writer.update_container(page)


def rotated(writer: Any) -> None:
    page = _page(writer).get_object()
    page["/Rotate"] = NumberObject(180)
    writer.update_container(page)


def extra_field(writer: Any) -> None:
    append_signature_field(writer, SigFieldSpec("THIRD_PARTY", on_page=0, box=(50, 50, 200, 100)))


def script(writer: Any) -> None:
    action = {"/S": NameObject("/JavaScript"), "/JS": generic.TextStringObject("app.alert('hello')")}
    writer.root["/OpenAction"] = generic.DictionaryObject({pdf_name(name): value for name, value in action.items()})
    writer.update_root()


def another_form(writer: Any) -> None:
    (file,) = (each.get_object() for each in writer.root["/AF"])
    said = generic.StreamObject(stream_data=CANONICAL.replace(b"WM-7KD4", b"WM-9999"))
    file["/EF"]["/F"] = writer.add_object(said)
    writer.update_container(file)


def room_of(pdf: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The last signature's unneeded room, with something else in it."""
    end = pdf.rindex(b"0" * 64 + b">")
    return pdf[:end] + change(pdf[end : end + 64]) + pdf[end + 64 :]


REVISIONS: dict[str, Callable[[bytes], bytes]] = {
    "a page": appended(new_page),
    "a note": appended(note),
    "an overlay": appended(overlay),
    "a field": appended(extra_field),
    "a turned page": appended(rotated),
    "a script": appended(script),
    "another form": appended(another_form),
    "bytes behind": lambda pdf: pdf + b"\n% and more\n",
    "bytes in the room of a signature": lambda pdf: room_of(pdf, lambda zeros: b"a" + zeros[1:]),
    "blanks in the room of a signature": lambda pdf: room_of(pdf, lambda zeros: b"  " + zeros[2:]),
}
"""Each is found on every stage that it can be done to."""


def revised(change: str, pdf: bytes) -> bytes:
    """A file after that was done to it."""
    return REVISIONS[change](pdf)
