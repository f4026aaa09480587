"""The fourteen authorities, and addresses whose postcodes lie in the authority they are said to lie in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from random import Random

from portal import region
from portal.demonstration.gazetteer import COUNCILS, DISTRICTS, ROAD_KINDS, ROAD_NAMES, TOWNS

INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"  # Royal Mail never uses C I K M O V after the space
OUTWARD = re.compile(r"^[A-Z]{1,2}[0-9]{1,2}$")

DOMAINS = {"birmingham": "birmingham-childrens-trust.example"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """`authority` is the key of the authority in whose area the postcode lies."""

    line1: str
    locality: str | None
    town: str
    postcode: str
    authority: str

    def __str__(self) -> str:
        return ", ".join(part for part in (self.line1, self.locality, self.town, self.postcode) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    name: str
    town: str
    outward: tuple[str, ...]
    authority: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """`delivered_by` acts for the authority in children's matters where that is another body; its people sign."""

    key: str
    name: str
    gss_code: str
    dfe_code: str
    case_prefix: str
    council: str
    delivered_by: str | None
    domain: str
    address: str
    out_of_hours: str

    @property
    def acting_name(self) -> str:
        return self.delivered_by or self.council


@cache
def districts(authority: str) -> tuple[District, ...]:
    return tuple(_district(entry.split(), authority) for entry in DISTRICTS[authority].split(";"))


def _district(words: list[str], authority: str) -> District:
    codes = tuple(word for word in words if OUTWARD.match(word))
    name = " ".join(words[: -len(codes)])
    town = name[1:] if name.startswith("+") else TOWNS[authority]
    return District(name=name.removeprefix("+"), town=town, outward=codes, authority=authority)


def address(rng: Random, authority: str, district: District | None = None) -> Address:
    place = district or rng.choice(districts(authority))
    road = f"{rng.choice(ROAD_NAMES)} {rng.choice(ROAD_KINDS)}"
    return Address(
        line1=f"{rng.randint(2, 189)} {road}",
        locality=None if place.name == place.town else place.name,
        town=place.town,
        postcode=postcode(rng, rng.choice(place.outward)),
        authority=authority,
    )


def postcode(rng: Random, outward: str) -> str:
    return f"{outward} {rng.randint(1, 9)}{rng.choice(INWARD_LETTERS)}{rng.choice(INWARD_LETTERS)}"


@cache
def authorities() -> tuple[Authority, ...]:
    return tuple(_authority(number, key) for number, key in enumerate(COUNCILS))


def authority(key: str) -> Authority:
    return next(each for each in authorities() if each.key == key)


def _authority(number: int, key: str) -> Authority:
    name, prefix, council = COUNCILS[key]
    known = next(each for each in region.AUTHORITIES if each.name == name)
    return Authority(
        key=key,
        name=name,
        gss_code=known.gss_code,
        dfe_code=known.dfe_code,
        case_prefix=prefix,
        council=council,
        delivered_by=known.delivered_by,
        domain=DOMAINS.get(key, f"{key}-council.example"),
        address=known.address,
        out_of_hours=f"01632 960{900 + number}",
    )
