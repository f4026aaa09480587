"""Which agreements to list, in which order, and how many wait for what."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import Date, Select, Text, cast, func, literal_column, select

from models.base import or_never
from models.ipa import Ipa, IpaStatus
from models.ipa_worklist import IpaAwaits, awaits, begun, days_since, refused, undone
from models.lifecycle import Side
from resolvers.pages import Page


@strawberry.input(description="Which agreements to list. Every condition given must hold.")
class IpaFilter:
    status: list[IpaStatus] | None = strawberry.field(default=None, description="In one of these states.")
    awaits: IpaAwaits | None = strawberry.field(default=None, description="It waits for this.")
    refused: bool | None = strawberry.field(
        default=None, description="Whether a signatory has refused to sign it and it has not been voided."
    )
    referral_id: UUID | None = strawberry.field(default=None, description="On this referral.")
    offer_id: UUID | None = strawberry.field(default=None, description="Drawn from this offer.")
    child_id: UUID | None = strawberry.field(default=None, description="For this child.")
    provider_id: UUID | None = strawberry.field(default=None, description="With this provider.")
    authority_id: UUID | None = strawberry.field(default=None, description="Of this authority.")
    created_before: datetime | None = strawberry.field(default=None, description="Drawn up before this.")
    created_from: datetime | None = strawberry.field(default=None, description="Drawn up then or later.")
    starts_from: date | None = strawberry.field(default=None, description="The placement begins on this day or later.")
    starts_before: date | None = strawberry.field(default=None, description="The placement begins before this day.")


@strawberry.enum(description="The order of a list of agreements.")
class IpaOrder(Enum):
    NEWEST_CHANGE = "NEWEST_CHANGE"
    OLDEST = "OLDEST"
    START = "START"


def page(
    me: Any,
    filter: IpaFilter | None = None,
    order_by: IpaOrder = IpaOrder.NEWEST_CHANGE,
    first: int = 20,
    after: str | None = None,
) -> Page:
    rows = Ipa.visible_to(me)
    for condition in conditions(filter, me) if filter else ():
        rows = rows.where(condition)
    key, descending = sorted_by(order_by, me)
    return Page(rows, key, Ipa.id, first, after, descending)


def awaiting_my_signature(me: Any, first: int = 20, after: str | None = None) -> Page:
    """What the viewer may sign, as a signatory or for one, newest first."""
    return Page(Ipa.visible_to(me).where(Ipa.awaits(Ipa, me)), Ipa.updated_at, Ipa.id, first, after)


def conditions(wanted: Any, me: Any) -> Iterator[Any]:
    same = (
        (Ipa.referral_id, wanted.referral_id), (Ipa.offer_id, wanted.offer_id), (Ipa.child_id, wanted.child_id),
        (Ipa.provider_id, wanted.provider_id), (Ipa.la_id, wanted.authority_id),
    )  # fmt: skip
    yield from (column == value for column, value in same if value is not None)
    if wanted.status is not None:
        yield Ipa.status == func.any(wanted.status)
    if wanted.awaits is not None:
        yield undone(Ipa)
        yield awaits(wanted.awaits, Ipa, me)
    if wanted.refused is not None:
        yield refused(Ipa) if wanted.refused else ~refused(Ipa)
    yield from _times(wanted, me)


def _times(wanted: Any, me: Any) -> Iterator[Any]:
    if wanted.created_before is not None:
        yield _first_told(me) < wanted.created_before
    if wanted.created_from is not None:
        yield _first_told(me) >= wanted.created_from
    if wanted.starts_from is not None:
        yield _starts_on() >= wanted.starts_from
    if wanted.starts_before is not None:
        yield _starts_on() < wanted.starts_before


def sorted_by(order: IpaOrder, me: Any) -> tuple[Any, bool]:
    """The key of a list, and whether it is descending. Without a first day it comes last."""
    if order is IpaOrder.NEWEST_CHANGE:
        return Ipa.updated_at, True
    return (or_never(_starts_on()) if order is IpaOrder.START else _first_told(me)), False


def counts(me: Any) -> Select[Any]:
    """How many agreements wait for what, and for how long the oldest has: all in one statement, from one index."""
    rows = Ipa.visible_to(me).where(undone(Ipa))
    columns = []
    for what in IpaAwaits:
        here = awaits(what, Ipa, me)
        columns.append(func.count().filter(here).label(f"{what}_n"))
        columns.append(days_since(func.min(begun(what, Ipa)).filter(here), me).label(f"{what}_days"))
    kept = rows.with_only_columns(*columns, maintain_column_froms=True).subquery()
    listed = [
        func.jsonb_build_object(
            "awaits", what.value, "count", kept.c[f"{what}_n"], "oldestDays", kept.c[f"{what}_days"]
        )
        for what in IpaAwaits
    ]  # fmt: skip
    return select(func.jsonb_build_array(*listed)).select_from(kept)


def _first_told(me: Any) -> Any:
    """When it was drawn up; for the provider, when it was shown."""
    return Ipa.created_at if me.side is Side.LOCAL_AUTHORITY else Ipa.shared_at


def _starts_on() -> Any:
    """The first day, as the details say it: what is no day there is none."""
    told = Ipa.details["placement"]["startsOn"].astext
    return cast(func.nullif(cast(told, Text), literal_column("''", Text)), Date)
