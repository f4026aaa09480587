"""Marking notifications as read: one, all up to a cursor, or those of some kinds or about one thing up to there."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select

from models import notification
from models.notification import Notification
from models.refusal import Code, Refused, not_found
from realtime.cursor import Cursor
from realtime.inbox import Standing
from realtime.statements import STANDING
from resolvers.act import Answer
from resolvers.context import Context, Info
from resolvers.notification_filter import NotificationFilter, conditions, counted, waiting

AT_ONCE = 1_000
"""How many one event names at most of those that were marked."""


async def read_one(info: Info, id: UUID) -> Answer:
    context = info.context
    told = await context.session.scalar(Notification.visible_to(context.viewer).where(Notification.id == id))
    if told is None:
        raise not_found("notification")
    if told.read_at is None:
        context.by.says(notification.read_one(id, by=context.by))
    return await _left(context, Notification.id == id)


async def read_up_to(info: Info, up_to: str, filter: NotificationFilter | None = None) -> Answer:
    """Marks what the cursor's owner has seen by then; a cursor that is not of this person's log marks nothing.

    What is marked by a filter is told by its ids, so many at a time; everything up to a number by that number.
    """
    context = info.context
    connection = await context.session.connection()
    row = (await connection.exec_driver_sql(STANDING, (context.viewer.person_id,))).mappings().one()
    no = _number(up_to, Standing.of(row, context.viewer.person_id))
    only = _only(filter)
    meant = and_(Notification.no <= no, *(conditions(filter, Notification) if filter and only else ()))
    unread = waiting(Notification.visible_to(context.viewer)).where(meant)
    if only:
        await _mark_some(context, unread, only)
    elif await context.session.scalar(counted(unread)):
        context.by.says(notification.read_all(no, by=context.by))
    return await _left(context, meant)


async def _mark_some(context: Context, unread: Select[Any], only: dict[str, Any]) -> None:
    place = func.row_number().over(order_by=Notification.no)
    numbered = unread.with_only_columns(
        Notification.no, place.label("place"), func.count().over().label("many"), maintain_column_froms=True
    ).subquery()
    last = or_(numbered.c.place % AT_ONCE == 0, numbered.c.place == numbered.c.many)
    after = 0
    for no in await context.all(select(numbered.c.no).where(last).order_by(numbered.c.no)):
        context.by.says(notification.read_some(no, after=after, only=only, by=context.by))
        after = no


def _only(filter: NotificationFilter | None) -> dict[str, Any]:
    """What an event says of a filter; nothing of one that leaves nothing out."""
    if filter is None:
        return {}
    kinds = None if filter.kinds is None else [kind.value for kind in filter.kinds]
    said = {"kinds": kinds, "referral": filter.referral_id, "concerns": filter.concerns_id}
    return {name: value for name, value in said.items() if value is not None}


def _number(up_to: str, log: Standing) -> int:
    cursor = Cursor.parse(up_to)
    sentence = ""
    if not isinstance(cursor, Cursor):
        sentence = "This cursor is not one that the portal gave."
    elif cursor.life != log.now.life:
        sentence = "Notifications have been numbered anew since this cursor was given. Please read them afresh."
    elif cursor.epoch != log.epoch:
        sentence = "This cursor is not one of your own notifications. Please read them afresh."
    elif cursor.no > log.head:
        sentence = "Your notifications do not reach that far."
    if sentence or not isinstance(cursor, Cursor):
        raise Refused(Code.INVALID_INPUT, sentence, ["upTo"])
    return cursor.no


async def _left(context: Context, marked: ColumnElement[bool]) -> Answer:
    """How many are unread beside those that this act marks, which it does as the last it does."""
    others = waiting(Notification.visible_to(context.viewer)).where(not_(func.coalesce(marked, False)))
    return Answer(None, {"unread": await context.session.scalar(counted(others))})
