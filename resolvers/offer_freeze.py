"""What stands still while an offer on the referral is accepted: also the offers that were not (S-060, S-077)."""

from models.offer import Offer, OfferStatus
from models.refusal import Code, Refused
from resolvers.context import Context


async def still_open(context: Context, offer: Offer) -> Offer:
    """Refuse to change what an authority has before it while it can decide only one way. A draft may be worked on."""
    if offer.status is OfferStatus.SUBMITTED:
        held = await context.hold_case(offer.referral_id, Offer)
        if held.accepted:
            sentence = "An offer on this referral has been accepted. Yours stays as it is; you can withdraw it."
            raise Refused(Code.REFERRAL_ACCEPTED, sentence)
    return offer
