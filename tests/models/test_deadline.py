"""Working days of England, and what is due when, as people in London count days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models.deadline import Due, calendar_at


def at(day: str, time: str = "12:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{time}:00+00:00")


@pytest.mark.parametrize(
    ("day", "next_one"),
    [
        ("2026-06-15", "2026-06-16"),
        ("2026-06-19", "2026-06-22"),  # a Friday
        ("2026-06-20", "2026-06-22"),
        ("2026-04-02", "2026-04-07"),  # before Good Friday and Easter Monday
        ("2026-12-24", "2026-12-29"),  # Boxing Day falls on a Saturday
        ("2027-12-31", "2028-01-04"),  # New Year's Day falls on a Saturday
        ("2026-08-28", "2026-09-01"),
    ],
)
def test_weekends_and_bank_holidays_of_england_are_no_working_days(day: str, next_one: str) -> None:
    calendar = calendar_at(at(day))
    assert calendar.after(calendar.today) == date.fromisoformat(next_one)


def test_holidays_of_scotland_and_northern_ireland_alone_are_working_days() -> None:
    calendar = calendar_at(at("2026-03-16"))
    for day in ("2026-01-02", "2026-03-17", "2026-11-30"):
        assert calendar.works(date.fromisoformat(day))


def test_days_begin_at_midnight_in_london() -> None:
    before, after = calendar_at(at("2026-06-15", "22:59")), calendar_at(at("2026-06-15", "23:00"))
    assert (before.today, after.today) == (date(2026, 6, 15), date(2026, 6, 16))
    assert before.begins[Due.TODAY] == datetime(2026, 6, 14, 23, tzinfo=UTC)
    winter = calendar_at(at("2026-12-01"))
    assert winter.begins[Due.TODAY] == datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize("weekday", range(7))
def test_one_kind_of_due_date_begins_where_the_one_before_ends(weekday: int) -> None:
    begins = list(calendar_at(at("2026-03-30") + timedelta(days=weekday)).begins.values())  # Easter is ahead
    assert begins == sorted(set(begins))
