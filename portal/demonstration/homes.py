"""Homes, family assessment centres and the premises of supported accommodation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from portal.demonstration import documents, people, places
from portal.demonstration.chance import deck
from portal.demonstration.documents import Document
from portal.demonstration.frameworks import FrameworkMembership
from portal.demonstration.places import Address

HOME_TREES = (
    "Beech Willow Rowan Larch Cedar Maple Hazel Juniper Aspen Linden Holly Mulberry Cherry Walnut Laurel Bay Chestnut"
    " Elder Hornbeam Wisteria Lavender Heather Primrose Foxglove Bracken Kingfisher Swallow Skylark Wren Robin Curlew"
    " Nightingale Lapwing Dove Starling Otter Badger Hare"
).split()
HOME_KINDS = "House Lodge Cottage View Court".split()
MIXED = ("FEMALE", "MALE")
NOT_YET_INSPECTED = "NOT_YET_INSPECTED"
GENDER_MIXES = (MIXED, MIXED, MIXED, MIXED, ("FEMALE",), ("MALE",))
AGE_RANGES: dict[str, tuple[tuple[int, int], ...]] = {
    "RESIDENTIAL": ((7, 17), (10, 17), (11, 17), (8, 14), (6, 12), (12, 17), (5, 17), (9, 16)),
    "SUPPORTED_ACCOMMODATION": ((16, 17),),
    "RESIDENTIAL_FAMILY_ASSESSMENT": ((0, 10), (0, 5), (0, 12)),
}
PLACES: dict[str, tuple[int, ...]] = {
    "RESIDENTIAL": (3, 4, 2, 5, 1, 4, 3, 6),
    "SUPPORTED_ACCOMMODATION": (4, 6, 3, 8, 5),
    "RESIDENTIAL_FAMILY_ASSESSMENT": (6, 8, 5),
}
FEES: dict[str, tuple[int, int, int]] = {
    "RESIDENTIAL": (3800, 6400, 50),
    "SUPPORTED_ACCOMMODATION": (780, 1850, 10),
    "RESIDENTIAL_FAMILY_ASSESSMENT": (3900, 5200, 25),
}
SOLO_SUPPLEMENT = 1100
GRADES = ("GOOD", "GOOD", "GOOD", "OUTSTANDING", "REQUIRES_IMPROVEMENT", NOT_YET_INSPECTED)
PURPOSES: dict[str, tuple[str, ...]] = {
    "RESIDENTIAL": (
        "A small family-style home for children who have lived through early hardship and need patient, steady adults.",
        "A home for young people with emotional and social needs, with a garden, bicycles and a kitchen at its heart.",
        "Long-term care for children who benefit from structure, play and therapeutic conversation every day.",
        "A home for young people with learning disabilities and autism, with a sensory room and trained staff.",
        "Short and medium stays while a longer plan is made, with close work alongside schools and families.",
    ),
    "SUPPORTED_ACCOMMODATION": (
        "Shared houses with staff on site for young people of 16 and 17 who are learning to live on their own.",
        "Self-contained flats around a staffed office, with support hours agreed with each young person.",
        "Supported accommodation for young people newly arrived in the country, with help in several languages.",
    ),
    "RESIDENTIAL_FAMILY_ASSESSMENT": (
        "Twelve-week parenting assessments of families who live in their own flat within the centre.",
        "Assessments of parents with learning needs, with observation, teaching and feedback from the first day.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OfstedRegistration:
    """Held by a home or centre itself, by an agency, or by a service whose premises all share its number."""

    urn: str
    regulator: str
    held_by: str
    name: str
    registered_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A place that an offer can name. Spot when `framework` is None or its dates have passed; fees in pounds."""

    key: str
    name: str
    category: str
    address: Address
    registration: OfstedRegistration
    registered_manager: str
    registered_places: int
    age_from: int
    age_to: int
    genders: tuple[str, ...]
    framework: FrameworkMembership | None
    ofsted_grade: str
    inspected_on: date | None
    core_weekly_fee: Decimal
    description: str
    documents: tuple[Document, ...]


class Builder:
    """Builds homes with names and registration numbers that no other home has."""

    def __init__(self, today: date) -> None:
        self.today = today
        self._names: Iterator[str] = deck([f"{tree} {kind}" for tree in HOME_TREES for kind in HOME_KINDS], "homes")
        self._sizes = {category: deck(sizes, "sizes", category) for category, sizes in PLACES.items()}
        self._number = 0

    def urn(self, category: str) -> str:
        """Numbers from ranges that Ofsted has not reached, so that no real home is named."""
        self._number += 1
        scrambled = self._number * 7919 % 100000
        return f"99{scrambled:05}" if category == "SUPPORTED_ACCOMMODATION" else f"SC9{scrambled:05}"

    def registration(self, rng: Random, category: str, held_by: str, name: str) -> OfstedRegistration:
        since = self.today - timedelta(days=rng.randint(760, 3600))
        return OfstedRegistration(
            urn=self.urn(category), regulator="OFSTED", held_by=held_by, name=name, registered_on=since
        )

    def home(self, rng: Random, category: str, authority: str, shared: OfstedRegistration | None = None) -> Home:
        name = next(self._names)
        number = next(self._sizes[category])
        low, high = rng.choice(AGE_RANGES[category])
        purpose = rng.choice(PURPOSES[category])
        held = shared or self.registration(rng, category, "HOME", name)
        grade = NOT_YET_INSPECTED if shared else rng.choice(GRADES)
        return Home(
            key=people.plain(name),
            name=name,
            category=category,
            address=places.address(rng, authority),
            registration=held,
            registered_manager=people.name(rng, people.any_heritage(rng), woman=rng.random() < 0.6).full,
            registered_places=number,
            age_from=low,
            age_to=high,
            genders=MIXED if category == "RESIDENTIAL_FAMILY_ASSESSMENT" else rng.choice(GENDER_MIXES),
            framework=None,
            ofsted_grade=grade,
            inspected_on=self.today - timedelta(days=rng.randint(30, 700)) if grade != NOT_YET_INSPECTED else None,
            core_weekly_fee=fee(rng, category, number),
            description=purpose,
            documents=() if shared else self._papers(rng, held, purpose),
        )

    def _papers(self, rng: Random, held: OfstedRegistration, purpose: str) -> tuple[Document, ...]:
        return (
            documents.registration_certificate(held.name, held.urn, held.registered_on),
            documents.statement_of_purpose(rng, held.name, purpose, self.today),
        )


def fee(rng: Random, category: str, registered_places: int) -> Decimal:
    low, high, step = FEES[category]
    solo = category == "RESIDENTIAL" and registered_places == 1
    return Decimal(rng.randrange(low, high + 1, step) + (SOLO_SUPPLEMENT if solo else 0)).quantize(Decimal("0.01"))
