"""Who takes part in a referral's journey, and what has been said and offered in it so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from portal.demonstration.agreements import AddressBook
from portal.demonstration.chance import Unrepeated, chance
from portal.demonstration.fit import Place
from portal.demonstration.offers import Offer
from portal.demonstration.referrals import Referral
from portal.demonstration.steps import ProposeUplift
from portal.demonstration.users import Directory, Person
from portal.demonstration.voice import DAYS, capitalised

SCHOOL_AGE = 4
MOST_SIGNATURES = 2
"""How often one person signs at most: each signature needs a fresh one-time code, and codes come twice a minute."""


@dataclass(slots=True, kw_only=True)
class Cast:
    """What all journeys share. Providers take turns, those shown first before others in Birmingham."""

    today: date
    directory: Directory
    book: AddressBook
    unrepeated: Unrepeated
    shown: frozenset[str]
    turns: Counter[str] = field(default_factory=Counter)
    signatures: Counter[str] = field(default_factory=Counter)

    def providers_for(self, referral: Referral, places: Iterable[Place], signing: bool) -> list[list[Place]]:
        """The suitable places, by provider; who comes first leads the journey and, where it ends so, must sign."""
        rng = chance("providers", referral.key)
        by_provider: dict[str, list[Place]] = {}
        for place in places:
            by_provider.setdefault(place.provider.key, []).append(place)
        order = sorted(by_provider, key=lambda key: self._rank(key, referral, rng))
        if signing:
            order.sort(key=lambda key: not self.signatories(key))
        for key in order[:3]:
            self.turns[key] += 1
        return [rng.sample(by_provider[key], len(by_provider[key])) for key in order]

    def _rank(self, provider: str, referral: Referral, rng: Random) -> tuple[bool, int, float]:
        first = referral.authority == "birmingham" and provider in self.shown and rng.random() < 0.75
        return (not first, self.turns[provider], rng.random())

    def signatories(self, organisation: str) -> list[Person]:
        """Those who may sign and have not yet signed as often as they can."""
        holding = self.directory.holding(organisation, "SIGNATORY")
        return [each for each in holding if self.signatures[each.email] < MOST_SIGNATURES]


@dataclass(slots=True, kw_only=True)
class Scene:
    """One referral, and the place whose provider acts or is dealt with just now."""

    rng: Random
    referral: Referral
    words: dict[str, str]
    cast: Cast
    places: Sequence[Place]
    offers: dict[str, Offer] = field(default_factory=dict)
    replies: dict[str, str] = field(default_factory=dict)
    signed: list[str] = field(default_factory=list)
    uplifts: list[ProposeUplift] = field(default_factory=list)

    @property
    def place(self) -> Place:
        return self.places[0]

    @property
    def other_home(self) -> Place | None:
        return self.places[1] if len(self.places) > 1 and self.places[1].home else None

    @property
    def provider(self) -> str:
        return self.place.provider.key

    @property
    def youngest(self) -> str:
        """UNBORN, LITTLE below school age, or BIG."""
        who = [child.identity for child in self.referral.children]
        if any(each.date_of_birth is None for each in who):
            return "UNBORN"
        return "LITTLE" if min(each.age_on(self.cast.today)[0] for each in who) < SCHOOL_AGE else "BIG"

    @property
    def facts(self) -> dict[str, str]:
        return self.words | {"home": self.place.spoken, "town": self.place.town, "lead": self.place.lead}

    @property
    def officer(self) -> str:
        return self._one(self.referral.authority, "PLACEMENT_OFFICER", self.referral.key)

    @property
    def member(self) -> str:
        return self._one(self.provider, "MEMBER", f"{self.referral.key}/{self.provider}")

    def signatory(self, side: str) -> str:
        organisation = self.provider if side == "PROVIDER" else self.referral.authority
        who = self.cast.signatories(organisation)[0].email
        self.cast.signatures[who] += len(self.referral.children)
        return who

    def _one(self, organisation: str, role: str, seed: str) -> str:
        """The same colleague deals with a referral from its beginning to its end."""
        return chance("handled by", seed).choice(self.cast.directory.holding(organisation, role)).email

    def say(self, parts: Sequence[str]) -> str:
        """A sentence that has not been used anywhere."""

        def make() -> str:
            facts = self.facts | {"day": self.rng.choice(DAYS)}
            return capitalised(self.rng.choice(parts).format_map(facts))

        return self.cast.unrepeated.text(make)
