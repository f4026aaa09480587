"""What an authority decides on offers: accepting, declining."""

from uuid import UUID

import strawberry

from models.offer import Offer
from models.offer_decline import DeclineReason
from models.referral import Referral
from models.referral_split import same_children
from models.refusal import Code, Refused
from resolvers.context import Context, Info
from resolvers.offer_check import checked
from resolvers.offer_condition import agreed
from resolvers.offer_reopening import free_place
from resolvers.offer_terms import answers_all
from resolvers.offer_words import names_no_child


@strawberry.input(description="What an authority confirms when it accepts an offer.")
class OfferAcceptInput:
    checks_confirmed: bool = strawberry.field(description="That the authority's checks are complete.")
    checks: list[UUID] = strawberry.field(
        default_factory=list, description="The ids of `acceptanceChecks`: each that is on the list, as confirmed."
    )
    acknowledged_conditions: list[UUID] = strawberry.field(
        default_factory=list, description="The ids of the offer's `conditions`: each that there is, as read."
    )


@strawberry.input(description="Why an offer is declined; the provider reads it.")
class OfferDeclineInput:
    reasons: list[DeclineReason] = strawberry.field(description="At least one.")
    note: str = strawberry.field(description="In your own words.")
    acknowledge_identity: bool = strawberry.field(
        default=False, description="Say it although it seems to name the child: the word is meant otherwise."
    )


async def accept(info: Info, id: UUID, expected_version: int, input: OfferAcceptInput) -> Offer:
    """Accepts what was read; saying the same once more changes nothing and rings no bell (S-092)."""
    context = info.context
    Offer.entitle("accept", by=context.by)
    offer = await context.change(Offer, id, expected_version)
    if not offer.was_accepted(expected_version):
        await _accept(context, offer, input)
    return offer


async def _accept(context: Context, offer: Offer, input: OfferAcceptInput) -> None:
    offer.ready("accept", by=context.by)
    referral = await context.change(Referral, offer.referral_id)
    if referral.accepted:
        raise Refused(Code.REFERRAL_ACCEPTED, "Another offer on this referral has been accepted.")
    same_children(referral)
    await answers_all(context, offer, referral.category)
    conditions = await agreed(context, offer, input.acknowledged_conditions)
    offer.accept(input.checks_confirmed, conditions, by=context.by)
    context.session.add(await checked(context, offer, input.checks))
    referral.follow("accept", by=context.by, offer=offer.id)
    referral.accepted, referral.updated_at = True, context.by.at


async def decline(info: Info, id: UUID, expected_version: int, input: OfferDeclineInput) -> Offer:
    context = info.context
    offer = await context.take(Offer, "decline", id, expected_version)
    if not input.acknowledge_identity:
        await names_no_child(context, offer, input.note, "input", "note")
    offer.decline(input.reasons, input.note, by=context.by)
    await free_place(context, offer)
    return offer
