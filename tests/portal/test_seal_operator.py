"""A certificate of the operator's own: used where it is good, refused with a sentence where it is not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID

from portal.seal_authority import Certified, new_authority, new_seal
from portal.seal_operator import check_pair, operators_seal
from portal.seal_trusted import named_authorities
from portal.seal_work import Signing, fill, fix
from portal.settings import NotReady, Settings
from tests.portal.sealing import CANONICAL, a_print, is_sound

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def kept(folder: Path, seal: Certified, *others: x509.Certificate, passphrase: str = "open sesame") -> Path:
    path = folder / "seal.p12"
    sealed = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"seal", seal.key, seal.certificate, others, sealed))
    return path


def self_made(key: rsa.RSAPrivateKey, **usage: bool) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A council")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 5, NOW - DAY, NOW + DAY)
    every = ("digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign "
             "crl_sign encipher_only decipher_only").split()  # fmt: skip
    allowed = x509.KeyUsage(**{each: usage.get(each, False) for each in every})
    return builder.add_extension(allowed, critical=True).sign(key, hashes.SHA256())


async def test_agreements_are_sealed_with_it(tmp_path: Path) -> None:
    authority = new_authority(NOW)
    path = kept(tmp_path, new_seal(authority, NOW), authority.certificate)
    seal = operators_seal(path, "open sesame")
    means = await seal.means()
    fixed = (await fix(a_print(), CANONICAL, means)).content
    signed = (await fill(fixed, Signing("PROVIDER", ("Ruth Adeyemi",), "Signed"), means)).content
    assert await is_sound(signed, 2, roots=means.issuers)
    assert not await is_sound(signed, 2)
    (trusted,) = await seal.authorities()
    assert x509.load_pem_x509_certificate(trusted.encode()) == authority.certificate


async def test_an_rsa_certificate_that_stands_alone_is_taken(tmp_path: Path) -> None:
    key = rsa.generate_private_key(65537, 2048)
    certificate = self_made(key, digital_signature=True)
    path = tmp_path / "seal.p12"
    path.write_bytes(pkcs12.serialize_key_and_certificates(None, key, certificate, None, NoEncryption()))
    means = await operators_seal(path, "").means()
    fixed = (await fix(a_print(), CANONICAL, means)).content
    assert await is_sound(fixed, 1, roots=(means.certificate,))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="PORTAL_SEAL_FILE cannot be read: No such file"):
        operators_seal(tmp_path / "nothing.p12", "")


def test_a_file_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "seal.p12"
    path.write_bytes(b"-----BEGIN CERTIFICATE-----\n")
    with pytest.raises(NotReady, match="not a PKCS#12 file"):
        operators_seal(path, "")


@pytest.mark.parametrize("passphrase", ["wrong", ""])
def test_a_passphrase_that_does_not_open_it(tmp_path: Path, passphrase: str) -> None:
    path = kept(tmp_path, new_seal(new_authority(NOW), NOW))
    with pytest.raises(NotReady, match="PORTAL_SEAL_PASSPHRASE does not open PORTAL_SEAL_FILE"):
        operators_seal(path, passphrase)


@pytest.mark.parametrize(
    ("made", "sentence"), [(NOW - 6 * 365 * DAY, "ended on"), (NOW + 20 * DAY, "is not valid before")]
)
def test_a_certificate_of_another_time(tmp_path: Path, made: datetime, sentence: str) -> None:
    path = kept(tmp_path, new_seal(new_authority(made), made))
    with pytest.raises(NotReady, match=sentence):
        operators_seal(path, "open sesame")


async def test_a_certificate_that_ends_while_the_portal_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seal = operators_seal(kept(tmp_path, new_seal(new_authority(NOW), NOW)), "open sesame")

    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> "Later":
            return cls(2126, 1, 1, tzinfo=UTC)

    monkeypatch.setattr("portal.seal_operator.datetime", Later)
    with pytest.raises(NotReady, match="ended on"):
        await seal.means()


def test_a_key_of_another_certificate() -> None:
    authority = new_authority(NOW)
    one, other = new_seal(authority, NOW), new_seal(authority, NOW)
    check_pair(one.key, one.certificate)
    with pytest.raises(NotReady, match="not the key of its certificate"):
        check_pair(one.key, other.certificate)


def test_a_certificate_without_its_key(tmp_path: Path) -> None:
    path = tmp_path / "seal.p12"
    only = new_authority(NOW).certificate
    path.write_bytes(pkcs12.serialize_key_and_certificates(None, None, only, None, NoEncryption()))
    with pytest.raises(NotReady, match="one of them is missing"):
        operators_seal(path, "")


def test_a_certificate_for_something_else(tmp_path: Path) -> None:
    key = rsa.generate_private_key(65537, 2048)
    path = tmp_path / "seal.p12"
    certificate = self_made(key, key_encipherment=True)
    path.write_bytes(pkcs12.serialize_key_and_certificates(None, key, certificate, None, NoEncryption()))
    with pytest.raises(NotReady, match="not one for signing"):
        operators_seal(path, "")


def test_a_key_of_a_kind_that_is_not_known(tmp_path: Path) -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A council")])
    certificate = x509.CertificateBuilder(name, name, key.public_key(), 5, NOW - DAY, NOW + DAY).sign(key, None)
    path = tmp_path / "seal.p12"
    path.write_bytes(pkcs12.serialize_key_and_certificates(None, key, certificate, None, NoEncryption()))
    with pytest.raises(NotReady, match="elliptic curve or RSA"):
        operators_seal(path, "")


def test_the_settings_hand_over_what_they_name(tmp_path: Path) -> None:
    authority = new_authority(NOW)
    path = kept(tmp_path, new_seal(authority, NOW), authority.certificate)
    given = {
        "PORTAL_SEAL_FILE": path,
        "PORTAL_SEAL_PASSPHRASE": "open sesame",
        "PORTAL_TIMESTAMP_URL": "https://tsa.example",
    }
    sealing = Settings.model_validate(given).sealing()
    assert sealing["seal"] is not None
    assert sealing["timestamp_url"] == "https://tsa.example"
    assert Settings.model_validate({}).sealing() == {"seal": None, "older_authorities": (), "timestamp_url": None}
    assert "open sesame" not in repr(Settings.model_validate(given))
    assert isinstance(authority.key.curve, ec.SECP256R1)


def test_authorities_of_certificates_that_were_replaced_are_read_from_a_file(tmp_path: Path) -> None:
    older = [new_authority(NOW).certificate.public_bytes(Encoding.PEM).decode() for _ in range(2)]
    path = tmp_path / "older.pem"
    path.write_text("\n".join(older))
    settings = Settings.model_validate({"PORTAL_OLDER_SEAL_AUTHORITIES": path})
    assert settings.sealing()["older_authorities"] == tuple(older)
    path.write_text("none")
    with pytest.raises(NotReady, match="cannot be read as a file of certificates"):
        settings.sealing()


def test_whom_to_trust_is_known_after_the_certificate_has_ended(tmp_path: Path) -> None:
    made = NOW - 6 * 365 * DAY
    authority = new_authority(made)
    path = kept(tmp_path, new_seal(authority, made), authority.certificate)
    given = {"PORTAL_SEAL_FILE": path, "PORTAL_SEAL_PASSPHRASE": "open sesame"}
    (trusted,) = named_authorities(Settings.model_validate(given))
    assert x509.load_pem_x509_certificate(trusted.encode()) == authority.certificate
