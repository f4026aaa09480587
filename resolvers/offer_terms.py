"""An offer's input worked out: the home or family, its framework status, fees and totals."""

from collections.abc import Awaitable
from typing import Any, TypeVar

from sqlalchemy import select
from strawberry import UNSET

from models.age import london_day
from models.base import Json
from models.delivery import Delivery
from models.home import FosteringFamily, Home
from models.offer import Offer, OfferStatus
from models.offer_answer import Answer, Standing, placement_of
from models.pricing import priced
from models.provider import Provider
from models.referral import Referral
from models.refusal import Code, Refused, RefusedAll, refuse_all
from resolvers.context import Context
from resolvers.offer_appendix import answered
from resolvers.offer_framework import standing
from resolvers.offer_input import OfferInput
from resolvers.offer_placement import where_of
from resolvers.plain import plain

T = TypeVar("T")
LINES = ("noticeByProvider", "noticeByAuthority", "trialPeriod", "namedCarer")


async def answer_of(context: Context, offer: Offer, input: OfferInput) -> Answer:
    """What the offer says after this input; what is left out stays as it was. Every fault of it is told at once."""
    faults: list[Refused] = []
    where = await _caught(where_of(context, offer, input), faults)
    said = {name: value for name, value in plain(input).items() if name != "placement"}
    terms = {**offer.terms, **_trimmed(await answered(context, said, faults))}
    if offer.status is OfferStatus.SUBMITTED and input.available_from is not UNSET:
        faults.extend(_not_available(context, terms, "input"))
    children = await _children(context, offer)
    faults.extend(_strangers(terms, children))
    found = await _caught(_priced(terms, children), faults)
    refuse_all(faults)
    assert where is not None, "otherwise it was refused"
    assert found is not None, "otherwise it was refused"
    fees, (core, weekly, first_year) = found
    placement, stands = await _as_of_its_day(context, offer, input, where)
    return Answer(where, placement, stands, {**terms, "fees": fees}, (core, weekly, first_year))


async def _as_of_its_day(
    context: Context, offer: Offer, input: OfferInput, where: Home | FosteringFamily
) -> tuple[Json, Standing]:
    """The home or family and its framework of today; once submitted they stay as they are until one is named again."""
    if offer.status is OfferStatus.SUBMITTED and input.placement is UNSET:
        kept = offer.placement
        return kept, Standing(offer.framework_status, kept.get("framework"), kept.get("lot"))
    placement = placement_of(where, await _agency_urn(context, where))
    return placement, await standing(context, where, london_day(context.by.at))


async def submitted_answer(context: Context, offer: Offer) -> Answer:
    """What a draft says on the day of its submission: the home or family and the framework of that day (S-011).

    Refused where the home or its care has ended since (S-010), and without a day from which the place is available.
    """
    faults = _not_available(context, offer.terms)
    answer = await _caught(answer_of(context, offer, OfferInput()), faults)
    refuse_all(faults)
    assert answer is not None, "otherwise it was refused"
    return answer


async def _caught(work: Awaitable[T], faults: list[Refused]) -> T | None:
    """What it gives, or nothing and its faults with the others."""
    try:
        return await work
    except Refused as fault:
        faults.extend(fault.faults if isinstance(fault, RefusedAll) else [fault])
        return None


def _trimmed(said: Json) -> Json:
    """Lines without the space around them; a blank one is none."""
    return {name: ((value or "").strip() or None) if name in LINES else value for name, value in said.items()}


def _not_available(context: Context, terms: Json, *above: str) -> list[Refused]:
    """Why an offer cannot be made of these terms: without its first day none can be compared or begun."""
    day, path = terms.get("availableFrom"), [*above, "availableFrom"]
    if not day:
        return [Refused(Code.AVAILABLE_FROM_REQUIRED, "Say from which day the place is available.", path)]
    if day < london_day(context.by.at).isoformat():
        sentence = "The day from which it is available has passed. Give today or a later day."
        return [Refused(Code.AVAILABLE_FROM_PASSED, sentence, path)]
    return []


def _strangers(terms: Json, children: list[str]) -> list[Refused]:
    """The needs that are said to be those of somebody for whom the referral is not."""
    named = [need.get("childId") for need in terms.get("needsMet") or []]
    places = [str(place) for place, child in enumerate(named) if child not in (None, *children)]
    sentence = "This is no child of the referral."
    return [Refused(Code.INVALID_INPUT, sentence, ["input", "needsMet", place, "childId"]) for place in places]


async def _priced(terms: Json, children: list[str]) -> tuple[list[Json], tuple[Any, ...]]:
    return priced(terms.get("fees") or [], children, terms.get("availableFrom"))


async def _agency_urn(context: Context, where: Home | FosteringFamily) -> str | None:
    if isinstance(where, Home):
        return None
    urn: str | None = await context.session.scalar(select(Provider.agency_urn).where(Provider.id == where.provider_id))
    return urn


async def _children(context: Context, offer: Offer) -> list[str]:
    """The ids of the children of the revision that is answered."""
    visible = Referral.visible_to(context.viewer).where(Referral.id == offer.referral_id)
    summary: Any = await context.session.scalar(visible.with_only_columns(Referral.summary))
    return [child["id"] for child in (summary or {}).get("children", [])]


async def answers_all(context: Context, offer: Offer, category: str | None) -> None:
    """Refuse an offer that a newer revision has overtaken: another category, or other children than it has fees for."""
    covered = sorted(map(str, offer.children))
    if offer.category != category or covered != sorted(await _children(context, offer)):
        sentence = (
            "The referral was sent for other children or another kind of care since, so this offer no longer answers"
            " it. The provider saves it anew for what was last sent."
        )
        raise Refused(Code.OFFER_OVERTAKEN, sentence, ["revision"])


def answers_newest(offer: Offer, delivery: Delivery) -> None:
    """Refuse a draft of an older revision than was delivered: nobody has said that it answers the newer one (S-059)."""
    if offer.revision < delivery.revision:
        sentence = (
            f"The authority has sent revision {delivery.revision}; this offer answers revision {offer.revision}. Read"
            " the new revision, save the offer (`offerUpdate`), then submit it."
        )
        raise Refused(Code.OFFER_OVERTAKEN, sentence, ["revision"])
