"""Dated gates: both sides of every date."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from models.provider import Category
from models.refusal import Code, Refused
from models.rollout import (
    PILOT,
    PILOT_ENDS,
    PILOT_OPENS,
    PROFILES_OPEN,
    first_rows,
    profile_editing_open,
    referrals_open,
)

IDS = {name: uuid4() for name in (*PILOT, "Dudley")}
ROWS = first_rows(IDS)
SECOND = timedelta(seconds=1)


def refused(at: datetime, authority: str, category: Category | None) -> Code | None:
    try:
        referrals_open(ROWS, at, IDS[authority], category)
    except Refused as fault:
        return fault.code
    return None


@pytest.mark.parametrize("authority", list(IDS))
@pytest.mark.parametrize("category", list(Category))
def test_the_pilot_is_a_matrix_with_two_edges(authority: str, category: Category) -> None:  # S-043, S-044, S-045
    inside = None if category in PILOT.get(authority, ()) else Code.NOT_IN_PILOT
    assert refused(PILOT_OPENS - SECOND, authority, category) is Code.NOT_LIVE  # S-015
    assert refused(PILOT_OPENS, authority, category) is inside
    assert refused(PILOT_ENDS - SECOND, authority, category) is inside
    assert refused(PILOT_ENDS, authority, category) is None


def test_family_assessment_goes_where_residential_does() -> None:  # S-038, S-045
    for categories in PILOT.values():
        assert (Category.RESIDENTIAL in categories) is (Category.RESIDENTIAL_FAMILY_ASSESSMENT in categories)


def test_a_draft_without_a_category_is_for_authorities_in_the_pilot() -> None:
    assert [refused(PILOT_OPENS, name, None) for name in IDS] == [None, None, None, Code.NOT_IN_PILOT]
    with pytest.raises(Refused, match=r"does not take part in the pilot\. ") as refusal:
        referrals_open(ROWS, PILOT_OPENS, IDS["Dudley"], None)
    assert refusal.value.path == []


def test_the_refusal_says_when_it_opens_as_the_rows_do() -> None:  # S-044
    with pytest.raises(Refused, match="28 May 2026") as refusal:
        referrals_open(ROWS, PILOT_OPENS, IDS["Dudley"], Category.FOSTERING)
    assert refusal.value.facts["available_from"] == PILOT_ENDS.isoformat()
    with pytest.raises(Refused, match="28 April 2026"):
        referrals_open(ROWS, datetime(2026, 1, 1, tzinfo=UTC), IDS["Dudley"], None)
    with pytest.raises(Refused, match=r"not gone live yet\.$"):
        referrals_open([], PILOT_ENDS, IDS["Dudley"], None)


def test_profiles_open_on_the_first_of_june_in_london() -> None:  # S-049
    assert PROFILES_OPEN.astimezone(UTC) == datetime(2026, 5, 31, 23, tzinfo=UTC)
    with pytest.raises(Refused, match="1 June 2026"):
        profile_editing_open(ROWS, PROFILES_OPEN - SECOND)
    profile_editing_open(ROWS, PROFILES_OPEN)
