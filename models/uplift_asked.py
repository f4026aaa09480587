"""What an uplift may ask for: by how much the core fee rises, and from which day on (S-090)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from models.age import london_day
from models.money import MOST, pounds
from models.refusal import Code, Refused
from models.uplift_fee import raised

WHOLE = Decimal(100)
FEWEST = Decimal("0.01")
YEARS_AHEAD = 5
NO_PERCENTAGE = "Give a percentage above zero, 100 at most, with two decimal places at most."
NOTHING = "This comes to less than half a penny a week: the fee would stay as it is."
TOO_MUCH = "With this uplift the core fee would be over a million pounds a week."


@dataclass(frozen=True)
class Rise:
    """By how much the core fee rises: per cent of what it is then, or pounds a week."""

    percentage: Decimal | None = None
    amount: Decimal | None = None

    @classmethod
    def of(cls, percentage: Decimal | None, amount: Decimal | None, *path: str) -> "Rise":
        """Exactly one of the two, as far as it can be one; anything else is refused (S-090)."""
        if (percentage is None) == (amount is None):
            raise Refused(Code.INVALID_INPUT, "Give either a percentage or an amount.", path)
        if percentage is None:
            return cls(amount=pounds(amount or Decimal(0), *path, "amount"))
        return cls(percentage=per_cent(percentage, *path, "percentage"))

    def checked(self, before: Decimal, *path: str) -> Decimal:
        """The fee with it; refused where it stays the same, or becomes more than the portal counts."""
        after = raised(before, self.percentage, self.amount)
        if after == before:
            raise Refused(Code.PERCENTAGE_REFUSED, NOTHING, (*path, "percentage"))
        if after > MOST:
            raise Refused(Code.UPLIFT_TOO_HIGH, TOO_MUCH, path)
        return after


def per_cent(percentage: Decimal, *path: str) -> Decimal:
    """A percentage above zero and at most a hundred, in whole hundredths; anything else is refused (S-090)."""
    try:
        exact = percentage.is_finite() and percentage == percentage.quantize(FEWEST)
    except InvalidOperation:
        exact = False
    if not exact or not 0 < percentage <= WHOLE:
        raise Refused(Code.PERCENTAGE_REFUSED, NO_PERCENTAGE, path)
    return percentage.quantize(FEWEST)


@dataclass(frozen=True)
class Asked:
    """What one side asks the other for."""

    rise: Rise
    effective_from: date
    reason: str


def timely(start: date, at: datetime, *path: str) -> None:
    """Refuse a first day before that of the proposal in London, or more than five years after it (S-090)."""
    today = london_day(at)
    if start < today:
        sentence = f"An uplift begins today, {today:%-d %B %Y}, at the earliest: nothing is raised for days gone by."
        raise Refused(Code.UPLIFT_BACKDATED, sentence, path)
    if (start.year - YEARS_AHEAD, start.month, start.day) > (today.year, today.month, today.day):
        sentence = f"Give a first day within the next {YEARS_AHEAD} years."
        raise Refused(Code.UPLIFT_TOO_FAR_AHEAD, sentence, path)
