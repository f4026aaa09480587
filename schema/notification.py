"""Notifications as a client sees them, listed and live."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

import resolvers.notification as live
from models import notification
from models.notification import NotificationKind
from realtime import entry
from schema.fields import connection, happens, shows, told
from schema.ipa_review import IpaChange
from schema.offer_change import OfferChange
from schema.pages import PageInfo
from schema.problems import Problem


@shows(notification.Notification, "What you were told: a kind, a reference and a way there, never the child's data.")
class Notification:
    id: UUID = told("Its id.")
    no: int = told("Its number in your inbox.")
    notice: NotificationKind = told("What it is about.", name="kind")
    title: str = told("The same in words.")
    reference: str | None = told("The reference it concerns.")
    subject_kind: str = told(
        "What to open: REFERRAL, OFFER, IPA, THREAD, PROVIDER, REGISTRATION_IMPORT, PERSON, DOCUMENT, DELEGATION or"
        " UPLIFT."
    )
    subject_id: UUID = told("The id of that.")
    referral_id: UUID | None = told("The referral that it is about.")
    concerns: UUID = told(
        "What it is put together with others of its kind by: the referral of a referral, offer or conversation, else"
        " what `subjectId` says.",
        name="concernsId",
    )
    at: datetime = told("When it happened.")
    read_at: datetime | None = told("When you read it.")
    offer_changes_since: int | None = told(
        "For OFFER_UPDATED, the version of the offer before it; `offerChanges` tells what changed since. No second bell"
        " rings for the same offer within ten minutes while this one is unread: it stands for what follows as well."
    )
    offer_changes: list[OfferChange] | None = told(
        "For OFFER_UPDATED, what changed of the offer since that version up to now; null for everything else."
    )
    ipa_changes_since: int | None = told(
        "For IPA_UPDATED, the version of the agreement before the edit. No second bell rings for the same agreement"
        " within ten minutes while this one is unread, as for offers."
    )
    ipa_changes: list[IpaChange] | None = told(
        "For IPA_UPDATED, what changed of the agreement since that version up to now; null for everything else."
    )


@strawberry.type(description="A notification at its place in the list.")
class NotificationEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on from here.")
    node: Notification = strawberry.field(description="The notification.")


@connection("Notification", "A page of notifications, newest first.")
class NotificationConnection:
    edges: list[NotificationEdge] = strawberry.field(description="The notifications with their cursors.")
    nodes: list[Notification] = strawberry.field(description="The notifications.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")
    total_count: int = strawberry.field(description="How many there are in all.")


@strawberry.type(description="The answer of marking notifications as read.")
class NotificationsReadPayload:
    unread: int | None = strawberry.field(default=None, description="How many are still unread.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")


@happens(live.NotificationAdded, "A new notification.")
class NotificationAdded:
    cursor: str = told("Give it as `after` to go on from here.")
    after: str = told("The cursor of the item before it in this stream: nothing lies between.")
    unread: int = told("How many notifications are unread now.")
    notification: Notification = told("The notification.")


@happens(
    live.OfferChanged,
    "An offer that your organisation made or got has changed, without a new bell: you or a colleague did it, or an"
    " unread bell of the last ten minutes stands for it. Read it again if you show it.",
)
class OfferChanged:
    cursor: str = told("Give it as `after` to go on from here.")
    after: str = told("The cursor of the item before it in this stream: nothing lies between.")
    unread: int = told("How many notifications are unread now.")
    offer_id: UUID = told("The offer.")
    version: int = told("The version it has now.")


@happens(
    live.IpaChanged,
    "An agreement that you may see has changed, without a bell: you or a colleague did it, it is still being drafted by"
    " your authority, or the portal has sealed a signature or made another of its files. Read it again if you show it.",
)
class IpaChanged:
    cursor: str = told("Give it as `after` to go on from here.")
    after: str = told("The cursor of the item before it in this stream: nothing lies between.")
    unread: int = told("How many notifications are unread now.")
    ipa_id: UUID = told("The agreement.")
    version: int = told("The version it has now.")


@happens(live.NotificationsRead, "You have read notifications, on this screen or another; nobody else is told.")
class NotificationsRead:
    cursor: str = told("Give it as `after` to go on from here.")
    after: str = told("The cursor of the item before it in this stream: nothing lies between.")
    unread: int = told("How many notifications are unread now.")
    ids: list[UUID] = told("The notifications that are read now, where `upTo` is null.")
    up_to: int | None = told("All notifications up to this `no` are read now.")
    read_at: datetime = told("The `readAt` of those that were unread.")


@happens(live.NotificationsWithdrawn, "Notifications of something that you may no longer see: they left the list.")
class NotificationsWithdrawn:
    cursor: str = told("Give it as `after` to go on from here.")
    after: str = told("The cursor of the item before it in this stream: nothing lies between.")
    unread: int = told("How many notifications are unread now.")
    ids: list[UUID] = told("The notifications; those that you were never shown are among them.")


@happens(live.MessageAdded, "A new message in a conversation of yours.")
class MessageAdded:
    cursor: str = told("Give it as `after` to go on from here.")
    after: str = told("The cursor of the item before it in this stream: nothing lies between.")
    thread_id: UUID = told("The conversation.")
    no: int = told("The number of the message in it; read it with `messages`.")
    is_new: bool = told("Whether the other side wrote it, so that it is unread by you.")
    unread: int = told("How many messages of this conversation are unread by you now.")


@happens(live.MessagesRead, "You have read a conversation, on this screen or another; nobody else is told.")
class MessagesRead:
    cursor: str = told("Give it as `after` to go on from here.")
    after: str = told("The cursor of the item before it in this stream: nothing lies between.")
    thread_id: UUID = told("The conversation.")
    up_to: int = told("The number of the last message you have read.")
    unread: int = told("How many messages of this conversation are unread by you now.")


@happens(live.ThreadOpened, "A referral and its conversation are open to you: read its `unread`, it may be an old one.")
class ThreadOpened:
    cursor: str = told("Give it as `after` to go on from here.")
    after: str = told("The cursor of the item before it in this stream: nothing lies between.")
    thread_id: UUID = told("The conversation.")


@happens(live.ThreadWithdrawn, "A conversation that you may no longer see, with its referral.")
class ThreadWithdrawn:
    cursor: str = told("Give it as `after` to go on from here.")
    after: str = told("The cursor of the item before it in this stream: nothing lies between.")
    thread_id: UUID = told("The conversation.")


@happens(live.Withdrawn, "Something that you may no longer see stood here.")
class Withdrawn:
    cursor: str = told("Give it as `after` to go on from here.")
    after: str = told("The cursor of the item before it in this stream: nothing lies between.")


@happens(entry.Heartbeat, "Nothing new: the stream is alive, and everything up to the cursor has been dealt with.")
class Heartbeat:
    cursor: str = told("Give it as `after` to go on from here.")


ResyncReason = strawberry.enum(entry.Reason, name="ResyncReason", description="Why a stream cannot go on unbroken.")


@happens(entry.Resync, "The stream cannot go on from your cursor: read afresh, then go on from this one.")
class Resync:
    cursor: str = told("Give it as `after` to go on from here.")
    reason: ResyncReason = told("Why.")  # type: ignore[valid-type]


NotificationEvent = Annotated[
    NotificationAdded
    | OfferChanged
    | IpaChanged
    | NotificationsRead
    | NotificationsWithdrawn
    | Withdrawn
    | Heartbeat
    | Resync,
    strawberry.union("NotificationEvent", description="What a stream of notifications brings."),
]
MessageEvent = Annotated[
    MessageAdded | MessagesRead | ThreadOpened | ThreadWithdrawn | Withdrawn | Heartbeat | Resync,
    strawberry.union("MessageEvent", description="What a stream of messages brings."),
]
