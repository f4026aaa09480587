"""What a provider may say in an offer; exactly one home or one fostering family (S-072 to S-074)."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import strawberry
from strawberry import UNSET

from models.money import CostUnit


def text(description: str) -> Any:
    return strawberry.field(default=UNSET, description=description)


@strawberry.input(description="A fostering family not yet known to the portal; kept for the next offer.")
class NewFamilyInput:
    name: str = strawberry.field(description="The family's name, as the agency knows it.")
    postcode: str | None = text("Postcode.")
    supervising_social_worker: str | None = text("The agency's supervising social worker.")
    household: str | None = text("Who lives there, pets, smokers.")
    experience: str | None = text("Experience.")


@strawberry.input(one_of=True, description="Exactly one home or one family of your organisation.")
class PlacementInput:
    home_id: UUID | None = strawberry.field(default=UNSET, description="A registered home, for all but fostering.")
    family_id: UUID | None = strawberry.field(default=UNSET, description="A family that you have saved.")
    family: NewFamilyInput | None = strawberry.field(default=UNSET, description="A family typed in for the first time.")


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
    core_fee_weekly: Decimal = strawberry.field(description='Pounds a week above zero, like "4100.00".')
    includes: str | None = text("What it includes: the Statement of Purpose it rests on.")
    additional_costs: list[CostInput] = strawberry.field(default_factory=list, description="Charges beyond it.")
    child_id: UUID | None = strawberry.field(
        default=None, description="Which child of a sibling group; may be left out where there is one."
    )


@strawberry.input(description="How one need is met.")
class NeedMetInput:
    need: str = strawberry.field(description="The need.")
    how: str = strawberry.field(description="How it is met.")


@strawberry.input(description="An offer, whole or in part: what is left out stays as it is, null clears it.")
class OfferInput:
    placement: PlacementInput | None = text("Where the child would live.")
    fees: list[FeeInput] | None = text("What is charged, for each child.")
    available_from: date | None = text("From which day.")
    matching: str | None = text("Matching with the other children, and the impact on them.")
    needs_met: list[NeedMetInput] | None = text("How each need is met.")
    staffing: str | None = text("Staffing.")
    education: str | None = text("Education.")
    conditions: list[str] | None = text("Conditions that the offer depends on.")
    notice_by_provider: str | None = text("Notice that the provider gives.")
    notice_by_authority: str | None = text("Notice that the authority is asked to give.")
    trial_period: str | None = text("Trial period asked for.")
    named_carer: str | None = text("The manager or carer for the child.")
    further: str | None = text("Anything else.")
