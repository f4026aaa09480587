"""A referral whose search is open again after its acceptance was undone."""

from typing import Any

from models.delivery import Delivery, DeliveryStatus
from models.matching import Late, arrived, deliver_reopened, open_threads
from models.offer import Offer
from models.provider import Gender
from models.referral import Referral
from models.wanted import Wanted
from resolvers.context import Context


async def reopened(context: Context, offer: Offer) -> None:
    """Open the search again, also for providers that were approved while it had ended (S-041, S-078)."""
    by, session = context.by, context.session
    referral = await context.change(Referral, offer.referral_id)
    referral.follow("reopen", by=by, offer=offer.id)
    referral.accepted, referral.updated_at = False, by.at
    await session.flush()
    newcomers = (await session.scalars(deliver_reopened(referral, _wanted(referral), by.at))).all()
    await session.execute(open_threads(referral))
    late = Late(referral.id, referral.la_id, referral.reference, referral.revision)
    for provider_id in sorted(newcomers):
        by.says(arrived(late, provider_id))


def _wanted(referral: Referral) -> Wanted:
    """What was wanted when it was last sent: with the ages of that day."""
    children: list[dict[str, Any]] = (referral.summary or {})["children"]
    ages = [(int(child["ageYears"]), int(child["ageMonths"] or 0)) for child in children]
    genders = [Gender(child["gender"]) if child.get("gender") else None for child in children]
    assert referral.category is not None, "what was sent has a category"
    return Wanted(referral.category, ages, genders)


async def free_place(context: Context, offer: Offer) -> None:
    """The delivery of an offer that has ended is an opened one again."""
    here = (Delivery.referral_id == offer.referral_id) & (Delivery.provider_id == offer.provider_id)
    delivery = await context.change_where(Delivery, here)
    if delivery.status is DeliveryStatus.OFFERED:
        delivery.follow("end_offer", by=context.by)
