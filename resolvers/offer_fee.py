"""The core fee of an accepted offer, which changes by an uplift alone (S-077, S-090)."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

from strawberry import UNSET

from models.offer import Offer, OfferStatus
from models.refusal import Code, Refused, RefusedAll
from resolvers.context import Context
from resolvers.offer_input import OfferInput

FIXED = "The core fee is fixed from acceptance on. Propose an uplift of it once the agreement is signed."


async def taken_to_edit(context: Context, id: UUID, expected_version: int, input: OfferInput) -> Offer:
    """The offer, held, when it may be changed; of an accepted one also said that its core fee is fixed."""
    try:
        return await context.take(Offer, "edit", id, expected_version)
    except Refused as refused:
        if refused.facts.get("state") is not OfferStatus.ACCEPTED:
            raise
        fixed = [*_core_fees(await context.find(Offer, id), input)]
        raise RefusedAll([refused, *fixed]) from refused


def _core_fees(offer: Offer, input: OfferInput) -> Iterator[Refused]:
    """A fault for each child whose core fee the input would change."""
    agreed: dict[UUID | None, Decimal] = {
        UUID(fee["childId"]): Decimal(fee["coreFeeWeekly"]) for fee in offer.terms["fees"]
    }
    only = next(iter(agreed)) if len(agreed) == 1 else None
    for place, fee in enumerate((input.fees if input.fees is not UNSET else None) or ()):
        if agreed.get(fee.child_id or only) != fee.core_fee_weekly:
            yield Refused(Code.CORE_FEE_FIXED, FIXED, ["input", "fees", str(place), "coreFeeWeekly"])
