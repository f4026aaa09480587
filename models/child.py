"""The child's identity, held apart from the referral and never given to a provider through it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Select, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from models.age import CHILD_UNTIL, SUPPORTED_FROM, age_on, london_day
from models.base import Base, Identified, Json, coded
from models.lifecycle import Side
from models.provider import Category, Gender
from models.refusal import Code, Refused


class Child(Identified, Base):
    """Names, date of birth and numbers of a child; read by the authority alone.

    The accepted provider learns them from the agreement, once that is shared for review.
    """

    __tablename__ = "child"
    __table_args__ = (UniqueConstraint("referral_id", "position"),)

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    la_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    position: Mapped[int]
    given_names: Mapped[str | None]
    family_name: Mapped[str | None]
    known_as: Mapped[str | None]
    date_of_birth: Mapped[date | None]
    expected_on: Mapped[date | None]
    gender: Mapped[Gender | None] = coded(Gender)
    case_number: Mapped[str | None]
    nhs_number: Mapped[str | None]
    removed_at: Mapped[datetime | None]

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        own: ColumnElement[bool] = row.la_id == me.organisation_id
        return own if me.side is Side.LOCAL_AUTHORITY else row.id.is_(None)

    @classmethod
    def known_to(cls, referral_id: UUID) -> Select[Any]:
        """The children a referral is for, and whom its texts may name too: removed, or in what was one with it."""
        kin = cls.referral_id.in_(select(func.portal_family(referral_id)))
        return select(cls).where(kin).order_by(cls.position, cls.id)

    def age_shown(self, at: datetime) -> tuple[int, int] | None:
        """Years and months as providers are told them; 0 for somebody who was not born on that day in London."""
        if self.date_of_birth is None:
            return (0, 0) if self.expected_on else None
        return max(age_on(self.date_of_birth, london_day(at)), (0, 0))

    def age_at(self, at: datetime, category: Category, place: int = 0) -> tuple[int, int]:
        """Years and months on that day in London; refused unless 0 to 17, or 16 and 17 for supported accommodation.

        A child not yet born counts as 0 years and is accepted for family assessment alone (S-035). `place` is where
        among the children of the referral a refusal points.
        """
        path = ["children", str(place), "dateOfBirth"]
        if self.date_of_birth is None:
            if self.expected_on and category is Category.RESIDENTIAL_FAMILY_ASSESSMENT:
                return 0, 0
            raise Refused(Code.INCOMPLETE, "Give the child's date of birth.", path)
        day = london_day(at)
        if self.date_of_birth > day:
            raise Refused(Code.AGE_OUT_OF_RANGE, "The date of birth lies in the future.", path)
        age = age_on(self.date_of_birth, day)
        if age >= (CHILD_UNTIL, 0):
            raise Refused(Code.AGE_OUT_OF_RANGE, "The portal is for children aged 0 to 17 when referred.", path)
        if category is Category.SUPPORTED_ACCOMMODATION and age < (SUPPORTED_FROM, 0):
            raise Refused(Code.AGE_OUT_OF_RANGE, "Supported accommodation is for young people of 16 and 17.", path)
        return age

    def initials(self) -> str:
        names = (self.given_names or "").strip(), (self.family_name or "").strip()
        return "".join(f"{name[0].upper()}." for name in names if name)

    def described(self) -> Json:
        """What providers see of who the child is."""
        expected = self.expected_on.isoformat() if self.expected_on and not self.date_of_birth else None
        return {"id": str(self.id), "initials": self.initials(), "gender": self.gender, "expectedOn": expected}

    def identity(self) -> Json:
        """The child's part of an agreement, as far as it is known."""
        return {
            "givenNames": self.given_names,
            "familyName": self.family_name,
            "knownAs": self.known_as,
            "dateOfBirth": self.date_of_birth.isoformat() if self.date_of_birth else None,
            "gender": self.gender,
            "caseNumber": self.case_number,
            "nhsNumber": self.nhs_number,
        }


def valid_nhs_number(number: str, *path: str) -> str:
    """Ten digits whose last is the modulus-11 check digit of the first nine, and which are not all the same."""
    digits = "".join(number.split()).replace("-", "")
    if len(digits) == 10 and digits.isascii() and digits.isdigit() and len(set(digits)) > 1:
        check = -sum((10 - i) * int(d) for i, d in enumerate(digits[:9])) % 11
        if check == int(digits[9]):
            return digits
    raise Refused(Code.INVALID_INPUT, "This is not a valid NHS number.", path)
