"""Until when a document is valid, corrected: seen by those who decide on the registration, never in offers (S-083)."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from models.age import london_day
from models.document import Document
from models.looking import at_authority
from resolvers.context import Info
from resolvers.document import may_add, remind_soon, told


async def set_expiry(info: Info, id: UUID, expires_on: date) -> Document:
    """As locked and gated as replacing the document would be (S-049, S-087).

    An appendix, which nothing replaces, is retired by a last day that is over: no further offer takes it.
    """
    context, by = info.context, info.context.by
    document = await context.change(Document, id)
    registration = await may_add(context, document)
    before = document.expires_on
    document.last_day(expires_on, london_day(by.at))
    happened = told(context, document, "set_expiry", before=before, after=expires_on)
    if registration:
        await remind_soon(context, document)
        managing = registration.managing_la_id
        happened = replace(happened, la_id=managing, tells=(*happened.tells, *at_authority(managing)))
    by.says(happened)
    return document
