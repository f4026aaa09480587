"""Ages and days as Europe/London counts them."""

from datetime import date, datetime

from models.rollout import LONDON

CHILD_UNTIL = 18
SUPPORTED_FROM = 16


def london_day(at: datetime) -> date:
    return at.astimezone(LONDON).date()


def age_on(born: date, day: date) -> tuple[int, int]:
    """Whole years and months; somebody born on 29 February has their birthday on 1 March in a common year (S-035)."""
    months = (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)
    return divmod(months, 12)
