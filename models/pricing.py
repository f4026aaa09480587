"""What an offer comes to: every fee checked, totals computed by the one function in `money`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from models.money import CostUnit, Sums, amount_faults, first_year_sums, weekly_sums
from models.refusal import Code, Refused, refuse_all

Json = dict[str, Any]
TOTALS = ("coreFeeWeekly", "weeklyTotal", "firstYearTotal")
MOST_OF_ONE = 1_000
MOST_IN_ALL = Decimal("99999999.99")
FEES = ("input", "fees")


def priced(fees: Sequence[Json], children: Sequence[str], start: str | None) -> tuple[list[Json], tuple[Decimal, ...]]:
    """The fee lines with their totals, and the offer's core fee, weekly and first-year totals in pounds.

    One line for each child: an offer covers the whole group (S-061). The offer comes to the sum of its lines, since
    each child's line becomes the price of an agreement of its own.
    """
    if not fees:
        raise Refused(Code.CORE_FEE_REQUIRED, "Give the core weekly fee.", FEES)
    faults: list[Refused] = []
    named = [str(fee.get("childId") or (children[0] if len(children) == 1 else "")) for fee in fees]
    day = date.fromisoformat(start) if start else None
    lines = [
        _line(fee, child, str(place), day, faults) for place, (fee, child) in enumerate(zip(fees, named, strict=True))
    ]
    faults.extend(_unlike(named, children))
    totals = tuple(sum((Decimal(line[name]) for line in lines), Decimal("0.00")) for name in TOTALS)
    if max(totals) > MOST_IN_ALL:
        sentence = f"These fees come to more than £{MOST_IN_ALL:,}, the most that an offer can come to."
        faults.append(Refused(Code.INVALID_AMOUNT, sentence, FEES))
    refuse_all(faults)
    return lines, totals


def _unlike(named: Sequence[str], children: Sequence[str]) -> Iterator[Refused]:
    """Every line for no child of the referral or for one that has a line already, and children without any."""
    for place, child in enumerate(named):
        if child not in children or child in named[:place]:
            sentence = (
                "This names no child of the referral." if child not in children else "This child has a fee already."
            )
            yield Refused(Code.FEES_NOT_FOR_CHILDREN, sentence, [*FEES, str(place), "childId"])
    if not set(children) <= set(named):
        yield Refused(Code.FEES_NOT_FOR_CHILDREN, "Give one fee for each child of the referral.", FEES)


def _line(fee: Json, child: str, place: str, start: date | None, faults: list[Refused]) -> Json:
    path = [*FEES, place]
    core = _amount(fee["coreFeeWeekly"], [*path, "coreFeeWeekly"], faults)
    costs = [
        _cost(cost, [*path, "additionalCosts", str(n)], faults)
        for n, cost in enumerate(fee.get("additionalCosts") or ())
    ]
    weekly, year = weekly_sums(core, costs), first_year_sums(core, costs, start)
    return {
        "childId": child,
        "coreFeeWeekly": str(core),
        "includes": (fee.get("includes") or "").strip() or None,
        "additionalCosts": _with_sums(costs, weekly, year),
        "additionalWeekly": str(weekly.total - weekly.core),
        "weeklyTotal": str(weekly.total),
        "coreFirstYear": str(year.core),
        "firstYearTotal": str(year.total),
    }


def _with_sums(costs: Sequence[Json], weekly: Sums, year: Sums) -> list[Json]:
    each = zip(costs, weekly.costs, year.costs, strict=True)
    return [{**cost, "weekly": str(in_week), "firstYear": str(in_year)} for cost, in_week, in_year in each]


def _cost(cost: Mapping[str, Any], path: list[str], faults: list[Refused]) -> Json:
    if cost.get("from") and cost.get("until") and cost["until"] < cost["from"]:
        faults.append(Refused(Code.COST_ENDS_BEFORE_START, "This cost ends before it starts.", [*path, "until"]))
    description = cost["description"].strip()
    if not description:
        faults.append(Refused(Code.DESCRIPTION_REQUIRED, "Say what this cost is for.", [*path, "description"]))
    return {
        "description": description,
        "amount": str(_amount(cost["amount"], [*path, "amount"], faults)),
        "unit": CostUnit(cost["unit"]),
        "quantity": format(_quantity(cost, path, faults).normalize(), "f"),
        "from": cost.get("from"),
        "until": cost.get("until"),
    }


def _quantity(cost: Mapping[str, Any], path: list[str], faults: list[Refused]) -> Decimal:
    quantity = Decimal(cost.get("quantity") or 1)
    if 0 < quantity <= MOST_OF_ONE and quantity == round(quantity, 2):
        return quantity
    sentence = f"Give a quantity above zero, at most {MOST_OF_ONE:,}, with two decimal places at most."
    faults.append(Refused(Code.INVALID_QUANTITY, sentence, [*path, "quantity"]))
    return Decimal(1)


def _amount(text: str, path: list[str], faults: list[Refused]) -> Decimal:
    amount = Decimal(text)
    found = amount_faults(amount, *path)
    faults.extend(found)
    return Decimal("0.00") if found else round(amount, 2)
