"""Notifications: the list, marking as read, and the live streams of one person's inbox."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func

from models import notification
from models.event import BELLS_READ, READING, WITHDRAWING
from models.notification import Notification
from models.person import Viewer
from models.refusal import Code, Refused, not_found
from realtime.cursor import Cursor
from realtime.entry import WITHDRAWN, Entry
from realtime.inbox import STANDING, Standing
from resolvers.act import Answer
from resolvers.context import Context, Info
from resolvers.notification_live import LiveNotification, as_it_arrives
from resolvers.pages import Page
from resolvers.stream import Interest


# ── reads ────────────────────────────────────────────────────────────────────
def page(me: Any, unread_only: bool = False, first: int = 20, after: str | None = None) -> Page:
    rows = Notification.visible_to(me)
    if unread_only:
        rows = rows.where(Notification.read_at.is_(None))
    return Page(rows, Notification.no, Notification.id, first, after)


def unread(me: Any) -> Select[Any]:
    rows = Notification.visible_to(me).where(Notification.read_at.is_(None))
    return rows.with_only_columns(func.count(), maintain_column_froms=True)  # of entries with their events, as the list


# ── acts ─────────────────────────────────────────────────────────────────────
async def read_one(info: Info, id: UUID) -> Answer:
    context = info.context
    told = await context.session.scalar(Notification.visible_to(context.viewer).where(Notification.id == id))
    if told is None:
        raise not_found("notification")
    if told.read_at is None:
        context.by.says(notification.read_one(id, by=context.by))
    return await _left(context, Notification.id != id)


async def read_up_to(info: Info, up_to: str) -> Answer:
    """Marks what the cursor's owner has seen by then; a cursor that is not of this person's log marks nothing."""
    context = info.context
    connection = await context.session.connection()
    row = (await connection.exec_driver_sql(STANDING, (context.viewer.person_id,))).mappings().one()
    no = _number(up_to, Standing.of(row, context.viewer.person_id))
    if await context.session.scalar(unread(context.viewer).where(Notification.no <= no)):
        context.by.says(notification.read_all(no, by=context.by))
    return await _left(context, Notification.no > no)


def _number(up_to: str, log: Standing) -> int:
    cursor = Cursor.parse(up_to)
    sentence = ""
    if not isinstance(cursor, Cursor):
        sentence = "This cursor is not one that the portal gave."
    elif cursor.epoch != log.epoch:
        sentence = "This cursor is not one of your notifications as they are numbered now. Please read them afresh."
    elif cursor.no > log.head:
        sentence = "Your notifications do not reach that far."
    if sentence or not isinstance(cursor, Cursor):
        raise Refused(Code.INVALID_INPUT, sentence, ["upTo"])
    return cursor.no


async def _left(context: Context, others: ColumnElement[bool]) -> Answer:
    """How many are unread beside those that this act marks, which it does as the last it does."""
    return Answer(None, {"unread": await context.session.scalar(unread(context.viewer).where(others))})


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


@dataclass(frozen=True)
class MessagesRead:
    cursor: str
    after: str
    thread_id: UUID
    up_to: int


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
    if entry.kind == BELLS_READ:
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
        return MessagesRead(*place, thread, no)
    return MessageAdded(*place, thread, no, entry.from_others)
