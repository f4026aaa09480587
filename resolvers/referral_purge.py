"""Removes drafts of referrals that nobody has touched for as long as the installation keeps them."""

from models.job import Job
from models.referral_purge import AT_ONCE, purged, untouched
from resolvers.act import by_itself
from resolvers.context import Shell


async def purge(shell: Shell, job: Job) -> None:
    """All that are due, some at a time; one that somebody is editing at this moment is looked at another day."""
    while await _purge(shell) == AT_ONCE:
        pass


async def _purge(shell: Shell) -> int:
    async with by_itself(shell) as unit:
        gone = (await unit.session.execute(untouched(unit.by.at, shell.draft_days))).all()
        for draft in gone:
            unit.by.says(purged(draft))
    return len(gone)
