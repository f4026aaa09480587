"""Money: pounds sterling as decimals, totals computed once and exactly."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import Any

from models.refusal import Code, Refused

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
    try:
        exact = amount.is_finite() and amount == amount.quantize(PENNY)
    except InvalidOperation:
        exact = False
    if not exact:
        raise Refused(Code.INVALID_INPUT, "Give an amount in pounds and whole pence.", path)
    if amount <= 0:
        raise Refused(Code.INVALID_INPUT, "The amount must be above zero.", path)
    if amount > MOST:
        raise Refused(Code.INVALID_INPUT, "The amount is over a million pounds.", path)
    return amount.quantize(PENNY)


def half_up(amount: Fraction) -> Decimal:
    """An amount of nothing or more, rounded to whole pence; half a penny counts as one."""
    return Decimal(floor(amount * 100 + Fraction(1, 2))).scaleb(-2)


def weekly(cost: Mapping[str, Any]) -> Fraction:
    """What an additional cost comes to in a week; a single payment comes to nothing."""
    if cost["unit"] == CostUnit.ONCE:
        return Fraction(0)
    return whole(cost)


def whole(cost: Mapping[str, Any]) -> Fraction:
    """Amount times quantity."""
    return Fraction(cost["amount"]) * Fraction(str(cost.get("quantity") or 1))


def weekly_total(core_fee: Decimal, costs: Iterable[Mapping[str, Any]]) -> Decimal:
    """Core weekly fee and every weekly cost (S-089)."""
    return half_up(Fraction(core_fee) + sum((weekly(cost) for cost in costs), Fraction(0)))


def first_year_total(core_fee: Decimal, costs: Iterable[Mapping[str, Any]], start: date | None) -> Decimal:
    """The first 365 days from the start: the core fee, each weekly cost for its days within them, single payments."""
    total = Fraction(core_fee) * YEAR.days / 7
    for cost in costs:
        if cost["unit"] == CostUnit.ONCE:
            total += whole(cost)
        else:
            total += weekly(cost) * _days(cost, start) / 7
    return half_up(total)


def _days(cost: Mapping[str, Any], start: date | None) -> int:
    """How many of the first 365 days a cost runs, both its first and last day included; all while no start is known."""
    if start is None:
        return YEAR.days
    last_day = start + YEAR - timedelta(days=1)
    first = max(start, date.fromisoformat(cost["from"])) if cost.get("from") else start
    last = min(last_day, date.fromisoformat(cost["until"])) if cost.get("until") else last_day
    return max(0, (last - first).days + 1)
