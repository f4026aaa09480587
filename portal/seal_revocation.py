"""Which certificates their issuers have revoked: lists that other authorities publish, as far as they are to be had."""

from collections.abc import Iterable, Iterator
from http.client import HTTPConnection, HTTPException
from itertools import islice
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from asn1crypto.crl import CertificateList

from portal.watched import watched

PATIENCE = 4.0  # seconds, to be reached in and to answer in
ALTOGETHER = 20.0  # seconds after which no further list is asked for
LARGEST = 8 * 1024 * 1024
MOST = 8


def published(certificates: Iterable[Any]) -> list[CertificateList]:
    """The lists on which these certificates say that they would stand; what does not come or fit is left out."""
    wanted = {url: certificate.issuer for certificate in certificates for url in _addresses(certificate)}
    until = monotonic() + ALTOGETHER
    found = (_asked(url, issuer) for url, issuer in islice(wanted.items(), MOST) if monotonic() < until)
    return [each for each in found if each is not None]


def _addresses(certificate: Any) -> Iterator[str]:
    """Of plain HTTP, as lists are published: they are signed themselves."""
    extension = certificate.crl_distribution_points_value
    for point in extension or ():
        name = point["distribution_point"]
        if name.name == "full_name":
            given = (each.native for each in name.chosen if each.name == "uniform_resource_identifier")
            yield from (url for url in given if url.lower().startswith("http://"))


def _asked(url: str, issuer: Any) -> CertificateList | None:
    try:
        listed = CertificateList.load(_fetched(url))
        return listed if listed.issuer == issuer else None
    except (OSError, HTTPException, ValueError, TypeError):
        return None


def _fetched(url: str) -> bytes:
    parts = urlsplit(url)
    with watched(HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE), PATIENCE) as connection:
        connection.request("GET", parts.path + (f"?{parts.query}" if parts.query else ""))
        with connection.getresponse() as answer:
            if answer.status != 200:
                raise OSError(answer.status)
            return answer.read(LARGEST)
