"""Where the children of a referral could live: the approved homes and families that would suit all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from portal.demonstration.children import Child
from portal.demonstration.families import FosteringFamily
from portal.demonstration.homes import Home
from portal.demonstration.providers import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Exactly one of home and family."""

    provider: Provider
    home: Home | None
    family: FosteringFamily | None

    @property
    def spoken(self) -> str:
        """How it is named in a sentence."""
        if self.home:
            return self.home.name
        return f"the {self.family.carers[0].name.family} family" if self.family else ""

    @property
    def town(self) -> str:
        if self.home:
            return self.home.address.locality or self.home.address.town
        return self.family.area if self.family else ""

    @property
    def lead(self) -> str:
        """The registered manager, or the first carer."""
        if self.home:
            return self.home.registered_manager
        return self.family.carers[0].name.full if self.family else ""


def places_for(category: str, children: Sequence[Child], day: date, providers: Iterable[Provider]) -> tuple[Place, ...]:
    """With room for all, by registration and approval; how full a home is today is nobody's record here."""
    approved = (provider for provider in providers if provider.approved)
    return tuple(place for provider in approved for place in _of(provider, category, children, day))


def _of(provider: Provider, category: str, children: Sequence[Child], day: date) -> Iterator[Place]:
    for home in provider.homes:
        room = home.registered_places
        if home.category == category and _suits(home, room, children, day):
            yield Place(provider=provider, home=home, family=None)
    if category == "FOSTERING":
        for family in provider.families:
            if _suits(family, family.number - family.others_placed, children, day):
                yield Place(provider=provider, home=None, family=family)


def _suits(where: Home | FosteringFamily, room: int, children: Sequence[Child], day: date) -> bool:
    ages = [child.identity.age_on(day)[0] for child in children]
    return (
        len(children) <= room
        and where.age_from <= min(ages)
        and max(ages) <= where.age_to
        and all(_takes(where.genders, child.gender) for child in children)
    )


def _takes(genders: tuple[str, ...], gender: str) -> bool:
    """A child who is neither a girl nor a boy lives where both do."""
    return gender in genders or {"FEMALE", "MALE"} <= set(genders)
