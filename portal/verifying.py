"""Whether a file is genuine: what its bytes prove, and what the portal's record says of it, put side by side (H6)."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg

from portal.seal_trusted import certificates_in, named_authorities
from portal.settings import Settings, from_environment
from portal.verifying_beside import Beside
from portal.verifying_reading import taken_apart
from portal.verifying_record import Recorded, authorities, recorded
from portal.verifying_report import Finding, Report, of_record, report

NO_DATABASE = Finding(
    "record", None,
    "The portal's record was not asked: set PORTAL_OWNER_DATABASE_URL, or ask the portal's verifyAgreement with the"
    " SHA-256.",
)  # fmt: skip
SILENT = Finding("record", None, "The portal's record was not asked: its database does not answer.")


@dataclass(frozen=True)
class Asked:
    """A file to be checked, and a certificate of signing that was handed over with it, if any."""

    path: Path
    certificate: Path | None = None

    def told(self, roots: Sequence[str], record: Finding, *, sure: bool) -> Report:
        """What is found out without a record; `sure` says that these are all the authorities that there can be."""
        found = report(self.path.name, taken_apart(self.path, roots), [record], sure=sure)
        if self.certificate is not None:
            found.findings += Beside(taken_apart(self.certificate, roots), sure=sure).findings(found.content_hash)
            found.judge()
        return found


async def verified(asked: Asked, authority: Path | None = None, at: datetime | None = None) -> Report:
    """What can be found out about a file; it raises for nothing that the file can be.

    With `authority` the database is not asked. `at` chooses a demonstration by the start of its clock. Raises NotReady
    for an authority that cannot be read.
    """
    if authority is not None:
        return asked.told(certificates_in(authority), NO_DATABASE, sure=True)
    settings = from_environment()
    named = named_authorities(settings)
    try:
        async with _record(settings, at) as connection:
            if connection is not None:
                return await _held_against(asked, connection, named)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return asked.told(named, SILENT, sure=False)
    return asked.told(named, NO_DATABASE, sure=False)


async def _held_against(asked: Asked, connection: Any, named: Sequence[str]) -> Report:
    """Every authority there can be: those of the settings, and every one of the portal's own."""
    roots = list(dict.fromkeys([*named, *await authorities(connection)]))
    taken = taken_apart(asked.path, roots)
    known = await _known(connection, taken.sha256)
    found = report(asked.path.name, taken, list(of_record(known)), known, sure=bool(roots))
    if asked.certificate is not None:
        beside = taken_apart(asked.certificate, roots)
        given = Beside(beside, await _known(connection, beside.sha256), asked=True, sure=bool(roots))
        found.findings += given.findings(found.content_hash, known)
        found.judge()
    return found


async def _known(connection: Any, sha256: str | None) -> Recorded | None:
    return await recorded(connection, sha256) if sha256 else None


@asynccontextmanager
async def _record(settings: Settings, at: datetime | None) -> AsyncIterator[Any]:
    """A connection to the portal's own record: production's, else the demonstration's here; None for neither."""
    from portal.production import connected

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
