"""Lists of what other authorities have revoked: taken into a proof where they are to be had."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto.crl import CertificateList
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.validation.dss import DocumentSecurityStore

from portal import seal_revocation
from portal.seal_authority import new_authority, nothing_revoked
from portal.seal_proof import prove
from portal.seal_revocation import published
from portal.seal_work import close
from tests.portal.sealing import a_print, an_authority, opened, some_means
from tests.portal.timing import Clock, clock_running
from tests.waiting import PATIENCE

NOW = datetime.now(UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    monkeypatch.setattr(seal_revocation, "PATIENCE", PATIENCE)
    with clock_running() as clock:
        yield clock


def pointing_to(url: str) -> Certificate:
    """A certificate of the tests' authority that says where its revocation would be published."""
    authority = an_authority()
    issuer = authority.certificate.subject
    builder = x509.CertificateBuilder(issuer, issuer, authority.key.public_key(), 9, NOW, NOW + timedelta(days=1))
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(url)], None, None, None)
    made = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    return Certificate.load(made.sign(authority.key, hashes.SHA256()).public_bytes(Encoding.DER))


def test_a_list_is_fetched_where_the_certificate_says(clock: Clock) -> None:
    clock.revoked = nothing_revoked(an_authority(), NOW).public_bytes(Encoding.DER)
    (found,) = published([pointing_to(clock.url), pointing_to(clock.url)])
    assert found.dump() == clock.revoked


def test_what_is_not_to_be_had_is_left_out(clock: Clock) -> None:
    assert published([pointing_to(clock.url)]) == []
    clock.revoked = b"<h1>Sorry</h1>"
    assert published([pointing_to(clock.url)]) == []
    clock.revoked = nothing_revoked(new_authority(NOW), NOW).public_bytes(Encoding.DER)
    assert published([pointing_to(clock.url)]) == []
    assert published([pointing_to("http://127.0.0.1:9/list"), pointing_to("ldap://127.0.0.1/list")]) == []
    assert published([Certificate.load(an_authority().certificate.public_bytes(Encoding.DER))]) == []


def test_a_list_that_comes_too_slowly_is_left_out(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal_revocation, "PATIENCE", 0.3)
    clock.mood = "dripping"
    assert published([pointing_to(clock.url)]) == []


async def test_a_proof_holds_what_our_own_authority_says(clock: Clock) -> None:
    sealed = (await close(a_print(), some_means(clock.url))).content
    proved = await prove(sealed, some_means(clock.url))
    assert proved is not None
    (kept,) = DocumentSecurityStore.read_dss(opened(proved.content)).crls
    assert CertificateList.load(kept.get_object().data).issuer == Certificate.load(some_means().issuers[0]).subject
