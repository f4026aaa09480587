"""Where a child may live: homes with their framework memberships, and fostering families."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Select, and_, func, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Identified, Json, coded, shown
from models.care import RegisteredCare
from models.provider import Provider, decided_scope
from models.refusal import Code, Refused

if TYPE_CHECKING:
    from models.registration_change import RegistrationChange

URN = re.compile(r"(SC\d{6}|\d{6,7})")
POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][ABD-HJLNP-UW-Z]{2})")


class Regulator(StrEnum):
    OFSTED = "OFSTED"
    CIW = "CIW"


class HomeKind(StrEnum):
    """What an address is registered as; it decides who holds the URN. No child is placed in a branch of an agency."""

    CHILDRENS_HOME = "CHILDRENS_HOME"
    FAMILY_ASSESSMENT_CENTRE = "FAMILY_ASSESSMENT_CENTRE"
    SUPPORTED_ACCOMMODATION = "SUPPORTED_ACCOMMODATION"
    FOSTERING_BRANCH = "FOSTERING_BRANCH"


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
    """Ofsted's unique reference number in its one form: SC and six digits, or six to seven digits."""
    number = urn.strip().upper().replace(" ", "")
    if not URN.fullmatch(number):
        sentence = f"{urn.strip()!r} is not a URN: a URN is SC and six digits, or six to seven digits."
        raise Refused(Code.INVALID_INPUT, sentence, path or ("input", "urn"))
    return number


def valid_number(regulator: Regulator, number: str, *path: str) -> str:
    """The number under which the regulator knows a home; the Welsh one's have other forms than Ofsted's."""
    if regulator is Regulator.OFSTED:
        return valid_urn(number, *path)
    given = " ".join(number.upper().split())
    if not 1 <= len(given) <= 20:
        raise Refused(Code.INVALID_INPUT, "A registration number of CIW has 1 to 20 characters.", path)
    return given


def valid_postcode(postcode: str, *path: str) -> str:
    """The postcode in capitals with one space, or a refusal."""
    found = POSTCODE.fullmatch(" ".join(postcode.upper().split()))
    if not found:
        raise Refused(Code.INVALID_INPUT, f"{postcode.strip()!r} is not a UK postcode.", path or ("input", "postcode"))
    return f"{found[1]} {found[2]}"


REGISTERED = frozenset({"kind", "service", "address", "postcode", "urn", "regulator", "places"})
"""What the regulator's certificate says of a home: with other such facts it is in effect another home."""
LIVE = text("ended_at IS NULL")


