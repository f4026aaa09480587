"""Notifications in groups, newest first."""

from typing import Any

from models.notification_group import NotificationGroup
from resolvers.notification_filter import NotificationFilter, conditions
from resolvers.pages import Page


def page(
    me: Any,
    filter: NotificationFilter | None = None,
    unread_only: bool = False,
    first: int = 20,
    after: str | None = None,
) -> Page:
    rows = NotificationGroup.visible_to(me)
    if unread_only:
        rows = rows.where(NotificationGroup.unread > 0)
    if filter:
        rows = rows.where(*conditions(filter, NotificationGroup))
    return Page(rows, NotificationGroup.newest_no, NotificationGroup.id, first, after)
