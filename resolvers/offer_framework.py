"""Framework or spot on the day of an offer, by the memberships of the home that is offered (S-011)."""

from datetime import date

from sqlalchemy import select

from models.home import FosteringFamily, FrameworkMembership, FrameworkStatus, Home
from models.offer_answer import Standing
from resolvers.context import Context


async def standing(context: Context, where: Home | FosteringFamily, day: date) -> Standing:
    """By this home's own membership, a family's by its agency's; else by whether the provider has any.

    Where several cover the day, the one that began last governs; of those the first by framework and lot.
    """
    covering = select(FrameworkMembership).where(
        FrameworkMembership.provider_id == where.provider_id, FrameworkMembership.covers(day)
    )
    latest_first = FrameworkMembership.valid_from.desc(), FrameworkMembership.framework, FrameworkMembership.lot
    held: list[FrameworkMembership] = await context.all(covering.order_by(*latest_first, FrameworkMembership.id))
    return governed_by(where, held)


def governed_by(where: Home | FosteringFamily, held: list[FrameworkMembership]) -> Standing:
    """Where a home or family stands, given its provider's memberships that cover the day, the governing ones first."""
    mine = where.id if isinstance(where, Home) else None
    for membership in held:
        if membership.home_id == mine:
            return Standing(FrameworkStatus.FRAMEWORK, membership.framework, membership.lot)
    return Standing(FrameworkStatus.NON_FRAMEWORK if held else FrameworkStatus.SPOT)
