"""Which referrals to list, and in which order; each reader's list is built from what that reader can see."""

from datetime import datetime
from enum import Enum
from typing import Any

import strawberry
from sqlalchemy import Date, cast, func, literal

from models.delivery import Delivery, DeliveryStatus
from models.lifecycle import Side
from models.provider import Category
from models.referral import Referral, ReferralStatus, Urgency


@strawberry.input(description="Which referrals to list. Every condition given must hold.")
class ReferralFilter:
    status: list[ReferralStatus] | None = strawberry.field(default=None, description="In one of these states.")
    category: list[Category] | None = strawberry.field(default=None, description="Of one of these categories.")
    urgency: list[Urgency] | None = strawberry.field(default=None, description="Of one of these urgencies.")
    delivery: list[DeliveryStatus] | None = strawberry.field(
        default=None, description="For a provider: as its own organisation has dealt with it."
    )
    updated_since: datetime | None = strawberry.field(default=None, description="Changed at or after this instant.")


@strawberry.enum(description="The order of a list of referrals.")
class ReferralOrder(Enum):
    NEWEST = "NEWEST"
    NEEDED_SOONEST = "NEEDED_SOONEST"


def conditions(wanted: Any, me: Any) -> list[Any]:
    pairs = ((Referral.status, wanted.status), (Referral.category, wanted.category), (Referral.urgency, wanted.urgency))
    found = [column == func.any(values) for column, values in pairs if values is not None]
    if wanted.delivery is not None and me.side is Side.PROVIDER:
        found.append(Delivery.status == func.any(wanted.delivery))
    if wanted.updated_since is not None:
        found.append(newest(me) >= wanted.updated_since)
    return found


def newest(me: Any) -> Any:
    """When a referral last changed for its reader: a provider does not see the authority's edits (S-060)."""
    return Referral.updated_at if me.side is Side.LOCAL_AUTHORITY else Delivery.delivered_at


def soonest() -> Any:
    return func.coalesce(Referral.date_required, cast(literal("infinity"), Date), type_=Date())
