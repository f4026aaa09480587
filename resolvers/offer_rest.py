"""Declining what is left once an offer on the referral is accepted: all of it together, or nothing (S-092, S-093)."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import strawberry

from models.delivery import Delivery, DeliveryStatus
from models.event import Actor
from models.offer import Offer, OfferStatus
from models.referral import Referral
from models.refusal import Code, Refused, not_found, refuse_all
from resolvers.context import Context, Info
from resolvers.offer_decision import OfferDeclineInput
from resolvers.offer_words import names_no_child


@strawberry.input(description="An offer in the version that was read.")
class OfferReadInput:
    id: UUID = strawberry.field(description="The offer.")
    expected_version: int = strawberry.field(
        description="The version you have read; refused with STALE_VERSION when there is a newer one."
    )


async def decline_remaining(
    info: Info, referral_id: UUID, offers: list[OfferReadInput], input: OfferDeclineInput
) -> Referral:
    """Every offer that still waits is named, so that none is declined unread or in a version that was not read."""
    context = info.context
    Offer.entitle("decline", by=context.by)
    referral = await context.change(Referral, referral_id)
    if not referral.accepted:
        sentence = "No offer on this referral has been accepted. Accept one first, or decline them one by one."
        raise Refused(Code.OFFER_NOT_ACCEPTED, sentence, ["referralId"])
    there = Offer.visible_to(context.viewer).where(Offer.referral_id == referral_id).order_by(Offer.id)
    held: list[Offer] = await context.all(there.with_for_update(of=Offer))
    waiting = [offer for offer in held if offer.status is OfferStatus.SUBMITTED]
    refuse_all([*_unread(held, offers, by=context.by), *_left_out(waiting, offers)])
    for offer in waiting:
        if not input.acknowledge_identity:
            await names_no_child(context, offer, input.note, "input", "note")
        offer.decline(input.reasons, input.note, by=context.by)
    await _free_places(context, waiting)
    return referral


def _unread(held: Sequence[Offer], named: Sequence[OfferReadInput], *, by: Actor) -> Iterator[Refused]:
    """What was named that cannot be declined: not there, not waiting any more, or changed since it was read."""
    by_id = {offer.id: offer for offer in held}
    for place, read in enumerate(named):
        offer = by_id.get(read.id)
        if offer is None:
            yield not_found("offer", "offers", str(place))
            continue
        offer.expected_version = read.expected_version
        try:
            offer.ready("decline", by=by)
        except Refused as refused:
            path = ["offers", str(place), *refused.path]
            yield Refused(refused.code, refused.message, path, **refused.facts)


def _left_out(waiting: Sequence[Offer], named: Sequence[OfferReadInput]) -> Iterator[Refused]:
    left = [offer.id for offer in waiting if offer.id not in {read.id for read in named}]
    if left:
        some = "Another offer waits" if len(left) == 1 else f"{len(left)} other offers wait"
        sentence = f"{some} for an answer: read what was not named, then name every offer that you decline."
        yield Refused(Code.OFFERS_NOT_NAMED, sentence, ["offers"], offers=left)
    elif not named:
        yield Refused(Code.INVALID_INPUT, "No offer on this referral waits for an answer.", ["offers"])


async def _free_places(context: Context, declined: Sequence[Offer]) -> None:
    """The deliveries of offers that have ended are opened ones again."""
    theirs = Delivery.provider_id.in_([offer.provider_id for offer in declined])
    here = (Delivery.referral_id == declined[0].referral_id) & theirs & (Delivery.status == DeliveryStatus.OFFERED)
    places = Delivery.visible_to(context.viewer).where(here).order_by(Delivery.id).with_for_update(of=Delivery)
    for delivery in await context.all(places):
        delivery.follow("end_offer", by=context.by)
