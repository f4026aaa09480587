"""Bytes that nothing in the database names are removed from the vault a day later: what a crash left behind."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from models.job import Job
from resolvers.context import Shell

SWEEP = "documents.sweep"
"""The kind of the daily job."""
AGE = timedelta(days=1)


async def sweep(shell: Shell, job: Job) -> None:
    """Bytes are in the vault before their row is committed, so what is younger than a day is left alone."""
    before = datetime.now(UTC) - AGE
    await shell.vault.sweep(before=before)
    async for names in shell.vault.older(before):
        for name in await _unnamed(shell, names):
            await shell.vault.remove(name, before)


async def _unnamed(shell: Shell, names: list[str]) -> list[str]:
    """Those that no document, snapshot, agreement, signature, workbook or open announcement is about."""
    if not names:
        return []
    async with shell.database.working() as session:
        return list(await session.scalar(select(func.portal_unnamed(names, shell.clock() - AGE))) or ())
