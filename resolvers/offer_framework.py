"""Framework or spot on the day of an offer, by the memberships of the home that is offered (S-011)."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from models.home import FosteringFamily, FrameworkMembership, FrameworkStatus, Home
from models.offer_answer import Standing
from resolvers.context import Context


async def standing(context: Context, where: Home | FosteringFamily, day: date) -> Standing:
    """By this home's own membership, a family's by its agency's; else by whether the provider has any."""
    return governed_by(where, await context.all(covering(where.provider_id, day)))


def covering(provider_id: UUID, day: date) -> Select[Any]:
    """A provider's memberships that cover the day: the one that began last first, then by framework and lot."""
    mine = FrameworkMembership.provider_id == provider_id, FrameworkMembership.covers(day)
    latest_first = FrameworkMembership.valid_from.desc(), FrameworkMembership.framework, FrameworkMembership.lot
    return select(FrameworkMembership).where(*mine).order_by(*latest_first, FrameworkMembership.id)


def governed_by(where: Home | FosteringFamily, held: Sequence[FrameworkMembership]) -> Standing:
    """Where a home or family stands among those memberships: the first of its own governs."""
    mine = where.id if isinstance(where, Home) else None
    for membership in held:
        if membership.home_id == mine:
            return Standing(FrameworkStatus.FRAMEWORK, membership.framework, membership.lot)
    return Standing(FrameworkStatus.NON_FRAMEWORK if held else FrameworkStatus.SPOT)
