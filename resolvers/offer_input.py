"""What a provider may say in an offer; exactly one home or one fostering family (S-072 to S-074)."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import strawberry
from strawberry import UNSET

from models.money import CostUnit
from resolvers.family_input import FosteringFamilyInput


def text(description: str) -> Any:
    return strawberry.field(default=UNSET, description=description)


@strawberry.input(one_of=True, description="Exactly one home or one family of your organisation.")
class PlacementInput:
    home_id: UUID | None = strawberry.field(default=UNSET, description="A registered home, for all but fostering.")
    family_id: UUID | None = strawberry.field(default=UNSET, description="A family that you have saved.")
    family: FosteringFamilyInput | None = strawberry.field(
        default=UNSET, description="A family typed in; kept with all that is said of it, and suggested from then on."
    )


@strawberry.input(one_of=True, description="How a question is answered: in words, or by an appendix.")
class OfferAnswerInput:
    text: str | None = strawberry.field(default=UNSET, description="In words.")
    see_appendix: UUID | None = strawberry.field(
        default=UNSET,
        description="The id of an APPENDIX of yours that is attached to the offer when it is submitted, and from then"
        " on; the one of your profile attaches itself where the category requires it.",
    )


@strawberry.input(description="A charge beyond the core fee.")
class CostInput:
    description: str = strawberry.field(description="What it is for.")
    amount: Decimal = strawberry.field(description='Pounds, like "65.00".')
    unit: CostUnit = strawberry.field(description="Per hour, night or week, or once.")
    quantity: Decimal = strawberry.field(default=Decimal(1), description="How many a week, or in all for ONCE.")
    from_: date | None = strawberry.field(default=None, name="from", description="The first day; null from the start.")
    until: date | None = strawberry.field(default=None, description="The last day; null to the end.")


@strawberry.input(description="What is charged for one child.")
class FeeInput:
    core_fee_weekly: Decimal = strawberry.field(
        description='Pounds a week above zero, like "4100.00": the least that is charged. Accommodation and support,'
        " with the standard staffing and services of the Statement of Purpose, are included."
    )
    includes: str | None = text("What it includes, in words, beside what the Statement of Purpose says.")
    additional_costs: list[CostInput] = strawberry.field(default_factory=list, description="Charges beyond it.")
    child_id: UUID | None = strawberry.field(
        default=None, description="Which child of a sibling group; may be left out where there is one."
    )


@strawberry.input(description="How one need is met.")
class NeedMetInput:
    need: str = strawberry.field(description="The need, in words; `offerPrefill` lists those that are stated.")
    how: OfferAnswerInput = strawberry.field(description="How it is met.")
    code: str | None = text("Which stated need it is, as `offerPrefill` names it.")
    child_id: UUID | None = text("The child of a sibling group whose need it is; null where it is all of theirs.")


@strawberry.input(description="An offer, whole or in part: what is left out stays as it is, null clears it.")
class OfferInput:
    placement: PlacementInput | None = text("Where the child would live.")
    fees: list[FeeInput] | None = text("What is charged, for each child.")
    available_from: date | None = text("From which day; not before the day of submission, and needed for it.")
    matching: OfferAnswerInput | None = text("Matching with the other children, and the impact on them.")
    needs_met: list[NeedMetInput] | None = text("How each need is met.")
    staffing: OfferAnswerInput | None = text("Staffing.")
    education: OfferAnswerInput | None = text("Education.")
    conditions: list[str] | None = text("Conditions that the offer depends on.")
    notice_by_provider: str | None = text("Notice that the provider gives.")
    notice_by_authority: str | None = text("Notice that the authority is asked to give.")
    trial_period: str | None = text("Trial period asked for.")
    named_carer: str | None = text("The manager or carer for the child.")
    further: OfferAnswerInput | None = text("Anything else.")
