"""A notification as it arrives in a stream: the fields of the list, and no read but where one is asked for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import cast
from uuid import UUID

import orjson

from models.notification import NotificationKind, titled
from models.referral_revision import Change
from realtime.entry import Entry
from resolvers.context import Context
from resolvers.read import told_to_client

CHANGES = "SELECT portal_offer_changes($1, $2)"
Changes = list[Change] | None


@dataclass(frozen=True)
class LiveNotification:
    """`ask` reads what changed of the offer, as the list would tell it at that moment."""

    id: UUID
    no: int
    notice: str
    title: str
    reference: str | None
    subject_kind: str
    subject_id: UUID
    at: datetime
    read_at: datetime | None
    offer_changes_since: int | None
    ask: Callable[[], Awaitable[Changes]]

    @property
    def offer_changes(self) -> Awaitable[Changes]:
        return self.ask()


def as_it_arrives(context: Context, entry: Entry) -> LiveNotification:
    notice, subject = cast(str, entry.notice), cast(UUID, entry.subject_id)
    since = cast(int, entry.version) - 1 if notice == NotificationKind.OFFER_UPDATED else None
    return LiveNotification(
        entry.event_id, entry.no, notice, titled(notice, entry.reference), entry.reference,
        cast(str, entry.subject_kind), subject, entry.at, None, since, partial(_changes, context, subject, since),
    )  # fmt: skip


async def _changes(context: Context, offer_id: UUID, since: int | None) -> Changes:
    """Behind the same wall as the list; None of everything but changes of an offer."""
    if since is None:
        return None
    with told_to_client():
        async with context.shell.database.reading(context.viewer, context.now) as connection:
            found = await connection.fetchval(CHANGES, offer_id, since)
    return [Change(**change) for change in orjson.loads(found)]
