"""What an offer comes to, reckoned again from its parts alone: exactly, in pence, half a penny counting as one."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

Json = Mapping[str, Any]


def pence(exact: Fraction) -> int:
    whole, rest = divmod(exact.numerator * 200 + exact.denominator, exact.denominator * 2)
    assert 0 <= rest < exact.denominator * 2
    return int(whole)


def shown(amount: Any) -> int:
    """Pence of an amount as the portal says it."""
    pounds, _, part = str(amount).partition(".")
    assert len(part) == 2, amount
    return int(pounds) * 100 + int(part)


def a_week(fee: Json) -> Fraction:
    weekly = [cost for cost in fee["additionalCosts"] if cost["unit"] != "ONCE"]
    return Fraction(fee["coreFeeWeekly"]) + sum(_each(cost) for cost in weekly)


def a_year(fee: Json, start: str | None) -> Fraction:
    total = Fraction(fee["coreFeeWeekly"]) * 365 / 7
    for cost in fee["additionalCosts"]:
        days = _days(cost, start)
        total += _each(cost) * bool(days) if cost["unit"] == "ONCE" else _each(cost) * days / 7
    return total


def _each(cost: Json) -> Fraction:
    return Fraction(cost["amount"]) * Fraction(str(cost["quantity"]))


def _days(cost: Json, start: str | None) -> int:
    """Day by day: those of the first 365 on which it is charged."""
    if start is None:
        return 365
    year = [date.fromisoformat(start) + timedelta(days=n) for n in range(365)]
    first, last = (date.fromisoformat(cost[name]) if cost[name] else None for name in ("from", "until"))
    return sum((first is None or first <= day) and (last is None or day <= last) for day in year)


def parts_apart(fee: Json) -> list[str]:
    """The totals of one child to which the amounts shown above them do not add up, penny by penny."""
    week, year = (sum(shown(cost[name]) for cost in fee["additionalCosts"]) for name in ("weekly", "firstYear"))
    come_to = {
        "additionalWeekly": week, "weeklyTotal": shown(fee["coreFeeWeekly"]) + week,
        "firstYearTotal": shown(fee["coreFirstYear"]) + year,
    }  # fmt: skip
    return [name for name, amount in come_to.items() if shown(fee[name]) != amount]


def adds_up(terms: Json, totals: Mapping[str, Any]) -> list[str]:
    """Where what is said differs from the sum of its parts, for each child and in all."""
    faults, sums = [], {"coreFeeWeekly": 0, "weeklyTotal": 0, "firstYearTotal": 0}
    for fee in terms["fees"]:
        exact = {
            "coreFeeWeekly": Fraction(fee["coreFeeWeekly"]), "weeklyTotal": a_week(fee),
            "firstYearTotal": a_year(fee, terms.get("availableFrom")),
        }  # fmt: skip
        for name, amount in exact.items():
            sums[name] += shown(fee[name])
            if shown(fee[name]) != pence(amount):
                faults.append(f"{name} of {fee['childId']}: {fee[name]} is not {pence(amount)} pence")
        faults += [f"{name} of {fee['childId']} is not what its parts come to" for name in parts_apart(fee)]
    said = {name: shown(amount) for name, amount in totals.items()}
    return faults + [
        f"{name} in all: {said[name]} is not {sums[name]} pence" for name in said if said[name] != sums[name]
    ]
