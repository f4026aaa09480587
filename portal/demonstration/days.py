"""Days on which people meet."""

from __future__ import annotations

from datetime import date, timedelta

SATURDAY = 5


def on_a_weekday(day: date) -> date:
    """That day, or the Monday after when it falls on a weekend."""
    return day if day.weekday() < SATURDAY else day + timedelta(days=7 - day.weekday())
