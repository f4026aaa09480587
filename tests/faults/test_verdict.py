"""The count itself: what hides a loss is not clean."""

import pytest

from tests.faults.verdict import Verdict

DELIVERED = {"clients": 2, "committed": 9, "delivered": 9}


def test_everything_delivered_once_is_clean() -> None:
    assert Verdict(**DELIVERED).clean


@pytest.mark.parametrize("wrong", ["lost", "doubled", "disordered", "broken"])
def test_one_event_that_went_wrong_is_not(wrong: str) -> None:
    found = Verdict(**DELIVERED, **{wrong: 1})
    assert not found.clean
    assert not found.whole


def test_who_was_told_to_read_afresh_may_have_missed_something() -> None:
    found = Verdict(**DELIVERED, resyncs=1)
    assert not found.clean
    assert found.whole


def test_where_nothing_was_committed_nothing_was_shown() -> None:
    assert not Verdict(clients=2).clean
    assert not Verdict(clients=2).whole
