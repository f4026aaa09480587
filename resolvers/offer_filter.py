"""Which offers to list, and in which order: the worklist of those that wait for an answer among them."""

from collections.abc import Iterator
from enum import Enum
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import DateTime, Integer, and_, cast, func, literal_column

from models.base import or_never
from models.lifecycle import Side
from models.offer import Offer, OfferStatus
from models.offer_standing import undecided
from models.provider import Category

LONG_AGO: Any = literal_column("36500")


@strawberry.input(description="Which offers to list. Every condition given must hold.")
class OfferFilter:
    referral_id: UUID | None = strawberry.field(default=None, description="On this referral.")
    undecided: bool | None = strawberry.field(
        default=None, description="Whether it is submitted and waits for the authority's answer."
    )
    undecided_days_at_least: int | None = strawberry.field(
        default=None, description="It has waited for so many days or more, as London counts them."
    )
    another_accepted: bool | None = strawberry.field(
        default=None,
        description="Whether it waits for an answer although another offer on the referral has been accepted; for the"
        " authority alone.",
    )
    status: list[OfferStatus] | None = strawberry.field(default=None, description="In one of these states.")
    category: list[Category] | None = strawberry.field(default=None, description="Of one of these categories.")


@strawberry.enum(description="The order of a list of offers.")
class OfferOrder(Enum):
    CHANGED = "CHANGED"
    LONGEST_UNDECIDED = "LONGEST_UNDECIDED"


def conditions(wanted: Any, me: Any) -> Iterator[Any]:
    among = ((Offer.status, wanted.status), (Offer.category, wanted.category))
    yield from (value == func.any(values) for value, values in among if values is not None)
    if wanted.referral_id is not None:
        yield Offer.referral_id == wanted.referral_id
    if wanted.undecided is not None:
        yield undecided(Offer) if wanted.undecided else ~undecided(Offer)
    if wanted.undecided_days_at_least is not None:
        yield undecided(Offer)
        yield Offer.submitted_at < _begins_after(wanted.undecided_days_at_least, me)
    if wanted.another_accepted is not None:
        waits = and_(undecided(Offer), Offer.another_accepted(Offer, me))
        yield waits if wanted.another_accepted else ~waits


def _begins_after(days: Any, me: Any) -> Any:
    """The instant at which the day begins after the one so many days ago: an instant, which an index can find."""
    ago = func.greatest(func.least(days, LONG_AGO), literal_column("0"))
    day = me.today - cast(ago, Integer) + literal_column("1", Integer)
    return func.timezone("Europe/London", cast(day, DateTime))


def sorted_by(order: OfferOrder, me: Any) -> tuple[Any, bool]:
    """The key of a list, and whether it is descending. A provider's drafts wait for nobody and come last."""
    if order is OfferOrder.CHANGED:
        return Offer.updated_at, True
    return (Offer.submitted_at if me.side is Side.LOCAL_AUTHORITY else or_never(Offer.submitted_at)), False
