"""Money: what counts as an amount, and totals to the penny."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from models.money import CostUnit, first_year_total, half_up, pounds, weekly_total
from models.pricing import priced
from models.refusal import Code, Refused, RefusedAll


@pytest.mark.parametrize("text", ["0", "-0.01", "0.001", "1000000.01", "NaN", "sNaN", "Infinity", "1E+40", "1E-40"])
def test_what_is_no_amount_is_refused(text: str) -> None:  # S-088
    with pytest.raises(Refused) as refused:
        pounds(Decimal(text), "input", "fee")
    assert (refused.value.code, refused.value.path) == (Code.INVALID_AMOUNT, ["input", "fee"])


@pytest.mark.parametrize(("text", "amount"), [("0.01", "0.01"), ("4100", "4100.00"), ("1E+6", "1000000.00")])
def test_an_amount_is_kept_in_pence(text: str, amount: str) -> None:
    assert str(pounds(Decimal(text))) == amount


@pytest.mark.parametrize(("amount", "rounded"), [
    (Fraction(1, 200), "0.01"), (Fraction(1, 201), "0.00"), (Fraction(3, 200), "0.02"), (Fraction(0), "0.00"),
    (Fraction(10**20 + 1, 200), "500000000000000000.01"),
])  # fmt: skip
def test_half_a_penny_counts_as_one(amount: Fraction, rounded: str) -> None:
    assert str(half_up(amount)) == rounded


START = date(2026, 7, 1)
GOLDEN: list[tuple[dict[str, Any], str, str]] = [
    ({"unit": "WEEK", "amount": "70.00"}, "1070.00", "55792.86"),
    ({"unit": "NIGHT", "amount": "100.00", "quantity": "2"}, "1200.00", "62571.43"),
    ({"unit": "HOUR", "amount": "20.00", "quantity": "7.5"}, "1150.00", "59964.29"),
    ({"unit": "ONCE", "amount": "250.00", "quantity": "2"}, "1000.00", "52642.86"),
    ({"unit": "WEEK", "amount": "70.00", "until": "2026-07-07"}, "1070.00", "52212.86"),
    ({"unit": "WEEK", "amount": "70.00", "from": "2026-07-08", "until": "2026-07-08"}, "1070.00", "52152.86"),
    ({"unit": "WEEK", "amount": "70.00", "from": "2027-06-30"}, "1070.00", "52152.86"),
    ({"unit": "WEEK", "amount": "70.00", "from": "2027-07-01"}, "1070.00", "52142.86"),
    ({"unit": "WEEK", "amount": "70.00", "until": "2026-06-30"}, "1070.00", "52142.86"),
]


@pytest.mark.parametrize(("cost", "week", "year"), GOLDEN)
def test_totals_of_a_thousand_a_week_and_one_cost(cost: dict[str, Any], week: str, year: str) -> None:  # S-089
    core = Decimal("1000.00")
    assert (str(weekly_total(core, [cost])), str(first_year_total(core, [cost], START))) == (week, year)


def test_lines_add_up_to_the_offer() -> None:  # S-061, S-089
    random = Random(61)
    for _ in range(200):
        children = [str(n) for n in range(random.randint(1, 4))]
        fees = [
            {"childId": child, "coreFeeWeekly": str(Decimal(random.randint(1, 10**6)).scaleb(-2)), "additionalCosts": [
                {"description": "x", "amount": "3.33", "unit": random.choice(list(CostUnit)), "quantity": "1.75"}
            ]}
            for child in children
        ]  # fmt: skip
        lines, totals = priced(fees, children, "2026-07-01")
        for place, name in enumerate(("coreFeeWeekly", "weeklyTotal", "firstYearTotal")):
            assert totals[place] == sum(Decimal(line[name]) for line in lines)
        assert totals[0] <= totals[1] <= totals[2]


@pytest.mark.parametrize("children", [["a", "a"], ["a"], ["a", "c"], []])
def test_one_line_for_each_child(children: list[str]) -> None:  # S-061
    fees = [{"childId": child, "coreFeeWeekly": "1.00"} for child in children]
    with pytest.raises(Refused) as refused:
        priced(fees, ["a", "b"], None)
    faults = refused.value.faults if isinstance(refused.value, RefusedAll) else [refused.value]
    expected = Code.FEES_NOT_FOR_CHILDREN if children else Code.CORE_FEE_REQUIRED
    assert {fault.code for fault in faults} == {expected}
