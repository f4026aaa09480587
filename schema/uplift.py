"""Uplifts of the core fee as a client sees them, and what is owed on a day."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import strawberry

from models import uplift
from models.lifecycle import Side
from models.uplift import UpliftStatus
from schema.enums import UpliftAction
from schema.fields import connection, shows, told
from schema.node import Node
from schema.pages import PageInfo
from schema.problems import Problem


@shows(uplift.Uplift, "A rise of the core fee of a signed agreement: proposed by one side, agreed by the other.")
class Uplift(Node):
    id: UUID = told("Its id.")
    reference: str = told("Its reference, like WM-7KD4X-RES-A1-U1.")
    ipa_id: UUID = told("The agreement, which itself never changes.")
    referral_id: UUID = told("The referral that it came from.")
    status: UpliftStatus = told("Its state; what is AGREED is in effect from its day on.")
    version: int = told("Send it back as `expectedVersion`.")
    proposed_by: Side = told("The side that proposed it; the other one answers.")
    proposed_at: datetime = told("When it was proposed.")
    proposed_by_name: str = told("Who proposed it.")
    percentage: Decimal | None = told("Per cent by which the fee rises; null where an amount was proposed.")
    amount: Decimal | None = told("Pounds a week by which it rises; null where a percentage was proposed.")
    effective_from: date = told("The first day of the new fee, in London.")
    fee_before: Decimal = told("Core fee a week in pounds on the day before, with every uplift agreed by then.")
    fee_after: Decimal = told("Core fee a week in pounds with it; where it is not agreed, what it would come to.")
    reason: str = told("Why, in the words of whoever proposed it.")
    closed_at: datetime | None = told("When it was agreed, refused, withdrawn or ended.")
    closed_by_name: str | None = told("Who did that; null where it ended with the agreement.")
    refuse_reason: str | None = told("Why it was refused.")
    updated_at: datetime = told("When it last changed.")
    can: list[UpliftAction] = told("What you may do with it now.")  # type: ignore[valid-type]


@strawberry.type(description="An uplift at its place in a list.")
class UpliftEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on from here.")
    node: Uplift = strawberry.field(description="The uplift.")


@connection("Uplift", "A page of uplifts.")
class UpliftConnection:
    edges: list[UpliftEdge] = strawberry.field(description="The uplifts with their cursors.")
    nodes: list[Uplift] = strawberry.field(description="The uplifts.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")
    total_count: int = strawberry.field(description="How many there are in all.")


@strawberry.type(description="The answer of an act on an uplift.")
class UpliftPayload:
    uplift: Uplift | None = strawberry.field(default=None, description="The uplift as it is now.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")


@strawberry.type(description="An additional cost that is charged on that day.")
class CostOn:
    description: str = strawberry.field(description="What it is for.")
    weekly: Decimal = strawberry.field(description="What it comes to in a week, in pounds: its part of the total.")


@strawberry.type(description="What an agreement asks for one child on one day.")
class AgreementFee:
    on: date = strawberry.field(description="The day, in London.")
    agreed_core_fee_weekly: Decimal = strawberry.field(description="Core fee a week in pounds, as it was signed.")
    core_fee_weekly: Decimal = strawberry.field(
        description="Core fee a week in pounds on that day: every uplift agreed up to it, each upon the one before."
    )
    additional_costs: list[CostOn] = strawberry.field(
        description="Additional costs that are charged by the week on that day; single payments are on none."
    )
    weekly_total: Decimal = strawberry.field(description="All of it a week, in pounds.")
    stands_on: UUID | None = strawberry.field(
        description="The last uplift in effect on that day; null where it is the fee that was signed."
    )
