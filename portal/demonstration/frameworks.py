"""Membership of the regional frameworks, with the dates between which it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

LOTS: dict[str, tuple[str, ...]] = {
    "RESIDENTIAL": ("Lot 1: Children's homes", "Lot 2: Homes for one child", "Lot 3: Homes for disabled children"),
    "RESIDENTIAL_FAMILY_ASSESSMENT": ("Lot 4: Family assessment",),
    "FOSTERING": ("Lot 1: Fostering", "Lot 2: Fostering with additional support"),
    "SUPPORTED_ACCOMMODATION": ("Lot 1: Shared accommodation", "Lot 2: Self-contained accommodation"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameworkMembership:
    """Both days count: a member from the first to the last of them."""

    framework: str
    lot: str
    valid_from: date
    valid_to: date

    def covers(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_to


def current(rng: Random, category: str, today: date) -> FrameworkMembership:
    begins = _first_of_april(today, years_back=rng.choice((1, 1, 2)))
    return _membership(rng, category, begins, begins.replace(year=begins.year + 4) - timedelta(days=1))


def lapsed(rng: Random, category: str, today: date) -> FrameworkMembership:
    """Ended some weeks ago, so that the home counts as spot again."""
    begins = _first_of_april(today, years_back=4)
    return _membership(rng, category, begins, today - timedelta(days=rng.randint(12, 80)))


def _membership(rng: Random, category: str, begins: date, ends: date) -> FrameworkMembership:
    family_assessment = category == "RESIDENTIAL_FAMILY_ASSESSMENT"  # S-038: under the residential framework
    return FrameworkMembership(
        framework="RESIDENTIAL" if family_assessment else category,
        lot=rng.choice(LOTS[category]),
        valid_from=begins,
        valid_to=ends,
    )


def _first_of_april(today: date, *, years_back: int) -> date:
    return date(today.year - years_back, 4, 1)
