"""The checks of an authority before it accepts an offer: its list, and what was confirmed (S-094)."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select

from models.offer import Offer
from models.offer_check import AcceptanceChecks, OfferChecks, confirmed
from models.refusal import not_found
from resolvers.context import Context, Info


def current(me: Any) -> Select[Any]:
    """The list in force."""
    return AcceptanceChecks.visible_to(me).order_by(AcceptanceChecks.version.desc()).limit(1)


async def update(info: Info, expected_version: int, checks: list[str]) -> AcceptanceChecks:
    """Of two who change it at once the second is told that it has changed: there is one list of each version."""
    context = info.context
    AcceptanceChecks.entitle(by=context.by)
    held: AcceptanceChecks | None = await context.session.scalar(current(context.viewer))
    if held is None:
        raise not_found(AcceptanceChecks.noun)
    after = held.changed(checks, expected_version, by=context.by)
    context.session.add(after)
    return after


async def checked(context: Context, offer: Offer, named: list[UUID]) -> OfferChecks:
    """What is confirmed with the acceptance of an offer: everything that the list in force asks for, in its words."""
    lists = AcceptanceChecks.visible_to(context.viewer).order_by(AcceptanceChecks.version.desc())
    asked = confirmed(await context.all(lists), named)
    return OfferChecks(
        offer_id=offer.id, la_id=offer.la_id, provider_id=offer.provider_id, checks=asked, at=context.by.at,
        by_name=context.viewer.name,
    )  # fmt: skip
