"""An authority of the portal's own, for installations that bring no certificate: P-256, and nobody outside knows it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ORGANISATION = "West Midlands Placement Portal"
AUTHORITY_LASTS = timedelta(days=15 * 365)
SEAL_LASTS = timedelta(days=5 * 365)
RENEWED_BEFORE = timedelta(days=90)
CLOCKS_DIFFER = timedelta(minutes=5)
LIST_LASTS = timedelta(days=366)


@dataclass(frozen=True)
class Certified:
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def new_authority(at: datetime) -> Certified:
    """An authority that certifies itself for fifteen years, told from others of its kind by the end of its name."""
    key = ec.generate_private_key(ec.SECP256R1())
    mark = x509.SubjectKeyIdentifier.from_public_key(key.public_key()).digest.hex()[:8]
    name = _name(f"Portal sealing authority {mark}")
    builder = _begun(name, key, at, at + AUTHORITY_LASTS).issuer_name(name)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(issues=True), critical=True)
    return Certified(builder.sign(key, hashes.SHA256()), key)


def new_seal(authority: Certified, at: datetime) -> Certified:
    """A certificate for sealing, for five years, but never for longer than its authority's."""
    key = ec.generate_private_key(ec.SECP256R1())
    until = min(at + SEAL_LASTS, authority.certificate.not_valid_after_utc)
    builder = _begun(_name("Portal agreement seal"), key, at, until).issuer_name(authority.certificate.subject)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(issues=False), critical=True)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    return Certified(builder.add_extension(issuer, critical=False).sign(authority.key, hashes.SHA256()), key)


def nothing_revoked(authority: Certified, at: datetime) -> x509.CertificateRevocationList:
    """The authority's word that none of its certificates is revoked, as the long-term proof of a seal wants it."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(authority.certificate.subject)
    builder = builder.last_update(at - CLOCKS_DIFFER).next_update(at + LIST_LASTS)
    number = x509.CRLNumber(int(at.timestamp()))
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    builder = builder.add_extension(number, critical=False).add_extension(issuer, critical=False)
    return builder.sign(authority.key, hashes.SHA256())


def _begun(name: x509.Name, key: ec.EllipticCurvePrivateKey, at: datetime, until: datetime) -> x509.CertificateBuilder:
    public = key.public_key()
    builder = x509.CertificateBuilder().subject_name(name).public_key(public)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(at - CLOCKS_DIFFER).not_valid_after(until)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)


def _name(common: str) -> x509.Name:
    parts = ((NameOID.ORGANIZATION_NAME, ORGANISATION), (NameOID.COMMON_NAME, common))
    return x509.Name([x509.NameAttribute(kind, text) for kind, text in parts])


def _usage(*, issues: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not issues, content_commitment=not issues, key_cert_sign=issues, crl_sign=issues,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
