"""Money: pounds sterling as decimals, totals computed once and exactly."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import accumulate, pairwise
from math import floor
from typing import Any

from models.refusal import Code, Refused, refuse_all

Cost = Mapping[str, Any]
LIKE = 'Amounts are written in pounds, like "4100.00".'
PENNY = Decimal("0.01")
MOST = Decimal(1_000_000)
YEAR = timedelta(days=365)


class CostUnit(StrEnum):
    """How an additional cost is charged: per hour, night or week of `quantity` a week, or once."""

    HOUR = "HOUR"
    NIGHT = "NIGHT"
    WEEK = "WEEK"
    ONCE = "ONCE"


def pounds(amount: Decimal, *path: str) -> Decimal:
    """An amount above zero and at most a million pounds, in whole pence; anything else is refused (S-088)."""
    refuse_all(amount_faults(amount, *path))
    return amount.quantize(PENNY)


def amount_faults(amount: Decimal, *path: str) -> list[Refused]:
    """Why this is no amount: the one thing that is wrong with it."""
    if not amount.is_finite():
        return [Refused(Code.INVALID_AMOUNT, f"{amount} is no amount. {LIKE}", path)]
    if amount <= 0:
        return [Refused(Code.INVALID_AMOUNT, "The amount must be above zero.", path)]
    if amount > MOST:
        return [Refused(Code.INVALID_AMOUNT, "The amount is over a million pounds.", path)]
    if amount != round(amount, 2):
        return [Refused(Code.INVALID_AMOUNT, "An amount has two decimal places at most: pounds and whole pence.", path)]
    return []


def half_up(amount: Fraction) -> Decimal:
    """An amount of nothing or more, rounded to whole pence; half a penny counts as one."""
    return Decimal(floor(amount * 100 + Fraction(1, 2))).scaleb(-2)


@dataclass(frozen=True)
class Sums:
    """The core fee and each additional cost in whole pence, and what they come to: exactly the sum of these parts."""

    core: Decimal
    costs: tuple[Decimal, ...]
    total: Decimal


def sums(core: Fraction, costs: Iterable[Fraction]) -> Sums:
    """The total is exact and rounded once, half-up; each part is what the rounded running total grows by with it.

    So the parts always add up to the total, and none is a whole penny away from what it would be by itself.
    """
    running = list(accumulate(costs, initial=core))
    rounded = [half_up(amount) for amount in running]
    parts = [rounded[0], *(after - before for before, after in pairwise(rounded))]
    return Sums(parts[0], tuple(parts[1:]), rounded[-1])


def weekly_sums(core_fee: Decimal, costs: Iterable[Cost]) -> Sums:
    """A week: the core fee and every cost that is charged by the week, in whichever weeks it is charged (S-089)."""
    return sums(Fraction(core_fee), (weekly(cost) for cost in costs))


def first_year_sums(core_fee: Decimal, costs: Iterable[Cost], start: date | None) -> Sums:
    """The first 365 days from the start: the core fee, each weekly cost for its days within them, single payments.

    A single payment counts where one of its days lies within them. While no start is known everything counts.
    """
    return sums(Fraction(core_fee) * YEAR.days / 7, (_first_year(cost, start) for cost in costs))


def weekly(cost: Cost) -> Fraction:
    """What an additional cost comes to in a week; a single payment comes to nothing."""
    return Fraction(0) if cost["unit"] == CostUnit.ONCE else whole(cost)


def whole(cost: Cost) -> Fraction:
    """Amount times quantity."""
    return Fraction(cost["amount"]) * Fraction(str(cost.get("quantity") or 1))


def weekly_total(core_fee: Decimal, costs: Iterable[Cost]) -> Decimal:
    return weekly_sums(core_fee, costs).total


def first_year_total(core_fee: Decimal, costs: Iterable[Cost], start: date | None) -> Decimal:
    return first_year_sums(core_fee, costs, start).total


def _first_year(cost: Cost, start: date | None) -> Fraction:
    days = _days(cost, start)
    if cost["unit"] == CostUnit.ONCE:
        return whole(cost) if days else Fraction(0)
    return weekly(cost) * days / 7


def _days(cost: Cost, start: date | None) -> int:
    """How many of the first 365 days a cost runs, both its first and last day included; all while no start is known."""
    if start is None:
        return YEAR.days
    last_day = start + YEAR - timedelta(days=1)
    first = max(start, date.fromisoformat(cost["from"])) if cost.get("from") else start
    last = min(last_day, date.fromisoformat(cost["until"])) if cost.get("until") else last_day
    return max(0, (last - first).days + 1)
