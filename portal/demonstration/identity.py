"""Who a child is, held apart from what providers may read; with numbers that pass their checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from portal.demonstration.heritage import Heritage
from portal.demonstration.people import Name
from portal.demonstration.places import Authority

SEEKING_SAFETY = ("Asylum claim under consideration", "Leave to remain")
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
IMMIGRATION: dict[str, tuple[str, ...]] = {
    "British": ("British citizen",),
    "Polish": ("Settled status",),
    "Romanian": ("Settled status", "Pre-settled status"),
    "Slovak": ("Pre-settled status",),
    "Ukrainian": ("Homes for Ukraine visa",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the child is: for the placing authority alone until the agreement.

    Before the birth there is no date of birth, only the day on which the child is expected.
    """

    given: str
    family: str
    known_as: str
    script: str | None
    date_of_birth: date | None
    expected_on: date | None
    case_number: str
    nhs_number: str | None
    upn: str | None
    nationality: str
    immigration_status: str
    parental_responsibility: str

    def age_on(self, day: date) -> tuple[int, int]:
        """Whole years and months; none of either before the birth."""
        if self.date_of_birth is None:
            return 0, 0
        months = (day.year - self.date_of_birth.year) * 12 + day.month - self.date_of_birth.month
        months -= day.day < self.date_of_birth.day
        return divmod(months, 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What is settled about a child before the rest is made up."""

    authority: Authority
    heritage: Heritage
    name: Name
    gender: str
    date_of_birth: date | None
    expected_on: date | None
    legal_status: str
    emergency: bool
    today: date


def born(today: date, years: int, months: int, days: int = 0) -> date:
    """The birthday of somebody `years` and `months` old, `days` past that; the 29th to 31st are avoided."""
    whole = today.year * 12 + today.month - 1 - years * 12 - months
    return date(whole // 12, whole % 12 + 1, min(today.day, 28)) - timedelta(days=days)


def identity(rng: Random, of: Outline) -> Identity:
    nationality = of.heritage.nationality
    years = of.today.year - of.date_of_birth.year if of.date_of_birth else 0
    return Identity(
        given=of.name.given,
        family=of.name.family,
        known_as=of.name.given.split()[0],
        script=of.name.script,
        date_of_birth=of.date_of_birth,
        expected_on=of.expected_on,
        case_number=f"{of.authority.case_prefix}-{rng.randint(1000000, 9999999)}",
        nhs_number=nhs_number(rng) if rng.random() < 0.7 else None,
        upn=upn(rng, of.authority.dfe_code) if 5 <= years < 17 else None,
        nationality=nationality,
        immigration_status=rng.choice(IMMIGRATION.get(nationality, SEEKING_SAFETY)),
        parental_responsibility=_responsibility(rng, of),
    )


def _responsibility(rng: Random, of: Outline) -> str:
    shared = of.legal_status in {"C1", "C2", "E1", "L2"}
    parents = rng.choice(("mother", "mother and father", "father"))
    return f"{of.authority.acting_name} with {parents}" if shared else parents.capitalize()


def nhs_number(rng: Random) -> str:
    """From the range that starts with 999, which is never given to a patient; the last digit is the mod-11 check."""
    while True:
        digits = f"999{rng.randint(0, 999999):06}"
        check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return f"{digits}{check % 11}"


def upn(rng: Random, dfe_code: str) -> str:
    digits = f"{dfe_code}{rng.randint(2000, 4999)}{rng.randint(14, 25)}{rng.randint(1, 999):03}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(2, 14), strict=True))
    return UPN_LETTERS[total % 23] + digits
