"""Names, e-mail addresses and sign-ins of people who never lived."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from base64 import b32encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from portal.demonstration.chance import chance
from portal.demonstration.heritage import HERITAGES, Heritage
from portal.demonstration.scripts import in_script

WITHOUT_DECOMPOSITION = str.maketrans({"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ø": "o", "’": "", "'": ""})

PASSPHRASE_WORDS = (
    "amber anchor barley beacon bramble canal candle cedar clover copper cricket damson ember falcon fiddle fossil"
    " garnet harbour hazel heron jasmine kettle lantern linen magnet maple meadow mosaic nettle oyster pebble pepper"
    " pottery quartz ribbon saddle saffron silver spanner teapot thimble thistle timber velvet walnut willow winter"
).split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """`script` is the name as its bearer writes it, where that is not in Latin letters."""

    given: str
    family: str
    script: str | None
    heritage: str

    @property
    def full(self) -> str:
        return f"{self.given} {self.family}"

    @property
    def initials(self) -> str:
        return f"{self.given[0]}{self.family[0]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody named on a record who need not have an account."""

    name: str
    job_title: str
    phone: str
    email: str


def heritage(key: str) -> Heritage:
    return next(each for each in HERITAGES if each.key == key)


def any_heritage(rng: Random) -> Heritage:
    return rng.choices(HERITAGES, weights=[each.share for each in HERITAGES])[0]


def name(rng: Random, of: Heritage, *, woman: bool) -> Name:
    return named(of, rng.choice(of.women if woman else of.men), rng.choice(of.families), woman=woman)


def named(of: Heritage, given: str, family: str, *, woman: bool) -> Name:
    """Applies the custom of the heritage: a woman's form of the surname, Kaur or Singh after the given name."""
    first, _, second = family.partition("/")
    surname = second if woman and second else first
    if of.key == "punjabi":
        given = f"{given} {'Kaur' if woman else 'Singh'}"
    return Name(given=given, family=surname, script=in_script(of.key, f"{given} {surname}"), heritage=of.key)


def plain(text: str) -> str:
    """Lower-case ASCII, as an address of e-mail or the web needs it."""
    decomposed = unicodedata.normalize("NFKD", text.translate(WITHOUT_DECOMPOSITION))
    letters = decomposed.encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def phone(rng: Random) -> str:
    """A number from the ranges that Ofcom keeps for fiction, so that nobody is ever rung."""
    return rng.choice((f"0121 496 0{rng.randint(0, 999):03}", f"07700 900{rng.randint(0, 999):03}"))


def passphrase(email: str) -> str:
    return "-".join(chance("passphrase", email).sample(PASSPHRASE_WORDS, 4))


def authenticator_secret(email: str) -> str:
    """160 bits in base32 without padding, as an authenticator app reads them."""
    return b32encode(hashlib.sha256(f"demonstration/{email}".encode()).digest()[:20]).decode()


class Register:
    """Everybody named so far: no two share a full name, and so none shares an e-mail address."""

    def __init__(self, known: Iterable[Name] = ()) -> None:
        self._names = {email(each, "anywhere") for each in known}

    def newcomer(self, rng: Random) -> Name:
        while True:
            somebody = name(rng, any_heritage(rng), woman=rng.random() < 0.62)
            if self._enter(somebody):
                return somebody

    def child(self, rng: Random, of: Heritage, *, woman: bool, siblings: Sequence[Name]) -> Name:
        """A child of that heritage, with a given name that no brother or sister has and a full name that is new.

        No name begins with I, since texts speak of a child by that letter.
        Where a heritage has few names a full name may come twice: children have no e-mail addresses.
        """
        taken = {sibling.given.split()[0] for sibling in siblings}
        given = [each for each in (of.women if woman else of.men) if each not in taken and not each.startswith("I")]
        surnames = [each for each in of.families if not siblings or siblings[0].family in each.split("/")]
        choices = [named(of, first, surname, woman=woman) for surname in surnames for first in given]
        rng.shuffle(choices)
        return next((each for each in choices if self._enter(each)), choices[0])

    def contact(self, rng: Random, job_title: str, domain: str) -> Contact:
        somebody = self.newcomer(rng)
        return Contact(name=somebody.full, job_title=job_title, phone=phone(rng), email=email(somebody, domain))

    def _enter(self, somebody: Name) -> bool:
        key = email(somebody, "anywhere")
        fresh = key not in self._names
        self._names.add(key)
        return fresh


def email(somebody: Name, domain: str) -> str:
    return f"{plain(somebody.given.split()[0])}.{plain(somebody.family)}@{domain}"
