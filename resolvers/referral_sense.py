"""What a draft of a referral cannot mean, field by field; each gives its faults with paths from its own input."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from models.age import london_day
from models.email import personal_email
from models.postcode_district import DISTRICT, NONE_SUCH, district_given
from models.refusal import Refused
from resolvers.inputs import YEARS, wrong

FARTHEST = 300
MOST_CHILDREN = 20
YEAR = timedelta(days=365)
LEAST_DIGITS = 3
NEGATIVE = re.compile(r"(^|[:/])\s*[-\u2212]\s*\d")


def contact(given: Any) -> Iterator[Refused]:
    """A name, and where it is given an e-mail address that can be one and a number that can be dialled."""
    if not given.name.strip():
        yield wrong("Give the person's name.", "name")
    if given.phone and given.phone.strip() and sum(map(str.isdigit, given.phone)) < LEAST_DIGITS:
        yield wrong("This is not a telephone number.", "phone")
    if given.email and given.email.strip():
        yield from refusal(partial(personal_email, generic=True), given.email, "email")


def refusal(check: Callable[..., object], value: str, *path: str) -> Iterator[Refused]:
    """What the check of a model finds wrong, at this path."""
    try:
        check(value)
    except Refused as fault:
        yield wrong(fault.message, *path)


def near(place: str | None) -> Iterator[Refused]:
    """Refuses what has not even the form of a district; whether there is such a one the act finds out."""
    if isinstance(place, str) and not DISTRICT.fullmatch(district_given(place)):
        yield wrong(NONE_SUCH, "near")


def radius(miles: int | None) -> Iterator[Refused]:
    if miles and not 0 <= miles <= FARTHEST:
        yield wrong(f"Give 0 to {FARTHEST} miles.", "radiusMiles")


def staffing(ratio: str | None) -> Iterator[Refused]:
    if ratio and NEGATIVE.search(ratio):
        yield wrong("There cannot be fewer than no staff; write it like 2:1.", "staffingRatio")


def within(
    day: date | datetime | None, past: timedelta, ahead: timedelta, now: datetime, *path: str
) -> Iterator[Refused]:
    """Refuses a day that must be a slip of the pen: too long ago, or too far ahead."""
    if not day or day.year not in YEARS:
        return
    given, today = london_day(day) if isinstance(day, datetime) else day, london_day(now)
    if given < today - past:
        yield wrong(f"{given:%-d %B %Y} is too long ago.", *path)
    if given > today + ahead:
        yield wrong(f"{given:%-d %B %Y} is too far ahead.", *path)


def once(named: Sequence[Any] | None, what: str, *path: str, key: str) -> Iterator[Refused]:
    """Refuses what is named a second time: two answers about one thing cannot both be meant."""
    known = set[Any]()
    for place, item in enumerate(named or ()):
        name = getattr(item, key)
        if name and name in known:
            yield wrong(f"{what} is named twice.", *path, str(place), key)
        known.add(name)


def apart(preferred: Sequence[str] | None, excluded: Sequence[str] | None) -> Iterator[Refused]:
    wished = {area.strip().casefold() for area in preferred or ()}
    for place, area in enumerate(excluded or ()):
        if area.strip() and area.strip().casefold() in wished:
            yield wrong("This area is preferred as well.", "excludedAreas", str(place))
