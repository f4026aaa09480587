"""Which notifications are meant: of some kinds, about one referral, or one group of them."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import BigInteger, Select, Text, bindparam, cast, func, literal_column, or_, select, true, union_all
from sqlalchemy.dialects.postgresql import ARRAY

from models.event import Event, InboxEntry
from models.notification import Notification, NotificationKind


@strawberry.input(description="Which notifications are meant. Every condition given must hold.")
class NotificationFilter:
    kinds: list[NotificationKind] | None = strawberry.field(default=None, description="Of one of these kinds.")
    referral_id: UUID | None = strawberry.field(
        default=None, description="About this referral, its offers, agreements and conversations."
    )
    concerns_id: UUID | None = strawberry.field(
        default=None, description="With this `concernsId`; with the kind of a group, the notifications of that group."
    )


def waiting(rows: Select[Any]) -> Select[Any]:
    return rows.where(Notification.read_at.is_(None))


def counted(rows: Select[Any]) -> Select[Any]:
    """How many those are: of entries with their events, as the list shows them."""
    return rows.with_only_columns(func.count(), maintain_column_froms=True)


def conditions(wanted: Any, row: Any) -> Iterator[Any]:
    if wanted.kinds is not None:
        yield row.notice == func.any(_texts(wanted.kinds))
    if wanted.concerns_id is not None:
        yield row.concerns == wanted.concerns_id
        yield or_(row.referral_id == wanted.concerns_id, row.subject_id == wanted.concerns_id)  # what has an index
    if wanted.referral_id is not None:
        yield row.referral_id == wanted.referral_id


def nearest(me: Any, wanted: Any, *, unread_only: bool, first: Any, after: Any) -> Any:
    """The numbers among which a page of some kinds is: of each kind the next few, and no more read. What is unread and
    what was read come in order from an index each.
    """
    entry, told = InboxEntry.__table__.alias(), Event.__table__.alias()
    kind = func.unnest(_texts(wanted.kinds)).table_valued("kind").render_derived("asked")
    of_kind = select(entry.c.no).join(told, told.c.id == entry.c.event_id)
    of_kind = of_kind.where(InboxEntry.listed(entry.c, me.person_id), entry.c.notice == kind.c.kind)
    if wanted.concerns_id is not None:
        of_kind = of_kind.where(entry.c.concerns == wanted.concerns_id)
    if after is not None:
        of_kind = of_kind.where(entry.c.no < cast(bindparam("after_key", type_=Text()), BigInteger))
    in_order = of_kind.order_by(entry.c.no.desc()).correlate(kind)
    halves = (entry.c.read_at.is_(None),) if unread_only else (entry.c.read_at.is_(None), entry.c.read_at.is_not(None))
    each = union_all(*(in_order.where(half) for half in halves)).subquery("each")
    few = select(each.c.no).order_by(each.c.no.desc()).limit(first + literal_column("1")).lateral("few")
    return func.array(select(few.c.no).select_from(kind.join(few, true())).scalar_subquery())


def _texts(kinds: Any) -> Any:
    return cast(kinds, ARRAY(Text))
