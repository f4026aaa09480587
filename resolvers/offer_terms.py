"""An offer's input worked out: the home or family, its framework status, fees and totals."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from strawberry import UNSET

from models.age import london_day
from models.care import RegisteredCare
from models.event import Actor
from models.home import (
    FosteringFamily,
    FrameworkMembership,
    FrameworkStatus,
    Home,
    HomeKind,
    valid_postcode,
)
from models.offer import Offer
from models.offer_answer import Answer
from models.offer_parts import OfferVersion
from models.pricing import priced
from models.provider import Category
from models.referral import Referral
from models.refusal import Code, Refused, not_found
from resolvers.context import Context
from resolvers.offer_input import NewFamilyInput, OfferInput, PlacementInput
from resolvers.plain import plain


async def answer_of(context: Context, offer: Offer, input: OfferInput) -> Answer:
    """What the offer says after this input; what is left out stays as it was."""
    where = await _where(context, offer, input)
    terms = {**offer.terms, **{k: v for k, v in plain(input).items() if k != "placement"}}
    if not terms.get("fees"):
        raise Refused(Code.INVALID_INPUT, "Give the core weekly fee.", ["input", "fees"])
    fees, totals = priced(terms["fees"], await _children(context, offer), terms.get("availableFrom"))
    status = await _framework_status(context, where)
    core, weekly, first_year = totals
    return Answer(where, status, {**terms, "fees": fees}, (core, weekly, first_year))


async def _children(context: Context, offer: Offer) -> list[str]:
    """The ids of the children of the revision that is answered."""
    visible = Referral.visible_to(context.viewer).where(Referral.id == offer.referral_id)
    summary: Any = await context.session.scalar(visible.with_only_columns(Referral.summary))
    return [child["id"] for child in (summary or {}).get("children", [])]


async def answers_all(context: Context, offer: Offer, category: str | None) -> None:
    """Refuse an offer that a newer revision has overtaken: another category, or other children than it has fees for."""
    covered = sorted(map(str, offer.children))
    if offer.category != category or covered != sorted(await _children(context, offer)):
        sentence = "The referral has changed so that this offer no longer answers it."
        raise Refused(Code.CONTENT_CHANGED, sentence, ["revision"])


async def still_offered(context: Context, offer: Offer) -> None:
    """Refuse a home that has ended, or whose care has, since the offer was drafted (S-010)."""
    await _unchanged(context, offer)


async def _where(context: Context, offer: Offer, input: OfferInput) -> Home | FosteringFamily:
    given = input.placement
    if given is UNSET or given is None:
        return await _unchanged(context, offer)
    if offer.category is Category.FOSTERING:
        return await _family(context, given)
    if not given.home_id:
        sentence = "An offer for this category names one home, not a fostering family."
        raise Refused(Code.INVALID_INPUT, sentence, ["input", "placement"])
    home = await context.find(Home, given.home_id)
    return await _registered(context, home, offer.category)


async def _registered(context: Context, home: Home, category: Category | None) -> Home:
    """The home, if it is approved, goes on, and is registered for the category (S-010); a branch never is."""
    care = select(RegisteredCare.id).where(
        RegisteredCare.home_id == home.id, RegisteredCare.category == category, RegisteredCare.approved(RegisteredCare)
    )
    in_effect = home.approved_at and not home.ended_at and home.kind is not HomeKind.FOSTERING_BRANCH
    if not in_effect or await context.session.scalar(care.limit(1)) is None:
        sentence = "This home is not registered for the category of the referral."
        raise Refused(Code.HOME_NOT_REGISTERED, sentence, ["input", "placement", "homeId"])
    return home


async def _unchanged(context: Context, offer: Offer) -> Home | FosteringFamily:
    if offer.home_id:
        return await _registered(context, await context.find(Home, offer.home_id), offer.category)
    if offer.family_id:
        return await _known_family(context, offer.family_id)
    raise Refused(Code.INVALID_INPUT, "Name the home or the fostering family.", ["input", "placement"])


async def _family(context: Context, given: PlacementInput) -> FosteringFamily:
    if given.family_id:
        return await _known_family(context, given.family_id)
    if not given.family:
        sentence = "A fostering offer names one fostering family, not a home."
        raise Refused(Code.INVALID_INPUT, sentence, ["input", "placement"])
    return await _new_family(context, given.family)


async def _known_family(context: Context, id: UUID) -> FosteringFamily:
    family = await context.find(FosteringFamily, id)
    if family.ended_at is not None:
        raise not_found("family")
    return family


async def _new_family(context: Context, given: NewFamilyInput) -> FosteringFamily:
    """A family typed in is kept, and found again by its name the next time (S-095)."""
    name = given.name.strip()
    if not name:
        raise Refused(Code.INVALID_INPUT, "Give the family's name.", ["input", "placement", "family", "name"])
    named = func.lower(FosteringFamily.name) == func.lower(name)
    mine = FosteringFamily.visible_to(context.viewer).where(named, FosteringFamily.ended_at.is_(None))
    family: FosteringFamily | None = await context.session.scalar(mine)
    if family is None:
        family = FosteringFamily(provider_id=context.viewer.organisation_id, name=name, details={})
        context.session.add(family)
    known = plain(given)
    family.details = {**family.details, **{k: v for k, v in known.items() if k in ("household", "experience")}}
    if given.postcode:
        family.postcode = valid_postcode(given.postcode, "input", "placement", "family", "postcode")
    if given.supervising_social_worker:
        family.supervising_social_worker = given.supervising_social_worker
    await context.session.flush()
    return family


async def _framework_status(context: Context, where: Home | FosteringFamily) -> FrameworkStatus:
    """Derived on the day of the offer: by this home's membership, else by whether the provider has any (S-011)."""
    day = london_day(context.by.at)
    mine = select(FrameworkMembership.home_id).where(
        FrameworkMembership.provider_id == where.provider_id, FrameworkMembership.covers(day)
    )
    homes = await context.all(mine)
    if (where.id if isinstance(where, Home) else None) in homes:
        return FrameworkStatus.FRAMEWORK
    return FrameworkStatus.NON_FRAMEWORK if homes else FrameworkStatus.SPOT


def version_of(offer: Offer, by: Actor) -> OfferVersion:
    """The offer as it stands, for its history."""
    return OfferVersion(
        offer_id=offer.id, version=offer.version, la_id=offer.la_id, provider_id=offer.provider_id,
        placement=offer.placement, terms=offer.terms, weekly_total=offer.weekly_total, at=by.at,
        by_name=by.viewer.name,
    )  # fmt: skip
