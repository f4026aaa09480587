"""Who is referred together: one child, or brothers and sisters, of ages that suit the category."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from portal.demonstration import people
from portal.demonstration.chance import Unrepeated
from portal.demonstration.children import Child, child
from portal.demonstration.heritage import Heritage
from portal.demonstration.identity import Outline, born
from portal.demonstration.people import Name, Register
from portal.demonstration.places import Authority
from portal.demonstration.schedule import Entry, Stage

AGES: dict[str, tuple[int, int]] = {
    "RESIDENTIAL": (8, 16),
    "FOSTERING": (0, 16),
    "SUPPORTED_ACCOMMODATION": (16, 17),
    "RESIDENTIAL_FAMILY_ASSESSMENT": (0, 1),
}
SIZES: dict[str, tuple[int, ...]] = {
    "RESIDENTIAL": (1, 1, 1, 1, 1, 1, 1, 1, 2),
    "FOSTERING": (1, 1, 1, 1, 2, 2, 3),
    "SUPPORTED_ACCOMMODATION": (1,),
    "RESIDENTIAL_FAMILY_ASSESSMENT": (1, 1, 1, 2),
}
GENDERS = ("FEMALE",) * 9 + ("MALE",) * 9 + ("OTHER",)
NEWLY_ARRIVED = ("arab", "kurdish", "vietnamese", "somali")
LEGAL_STATUS: dict[str, tuple[str, ...]] = {
    "EMERGENCY": ("L1", "L2", "V2"),
    "RESPITE": ("V4",),
    "RESIDENTIAL_FAMILY_ASSESSMENT": ("C1", "C1", "V2"),
    "SUPPORTED_ACCOMMODATION": ("V2", "V2", "C2"),
    "UP_TO_6_MONTHS": ("C1", "V2", "C1"),
    "OVER_6_MONTHS": ("C2", "C1", "V2"),
    "LONG_TERM": ("C2", "C2", "V2"),
}
NO_SIBLINGS_WHERE_SIGNED = frozenset({Stage.AGREEMENT_SIGNED, Stage.AGREEMENT_PARTLY_SIGNED})
BEFORE_ANY_AGREEMENT = frozenset({Stage.DRAFT, Stage.SENT, Stage.OPENED, Stage.QUESTION_ASKED, Stage.OFFER_SUBMITTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What is known of a referral before its children are."""

    entry: Entry
    authority: Authority
    urgency: str
    duration: str

    @property
    def legal_statuses(self) -> tuple[str, ...]:
        """Those that go with the circumstances, as codes of SSDA903."""
        circumstances = (self.urgency, self.entry.category, self.duration)
        return next(LEGAL_STATUS[each] for each in circumstances if each in LEGAL_STATUS)


class Nursery:
    """Makes up the children of referrals; birthdays near a limit of age come first, so that they always occur."""

    def __init__(self, today: date, register: Register, unrepeated: Unrepeated) -> None:
        self.today = today
        self._register = register
        self._unrepeated = unrepeated
        self._near_limits = [born(today, 16, 0), born(today, 17, 11) - timedelta(days=9), born(today, 17, 5, 12)]

    def children(self, rng: Random, brief: Brief) -> tuple[Child, ...]:
        entry = brief.entry
        of = self._heritage(rng, entry.category)
        size = 1 if entry.stage in NO_SIBLINGS_WHERE_SIGNED else rng.choice(SIZES[entry.category])
        status = rng.choice(brief.legal_statuses)
        children: list[Child] = []
        names: list[Name] = []
        for birthday in self._birthdays(rng, entry, size):
            gender = rng.choice(GENDERS) if birthday else "OTHER"
            woman = gender == "FEMALE" or (gender == "OTHER" and rng.random() < 0.5)
            name = self._register.child(rng, of, woman=woman, siblings=names)
            names.append(name if birthday else replace(name, given="Baby", script=None))
            outline = Outline(
                authority=brief.authority,
                heritage=of,
                name=names[-1],
                gender=gender,
                date_of_birth=birthday,
                expected_on=None if birthday else self.today + timedelta(days=rng.randint(24, 70)),
                legal_status=status,
                emergency=brief.urgency == "EMERGENCY",
                today=self.today,
            )
            children.append(child(rng, outline, self._unrepeated))
        return tuple(children)

    def _heritage(self, rng: Random, category: str) -> Heritage:
        if category == "SUPPORTED_ACCOMMODATION" and rng.random() < 0.4:
            return people.heritage(rng.choice(NEWLY_ARRIVED))
        return people.any_heritage(rng)

    def _birthdays(self, rng: Random, entry: Entry, size: int) -> list[date | None]:
        """Eldest first; at a distance from the birthday that keeps the age the same for a month back."""
        if entry.category == "SUPPORTED_ACCOMMODATION" and self._near_limits:
            return [self._near_limits.pop(0)]
        if entry.category == "RESIDENTIAL_FAMILY_ASSESSMENT" and entry.stage in BEFORE_ANY_AGREEMENT:
            return [None]
        low, high = AGES[entry.category]
        eldest = rng.randint(min(high, low + 2 * (size - 1)), high)
        gap = rng.choice((1, 2))
        ages = [max(low, eldest - gap * number) for number in range(size)]
        months = rng.randint(2, 10)
        return [born(self.today, years, months, rng.randint(0, 27)) for years in ages]
