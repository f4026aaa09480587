"""Undoing an acceptance: the offer, every agreement drawn from it and what waits on them, and the search open again.

It is done by voiding the offer or by voiding one of its agreements; either way the same becomes void (S-078, S-108).
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from models.ipa import Ipa, IpaStatus
from models.ipa_sealing import seal_after_voiding
from models.matching import before_sending
from models.offer import Offer
from models.refusal import reason_given
from models.uplift import Uplift
from resolvers.context import Context, Info
from resolvers.offer_reopening import free_place, reopened
from resolvers.offer_words import names_no_child


async def void(info: Info, id: UUID, expected_version: int, reason: str, acknowledge_identity: bool = False) -> Offer:
    """Voids the offer and every agreement drawn from it; the search is open again (S-078, S-108)."""
    context = info.context
    await context.session.execute(before_sending())
    offer = await context.take(Offer, "void", id, expected_version)
    if not acknowledge_identity:
        await names_no_child(context, offer, reason, "reason")
    offer.void(reason, by=context.by)
    agreements = await live_agreements(context, offer)
    await voided_with(context, offer, agreements, reason.strip())
    return offer


async def void_agreement(
    info: Info, id: UUID, expected_version: int, reason: str, acknowledge_identity: bool = False
) -> Ipa:
    """Voids the agreement, with it its offer, and with that every other agreement of the offer (S-108).

    Whoever knows of an agreement is told once that it is void; where nobody but the authority does, it is the offer
    that is said to be void.
    """
    context, by = info.context, info.context.by
    Ipa.entitle("void", by=by)
    await context.session.execute(before_sending())
    drawn_from = Ipa.visible_to(context.viewer).where(Ipa.id == id).with_only_columns(Ipa.offer_id)
    offer_id = await context.session.scalar(drawn_from)
    offer = await context.change(Offer, offer_id) if offer_id else None
    agreement = await context.take(Ipa, "void", id, expected_version)
    assert offer is not None, "an agreement is drawn from an offer that its authority sees"
    text = reason_given(reason)
    if not acknowledge_identity:
        await names_no_child(context, offer, text, "reason")
    agreements = await live_agreements(context, offer)
    agreement.void(text, by=by)
    offer.undo(text, known=any(each.shared_at for each in agreements), by=by)
    await voided_with(context, offer, agreements, text)
    return agreement


async def live_agreements(context: Context, offer: Offer) -> list[Ipa]:
    """Held until the act ends, each after the case and the offer."""
    live = select(Ipa).where(Ipa.offer_id == offer.id, Ipa.status != IpaStatus.VOIDED).order_by(Ipa.id)
    return await context.all(live.with_for_update())


async def voided_with(context: Context, offer: Offer, agreements: Sequence[Ipa], reason: str) -> None:
    """What a voided offer takes with it; what waits on its agreements ends, and the search is open again."""
    for agreement in agreements:
        if agreement.status is not IpaStatus.VOIDED:
            agreement.void_with_offer(reason, by=context.by)
        context.session.add_all(seal_after_voiding(agreement, context.by.at))
    await context.session.flush()
    for uplift in await context.all(Uplift.open_on(agreements).with_for_update()):
        uplift.end(by=context.by)
    await reopened(context, offer)
    await free_place(context, offer)
