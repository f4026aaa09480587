"""What is made ready for sending each day: the digest of e-mail at eight in London, and what is forgotten (S-051)."""

from datetime import date, time

from models.age import london_day
from models.job import Job
from models.mail import Mail
from resolvers.context import Shell

DIGESTS, FORGET = "mail.digests", "mail.sweep"
AT_EIGHT = time(8)
"""When people find the digest of a day, by the clock in London."""


async def digests(shell: Shell, job: Job) -> None:
    """Today's digests. Of a day that is over none is made any more: today's tell of it as well, once."""
    day, at = date.fromisoformat(job.payload["day"]), shell.clock()
    if day == london_day(at):
        await spread(shell)
        async with shell.database.working() as session:
            await session.execute(Mail.digests(day, at))


async def spread(shell: Shell) -> None:
    """Turn everything that acts have noted into messages and lines of digests."""
    left = True
    while left:
        async with shell.database.working() as session:
            left = bool(await session.scalar(Mail.spread()))


async def forget(shell: Shell, job: Job) -> None:
    async with shell.database.working() as session:
        await session.execute(Mail.forget(shell.clock()))
