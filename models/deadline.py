"""Deadlines for answers, by working days: they drive worklists and decline nothing (S-048)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any

from holidays import country_holidays
from sqlalchemy import ColumnElement, Date, Integer, Text, and_, case, cast, func, literal_column, null

from models.age import london_day
from models.base import shown
from models.rollout import LONDON

YEARS_BACK, YEARS_AHEAD = 2, 3
DAY = timedelta(days=1)
FIRST_MONDAY = literal_column("DATE '1900-01-01'", Date)


class Due(StrEnum):
    """When an answer is due, seen from today. What falls on days off has to be seen to on the working day before."""

    OVERDUE = "OVERDUE"
    TODAY = "TODAY"
    NEXT_WORKING_DAY = "NEXT_WORKING_DAY"
    WITHIN_A_WEEK = "WITHIN_A_WEEK"
    LATER = "LATER"
    NONE = "NONE"


OVERDUE, TODAY, NEXT_WORKING_DAY, WITHIN_A_WEEK, LATER, NONE = Due
AHEAD = {TODAY: 0, NEXT_WORKING_DAY: 1, WITHIN_A_WEEK: 2, LATER: 6}  # working days


@dataclass(frozen=True)
class Calendar:
    """One day in London and the working days around it.

    `bank_holidays` are those of England on weekdays, from two years ago to three years ahead, as the library knows.
    """

    today: date
    bank_holidays: tuple[date, ...]

    def works(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.bank_holidays

    def after(self, day: date, days: int = 1) -> date:
        """The working day that comes so many working days after a day."""
        while days:
            day += DAY
            days -= self.works(day)
        return day

    @property
    def begins(self) -> dict[Due, datetime]:
        """The instant at which each kind of due date but OVERDUE begins; one ends where the next begins."""
        days = {due: self.after(self.today, ahead) for due, ahead in AHEAD.items()}
        return {due: datetime(day.year, day.month, day.day, tzinfo=LONDON) for due, day in days.items()}

    @cached_property
    def values(self) -> dict[str, Any]:
        """What the parameters stand for that expressions of a day use."""
        begins = {f"me_begins_{due.lower()}": at for due, at in self.begins.items()}
        return {"me_today": self.today, "me_bank_holidays": list(self.bank_holidays), **begins}


def calendar_at(now: datetime) -> Calendar:
    return _calendar(london_day(now))


@lru_cache(maxsize=8)
def _calendar(today: date) -> Calendar:
    years = range(today.year - YEARS_BACK, today.year + YEARS_AHEAD + 1)
    known = country_holidays("GB", subdiv="ENG", years=years)
    return Calendar(today, tuple(sorted(day for day in known if day.weekday() < 5)))


# ── in the database ──────────────────────────────────────────────────────────
class Answerable:
    """A record with a deadline for answers, which counts while it is sent and no offer has been accepted."""

    @staticmethod
    def awaited(row: Any) -> ColumnElement[bool]:
        return and_(row.status == "SENT", ~row.accepted, row.response_deadline.is_not(None))

    @shown
    def due(row: Any, me: Any) -> Any:
        """When an answer is due; NONE where none is hoped for."""
        ends = zip(Due, me.begins.values(), strict=False)  # OVERDUE ends where TODAY begins, and so on
        whens = [(~Answerable.awaited(row), NONE), *((row.response_deadline < end, kind) for kind, end in ends)]
        return case(*((when, _word(kind)) for when, kind in whens), else_=_word(LATER))

    @shown
    def working_days_left(row: Any, me: Any) -> Any:
        """0 when it is due today, -1 or less from the day after the deadline on."""
        left = _working_days_until(_day(row.response_deadline), me) - _working_days_until(me.today, me)
        overdue = (row.response_deadline < me.begins[TODAY], func.least(left, literal_column("-1")))
        return case((~Answerable.awaited(row), null()), overdue, else_=left)

    @shown
    def deadline_on_a_day_off(row: Any, me: Any) -> Any:
        """Worth a warning, nothing more."""
        day = _day(row.response_deadline)
        eve = cast(day - literal_column("1", Integer), Date)
        same = _working_days_until(day, me) == _working_days_until(eve, me)
        return func.coalesce(same, literal_column("false"))


def overdue(deadline: Any, me: Any) -> ColumnElement[bool]:
    """Whether its day has passed, as a range of instants that an index can give."""
    passed: ColumnElement[bool] = deadline < me.begins[TODAY]
    return passed


def due_today(deadline: Any, me: Any) -> ColumnElement[bool]:
    """Whether it has to be seen to today, as such a range."""
    return and_(deadline >= me.begins[TODAY], deadline < me.begins[NEXT_WORKING_DAY])


def _word(kind: Due) -> ColumnElement[str]:
    return literal_column(f"'{kind}'", Text)


def _day(instant: Any) -> Any:
    return cast(func.timezone("Europe/London", instant), Date)


def _working_days_until(day: Any, me: Any) -> Any:
    """Working days from 1900 to that day inclusive: of whole weeks, of the last one, without bank holidays."""
    days = day.op("-", return_type=Integer())(FIRST_MONDAY)
    weeks = days.op("/", return_type=Integer())(literal_column("7"))
    rest = days.op("%", return_type=Integer())(literal_column("7")) + literal_column("1", Integer)
    weekdays = weeks * literal_column("5", Integer) + func.least(rest, literal_column("5"))
    return weekdays - func.width_bucket(day, me.bank_holidays, type_=Integer())
