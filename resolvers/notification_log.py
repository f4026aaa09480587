"""The log of what somebody was told, for clients that ask for it instead of listening."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.person import Viewer
from realtime.entry import WITHDRAWN, Entry, Resync
from resolvers.context import Context, Info
from resolvers.notification import Withdrawn, messages, notifications
from resolvers.notification_change import changes
from resolvers.pages import check_first
from resolvers.read import told_to_client

STREAMS = (notifications, messages, changes)


@dataclass(frozen=True)
class LogEntry:
    cursor: str
    after: str
    no: int
    at: datetime
    unread: int
    events: list[Any]


@dataclass(frozen=True)
class Log:
    entries: list[LogEntry]
    cursor: str
    remaining: int
    resync: Resync | None


async def log(info: Info, after: str, first: int = 50) -> Log:
    """What followed the cursor, as each of the streams tells it; nothing to a session that has ended by then."""
    context = info.context
    viewer = context.viewer
    with told_to_client():
        check_first(first)
        read = await context.shell.hub.poll(viewer.person_id, after, first)
        async with context.shell.database.consulting(viewer, context.now):
            pass  # entered by a session that is alive alone, and looked at after the log was
    return Log([_entry(context, viewer, entry) for entry in read.entries], read.cursor, read.remaining, read.resync)


def _entry(context: Context, viewer: Viewer, entry: Entry) -> LogEntry:
    events = [Withdrawn(entry.cursor, entry.after)] if entry.kind == WITHDRAWN else _told(context, viewer, entry)
    return LogEntry(entry.cursor, entry.after, entry.no, entry.at, entry.unread, events)


def _told(context: Context, viewer: Viewer, entry: Entry) -> list[Any]:
    interests = [stream(viewer) for stream in STREAMS]
    return [each.lends(each.tells(entry), context) for each in interests if each.wants(entry)]
