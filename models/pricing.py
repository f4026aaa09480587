"""What an offer comes to: every fee checked, totals computed by the one function in `money`."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from models.money import CostUnit, first_year_total, half_up, pounds, weekly, weekly_total
from models.refusal import Code, Refused, refuse_all

Json = dict[str, Any]
TOTALS = ("coreFeeWeekly", "weeklyTotal", "firstYearTotal")
MOST_OF_ONE = 1_000
MOST_IN_ALL = Decimal("99999999.99")


def priced(fees: Sequence[Json], children: Sequence[str], start: str | None) -> tuple[list[Json], tuple[Decimal, ...]]:
    """The fee lines with their totals, and the offer's core fee, weekly and first-year totals in pounds.

    One line for each child: an offer covers the whole group (S-061).
    """
    faults: list[Refused] = []
    lines = [_line(fee, children, str(place), start, faults) for place, fee in enumerate(fees)]
    if sorted(line["childId"] for line in lines) != sorted(children):
        faults.append(Refused(Code.INVALID_INPUT, "Give one fee for each child of the referral.", ["input", "fees"]))
    totals = tuple(sum((Decimal(line[name]) for line in lines), Decimal("0.00")) for name in TOTALS)
    if max(totals) > MOST_IN_ALL:
        faults.append(Refused(Code.INVALID_INPUT, "These fees come to more than the portal counts.", ["input", "fees"]))
    refuse_all(faults)
    return lines, totals


def _line(fee: Json, children: Sequence[str], place: str, start: str | None, faults: list[Refused]) -> Json:
    path = ["input", "fees", place]
    core = _amount(fee["coreFeeWeekly"], [*path, "coreFeeWeekly"], faults)
    costs = [
        _cost(cost, [*path, "additionalCosts", str(n)], faults)
        for n, cost in enumerate(fee.get("additionalCosts") or ())
    ]
    day = date.fromisoformat(start) if start else None
    child = fee.get("childId") or (children[0] if len(children) == 1 else None)
    return {
        "childId": child or "",
        "coreFeeWeekly": str(core),
        "includes": fee.get("includes"),
        "additionalCosts": costs,
        "weeklyTotal": str(weekly_total(core, costs)),
        "firstYearTotal": str(first_year_total(core, costs, day)),
    }


def _cost(cost: Json, path: list[str], faults: list[Refused]) -> Json:
    amount = _amount(cost["amount"], [*path, "amount"], faults)
    quantity = _quantity(cost, path, faults)
    if cost.get("from") and cost.get("until") and cost["until"] < cost["from"]:
        faults.append(Refused(Code.INVALID_INPUT, "This cost ends before it starts.", [*path, "until"]))
    known: Mapping[str, Any] = {
        "description": cost["description"].strip(),
        "amount": str(amount),
        "unit": CostUnit(cost["unit"]),
        "quantity": format(quantity.normalize(), "f"),
        "from": cost.get("from"),
        "until": cost.get("until"),
    }
    if not known["description"]:
        faults.append(Refused(Code.INVALID_INPUT, "Say what this cost is for.", [*path, "description"]))
    return {**known, "weekly": str(half_up(weekly(known)))}


def _quantity(cost: Json, path: list[str], faults: list[Refused]) -> Decimal:
    quantity = Decimal(cost.get("quantity") or 1)
    if 0 < quantity <= MOST_OF_ONE and quantity == round(quantity, 2):
        return quantity
    sentence = f"Give a quantity above zero, at most {MOST_OF_ONE:,}, with two decimal places at most."
    faults.append(Refused(Code.INVALID_INPUT, sentence, [*path, "quantity"]))
    return Decimal(1)


def _amount(text: str, path: list[str], faults: list[Refused]) -> Decimal:
    try:
        return pounds(Decimal(text), *path)
    except Refused as fault:
        faults.append(fault)
        return Decimal("0.00")
