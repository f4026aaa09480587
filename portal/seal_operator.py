"""A certificate of the operator's own for sealing, from a PKCS#12 file."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, pkcs12

from portal.seal_means import Means
from portal.settings import NotReady

FILE, PASSPHRASE = "PORTAL_SEAL_FILE", "PORTAL_SEAL_PASSPHRASE"


class OperatorsSeal:
    """Seals with one certificate that was given; who checks the files has to trust whoever issued it."""

    def __init__(self, certificate: x509.Certificate, key: Any, issuers: list[x509.Certificate]) -> None:
        self._issuers = issuers
        self._certificate = certificate
        self._means = Means(
            certificate.public_bytes(Encoding.DER),
            key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
            tuple(each.public_bytes(Encoding.DER) for each in issuers),
        )

    async def means(self) -> Means:
        """What to seal with. Raises NotReady once the certificate has ended."""
        _check_time(self._certificate)
        return self._means

    async def authorities(self) -> list[str]:
        """The last of the chain in the file, or the certificate itself where it is alone."""
        return [_authority(self._certificate, self._issuers)]


def operators_seal(path: Path, passphrase: str) -> OperatorsSeal:
    """The seal in this file. Raises NotReady with a sentence that says what is wrong with it."""
    key, certificate, others = _read(path, passphrase)
    check_pair(key, certificate)
    _check_time(certificate)
    _check_use(certificate)
    return OperatorsSeal(certificate, key, _chain(certificate, others))


def operators_authority(path: Path, passphrase: str) -> str:
    """Whom to trust for what was sealed with this file (PEM), also after its end. May raise NotReady."""
    _, certificate, others = _read(path, passphrase)
    return _authority(certificate, _chain(certificate, others))


def check_pair(key: Any, certificate: x509.Certificate) -> None:
    """Raises NotReady unless the key can sign and is the certificate's."""
    if not isinstance(key, (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey)):
        raise NotReady(f"The key in {FILE} must be an elliptic curve or RSA key.")
    if _public(key.public_key()) != _public(certificate.public_key()):
        raise NotReady(f"The key in {FILE} is not the key of its certificate.")


def _read(path: Path, passphrase: str) -> tuple[Any, x509.Certificate, list[x509.Certificate]]:
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise NotReady(f"{FILE} cannot be read: {fault.strerror or type(fault).__name__}.") from None
    key, certificate, others = _loaded(content, passphrase)
    if key is None or certificate is None:
        raise NotReady(f"{FILE} must hold a private key and its certificate; one of them is missing.")
    return key, certificate, others


def _authority(certificate: x509.Certificate, issuers: list[x509.Certificate]) -> str:
    last = issuers[-1] if issuers else certificate
    return last.public_bytes(Encoding.PEM).decode()


def _loaded(content: bytes, passphrase: str) -> tuple[Any, x509.Certificate | None, list[x509.Certificate]]:
    try:
        return pkcs12.load_key_and_certificates(content, passphrase.encode() or None)
    except ValueError as fault:
        if "password" in str(fault).lower():
            raise NotReady(f"{PASSPHRASE} does not open {FILE}.") from None
        raise NotReady(f"{FILE} is not a PKCS#12 file that can be understood.") from None


def _public(key: Any) -> bytes:
    encoded: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return encoded


def _check_time(certificate: x509.Certificate) -> None:
    now = datetime.now(UTC)
    if now > certificate.not_valid_after_utc:
        ended = f"{certificate.not_valid_after_utc:%d %B %Y}"
        raise NotReady(f"The certificate in {FILE} ended on {ended}; put a current one in its place.")
    if now < certificate.not_valid_before_utc:
        raise NotReady(f"The certificate in {FILE} is not valid before {certificate.not_valid_before_utc:%d %B %Y}.")


def _check_use(certificate: x509.Certificate) -> None:
    """A certificate that says what it is for must be for signing."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise NotReady(f"The certificate in {FILE} is not one for signing.")


def _chain(certificate: x509.Certificate, others: list[x509.Certificate]) -> list[x509.Certificate]:
    """The issuers in order, as far as the file has them."""
    chain: list[x509.Certificate] = []
    last, left = certificate, list(others)
    while found := next((each for each in left if each.subject == last.issuer), None):
        left.remove(found)
        chain.append(found)
        last = found
    return chain