def shares_number(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    """Whether two addresses may have one number: premises of one service, and the branches of an agency."""
    if mine["kind"] != theirs["kind"] or mine["kind"] is HomeKind.FOSTERING_BRANCH:
        return bool(mine["kind"] == theirs["kind"])
    return mine["kind"] is HomeKind.SUPPORTED_ACCOMMODATION and mine["service"] == theirs["service"]


def district(postcode: str) -> str:
    """The outward part of a valid postcode."""
    return postcode.split(" ")[0]


class Home(Identified, Base):
    """A registered home, centre or supported-accommodation premises (S-010)."""

    __tablename__ = "home"
    __table_args__ = (
        Index("uq_home_live_name", "provider_id", text("lower(name)"), unique=True, postgresql_where=LIVE),
        CheckConstraint("default_core_fee > 0", name="default_core_fee"),
        CheckConstraint("places > 0", name="places"),
    )

    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id"), index=True)
    kind: Mapped[HomeKind] = coded(HomeKind, default=HomeKind.CHILDRENS_HOME)
    name: Mapped[str]
    service: Mapped[str | None]
    address: Mapped[str]
    postcode: Mapped[str]
    urn: Mapped[str]
    regulator: Mapped[Regulator] = coded(Regulator, default=Regulator.OFSTED)
    registered_manager: Mapped[str]
    places: Mapped[int]
    ofsted_grade: Mapped[OfstedGrade] = coded(OfstedGrade, default=OfstedGrade.NOT_YET_INSPECTED)
    ofsted_inspected_on: Mapped[date | None]
    default_core_fee: Mapped[Decimal | None]
    approved_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    care: Mapped[list[RegisteredCare]] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="and_(Home.id == RegisteredCare.home_id, RegisteredCare.ended_at == None)",
        order_by=RegisteredCare.category,
    )
    memberships: Mapped[list["FrameworkMembership"]] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="and_(Home.id == FrameworkMembership.home_id, FrameworkMembership.ended_at == None)",
        order_by="FrameworkMembership.valid_from",
    )

    changes: Mapped[list["RegistrationChange"]] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="and_(Home.id == RegistrationChange.home_id, RegistrationChange.status == 'PENDING')",
        order_by="RegistrationChange.proposed_at, RegistrationChange.id",
    )

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        return decided_scope(row, me)

    @property
    def spoken(self) -> str:
        return f"{self.name}, {self.address}, {self.postcode}, {self.urn}, places: {self.places}"

    def widens(self, facts: Mapping[str, Any]) -> bool:
        """Whether it would be another home than the one approved; fewer places are not."""
        if set(facts) & REGISTERED == {"places"}:
            return bool(facts["places"] > self.places)
        return bool(set(facts) & REGISTERED)

    @shown
    def in_effect(row: Any, me: Any) -> Any:
        """Whether it has been approved and not ended, so that offers can name it (S-010)."""
        return RegisteredCare.approved(row)

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
    approved_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    @property
    def spoken(self) -> str:
        return spoken_membership(self.framework, vars(self))

    def widens(self, facts: Mapping[str, Any]) -> bool:
        """Whether it would cover a day, or a lot, that it does not cover now."""
        until = facts.get("valid_until", self.valid_until)
        longer = self.valid_until is not None and (until is None or until > self.valid_until)
        lot = facts.get("lot", self.lot) != self.lot
        return bool(longer or lot or facts.get("valid_from", self.valid_from) < self.valid_from)

    def faults(self, *path: str) -> list[Refused]:
        """What is wrong with it as it was given."""
        found = []
        if not self.framework.strip():
            found.append(Refused(Code.INCOMPLETE, "Name the framework.", [*path, "framework"]))
        if self.valid_until is not None and self.valid_until < self.valid_from:
            sentence = "The last day lies before the first."
            found.append(Refused(Code.INVALID_INPUT, sentence, [*path, "validUntil"]))
        for name, day in (("validFrom", self.valid_from), ("validUntil", self.valid_until)):
            if day is not None and not 1900 <= day.year <= 2100:
                found.append(Refused(Code.INVALID_INPUT, "Give a day between 1900 and 2100.", [*path, name]))
        return found

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        return decided_scope(row, me)

    @shown
    def in_effect(row: Any, me: Any) -> Any:
        """Whether it has been approved and not ended."""
        return RegisteredCare.approved(row)

    @classmethod
    def in_force(cls, home_id: Any, day: Any) -> ColumnElement[bool]:
        return select(cls.id).where(cls.home_id == home_id, cls.covers(day)).exists()

    @classmethod
    def covers(cls, day: Any) -> ColumnElement[bool]:
        """Approved, and on that day in force."""
        dates = and_(cls.valid_from <= day, or_(cls.valid_until.is_(None), cls.valid_until >= day))
        return and_(dates, RegisteredCare.approved(cls))


def spoken_membership(framework: str, facts: Mapping[str, Any]) -> str:
    """A membership as a reviewer reads it: "West Midlands Residential, lot 1, from 2026-06-01 until 2027-05-31"."""
    lot = f", lot {facts['lot']}" if facts["lot"] else ""
    until = f" until {facts['valid_until']}" if facts["valid_until"] else ""
    return f"{framework}{lot}, from {facts['valid_from']}{until}"


class FosteringFamily(Identified, Base):
    """A family approved by its agency; typed once, suggested to the same agency ever after (S-095)."""

    __tablename__ = "fostering_family"
    __table_args__ = (
        Index("uq_fostering_family_live_name", "provider_id", text("lower(name)"), unique=True, postgresql_where=LIVE),
    )

    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id"), index=True)
    name: Mapped[str]
    postcode: Mapped[str | None]
    supervising_social_worker: Mapped[str | None]
    details: Mapped[Json]
    ended_at: Mapped[datetime | None]

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        own: ColumnElement[bool] = row.provider_id == me.organisation_id
        return own
