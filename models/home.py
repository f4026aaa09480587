"""Where a child may live: homes with their framework memberships, and fostering families."""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Select, UniqueConstraint, and_, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Identified, Json, coded, shown
from models.lifecycle import Side
from models.provider import Provider, RegisteredCare
from models.refusal import Code, Refused

URN = re.compile(r"(SC\d{6}|\d{6,7})")
POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][ABD-HJLNP-UW-Z]{2})")


class Regulator(StrEnum):
    OFSTED = "OFSTED"
    CIW = "CIW"


class OfstedGrade(StrEnum):
    OUTSTANDING = "OUTSTANDING"
    GOOD = "GOOD"
    REQUIRES_IMPROVEMENT = "REQUIRES_IMPROVEMENT"
    INADEQUATE = "INADEQUATE"
    NOT_YET_INSPECTED = "NOT_YET_INSPECTED"


class FrameworkStatus(StrEnum):
    """Where a placement stands: under the framework, spot, or a home outside its provider's framework (S-011)."""

    FRAMEWORK = "FRAMEWORK"
    SPOT = "SPOT"
    NON_FRAMEWORK = "NON_FRAMEWORK"


def valid_urn(urn: str, *path: str) -> str:
    """The regulator's unique reference number in its one form: SC and six digits, or six to seven digits."""
    text = urn.strip().upper().replace(" ", "")
    if not URN.fullmatch(text):
        sentence = f"{urn.strip()!r} is not a URN: a URN is SC and six digits, or six to seven digits."
        raise Refused(Code.INVALID_INPUT, sentence, path or ("input", "urn"))
    return text


def valid_postcode(postcode: str, *path: str) -> str:
    """The postcode in capitals with one space, or a refusal."""
    found = POSTCODE.fullmatch(" ".join(postcode.upper().split()))
    if not found:
        raise Refused(Code.INVALID_INPUT, f"{postcode.strip()!r} is not a UK postcode.", path or ("input", "postcode"))
    return f"{found[1]} {found[2]}"


REGISTERED = frozenset({"address", "postcode", "urn", "regulator", "places"})
"""What the regulator's certificate says of a home: changed only while its registration is open for editing."""


def district(postcode: str) -> str:
    """The outward part of a valid postcode."""
    return postcode.split(" ")[0]


class Home(Identified, Base):
    """A registered home, centre or supported-accommodation premises (S-010)."""

    __tablename__ = "home"
    __table_args__ = (
        UniqueConstraint("provider_id", "name"),
        CheckConstraint("default_core_fee > 0", name="default_core_fee"),
        CheckConstraint("places > 0", name="places"),
    )

    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id"), index=True)
    name: Mapped[str]
    address: Mapped[str]
    postcode: Mapped[str]
    urn: Mapped[str]
    regulator: Mapped[Regulator] = coded(Regulator, default=Regulator.OFSTED)
    registered_manager: Mapped[str]
    places: Mapped[int]
    ofsted_grade: Mapped[OfstedGrade] = coded(OfstedGrade, default=OfstedGrade.NOT_YET_INSPECTED)
    ofsted_inspected_on: Mapped[date | None]
    default_core_fee: Mapped[Decimal | None]

    care: Mapped[list[RegisteredCare]] = relationship(lazy="raise", viewonly=True, order_by=RegisteredCare.category)
    memberships: Mapped[list["FrameworkMembership"]] = relationship(
        lazy="raise", viewonly=True, order_by="FrameworkMembership.valid_from"
    )

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        if me.side is Side.PROVIDER:
            own: ColumnElement[bool] = row.provider_id == me.organisation_id
            return own
        return and_(row.id.is_not(None))

    @shown
    def on_framework(row: Any, me: Any) -> Any:
        """Whether a framework membership of this home is in force today (S-012)."""
        return FrameworkMembership.in_force(row.id, func.date(func.timezone("Europe/London", me.now)))

    @shown
    def version(row: Any, me: Any) -> Any:
        """The version of the registration that the home belongs to."""
        return select(Provider.version).where(Provider.id == row.provider_id).scalar_subquery()


class FrameworkMembership(Identified, Base):
    """A home's, or a fostering agency's, place on a framework and lot from a day until a day (S-012)."""

    __tablename__ = "framework_membership"
    __table_args__ = (CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="dates"),)

    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id"), index=True)
    home_id: Mapped[UUID | None] = mapped_column(ForeignKey("home.id"), index=True)
    framework: Mapped[str]
    lot: Mapped[str | None]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]

    def faults(self, *path: str) -> list[Refused]:
        """What is wrong with it as it was given."""
        found = []
        if not self.framework.strip():
            found.append(Refused(Code.INCOMPLETE, "Name the framework.", [*path, "framework"]))
        if self.valid_until is not None and self.valid_until < self.valid_from:
            sentence = "The last day lies before the first."
            found.append(Refused(Code.INVALID_INPUT, sentence, [*path, "validUntil"]))
        return found

    @classmethod
    def in_force(cls, home_id: Any, day: Any) -> ColumnElement[bool]:
        return select(cls.id).where(cls.home_id == home_id, cls.covers(day)).exists()

    @classmethod
    def covers(cls, day: Any) -> ColumnElement[bool]:
        return and_(cls.valid_from <= day, or_(cls.valid_until.is_(None), cls.valid_until >= day))


class FosteringFamily(Identified, Base):
    """A family approved by its agency; typed once, suggested to the same agency ever after (S-095)."""

    __tablename__ = "fostering_family"
    __table_args__ = (UniqueConstraint("provider_id", "name"),)

    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id"), index=True)
    name: Mapped[str]
    postcode: Mapped[str | None]
    supervising_social_worker: Mapped[str | None]
    details: Mapped[Json]

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        own: ColumnElement[bool] = row.provider_id == me.organisation_id
        return own
