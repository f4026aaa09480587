"""Which referrals to list, and in which order; each reader's list is built from what that reader can see."""

from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import func, literal_column, or_, select
from sqlalchemy.orm import aliased

from models.base import or_never
from models.child import Child
from models.deadline import Due
from models.delivery import Delivery, DeliveryStatus
from models.lifecycle import Side
from models.message import Thread
from models.provider import Category
from models.referral import Referral, ReferralStatus, Urgency


@strawberry.input(description="Which referrals to list. Every condition given must hold.")
class ReferralFilter:
    status: list[ReferralStatus] | None = strawberry.field(default=None, description="In one of these states.")
    category: list[Category] | None = strawberry.field(default=None, description="Of one of these categories.")
    urgency: list[Urgency] | None = strawberry.field(default=None, description="Of one of these urgencies.")
    authority_id: list[UUID] | None = strawberry.field(default=None, description="Of one of these authorities.")
    delivery: list[DeliveryStatus] | None = strawberry.field(
        default=None,
        description="For a provider: as its own organisation has dealt with it. For an authority: as any has.",
    )
    due: list[Due] | None = strawberry.field(default=None, description="Due at one of these times.")
    revision_at_least: int | None = strawberry.field(default=None, description="Sent with changes so often or more.")
    changed_since_opened: bool | None = strawberry.field(
        default=None,
        description="Whether a newer revision came after the one your organisation has read; no authority's has.",
    )
    unread: bool | None = strawberry.field(default=None, description="Whether there are messages you have not read.")
    search: str | None = strawberry.field(
        default=None,
        description="The reference begins so; for the authority also: a child's name has this in it, or the case"
        " number begins so.",
    )
    updated_since: datetime | None = strawberry.field(default=None, description="Changed at or after this instant.")


@strawberry.enum(description="The order of a list of referrals. A row moves only when what it is sorted by changes.")
class ReferralOrder(Enum):
    NEWEST = "NEWEST"
    NEEDED_SOONEST = "NEEDED_SOONEST"
    DEADLINE = "DEADLINE"
    CHANGED = "CHANGED"


def conditions(wanted: Any, me: Any) -> Iterator[Any]:
    among = (
        (Referral.status, wanted.status),
        (Referral.category, wanted.category),
        (Referral.urgency, wanted.urgency),
        (Referral.la_id, wanted.authority_id),
        (Referral.due(Referral, me), wanted.due),
    )
    yield from (value == func.any(values) for value, values in among if values is not None)
    if wanted.delivery is not None:
        yield _dealt_with(wanted.delivery, me)
    if wanted.revision_at_least is not None:
        yield Referral.revision >= wanted.revision_at_least
    if wanted.changed_since_opened is not None:
        yield _changed_since_opened(me) == wanted.changed_since_opened
    if wanted.unread is not None:
        yield _with_news(me) if wanted.unread else ~_with_news(me)
    if wanted.search is not None:
        yield _found(wanted.search, me)
    if wanted.updated_since is not None:
        yield changed(me) >= wanted.updated_since


def _dealt_with(states: Any, me: Any) -> Any:
    """By the provider that asks; for the authority by any, which has no offer before it has submitted one."""
    if me.side is Side.PROVIDER:
        return Delivery.shown_status(Delivery, me) == func.any(states)
    each = aliased(Delivery)
    here = (each.referral_id == Referral.id, each.withdrawn_at.is_(None))
    return select(each.id).where(*here, Delivery.shown_status(each, me) == func.any(states)).exists()


def _changed_since_opened(me: Any) -> Any:
    if me.side is not Side.PROVIDER:
        return literal_column("false")
    return func.coalesce(Delivery.revision > Delivery.opened_revision, literal_column("false"))


def _with_news(me: Any) -> Any:
    return Referral.id.in_(Thread.visible_to(me).where(Thread.with_news(me)).with_only_columns(Thread.referral_id))


def _found(text: Any, me: Any) -> Any:
    """By its reference; by who the child is for the authority alone, so that no provider learns a name by asking."""
    reference = func.starts_with(Referral.reference, func.upper(text))
    if me.side is not Side.LOCAL_AUTHORITY:
        return reference
    names = func.concat_ws(" ", Child.given_names, Child.family_name, Child.known_as)
    named = func.strpos(func.lower(names), func.lower(text)) > 0
    numbered = func.starts_with(func.lower(Child.case_number), func.lower(text))
    there = (Child.la_id == me.organisation_id, Child.removed_at.is_(None))
    named_so = select(Child.referral_id).where(*there, or_(named, numbered))
    return or_(reference, Referral.id.in_(named_so))


def changed(me: Any) -> Any:
    """When a referral last changed for its reader: a provider does not see the authority's edits (S-060)."""
    return Referral.updated_at if me.side is Side.LOCAL_AUTHORITY else Delivery.delivered_at


def sorted_by(order: ReferralOrder, me: Any) -> tuple[Any, Any, bool]:
    """The key and the id by which one side's list is paged, both of one index, and whether it is descending."""
    own = me.side is Side.LOCAL_AUTHORITY
    id = Referral.id if own else Delivery.referral_id
    row = Referral if own else Delivery
    if order is ReferralOrder.NEWEST:
        return (Referral.created_at if own else Delivery.delivered_at), id, True
    if order is ReferralOrder.CHANGED:
        return changed(me), id, False
    return or_never(row.date_required if order is ReferralOrder.NEEDED_SOONEST else row.response_deadline), id, False
