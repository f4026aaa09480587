"""Whether a file is genuine: what its bytes prove, and what the portal's record says of it, put side by side (H6)."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificates

from portal.settings import NotReady, Settings, from_environment
from portal.verifying_reading import taken_apart
from portal.verifying_record import authorities, recorded
from portal.verifying_report import Finding, Report, of_certificate, of_record, report

NO_DATABASE = Finding(
    "record", None,
    "The portal's record was not asked: set PORTAL_OWNER_DATABASE_URL, or ask the portal's verifyAgreement with the"
    " SHA-256.",
)  # fmt: skip
SILENT = Finding("record", None, "The portal's record was not asked: its database does not answer.")
NO_AUTHORITY = Finding(
    "authority", False,
    "There is no sealing authority to hold the signatures against: give --authority FILE.pem, which the portal serves"
    " at /sealing-authority.pem.",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A file to be checked, and a certificate of signing that was handed over with it, if any."""

    path: Path
    certificate: Path | None = None

    def told(self, roots: Sequence[str], record: Sequence[Finding]) -> Report:
        """What is found out without a record."""
        return self.with_certificate(report(self.path.name, taken_apart(self.path, roots), record), roots)

    def with_certificate(self, found: Report, roots: Sequence[str]) -> Report:
        if self.certificate is not None:
            found.findings += of_certificate(taken_apart(self.certificate, roots), found.content_hash)
            found.judge()
        return found


async def verified(asked: Asked, authority: Path | None = None, at: datetime | None = None) -> Report:
    """What can be found out about a file; it raises for nothing that the file can be.

    With `authority` the database is not asked. `at` chooses a demonstration by the start of its clock. Raises NotReady
    for an authority that cannot be read.
    """
    if authority is not None:
        return asked.told(_given(authority), [NO_DATABASE])
    try:
        async with _record(at) as connection:
            return await _held_against(asked, connection)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return asked.told([], [SILENT, NO_AUTHORITY])


async def _held_against(asked: Asked, connection: Any) -> Report:
    if connection is None:
        return asked.told([], [NO_DATABASE, NO_AUTHORITY])
    roots = await authorities(connection)
    taken = taken_apart(asked.path, roots)
    known = await recorded(connection, taken.sha256) if taken.sha256 else None
    return asked.with_certificate(report(asked.path.name, taken, list(of_record(known)), known), roots)


@asynccontextmanager
async def _record(at: datetime | None) -> AsyncIterator[Any]:
    """A connection to the portal's own record: production's, else the demonstration's here; None for neither."""
    from portal.production import connected

    settings = from_environment()
    async with AsyncExitStack() as stack:
        url = await _address(settings, at, stack)
        yield await stack.enter_async_context(connected(url)) if url else None


async def _address(settings: Settings, at: datetime | None, stack: AsyncExitStack) -> str | None:
    if settings.owner_database_url is not None:
        return settings.for_owner()
    from portal.demo import database, home_of

    home = home_of(settings, at)
    if not (home / "database").exists():
        return None
    _, url = await stack.enter_async_context(database(home))
    return url


def _given(path: Path) -> list[str]:
    """The certificates in a PEM file."""
    try:
        found = load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError):
        raise NotReady(f"{path} cannot be read as a file of certificates (PEM).") from None
    return [each.public_bytes(Encoding.PEM).decode() for each in found]
