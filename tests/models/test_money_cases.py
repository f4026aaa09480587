"""Golden cases of money, worked out once by counting days with whole numbers, and checked in as data (S-088, S-089)."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from models.money import CostUnit, first_year_sums, first_year_total, half_up, weekly, weekly_sums, weekly_total
from models.pricing import priced

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "money_cases.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_totals_are_exact_and_half_up_to_the_penny(case: dict[str, Any]) -> None:  # S-088, S-089
    core, start = Decimal(case["core"]), date.fromisoformat(case["start"]) if case["start"] else None
    assert str(weekly_total(core, case["costs"])) == case["weekly"]
    assert str(first_year_total(core, case["costs"], start)) == case["firstYear"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_what_is_shown_of_an_offer_adds_up(case: dict[str, Any]) -> None:  # S-089
    """The parts add up to the totals, each child's to the offer's, and they are the totals of the golden case."""
    costs = [{"description": "x", **cost} for cost in case["costs"]]
    fee = {"coreFeeWeekly": case["core"], "additionalCosts": costs}
    lines, totals = priced([{**fee, "childId": "a"}, {**fee, "childId": "b"}], ["a", "b"], case["start"])
    for line in lines:
        shown = line["additionalCosts"]
        assert (line["weeklyTotal"], line["firstYearTotal"]) == (case["weekly"], case["firstYear"])
        additional = sum((Decimal(cost["weekly"]) for cost in shown), Decimal(0))
        assert Decimal(line["coreFeeWeekly"]) + additional == Decimal(line["weeklyTotal"])
        assert Decimal(line["additionalWeekly"]) == additional
        in_year = sum((Decimal(cost["firstYear"]) for cost in shown), Decimal(line["coreFirstYear"]))
        assert in_year == Decimal(line["firstYearTotal"])
    assert totals == tuple(2 * Decimal(case[name]) for name in ("core", "weekly", "firstYear"))


def test_there_are_enough_of_them_and_none_twice() -> None:
    assert len({json.dumps({**case, "why": ""}) for case in CASES}) == len({case["why"] for case in CASES}) >= 30
    assert {cost["unit"] for case in CASES for cost in case["costs"]} == set(CostUnit)


def test_parts_add_up_and_are_never_a_penny_out() -> None:  # S-089
    random = Random(88)
    for _ in range(2_000):
        core = Decimal(random.randint(1, 10**8)).scaleb(-2)
        costs = [
            {
                "unit": random.choice(list(CostUnit)), "amount": str(Decimal(random.randint(1, 10**5)).scaleb(-2)),
                "quantity": str(Decimal(random.randint(1, 10**4)).scaleb(-2)),
            }
            for _ in range(random.randint(0, 8))
        ]  # fmt: skip
        for sums in (weekly_sums(core, costs), first_year_sums(core, costs, None)):
            assert sums.core + sum(sums.costs) == sums.total
        for cost, part in zip(costs, weekly_sums(core, costs).costs, strict=True):
            assert abs(part - half_up(weekly(cost))) <= Decimal("0.01")
            assert part >= 0
