"""What an offer can be begun with, as a client sees it."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import strawberry

from models.document import DocumentKind
from models.home import FrameworkStatus
from models.offer_prefill import Prefill
from models.provider import Category, Provider
from resolvers.plain import known
from schema.fields import told, value
from schema.offer import OfferedPlacement
from schema.provider import ProviderContact


@value("A need that the referral states, to be answered in `needsMet`.")
class StatedNeed:
    code: str = told("Which need it is: the same from revision to revision; give it back as `code`.")
    heading: str = told("Its heading: give it as `need`.")
    text: str = told("What the referral says of it.")
    child_id: UUID | None = told("The child whose need it is; null where it is all of theirs.")


@value("A document that every offer of this category carries; it attaches itself when the offer is submitted.")
class PrefilledDocument:
    kind: DocumentKind = told("What it is.")
    document_id: UUID | None = told("The document that would attach itself: the home's own, else the organisation's.")
    name: str | None = told("Its file name.")
    sha256: str | None = told("SHA-256 of its bytes, in hex.")
    expires_on: date | None = told("The last day on which it is valid.")
    missing: bool = told("Whether there is none; then the offer cannot be submitted.")
    expired: bool = told("Whether its last day is over; then the offer cannot be submitted.")
    expiring_soon: bool = told("Whether fewer than thirty days are left; that does not hinder.")


@value("A home that could be offered.")
class HomeChoice:
    id: UUID = told("Its id.")
    name: str = told("Its name.")
    postcode: str = told("Its postcode.")
    suits: bool = told("Whether it is registered for the category, so that an offer can name it.")
    framework_status: FrameworkStatus = told("Framework, spot, or a framework provider's other home, today.")
    default_core_fee: Decimal | None = told("The core weekly fee in pounds that an offer starts from.")


@value("A family that could be offered.")
class FamilyChoice:
    id: UUID = told("Its id.")
    name: str = told("The name by which your agency knows it.")
    postcode: str | None = told("Postcode.")
    suits: bool = told("Whether your agency is registered for fostering, so that an offer can name it.")
    framework_status: FrameworkStatus = told("Framework, spot, or outside the framework, today.")


def contacts(root: strawberry.Parent[Provider]) -> list[ProviderContact]:
    return known(root.contacts)  # type: ignore[no-any-return]


@strawberry.type(description="Your organisation, as it is registered.")
class PrefilledOrganisation:
    legal_name: str = strawberry.field(description="Legal name.")
    trading_name: str | None = strawberry.field(description="Trading name.")
    company_number: str | None = strawberry.field(description="Company or charity number.")
    address: str | None = strawberry.field(description="Registered address.")
    postcode: str = strawberry.field(description="Its postcode.")
    agency_urn: str | None = strawberry.field(
        description="The regulator's reference number, where the provider itself holds one."
    )
    contacts: list[ProviderContact] = strawberry.field(resolver=contacts, description="Whom to ask about what.")


@value("Where the child would live, under the names of `PlacementInput`: ask for the one that you have named.")
class PrefilledPlacement:
    home_id: UUID | None = told("The home.")
    family_id: UUID | None = told("The fostering family.")


@value("What is charged for one child, under the names of `FeeInput`.")
class PrefilledFee:
    child_id: UUID = told("The child of the referral.")
    core_fee_weekly: Decimal | None = told("The home's default core fee in pounds a week; null where it has none.")
    includes: str | None = told("What it includes: accommodation and support, by the Statement of Purpose in force.")


@value("What is known of an offer, under the names of `OfferInput`: send it to `offerCreate` as it is, or changed.")
class PrefilledOffer:
    placement: PrefilledPlacement | None = told("The home or family that you have named; null without one.")
    fees: list[PrefilledFee] = told("A line for each child of the referral.")
    available_from: date = told("The day on which it is needed; today where that has passed.")
    named_carer: str | None = told("The registered manager, or the family's carers.")


def placement(root: strawberry.Parent[Prefill]) -> OfferedPlacement | None:
    return known(root.placement)  # type: ignore[no-any-return]


def offer(root: strawberry.Parent[Prefill]) -> PrefilledOffer:
    return known(root.terms)  # type: ignore[no-any-return]


@strawberry.type(description="What an offer can be begun with: everything the portal knows of it. Nothing is written.")
class OfferPrefill:
    referral_id: UUID = strawberry.field(description="The referral.")
    reference: str = strawberry.field(description="Its reference.")
    revision: int = strawberry.field(description="The last revision that was sent.")
    category: Category = strawberry.field(description="Category of care.")
    live_offer_id: UUID | None = strawberry.field(
        description="The offer that your organisation has on it: edit that one, there can be no second."
    )
    organisation: PrefilledOrganisation = strawberry.field(description="Your organisation, as it is registered.")
    homes: list[HomeChoice] = strawberry.field(description="Your homes, those that suit first; none for fostering.")
    families: list[FamilyChoice] = strawberry.field(description="For fostering your families.")
    placement: OfferedPlacement | None = strawberry.field(
        resolver=placement, description="The home or family that you have named, as the offer would show it."
    )
    framework_status: FrameworkStatus | None = strawberry.field(description="Where it stands on a framework today.")
    outside_framework: bool | None = strawberry.field(
        description="Whether it is a framework provider's home that is not on its framework."
    )
    framework_note: str | None = strawberry.field(description="Where it stands, in a sentence.")
    stated_needs: list[StatedNeed] = strawberry.field(description="The needs that the referral states, one by one.")
    documents: list[PrefilledDocument] = strawberry.field(
        description="The documents that would attach themselves, and those that are missing."
    )
    offer: PrefilledOffer = strawberry.field(
        resolver=offer, description="What is known of the offer, to be sent to `offerCreate`."
    )
