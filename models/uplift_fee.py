"""The core fee after signature: what an uplift makes of it, and what is owed on any day. To the penny at every step."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol
from uuid import UUID

from models.money import half_up, weekly, weekly_sums


class Step(Protocol):
    """An agreed uplift, as far as the fee is concerned: a percentage or an amount, from a day on."""

    @property
    def id(self) -> UUID: ...
    @property
    def percentage(self) -> Decimal | None: ...
    @property
    def amount(self) -> Decimal | None: ...
    @property
    def effective_from(self) -> date: ...


def raised(fee: Decimal, percentage: Decimal | None, amount: Decimal | None) -> Decimal:
    """The weekly fee after one uplift in pounds and pence; half a penny counts as one, at each uplift anew."""
    if percentage is None:
        return fee + (amount or Decimal(0))
    return half_up(Fraction(fee) * Fraction(100 + percentage) / 100)


@dataclass(frozen=True)
class CostOn:
    """An additional cost that runs, and its part of the weekly total."""

    description: str
    weekly: Decimal


@dataclass(frozen=True)
class FeeOn:
    """What one child's placement costs a week on one day in London; `stands_on` is the last uplift in effect then."""

    on: date
    agreed_core_fee_weekly: Decimal
    core_fee_weekly: Decimal
    additional_costs: Sequence[CostOn]
    weekly_total: Decimal
    stands_on: UUID | None


def fee_on(fee: Mapping[str, Any], agreed: Iterable[Step], day: date) -> FeeOn:
    """The one answer to what is owed on a day: the fee of the offer, each agreed uplift up to that day upon the one
    before, and the additional costs that run on it. Before the first uplift it is the fee that was signed (S-090).
    """
    first = core = Decimal(fee["coreFeeWeekly"])
    last: UUID | None = None
    for step in sorted(agreed, key=lambda each: each.effective_from):
        if step.effective_from <= day:
            core, last = raised(core, step.percentage, step.amount), step.id
    costs = [cost for cost in fee.get("additionalCosts") or () if runs(cost, day)]
    sums = weekly_sums(core, costs)
    told = [CostOn(cost["description"], part) for cost, part in zip(costs, sums.costs, strict=True)]
    return FeeOn(day, first, core, told, sums.total, last)


def runs(cost: Mapping[str, Any], day: date) -> bool:
    """Whether an additional cost is charged on a day: its first and its last day included, a single payment on none."""
    begun = not cost.get("from") or date.fromisoformat(cost["from"]) <= day
    over = bool(cost.get("until")) and date.fromisoformat(cost["until"]) < day
    return begun and not over and bool(weekly(cost))
