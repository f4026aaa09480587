"""Ages, as Europe/London counts days."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from models.age import age_on, london_day
from models.child import Child, valid_nhs_number
from models.provider import Category
from models.refusal import Code, Refused

RESIDENTIAL, FAMILIES = Category.RESIDENTIAL, Category.RESIDENTIAL_FAMILY_ASSESSMENT


def child(born: date | None, expected: date | None = None) -> Child:
    return Child(id=uuid4(), position=0, date_of_birth=born, expected_on=expected)


@pytest.mark.parametrize(("born", "day", "age"), [
    (date(2008, 2, 29), date(2026, 2, 28), (17, 11)),
    (date(2008, 2, 29), date(2026, 3, 1), (18, 0)),
    (date(2008, 2, 29), date(2024, 2, 29), (16, 0)),
    (date(2012, 5, 14), date(2026, 6, 15), (14, 1)),
    (date(2012, 5, 14), date(2026, 5, 13), (13, 11)),
    (date(2026, 5, 31), date(2026, 6, 30), (0, 0)),
    (date(2026, 6, 15), date(2026, 6, 15), (0, 0)),
])  # fmt: skip
def test_a_birthday_on_29_february_is_kept_on_1_march(born: date, day: date, age: tuple[int, int]) -> None:  # S-035
    assert age_on(born, day) == age


def test_age_never_falls_and_gains_twelve_months_a_year() -> None:
    for start in (date(2008, 2, 29), date(2010, 1, 31), date(2009, 12, 1)):
        ages = [age_on(start, start + timedelta(days=n)) for n in range(7_000)]
        assert ages == sorted(ages)
        assert all(0 <= months < 12 for _, months in ages)


def test_the_day_is_londons() -> None:  # S-035
    before_midnight = datetime(2026, 6, 14, 22, 59, tzinfo=UTC)
    assert london_day(before_midnight) == date(2026, 6, 14)
    assert london_day(before_midnight + timedelta(minutes=1)) == date(2026, 6, 15)
    eighteen = child(date(2008, 6, 15))
    assert eighteen.age_at(before_midnight, RESIDENTIAL) == (17, 11)
    with pytest.raises(Refused):
        eighteen.age_at(before_midnight + timedelta(minutes=1), RESIDENTIAL)


@pytest.mark.parametrize("category", list(Category))
def test_the_unborn_are_for_family_assessment_alone(category: Category) -> None:  # S-035
    unborn, at = child(None, date(2026, 9, 1)), datetime(2026, 6, 15, tzinfo=UTC)
    if category is FAMILIES:
        assert unborn.age_at(at, category) == (0, 0)
        return
    with pytest.raises(Refused) as refused:
        unborn.age_at(at, category)
    assert refused.value.code is Code.INCOMPLETE


@pytest.mark.parametrize("number", ["943 476 5919", "943-476-5919", "9434765919"])
def test_a_right_nhs_number_is_kept_as_digits(number: str) -> None:
    assert valid_nhs_number(number) == "9434765919"


@pytest.mark.parametrize("number", ["9434765918", "943476591", "94347659190", "943476591x", "٩٤٣٤٧٦٥٩١٩", ""])
def test_a_wrong_nhs_number_is_refused(number: str) -> None:
    with pytest.raises(Refused):
        valid_nhs_number(number)


def test_initials_are_of_given_and_family_name() -> None:
    named = Child(given_names=" ann marie", family_name="Ó Sé", known_as="Annie")
    assert (named.initials(), Child(given_names="  ", family_name=None).initials()) == ("A.Ó.", "")
