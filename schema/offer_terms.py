"""What an offer promises, as a client sees it: fees, and questions answered in words or by an appendix."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from models.money import CostUnit
from schema.fields import told, value


@value("A charge beyond the core fee.")
class Cost:
    description: str = told("What it is for.")
    amount: Decimal = told("Pounds.")
    unit: CostUnit = told("Per hour, night or week, or once.")
    quantity: Decimal = told("How many of these a week, or in all for ONCE.")
    from_: date | None = told("The first day; null from the start.", name="from")
    until: date | None = told("The last day; null to the end.")
    weekly: Decimal = told("Its part of the weekly total in pounds, to the penny; nothing for ONCE.")
    first_year: Decimal | None = told("Its part of the first-year total in pounds; null in older offers.")


@value("What is charged for one child.")
class ChildFee:
    child_id: UUID = told("The child of the referral.")
    core_fee_weekly: Decimal = told(
        "Core fee a week in pounds, the least that is charged: accommodation and support, with the standard staffing"
        " and services of the offer's `statementOfPurpose`, are included."
    )
    includes: str | None = told("What it includes, in words, beside what the Statement of Purpose says.")
    additional_costs: list[Cost] = told("Charges beyond it.")
    additional_weekly: Decimal | None = told("What they come to in a week, in pounds; null in older offers.")
    weekly_total: Decimal = told(
        "All of it a week, in pounds: exact, rounded once, and the sum of its parts. Every weekly cost counts, in"
        " whichever weeks it is charged."
    )
    core_first_year: Decimal | None = told("The core fee's part of the first-year total; null in older offers.")
    first_year_total: Decimal = told(
        "All of it in pounds in the 365 days from `availableFrom`: exact, rounded once, and the sum of its parts."
        " Weekly costs count for their days within them, a single payment if one of its days is."
    )


@value("An appendix that goes with the offer.")
class OfferAppendix:
    document_id: UUID = told("The document.")
    name: str = told("The name of the file.")
    sha256: str = told("SHA-256 of its bytes, in hex.")


@value("How a question is answered: in words, or by an appendix.", plain="text")
class OfferAnswer:
    text: str | None = told("In words; null where an appendix answers it.")
    appendix: OfferAppendix | None = told("The appendix to look into; null where it is answered in words.")


@value("How one need is met.")
class NeedMet:
    need: str = told("The need.")
    code: str | None = told("Which stated need it is, as `offerPrefill` names it.")
    child_id: UUID | None = told("The child of a sibling group whose need it is; null where it is all of theirs.")
    how: OfferAnswer = told("How it is met.")


@value("What an offer promises.")
class OfferTerms:
    fees: list[ChildFee] = told("What is charged, for each child.")
    available_from: date | None = told("From which day.")
    matching: OfferAnswer | None = told("Matching with the other children, and the impact on them.")
    needs_met: list[NeedMet] | None = told("How each need is met.")
    staffing: OfferAnswer | None = told("Staffing.")
    education: OfferAnswer | None = told("Education.")
    conditions: list[str] | None = told("Conditions that the offer depends on.")
    notice_by_provider: str | None = told("Notice that the provider gives.")
    notice_by_authority: str | None = told("Notice that the authority is asked to give.")
    trial_period: str | None = told("Trial period asked for.")
    named_carer: str | None = told("The manager or carer for the child.")
    further: OfferAnswer | None = told("Anything else.")
