"""Offers as a client sees them."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import strawberry

from models import offer, offer_parts
from models.home import FrameworkStatus, OfstedGrade, Regulator
from models.offer import OfferStatus
from models.offer_decline import DeclineReason
from models.provider import Category
from models.referral import ReferralStatus
from schema.document import OfferDocument
from schema.enums import OfferAction
from schema.event import Event
from schema.fields import connection, shows, told, value
from schema.home import FosteringFamilyDetails
from schema.mending import DocumentWarning
from schema.message import Message
from schema.node import Node
from schema.offer_change import OfferChange, OfferVersionDocument
from schema.offer_check import OfferChecks
from schema.offer_terms import OfferTerms
from schema.organisation import Organisation
from schema.pages import PageInfo
from schema.problems import Problem


@value("The home or the fostering family that is offered, as it stood when it was offered.")
class OfferedPlacement:
    kind: str = told("HOME or FAMILY.")
    name: str = told("Its name.")
    address: str | None = told("Its address.")
    postcode: str | None = told("Its postcode.")
    urn: str | None = told("The regulator's reference number; for a family that of its agency.")
    regulator: Regulator | None = told("Who registers a home.")
    manager: str | None = told("The registered manager.")
    ofsted_grade: OfstedGrade | None = told("The grade of the last inspection.")
    ofsted_inspected_on: date | None = told("The day of that inspection.")
    supervising_social_worker: str | None = told("A family's supervising social worker.")
    family: FosteringFamilyDetails | None = told("What else its agency has written down of a family.")
    framework: str | None = told("The framework that governs it on the day of the offer; null where none does.")
    lot: str | None = told("The lot of that framework.")


@shows(offer_parts.OfferVersion, "An offer as it stood at one version since it was submitted.")
class OfferVersion:
    version: int = told("The version.")
    changes: list[OfferChange] = told("What it changed against the one before; empty for the one that was submitted.")
    revision: int | None = told("The revision of the referral that it answered; null where that was not kept yet.")
    home_id: UUID | None = told("The home, for all but fostering.")
    family_id: UUID | None = told("The fostering family.")
    placement: OfferedPlacement = told("Where the child would have lived.")
    framework_status: FrameworkStatus | None = told(
        "Framework, spot, or a framework provider's other home; null where that was not kept yet."
    )
    terms: OfferTerms = told("What it promised.")
    core_fee_weekly: Decimal | None = told("Core fee a week in pounds, all children; null where it was not kept yet.")
    weekly_total: Decimal = told("All of it a week, in pounds.")
    first_year_total: Decimal | None = told("All of it in the first 365 days; null where it was not kept yet.")
    documents: list[OfferVersionDocument] = told("The documents that it carried.")
    content_hash: str | None = told(
        "The SHA-256 of everything that it offered, documents included: the same content has the same hash, and any"
        " difference another. Null where none was kept yet."
    )
    at: datetime = told("When it became so.")
    by_name: str = told("Who made it so.")


@shows(offer.Offer, "A provider's one live answer to a referral.")
class Offer(Node):
    id: UUID = told("Its id.")
    referral_id: UUID = told("The referral it answers.")
    reference: str = told("That referral's reference.")
    revision: int = told("The revision of the referral it answers.")
    category: Category = told("Category of care.")
    status: OfferStatus = told("Its state.")
    version: int = told("Send it back as `expectedVersion`.")
    provider: Organisation = told("Whose offer it is.")
    home_id: UUID | None = told("The home, for all but fostering.")
    family_id: UUID | None = told("The fostering family.")
    placement: OfferedPlacement = told("Exactly one home or one family.")
    framework_status: FrameworkStatus = told("Framework, spot, or a framework provider's other home.")
    outside_framework: bool = told("Whether it is a framework provider's home that is not on its framework.")
    framework_note: str = told("Where it stands, in a sentence: the framework and lot, spot, or outside the framework.")
    terms: OfferTerms = told("What it promises.")
    available_from: date | None = told("From which day.")
    core_fee_weekly: Decimal = told("Core fee a week in pounds, all children together.")
    additional_weekly: Decimal = told("Additional costs a week in pounds, all children together.")
    weekly_total: Decimal = told("All of it a week, in pounds.")
    first_year_total: Decimal = told("All of it in the first 365 days, in pounds.")
    author_name: str = told("Who drafted it.")
    first_told_at: datetime = told("When it was drafted; for the authority, when it was submitted.", name="createdAt")
    updated_at: datetime = told("When it last changed.")
    updated_by: str | None = told("Who took the last act on it that you may know of.", name="updatedByName")
    submitted_at: datetime | None = told("When it was submitted.")
    decided_at: datetime | None = told("When the authority decided.")
    decided_by_name: str | None = told("Who decided.")
    checks_confirmed: bool = told("Whether the authority confirmed its checks.")
    confirmed_checks: OfferChecks | None = told(
        "What the authority confirmed when it accepted, for its own people; null to a provider."
    )
    conditions: list[Message] = told("The conditions told by message, of both sides and in order.")
    acknowledged_conditions: list[UUID] = told(
        "The ids of those that the authority acknowledged when it accepted; what is not among them came later."
    )
    decline_reasons: list[DeclineReason] | None = told("Why it was declined.")
    decline_note: str | None = told("The authority's words about that.")
    withdraw_reason: str | None = told("Why the provider withdrew it.")
    void_reason: str | None = told("Why an accepted offer was voided.")
    voided_at: datetime | None = told("When it was voided.")
    supersedes_id: UUID | None = told("The voided offer whose place it takes.")
    statement_of_purpose: OfferDocument | None = told(
        "The version of the Statement of Purpose that the core fee rests on; null before it is submitted."
    )
    documents: list[OfferDocument] = told("Its documents: compulsory ones first.")
    former_documents: list[OfferDocument] = told("What it had to carry in earlier versions, to be fetched as it was.")
    documents_valid_until: date | None = told(
        "The earliest last day among its compulsory documents and appendices; null where none of them has one."
    )
    documents_valid: bool | None = told("Whether all of those are valid today; null while it carries none.")
    versions: list[OfferVersion] = told("Its history since it was submitted.")
    accepted_version: int | None = told("Which of its versions was accepted; none can follow it.")
    accepted_content_hash: str | None = told("The `contentHash` of that version.")
    timeline: list[Event] = told(
        "Its own acts, oldest first: for the provider all of them, for the authority those since it was submitted."
    )
    distance_miles: int | None = told(
        "Whole miles as the crow flies from the district that the referral names as near to the district of the home or"
        " family; null where either is not known."
    )
    undecided_days: int | None = told(
        "For how many days, as London counts them, it has waited for the authority; null unless it is submitted."
    )
    another_accepted: bool | None = told(
        "Whether another offer on the referral has been accepted, so that this one still needs its answer; for the"
        " authority alone."
    )
    referral_status: ReferralStatus | None = told("How the referral stands; null where you see it no more.")
    can: list[OfferAction] = told("What you may do with it now.")  # type: ignore[valid-type]


@strawberry.type(description="An offer at its place in a list.")
class OfferEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on from here.")
    node: Offer = strawberry.field(description="The offer.")


@connection("Offer", "A page of offers.")
class OfferConnection:
    edges: list[OfferEdge] = strawberry.field(description="The offers with their cursors.")
    nodes: list[Offer] = strawberry.field(description="The offers.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")
    total_count: int = strawberry.field(description="How many there are in all.")


@strawberry.type(description="The answer of an act on an offer.")
class OfferPayload:
    offer: Offer | None = strawberry.field(default=None, description="The offer as it is now.")
    warnings: list[DocumentWarning] = strawberry.field(
        default_factory=list, description="Documents that were taken and have fewer than thirty days left."
    )
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")
