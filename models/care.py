"""What a provider is registered to give, by home or as an agency."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Select, and_, select, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, coded, shown
from models.provider import Category, decided_scope
from models.refusal import Code, Refused

APPROVED = "approved_at IS NOT NULL AND ended_at IS NULL"


class RegisteredCare(Identified, Base):
    """A category, an age range and genders (S-013). It brings referrals from its approval until it is ended."""

    __tablename__ = "registered_care"
    __table_args__ = (
        CheckConstraint("age_from BETWEEN 0 AND 17 AND age_to BETWEEN age_from AND 17", name="ages"),
        CheckConstraint("category <> 'SUPPORTED_ACCOMMODATION' OR age_from >= 16", name="supported_is_16_and_17"),
        CheckConstraint("cardinality(genders) > 0", name="genders"),
        CheckConstraint("category = 'FOSTERING' OR home_id IS NOT NULL", name="home_unless_fostering"),
        Index("ix_registered_care_match", "category", "age_from", "age_to", postgresql_where=text(APPROVED)),
    )

    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id"), index=True)
    home_id: Mapped[UUID | None] = mapped_column(ForeignKey("home.id"), index=True)
    category: Mapped[Category] = coded(Category)
    age_from: Mapped[int]
    age_to: Mapped[int]
    genders: Mapped[list[str]]
    added_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    @property
    def spoken(self) -> str:
        return spoken_care(self.category, {"age_from": self.age_from, "age_to": self.age_to, "genders": self.genders})

    def widens(self, facts: Mapping[str, Any]) -> bool:
        """Whether these ages and genders would bring referrals that it does not bring now."""
        younger = facts.get("age_from", self.age_from) < self.age_from
        older = facts.get("age_to", self.age_to) > self.age_to
        return younger or older or bool(set(facts.get("genders", ())) - set(self.genders))

    def faults(self, *path: str) -> list[Refused]:
        """What is wrong with it as it was given: age range, genders, or whether it belongs to a home."""
        found = []
        lowest = 16 if self.category is Category.SUPPORTED_ACCOMMODATION else 0
        if not lowest <= self.age_from <= self.age_to <= 17:
            sentence = f"Give an age range within {lowest} to 17, the younger age first."
            found.append(Refused(Code.INVALID_INPUT, sentence, [*path, "ageFrom"]))
        if not self.genders:
            found.append(Refused(Code.INCOMPLETE, "Name at least one gender.", [*path, "genders"]))
        if (self.category is Category.FOSTERING) is (self.home_id is not None):
            sentence = "Fostering is registered for the agency, every other category for a home."
            found.append(Refused(Code.INVALID_INPUT, sentence, [*path, "category"]))
        return found

    @classmethod
    def approved(cls, row: Any) -> ColumnElement[bool]:
        return and_(row.approved_at.is_not(None), row.ended_at.is_(None))

    @shown
    def in_effect(row: Any, me: Any) -> Any:
        """Whether it has been approved and not ended; until then it brings no referrals (S-007)."""
        return RegisteredCare.approved(row)

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        return decided_scope(row, me)


def spoken_care(category: Category, facts: Mapping[str, Any]) -> str:
    """Care as a reviewer reads it: "Residential, 8 to 17, female and male"."""
    genders = " and ".join(gender.lower() for gender in facts["genders"])
    return f"{category.replace('_', ' ').capitalize()}, {facts['age_from']} to {facts['age_to']}, {genders}"
