"""How far it is from one postcode district to another, by an offline table of their middles."""

import re
from typing import Any

from sqlalchemy import BigInteger, cast, func, literal_column
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.home import POSTCODE

DISTRICT = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
NONE_SUCH = "There is no such postcode district in the United Kingdom. Give the first half of a postcode, like B29."

EARTH: Any = literal_column("3958.7613")  # mean radius in miles
TWO: Any = literal_column("2")
WHOLE: Any = literal_column("1.0")


class PostcodeDistrict(Base):
    """The outward part of postcodes, like B29, and its middle in degrees. A migration fills it; nobody writes it."""

    __tablename__ = "postcode_district"

    district: Mapped[str] = mapped_column(primary_key=True)
    latitude: Mapped[float]
    longitude: Mapped[float]


def district_given(text: str) -> str:
    """The district that somebody named, alone or in a full postcode, in capitals; of the rest nothing is kept.

    A full postcode is shared by some fifteen addresses: it could say where a child lives.
    """
    given = "".join(text.upper().split())
    full = POSTCODE.fullmatch(given)
    return full[1] if full else given


def miles(one: Any, other: Any) -> Any:
    """Whole miles as the crow flies between the middles of two rows of the table."""
    return cast(func.round(_great_circle(one, other)), BigInteger)


def _great_circle(one: Any, other: Any) -> Any:
    """The haversine formula; rounding never makes the root more than one."""
    up = _squared(func.sin(func.radians(other.latitude - one.latitude) / TWO))
    across = _squared(func.sin(func.radians(other.longitude - one.longitude) / TWO))
    cosines = func.cos(func.radians(one.latitude)) * func.cos(func.radians(other.latitude))
    return TWO * EARTH * func.asin(func.least(WHOLE, func.sqrt(up + cosines * across)))


def _squared(value: Any) -> Any:
    return func.power(value, TWO)
