"""Offers side by side as their authority sees them."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from models import offer_comparison
from models.home import FrameworkStatus, OfstedGrade
from models.offer import OfferStatus
from schema.fields import shows, told
from schema.message import Message
from schema.offer import Offer
from schema.offer_terms import ChildFee


@shows(offer_comparison.ComparedOffer, "One offer beside the others on its referral: facts, and no score.")
class ComparedOffer:
    id: UUID = told("The offer's id.")
    status: OfferStatus = told("Its state.")
    version: int = told("The version that is compared.")
    revision: int = told("The revision of the referral it answers.")
    answers_newest: bool = told("Whether that is the revision that was sent last.")
    provider_name: str = told("Whose offer it is.")
    placement_kind: str = told("HOME or FAMILY.")
    placement_name: str = told("The home's or the family's name.")
    core_fee_weekly: Decimal = told("Core fee a week in pounds, all children together.")
    additional_weekly: Decimal = told("Additional costs a week in pounds, all children together.")
    weekly_total: Decimal = told("All of it a week, in pounds.")
    first_year_total: Decimal = told("All of it in the first 365 days, in pounds.")
    fees: list[ChildFee] = told("The same for each child.")
    distance_miles: int | None = told(
        "Whole miles as the crow flies from the district that the referral names as near to the district of the home or"
        " family; null where either is not known."
    )
    framework_status: FrameworkStatus = told("Framework, spot, or a framework provider's other home.")
    outside_framework: bool = told("Whether it is a framework provider's home that is not on its framework.")
    framework_note: str = told("Where it stands, in a sentence: the framework and lot, spot, or outside the framework.")
    ofsted_grade: OfstedGrade | None = told("The home's grade when it was offered; a family has none of its own.")
    ofsted_inspected_on: date | None = told("The day of the inspection that gave it.")
    available_from: date | None = told("From which day.")
    days_after_required: int | None = told(
        "How many days after the date required that is; negative where it is earlier."
    )
    documents_valid_until: date | None = told(
        "The earliest last day among its compulsory documents and appendices; null where none of them has one."
    )
    documents_valid: bool | None = told("Whether all of those are valid today; null while it carries none.")
    documents_expire_soon: bool = told("Whether one of them has fewer than thirty days left, or none.")
    condition_count: int = told("How many conditions there are, of its terms and of messages together.")
    conditions_stated: list[str] = told("The conditions that its terms name.")
    conditions_told: list[Message] = told("The conditions told by message, of both sides and in order.")
    submitted_at: datetime = told("When it was submitted.")
    undecided_days: int | None = told(
        "For how many days, as London counts them, it has waited for an answer; null once it has one."
    )
    another_accepted: bool | None = told("Whether another offer on the referral has been accepted.")
    offer: Offer = told("Everything else that it says.")
