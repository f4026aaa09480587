"""Notifications: the list, marking as read, and the live streams of one person's inbox."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, func, select, update

from models.event import Happened, InboxEntry
from models.notification import Notification, titled
from models.refusal import Code, Refused, not_found
from realtime.cursor import Cursor
from realtime.entry import WITHDRAWN, Entry, Heartbeat, Resync
from resolvers.act import Answer
from resolvers.context import Context, Info
from resolvers.pages import Page


# ── reads ────────────────────────────────────────────────────────────────────
def page(me: Any, unread_only: bool = False, first: int = 20, after: str | None = None) -> Page:
    rows = Notification.visible_to(me)
    if unread_only:
        rows = rows.where(Notification.read_at.is_(None))
    return Page(rows, Notification.no, Notification.id, first, after)


def unread(me: Any) -> Select[Any]:
    return Notification.visible_to(me).where(Notification.read_at.is_(None)).with_only_columns(func.count())


# ── acts ─────────────────────────────────────────────────────────────────────
async def read_one(info: Info, id: UUID) -> Answer:
    context = info.context
    mine = (InboxEntry.person_id == context.viewer.person_id, InboxEntry.notice.is_not(None))
    if await context.session.scalar(select(InboxEntry.no).where(*mine, InboxEntry.event_id == id)) is None:
        raise not_found("notification")
    return await _read(context, InboxEntry.event_id == id, {"event": id})


async def read_up_to(info: Info, up_to: str) -> Answer:
    context = info.context
    cursor = Cursor.parse(up_to)
    if not isinstance(cursor, Cursor):
        raise Refused(Code.INVALID_INPUT, "This cursor is not one that the portal gave.", ["upTo"])
    return await _read(context, InboxEntry.no <= cursor.no, {"upTo": cursor.no})


async def _read(context: Context, condition: Any, facts: dict[str, Any]) -> Answer:
    mine = (InboxEntry.person_id == context.viewer.person_id, InboxEntry.notice.is_not(None))
    unread_here = InboxEntry.read_at.is_(None)
    marked = update(InboxEntry).where(*mine, unread_here, condition).values(read_at=context.by.at)
    await context.session.execute(marked)
    left = await context.session.scalar(select(func.count()).select_from(InboxEntry).where(*mine, unread_here))
    person = context.viewer.person_id
    context.by.says(
        Happened(
            kind="notification.read", stream=person, subject_kind="PERSON", subject_id=person, version=0, facts=facts
        )
    )
    return Answer(None, {"unread": left})


# ── streams ──────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class LiveNotification:
    """A notification as it arrives: the fields of the list, without a read of the database."""

    id: UUID
    no: int
    notice: str
    title: str
    reference: str | None
    subject_kind: str
    subject_id: UUID
    at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class NotificationAdded:
    cursor: str
    after: str
    unread: int
    notification: LiveNotification


@dataclass(frozen=True)
class MessageAdded:
    cursor: str
    after: str
    thread_id: UUID
    no: int


@dataclass(frozen=True)
class MessagesRead:
    cursor: str
    after: str
    thread_id: UUID
    up_to: int


@dataclass(frozen=True)
class Withdrawn:
    cursor: str
    after: str


async def notifications(info: Info, after: str | None = None) -> AsyncGenerator[Any, None]:
    async with aclosing(_heard(info.context, after, lambda entry: entry.notice is not None)) as heard:
        async for item in heard:
            yield _notified(item) if isinstance(item, Entry) else item


async def messages(info: Info, thread_id: UUID | None = None, after: str | None = None) -> AsyncGenerator[Any, None]:
    def wants(entry: Entry) -> bool:
        return entry.kind in ("message.send", "thread.read") and thread_id in (None, entry.subject_id)

    async with aclosing(_heard(info.context, after, wants)) as heard:
        async for item in heard:
            yield _spoken(item) if isinstance(item, Entry) else item


async def _heard(context: Context, after: str | None, wants: Any) -> AsyncGenerator[Entry | Heartbeat | Resync, None]:
    viewer = context.viewer
    log = context.shell.hub.listen(viewer.person_id, viewer.session_id, after, wants)
    async with aclosing(log):
        async for item in log:
            yield item


def _notified(entry: Entry) -> NotificationAdded | Withdrawn:
    if entry.kind == WITHDRAWN or entry.notice is None:
        return Withdrawn(entry.cursor, entry.after)
    shown = LiveNotification(
        entry.event_id, entry.no, entry.notice, titled(entry.notice, entry.reference), entry.reference,
        cast(str, entry.subject_kind), cast(UUID, entry.subject_id), entry.at, entry.read_at,
    )  # fmt: skip
    return NotificationAdded(entry.cursor, entry.after, entry.unread, shown)


def _spoken(entry: Entry) -> MessageAdded | MessagesRead | Withdrawn:
    if entry.kind == WITHDRAWN:
        return Withdrawn(entry.cursor, entry.after)
    made = MessageAdded if entry.kind == "message.send" else MessagesRead
    return made(entry.cursor, entry.after, cast(UUID, entry.subject_id), cast(int, entry.version))
