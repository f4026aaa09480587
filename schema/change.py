"""Changes of what a client may be looking at, live and in the log."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

import resolvers.notification_change as live
import resolvers.notification_log
from schema.fields import happens, told
from schema.notification import (
    Heartbeat,
    IpaChanged,
    MessageAdded,
    MessagesRead,
    NotificationAdded,
    NotificationsRead,
    NotificationsWithdrawn,
    OfferChanged,
    Resync,
    ThreadOpened,
    ThreadWithdrawn,
    Withdrawn,
)


@happens(live.Changed, "Something has changed that you may see: read it again if you show it.")
class Changed:
    cursor: str = told("Give it as `after` to go on from here.")
    after: str = told("The cursor of the item before it in this stream: nothing lies between.")
    unread: int = told("How many notifications are unread now.")
    subject_kind: str = told(
        "What has changed: REFERRAL, OFFER, IPA, UPLIFT, THREAD, PROVIDER, REGISTRATION_IMPORT, PERSON, DOCUMENT,"
        " DELEGATION, ORGANISATION or MAIL_PREFERENCES. A REFERRAL stands for its deliveries, and for what its offers"
        " and agreements show of it; a PROVIDER for its homes, families and care; MAIL_PREFERENCES are your own, chosen"
        " on this screen or another, and nobody else is told."
    )
    subject_id: UUID = told("The id of that.")
    referral_id: UUID | None = told("The referral that it belongs to, if it belongs to one.")
    version: int | None = told("The version that it has now, where that is what you count by; null where it is not.")
    at: datetime = told("When it changed.")
    from_others: bool = told("Whether it was somebody else than your organisation, the portal itself included.")


@happens(live.NotThere, "There is nothing by this id that you may see, or no longer is. The stream ends with it.")
class NotThere:
    cursor: str = told("Where your log stands.")


ChangeEvent = Annotated[
    Changed | Withdrawn | NotThere | Heartbeat | Resync,
    strawberry.union("ChangeEvent", description="What a stream of changes brings."),
]
LogEvent = Annotated[
    NotificationAdded
    | OfferChanged
    | IpaChanged
    | NotificationsRead
    | NotificationsWithdrawn
    | MessageAdded
    | MessagesRead
    | ThreadOpened
    | ThreadWithdrawn
    | Changed
    | Withdrawn,
    strawberry.union("LogEvent", description="What you were told, as the streams bring it."),
]


@happens(resolvers.notification_log.LogEntry, "One entry of your log.")
class LogEntry:
    cursor: str = told("Give it as `after` to go on from here.")
    after: str = told("The cursor of the entry before it: nothing lies between.")
    no: int = told("Its number; numbers have no gaps.")
    at: datetime = told("When it happened.")
    unread: int = told("How many notifications were unread then, of those that are still in your list.")
    events: list[LogEvent] = strawberry.field(
        description="The same as `notifications`, `messages` and `changes` each tell it, if they do.",
        metadata={"weighs": 1},  # one of each at most, and one alone that is more than a few fields
    )


@happens(resolvers.notification_log.Log, "What followed a cursor in your log.")
class Log:
    entries: list[LogEntry] = told("The entries, oldest first.")
    cursor: str = told("Give it as `after` to go on from here.")
    remaining: int = told("How many entries follow these.")
    resync: Resync | None = told("Set where the log cannot go on from your cursor: read afresh, then from `cursor` on.")
