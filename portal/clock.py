"""The injected clock: what dated gates, ages, deadlines, sessions and record times go by."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The present, in whole milliseconds, UTC."""
    return _whole(datetime.now(UTC))


def clock_from(start: datetime) -> Clock:
    """A clock that shows `start` now and runs on from there."""
    distance = start - datetime.now(UTC)
    return lambda: _whole(datetime.now(UTC) + distance)


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
