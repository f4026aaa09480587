"""All offers on a referral side by side, sorted by any of their facts and ranked by none."""

from collections.abc import Callable
from enum import Enum
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import false, nulls_last, select

from models.lifecycle import Side
from models.offer_comparison import OFFER, ComparedOffer, by_grade
from models.referral import Referral
from resolvers.read import Within

Key = Callable[[Any, Any], Any]


@strawberry.enum(description="What offers are sorted by. None is better for coming first: the portal scores nobody.")
class ComparisonOrder(Enum):
    SUBMITTED_AT = "SUBMITTED_AT"
    PROVIDER_NAME = "PROVIDER_NAME"
    PLACEMENT_NAME = "PLACEMENT_NAME"
    CORE_FEE_WEEKLY = "CORE_FEE_WEEKLY"
    ADDITIONAL_WEEKLY = "ADDITIONAL_WEEKLY"
    WEEKLY_TOTAL = "WEEKLY_TOTAL"
    FIRST_YEAR_TOTAL = "FIRST_YEAR_TOTAL"
    DISTANCE_MILES = "DISTANCE_MILES"
    FRAMEWORK_STATUS = "FRAMEWORK_STATUS"
    OFSTED_GRADE = "OFSTED_GRADE"
    OFSTED_INSPECTED_ON = "OFSTED_INSPECTED_ON"
    AVAILABLE_FROM = "AVAILABLE_FROM"
    DOCUMENTS_VALID_UNTIL = "DOCUMENTS_VALID_UNTIL"
    CONDITION_COUNT = "CONDITION_COUNT"
    UNDECIDED_DAYS = "UNDECIDED_DAYS"
    REVISION = "REVISION"
    STATUS = "STATUS"


def comparison(
    me: Any,
    referral_id: UUID,
    order_by: ComparisonOrder = ComparisonOrder.SUBMITTED_AT,
    descending: bool = False,
    include_ended: bool = False,
) -> Within:
    """Those still in question, or all that were ever submitted; of a draft there is no trace.

    For a provider there is no comparison, as there is none of a referral that the viewer does not see.
    """
    rows = ComparedOffer.visible_to(me).where(ComparedOffer.of(ComparedOffer, referral_id, ended=include_ended))
    if me.side is not Side.LOCAL_AUTHORITY:
        return Within(rows.where(false()), false())
    key = _key(order_by)(ComparedOffer, me)
    there = select(Referral.id).where(Referral.id == referral_id, Referral.scope(Referral, me)).exists()
    return Within(rows.order_by(nulls_last(key.desc() if descending else key), OFFER.c.id), there)


def _key(order: ComparisonOrder) -> Key:
    """The column or expression of that name; grades go by their own order rather than by the alphabet."""
    if order is ComparisonOrder.OFSTED_GRADE:
        return by_grade
    fact = getattr(ComparedOffer, order.value.lower())
    return fact if hasattr(fact, "shown") else lambda row, me: fact
