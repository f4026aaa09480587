"""Notifications in groups, newest first."""

from typing import Any

from sqlalchemy import BigInteger, Select, cast, func, literal_column, select

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


def unread(me: Any) -> Select[Any]:
    """How many are unread in all."""
    each = NotificationGroup.unread_visible_to(me).subquery()
    return select(cast(func.coalesce(func.sum(each.c.many), 0), BigInteger))


def unread_counts(me: Any) -> Select[Any]:
    """What `unread` counts in all, kind by kind: in the order of their names, and none of which there are none."""
    each = NotificationGroup.unread_visible_to(me).subquery()
    kinds = select(each.c.notice, func.sum(each.c.many).label("many")).group_by(each.c.notice).subquery()
    names: tuple[Any, Any] = literal_column("'kind'"), literal_column("'count'")
    count = func.jsonb_build_object(names[0], kinds.c.notice, names[1], kinds.c.many)
    by_name = func.jsonb_agg(count.op("ORDER BY")(kinds.c.notice))
    return select(func.coalesce(by_name, literal_column("'[]'::jsonb"))).select_from(kinds)


def total(me: Any, filter: NotificationFilter | None, unread_only: bool) -> Select[Any]:
    """How many notifications fit a filter, group by group: each is seen as a whole or not at all."""
    counts = NotificationGroup.unread if unread_only else NotificationGroup.count
    groups = NotificationGroup.visible_to(me).where(*(conditions(filter, NotificationGroup) if filter else ()))
    return groups.with_only_columns(cast(func.coalesce(func.sum(counts), 0), BigInteger), maintain_column_froms=True)
