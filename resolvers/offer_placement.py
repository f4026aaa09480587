"""Where an offer would place the child: exactly one home or one family, as the category demands (S-072 to S-074)."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from strawberry import UNSET

from models.care import RegisteredCare
from models.home import FosteringFamily, Home, HomeKind
from models.offer import Offer
from models.provider import Category
from models.refusal import Code, Refused, RefusedAll, not_found
from resolvers.context import Context
from resolvers.family_input import FosteringFamilyInput, family_of, known_as
from resolvers.offer_input import OfferInput, PlacementInput

PATH = ("input", "placement")


async def where_of(context: Context, offer: Offer, input: OfferInput) -> Home | FosteringFamily:
    """The home or family after this input: of the viewer's own organisation, and one that offers can name today."""
    given = input.placement
    if given is UNSET and (offer.home_id or offer.family_id):
        return await _unchanged(context, offer)
    fostering = offer.category is Category.FOSTERING
    if given is UNSET or given is None:
        sentence = f"Name the {'fostering family' if fostering else 'home'} that you offer."
        raise Refused(Code.PLACEMENT_REQUIRED, sentence, PATH)
    if fostering:
        return await _family(context, given)
    if not given.home_id:
        sentence = "An offer for this category names one home, not a fostering family."
        raise Refused(Code.PLACEMENT_NOT_FOR_CATEGORY, sentence, [*PATH, "familyId" if given.family_id else "family"])
    return await _home(context, given.home_id, offer.category)


async def _unchanged(context: Context, offer: Offer) -> Home | FosteringFamily:
    if offer.home_id:
        return await _home(context, offer.home_id, offer.category)
    assert offer.family_id is not None, "an offer names a home or a family"
    family = await context.find(FosteringFamily, offer.family_id)
    if family.ended_at is not None:
        sentence = f"{family.name} fosters no longer. Name another family."
        raise Refused(Code.PLACEMENT_REQUIRED, sentence, PATH)
    return family


async def _home(context: Context, id: UUID, category: Category) -> Home:
    """The home, if it is approved, goes on, and is registered for the category (S-010); a branch never is."""
    home = await context.find(Home, id, *PATH, "homeId")
    care = select(RegisteredCare.id).where(
        RegisteredCare.home_id == home.id, RegisteredCare.category == category, RegisteredCare.approved(RegisteredCare)
    )
    in_effect = home.approved_at and not home.ended_at and home.kind is not HomeKind.FOSTERING_BRANCH
    if not in_effect or await context.session.scalar(care.limit(1)) is None:
        sentence = "This home is not registered for the category of the referral."
        raise Refused(Code.HOME_NOT_REGISTERED, sentence, [*PATH, "homeId"])
    return home


async def _family(context: Context, given: PlacementInput) -> FosteringFamily:
    if given.family_id:
        return await _known_family(context, given.family_id)
    if not given.family:
        sentence = "A fostering offer names one fostering family, not a home."
        raise Refused(Code.PLACEMENT_NOT_FOR_CATEGORY, sentence, [*PATH, "homeId"])
    return await _typed_family(context, given.family)


async def _known_family(context: Context, id: UUID) -> FosteringFamily:
    family = await context.find(FosteringFamily, id, *PATH, "familyId")
    if family.ended_at is not None:
        raise not_found("fostering family", *PATH, "familyId")
    return family


async def _typed_family(context: Context, given: FosteringFamilyInput) -> FosteringFamily:
    """A family typed in is kept with all that is said of it, and found again by its name the next time (S-095)."""
    facts = _facts(given)
    mine = FosteringFamily.visible_to(context.viewer).where(FosteringFamily.ended_at.is_(None))
    same = [f for f in await context.all(mine) if known_as(f.name).casefold() == facts["name"].casefold()]
    family = same[0] if same else FosteringFamily(provider_id=context.viewer.organisation_id, **facts)
    family.details = {**family.details, **{k: v for k, v in facts["details"].items() if v is not None}}
    family.postcode = facts.get("postcode") or family.postcode
    family.supervising_social_worker = facts.get("supervising_social_worker") or family.supervising_social_worker
    context.session.add(family)
    await context.session.flush()
    return family


def _facts(given: FosteringFamilyInput) -> dict[str, Any]:
    """What is said of the family; a fault lies where it was typed, inside the placement."""
    try:
        return family_of(given)
    except Refused as fault:
        raise RefusedAll([Refused(fault.code, fault.message, [*PATH, "family", *fault.path[1:]])]) from None
