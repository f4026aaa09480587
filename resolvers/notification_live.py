"""A notification as it arrives in a stream: the fields of the list, and no read but where one is asked for."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

import orjson

from models.notification import NotificationKind, concerned, titled
from models.referral_revision import Change
from realtime.entry import Entry
from resolvers.context import Context
from resolvers.read import told_to_client

OFFER_CHANGES = "SELECT portal_offer_changes($1, $2)"
IPA_CHANGES = "SELECT portal_ipa_changes($1, $2)"
Changes = list[Change] | None


@dataclass(frozen=True)
class LiveNotification:
    """By its context it reads what changed of the offer or agreement, as the list would tell it at that moment."""

    id: UUID
    no: int
    notice: str
    title: str
    reference: str | None
    subject_kind: str
    subject_id: UUID
    referral_id: UUID | None
    concerns: UUID
    at: datetime
    read_at: datetime | None
    offer_changes_since: int | None
    ipa_changes_since: int | None
    context: Context | None = None

    @property
    def offer_changes(self) -> Awaitable[Changes]:
        return _changes(self.context, self.subject_id, OFFER_CHANGES, self.offer_changes_since)

    @property
    def ipa_changes(self) -> Awaitable[Changes]:
        return _changes(self.context, self.subject_id, IPA_CHANGES, self.ipa_changes_since)


def as_it_arrives(entry: Entry) -> LiveNotification:
    notice, kind, subject = cast(str, entry.notice), cast(str, entry.subject_kind), cast(UUID, entry.subject_id)
    before = cast(int, entry.version) - 1
    offers, agreements = (
        before if notice == asked else None for asked in (NotificationKind.OFFER_UPDATED, NotificationKind.IPA_UPDATED)
    )
    return LiveNotification(
        entry.event_id, entry.no, notice, titled(notice, entry.reference), entry.reference, kind, subject,
        entry.referral_id, concerned(kind, subject, entry.referral_id), entry.at, None, offers, agreements,
    )  # fmt: skip


async def _changes(context: Context | None, subject: UUID, question: str, since: int | None) -> Changes:
    """Behind the same wall as the list; None of everything but changes of an offer or agreement."""
    if since is None or context is None:
        return None
    with told_to_client():
        async with context.shell.database.reading(context.viewer, context.now) as connection:
            found = await connection.fetchval(question, subject, since)
    return [Change(**change) for change in orjson.loads(found)]
