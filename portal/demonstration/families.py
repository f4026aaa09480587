"""Fostering families and the carers in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from portal.demonstration import people, places
from portal.demonstration.chance import deck
from portal.demonstration.heritage import Heritage
from portal.demonstration.homes import MIXED
from portal.demonstration.people import Name

APPROVALS = ((0, 4, 2), (0, 17, 2), (4, 12, 2), (0, 17, 3), (5, 17, 3), (10, 17, 1), (0, 10, 3), (8, 17, 2))
GENDERS = (MIXED, MIXED, MIXED, MIXED, ("FEMALE",), ("MALE",))
HOUSEHOLDS = (
    "No other children at home", "A daughter of 15 who loves company", "Two sons of 9 and 12", "Adult son at weekends",
    "Grandmother lives in the annexe", "A son at university, home in the holidays", "Twin daughters of 7",
    "An adult daughter who was fostered with the family and stayed",
)  # fmt: skip
PETS = (None, "One elderly cat", "A calm retriever", "Two rabbits in the garden", "Hens", "A small terrier", None)
SETTINGS = (
    "a terraced house near the park", "a semi-detached house with a large garden", "a bungalow without steps",
    "a farmhouse at the edge of the village", "a town house close to three schools", "a ground-floor flat with a yard",
)  # fmt: skip
CALLINGS = (
    "used to teach in a nursery", "drove a school bus for ten years", "is a retired paediatric nurse",
    "worked as a youth worker", "runs the allotment society", "plays in a brass band", "coaches a girls' football side",
    "was in care as a young person", "speaks up for children at the parish council", "bakes for the whole street",
)  # fmt: skip
SKILLS = (
    "sibling groups", "babies and toddlers", "parent and child placements", "teenagers who have moved often",
    "short breaks for disabled children", "young people new to the country", "moving on to adoption",
    "therapeutic fostering", "children who need a steady routine around food and sleep",
)  # fmt: skip
SPOKEN = {"english": ("English",), "caribbean": ("English",), "irish": ("English",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Carer:
    name: Name
    gender: str
    ethnicity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FosteringFamily:
    """Approved for `number` children, of whom `others_placed` live there now; the fee is in pounds for each child."""

    key: str
    name: str
    carers: tuple[Carer, ...]
    age_from: int
    age_to: int
    number: int
    genders: tuple[str, ...]
    household: str
    pets: str | None
    smokers: bool
    languages: tuple[str, ...]
    faith: str
    years_of_experience: int
    experience: str
    others_placed: int
    area: str
    postcode: str
    authority: str
    supervising_social_worker: str
    core_weekly_fee: Decimal


class Builder:
    """Builds families of which no two share a name."""

    def __init__(self) -> None:
        self._approvals = deck(APPROVALS, "approvals")
        self._skills: Iterator[str] = deck(SKILLS, "skills")
        self._names: set[str] = set()

    def family(self, rng: Random, authority: str, supervising_social_worker: str) -> FosteringFamily:
        of, carers = self._carers(rng)
        low, high, number = next(self._approvals)
        years = rng.randint(1, 22)
        lives = places.address(rng, authority)
        languages = SPOKEN.get(of.key, tuple(dict.fromkeys((*of.languages, "English"))))
        return FosteringFamily(
            key=f"family-{people.plain(family_name(carers))}",
            name=family_name(carers),
            carers=carers,
            age_from=low,
            age_to=high,
            number=number,
            genders=rng.choice(GENDERS),
            household=rng.choice(HOUSEHOLDS),
            pets=rng.choice(PETS),
            smokers=low >= 5 and rng.random() < 0.15,
            languages=languages,
            faith=rng.choice(of.religions),
            years_of_experience=years,
            experience=self._experience(rng, carers[0], years),
            others_placed=rng.randint(0, number - 1) if rng.random() < 0.3 else 0,
            area=lives.locality or lives.town,
            postcode=lives.postcode,
            authority=authority,
            supervising_social_worker=supervising_social_worker,
            core_weekly_fee=Decimal(rng.randrange(760, 1180, 5)).quantize(Decimal("0.01")),
        )

    def _carers(self, rng: Random) -> tuple[Heritage, tuple[Carer, ...]]:
        while True:
            of = people.any_heritage(rng)
            carers = _couple(rng, of)
            if family_name(carers) not in self._names:
                self._names.add(family_name(carers))
                return of, carers

    def _experience(self, rng: Random, first: Carer, years: int) -> str:
        known = f"{next(self._skills)}, and for {next(self._skills)}"
        since = "in their first year" if years == 1 else f"for {years} years"
        return (
            f"Fostering {since} in {rng.choice(SETTINGS)}; known for {known}."
            f" {first.name.given.split()[0]} {rng.choice(CALLINGS)}."
        )


def _couple(rng: Random, of: Heritage) -> tuple[Carer, ...]:
    """One carer in three fosters alone; some couples are of the same sex."""
    alone, same = rng.random() < 0.33, rng.random() < 0.12
    surname, ethnicity = rng.choice(of.families), of.ethnicities[0]
    genders = ("FEMALE",) if alone else ("FEMALE", "FEMALE") if same else ("FEMALE", "MALE")
    given = {"FEMALE": iter(rng.sample(of.women, 2)), "MALE": iter(rng.sample(of.men, 1))}
    return tuple(
        Carer(
            name=people.named(of, next(given[gender]), surname, woman=gender == "FEMALE"),
            gender=gender,
            ethnicity=ethnicity,
        )
        for gender in genders
    )


def family_name(carers: tuple[Carer, ...]) -> str:
    """How lists show a family: the surname first, since that is what people begin to type."""
    return f"{carers[0].name.family}, {' and '.join(carer.name.given.split()[0] for carer in carers)}"
