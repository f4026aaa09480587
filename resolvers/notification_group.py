"""Notifications in groups, newest first."""

from typing import Any

from sqlalchemy import Select, func, literal_column, select

from models.notification import Notification
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


def unread_counts(me: Any) -> Select[Any]:
    """What `unread` counts in all, kind by kind: in the order of their names, and none of which there are none."""
    kinds = (
        Notification.visible_to(me)
        .where(Notification.read_at.is_(None))
        .with_only_columns(Notification.notice, func.count().label("many"), maintain_column_froms=True)
        .group_by(Notification.notice)
        .subquery()
    )
    names: tuple[Any, Any] = literal_column("'kind'"), literal_column("'count'")
    count = func.jsonb_build_object(names[0], kinds.c.notice, names[1], kinds.c.many)
    listed_by_name = func.jsonb_agg(count.op("ORDER BY")(kinds.c.notice))
    return select(func.coalesce(listed_by_name, literal_column("'[]'::jsonb"))).select_from(kinds)
