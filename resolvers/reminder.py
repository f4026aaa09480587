"""Tells providers in time that documents of their profiles run out (S-084, S-085)."""

from sqlalchemy import select

from models.document import Document
from models.job import Job
from models.reminder import Reminder, told
from resolvers.act import by_itself
from resolvers.context import Shell

AT_ONCE = 500
"""Documents told of in one transaction, so that nobody's inbox is held for long."""


async def remind(shell: Shell, job: Job) -> None:
    """Tell of everything that is due and was not told of: a day on which nothing ran is caught up, none told twice."""
    while await _remind(shell) == AT_ONCE:
        pass


async def _remind(shell: Shell) -> int:
    async with by_itself(shell) as unit:
        due = (await unit.session.execute(Reminder.due(unit.by.at, AT_ONCE))).all()
        kinds = {reminder.document_id: reminder.kind for reminder in due}
        columns = (Document.id, Document.organisation_id, Document.kind, Document.expires_on)
        for document in await unit.session.execute(select(*columns).where(Document.id.in_(kinds))):
            unit.by.says(told(document, kinds[document.id]))
    return len(due)
