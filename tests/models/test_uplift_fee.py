"""The core fee on any day: every agreed uplift up to it, each upon the one before, to the penny."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.refusal import Code, Refused
from models.uplift_asked import Rise, per_cent, timely
from models.uplift_fee import fee_on, raised

START = date(2026, 7, 1)
NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Agreed:
    effective_from: date
    percentage: Decimal | None = None
    amount: Decimal | None = None
    id: UUID = field(default_factory=uuid4)


# fee before, percentage, amount, fee after
GOLDEN = [
    ("4100.00", "3.50", None, "4243.50"),
    ("4243.50", None, "120.00", "4363.50"),
    ("4363.50", "2.75", None, "4483.50"),  # 4483.49625
    ("3333.33", "3.33", None, "3444.33"),  # 3444.329889
    ("0.50", "1.00", None, "0.51"),  # 0.505: half a penny counts as one
    ("0.49", "1.00", None, "0.49"),  # 0.4949
    ("1234.50", "0.01", None, "1234.62"),  # 1234.62345
    ("999.95", "100.00", None, "1999.90"),
    ("999999.99", None, "0.01", "1000000.00"),
]


# S-090
@pytest.mark.parametrize(("before", "percentage", "amount", "after"), GOLDEN)
def test_an_uplift_is_worked_out_to_the_penny(
    before: str, percentage: str | None, amount: str | None, after: str
) -> None:
    share, pounds = (None if text is None else Decimal(text) for text in (percentage, amount))
    assert str(raised(Decimal(before), share, pounds)) == after


# S-090
def test_each_uplift_rises_upon_the_rounded_fee_before_it() -> None:
    """100.33 by a half per cent is 100.83165, so 100.83; again 101.33415, so 101.33. Rounded at the end: 101.34."""
    chain = [Agreed(START + timedelta(days=n), Decimal("0.50")) for n in range(2)]
    shown = fee_on({"coreFeeWeekly": "100.33"}, chain, START + timedelta(days=1))
    assert str(shown.core_fee_weekly) == "101.33"
    assert (Decimal("100.33") * Decimal("1.005") ** 2).quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal("101.34")


steps = st.one_of(
    st.decimals("0.01", "100.00", places=2).map(lambda share: (share, None)),
    st.decimals("0.01", "5000.00", places=2).map(lambda pounds: (None, pounds)),
)


# S-090
@given(
    fee=st.decimals("0.01", "9000.00", places=2),
    rises=st.lists(st.tuples(st.integers(0, 2000), steps), max_size=6, unique_by=lambda each: each[0]),
    at=st.integers(-100, 2100),
    shuffled=st.randoms(),
)
def test_the_fee_on_any_day_is_the_fold_of_what_was_agreed_up_to_it(
    fee: Decimal, rises: list[Any], at: int, shuffled: Any
) -> None:
    chain = [Agreed(START + timedelta(days=day), *rise) for day, rise in sorted(rises, key=lambda each: each[0])]
    day, expected, last = START + timedelta(days=at), fee, None
    for step in chain:
        if step.effective_from <= day:
            exact = expected * (1 + step.percentage / 100) if step.percentage else expected + (step.amount or 0)
            expected, last = exact.quantize(Decimal("0.01"), ROUND_HALF_UP), step.id
    shuffled.shuffle(chain)
    shown = fee_on({"coreFeeWeekly": str(fee)}, chain, day)
    assert (shown.core_fee_weekly, shown.stands_on) == (expected, last)
    assert (shown.agreed_core_fee_weekly, shown.weekly_total) == (fee, expected)


COSTS = [
    {
        "description": "Tutor",
        "amount": "40.00",
        "unit": "HOUR",
        "quantity": "3",
        "from": "2026-08-01",
        "until": "2026-08-31",
    },
    {"description": "Transport", "amount": "65.00", "unit": "WEEK", "from": None, "until": "2026-08-01"},
    {"description": "Bed", "amount": "300.00", "unit": "ONCE", "from": None, "until": None},
]  # fmt: skip


# S-089, S-090
@pytest.mark.parametrize(("day", "running", "total"), [
    ("2026-07-31", ["Transport"], "1065.00"),
    ("2026-08-01", ["Tutor", "Transport"], "1185.00"),
    ("2026-08-02", ["Tutor"], "1120.00"),
    ("2026-08-31", ["Tutor"], "1120.00"),
    ("2026-09-01", [], "1000.00"),
])  # fmt: skip
def test_the_total_of_a_day_has_the_costs_that_run_on_it(day: str, running: list[str], total: str) -> None:
    shown = fee_on({"coreFeeWeekly": "1000.00", "additionalCosts": COSTS}, [], date.fromisoformat(day))
    assert ([cost.description for cost in shown.additional_costs], str(shown.weekly_total)) == (running, total)


# S-089, S-090
@given(st.decimals("0.01", "9000.00", places=2), st.lists(st.decimals("0.01", "99.99", places=2), max_size=5))
def test_the_total_of_a_day_is_the_sum_of_its_parts(fee: Decimal, amounts: list[Decimal]) -> None:
    costs = [{"description": "x", "amount": str(each), "unit": "HOUR", "quantity": "1.25"} for each in amounts]
    chain = [Agreed(START, Decimal("3.33"))]
    shown = fee_on({"coreFeeWeekly": str(fee), "additionalCosts": costs}, chain, START)
    assert shown.weekly_total == shown.core_fee_weekly + sum(cost.weekly for cost in shown.additional_costs)


# S-090
@pytest.mark.parametrize("text", ["0", "-1", "100.01", "3.333", "NaN", "sNaN", "Infinity", "1E+9", "1E-9"])
def test_what_is_no_percentage_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        per_cent(Decimal(text), "rise", "percentage")
    assert (refused.value.code, refused.value.path) == (Code.PERCENTAGE_REFUSED, ["rise", "percentage"])


# S-088, S-090
@pytest.mark.parametrize("text", ["0", "-1", "1000000.01", "0.001", "NaN", "sNaN", "Infinity"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        Rise.of(None, Decimal(text), "rise")
    assert refused.value.path == ["rise", "amount"]


def test_an_uplift_is_one_of_the_two() -> None:
    for both in ((None, None), (Decimal(1), Decimal(1))):
        with pytest.raises(Refused):
            Rise.of(*both)


# S-090
def test_an_uplift_that_raises_nothing_or_more_than_is_counted_is_refused() -> None:
    for rise, fee, code in (
        (Rise(percentage=Decimal("0.01")), "49.99", Code.PERCENTAGE_REFUSED),
        (Rise(amount=Decimal("0.02")), "999999.99", Code.UPLIFT_TOO_HIGH),
    ):
        with pytest.raises(Refused) as refused:
            rise.checked(Decimal(fee))
        assert refused.value.code == code
    assert str(Rise(percentage=Decimal("0.01")).checked(Decimal("50.00"))) == "50.01"


# S-090
@pytest.mark.parametrize(("at", "start", "code"), [
    (NOON, "2026-06-15", None),
    (NOON, "2026-06-14", Code.UPLIFT_BACKDATED),
    (datetime(2026, 6, 15, 23, 30, tzinfo=UTC), "2026-06-15", Code.UPLIFT_BACKDATED),  # past midnight in London
    (NOON, "2031-06-15", None),
    (NOON, "2031-06-16", Code.UPLIFT_TOO_FAR_AHEAD),
    (datetime(2028, 2, 29, 12, tzinfo=UTC), "2033-02-28", None),
    (datetime(2028, 2, 29, 12, tzinfo=UTC), "2033-03-01", Code.UPLIFT_TOO_FAR_AHEAD),
])  # fmt: skip
def test_an_uplift_begins_between_its_proposal_and_five_years_later(
    at: datetime, start: str, code: Code | None
) -> None:
    if code is None:
        timely(date.fromisoformat(start), at)
        return
    with pytest.raises(Refused) as refused:
        timely(date.fromisoformat(start), at, "input", "effectiveFrom")
    assert (refused.value.code, refused.value.path) == (code, ["input", "effectiveFrom"])
