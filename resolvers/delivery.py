"""A referral as it reached a provider: opening, taking on, declining, taking a decline back."""

from uuid import UUID

from models.delivery import ANSWERS, DeclineReferralReason, Delivery
from models.offer import Offer, OfferStatus
from models.referral import Referral, ReferralStatus
from models.refusal import Code, Refused
from resolvers.context import Context, Info
from resolvers.record import Reference


async def open_(info: Info, id: UUID) -> Reference:
    delivery = await _delivered(info.context, id, "open")
    delivery.open(by=info.context.by)
    return Reference(Referral.__name__, id)


async def take_on(info: Info, id: UUID) -> Reference:
    delivery = await _delivered(info.context, id, "take_on")
    delivery.take_on(by=info.context.by)
    return Reference(Referral.__name__, id)


async def decline(
    info: Info, id: UUID, revision: int, reason: DeclineReferralReason | None = None, note: str | None = None
) -> Reference:
    delivery = await _delivered(info.context, id, "decline")
    await _no_draft(info.context, id)
    delivery.decline(revision, reason, note, by=info.context.by)
    return Reference(Referral.__name__, id)


async def undo_decline(info: Info, id: UUID) -> Reference:
    delivery = await _delivered(info.context, id, "undo_decline")
    delivery.undo_decline(by=info.context.by)
    return Reference(Referral.__name__, id)


async def _no_draft(context: Context, referral_id: UUID) -> None:
    """Who is writing an offer does not decline: the one or the other."""
    drafts = Offer.visible_to(context.viewer).where(Offer.referral_id == referral_id, Offer.status == OfferStatus.DRAFT)
    for offer in await context.all(drafts):
        sentence = "Your organisation is drafting an offer on this referral. Withdraw it before you decline."
        raise Refused(Code.WRONG_STATE, sentence, state=offer.status, allowed_in=[], subject_id=referral_id)


async def _delivered(context: Context, referral_id: UUID, action: str) -> Delivery:
    """The viewer's delivery of a referral, held; all but reading it is refused once the search has ended."""
    Delivery.entitle(action, by=context.by)
    here = (Delivery.referral_id == referral_id) & Delivery.withdrawn_at.is_(None)
    delivery = await context.change_where(Delivery, here)
    held = await context.hold_case(referral_id, Delivery)
    if action != "open" and held.status != ReferralStatus.SENT:
        raise Refused(Code.REFERRAL_CLOSED, "The authority has ended its search with this referral.")
    if action in ANSWERS and held.accepted:
        raise Refused(Code.REFERRAL_ACCEPTED, "An offer on this referral has been accepted.")
    return delivery
