"""Notifications: the list, marking as read, and the live streams of one person's inbox."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import func

from models.event import BELLS_READ, READING, WITHDRAWING
from models.notification import Notification
from models.person import Viewer
from realtime.entry import WITHDRAWN, Entry
from resolvers.context import Context
from resolvers.notification_filter import NotificationFilter, conditions, nearest, waiting
from resolvers.notification_group import total
from resolvers.notification_live import LiveNotification, as_it_arrives
from resolvers.pages import Page
from resolvers.stream import Interest


# ── reads ────────────────────────────────────────────────────────────────────
def page(
    me: Any,
    filter: NotificationFilter | None = None,
    unread_only: bool = False,
    first: int = 20,
    after: str | None = None,
) -> Page:
    rows, among = Notification.visible_to(me), None
    if unread_only:
        rows = waiting(rows)
    if filter:
        rows = rows.where(*conditions(filter, Notification))
    if filter and filter.kinds is not None and filter.referral_id is None:
        few = nearest(me, filter, unread_only=unread_only, first=first, after=after)
        among = Notification.no == func.any(few)
    return Page(rows, Notification.no, Notification.id, first, after, among=among, total=total(me, filter, unread_only))


# ── streams ──────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class OfferChanged:
    cursor: str
    after: str
    unread: int
    offer_id: UUID
    version: int


@dataclass(frozen=True)
class IpaChanged:
    cursor: str
    after: str
    unread: int
    ipa_id: UUID
    version: int


CHANGED: dict[str, type[OfferChanged] | type[IpaChanged]] = {"OFFER": OfferChanged, "IPA": IpaChanged}
"""What is told of an act that rang no bell, by what it concerns."""


@dataclass(frozen=True)
class NotificationAdded:
    cursor: str
    after: str
    unread: int
    notification: LiveNotification


@dataclass(frozen=True)
class NotificationsRead:
    cursor: str
    after: str
    unread: int
    ids: tuple[UUID, ...]
    up_to: int | None
    read_at: datetime


@dataclass(frozen=True)
class NotificationsWithdrawn:
    cursor: str
    after: str
    unread: int
    ids: tuple[UUID, ...]


@dataclass(frozen=True)
class MessageAdded:
    cursor: str
    after: str
    thread_id: UUID
    no: int
    is_new: bool
    unread: int


@dataclass(frozen=True)
class MessagesRead:
    cursor: str
    after: str
    thread_id: UUID
    up_to: int
    unread: int


@dataclass(frozen=True)
class ThreadOpened:
    cursor: str
    after: str
    thread_id: UUID


@dataclass(frozen=True)
class ThreadWithdrawn:
    cursor: str
    after: str
    thread_id: UUID


@dataclass(frozen=True)
class Withdrawn:
    cursor: str
    after: str


def notifications(viewer: Viewer) -> Interest:
    def wants(entry: Entry) -> bool:
        return bool(entry.notice or entry.ids or entry.subject_kind in ("OFFER", "IPA"))

    return Interest(wants, _notified, _asking)


def messages(viewer: Viewer, thread_id: UUID | None = None) -> Interest:
    sign_only = viewer.sign_only

    def wants(entry: Entry) -> bool:
        here = entry.thread_id or (entry.subject_id if entry.kind in ("message.send", READING) else None)
        return here is not None and not sign_only and thread_id in (None, here)

    return Interest(wants, _spoken)


def _asking(event: Any, context: Context) -> Any:
    """What changed of an offer or an agreement is read when it is asked for."""
    if isinstance(event, NotificationAdded):
        return replace(event, notification=replace(event.notification, context=context))
    return event


def _notified(
    entry: Entry,
) -> NotificationAdded | OfferChanged | IpaChanged | NotificationsRead | NotificationsWithdrawn | Withdrawn:
    place = (entry.cursor, entry.after)
    if entry.kind == WITHDRAWN:
        return Withdrawn(*place)
    if entry.kind == WITHDRAWING:
        return NotificationsWithdrawn(*place, entry.unread, entry.ids)
    if entry.kind == BELLS_READ and entry.version:
        return NotificationsRead(*place, entry.unread, (), entry.version, entry.at)
    if entry.notice is None and entry.subject_kind in CHANGED:
        changed = CHANGED[entry.subject_kind]
        return changed(*place, entry.unread, cast(UUID, entry.subject_id), cast(int, entry.version))
    if entry.notice is None:
        return NotificationsRead(*place, entry.unread, entry.ids, None, entry.at)
    return NotificationAdded(*place, entry.unread, as_it_arrives(entry))


def _spoken(entry: Entry) -> MessageAdded | MessagesRead | ThreadOpened | ThreadWithdrawn | Withdrawn:
    place = (entry.cursor, entry.after)
    if entry.kind == WITHDRAWN:
        return Withdrawn(*place)
    if entry.thread_id is not None:
        return (ThreadWithdrawn if entry.kind == WITHDRAWING else ThreadOpened)(*place, entry.thread_id)
    thread, no = cast(UUID, entry.subject_id), cast(int, entry.version)
    if entry.kind == READING:
        return MessagesRead(*place, thread, no, entry.thread_unread or 0)
    return MessageAdded(*place, thread, no, entry.from_others, entry.thread_unread or 0)
