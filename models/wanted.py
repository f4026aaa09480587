"""What a placement must offer, and which registered care gives it (S-039)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from models.care import RegisteredCare
from models.home import FrameworkMembership, FrameworkStatus, Home
from models.provider import Category, Gender, Provider


class Wanted:
    """What a placement must offer: a category and, for every child of the group, age and gender.

    A child whose gender is other or not stated is matched by homes registered for both girls and boys (S-039).
    """

    def __init__(self, category: Category, ages: Sequence[tuple[int, int]], genders: Sequence[Gender | None]) -> None:
        self.category = category
        self.ages = ages
        self.years = [years for years, _ in ages]
        self.youngest, self.oldest = min(self.years), max(self.years)
        both = {Gender.FEMALE, Gender.MALE}
        self.genders = sorted(both if set(genders) - both else both & set(genders))

    def aged(self, care: Any) -> ColumnElement[bool]:
        """Whether every child's age lies within what the care is registered for."""
        youngest, oldest = planned(self.youngest, care.age_from), planned(self.oldest, care.age_to)
        return and_(care.age_from <= youngest, care.age_to >= oldest)

    def gendered(self, care: Any) -> ColumnElement[bool]:
        """Whether the care is registered for every child's gender."""
        taken: ColumnElement[bool] = care.genders.contains([g.value for g in self.genders])
        return taken

    def lines(self) -> Select[Any]:
        """Every line of care of the category that counts: approved and not ended, and its provider and home as well."""
        columns: list[Any] = [
            RegisteredCare.provider_id,
            RegisteredCare.id.label("care_id"),
            RegisteredCare.home_id,
            RegisteredCare.age_from,
            RegisteredCare.age_to,
            RegisteredCare.genders,
            Home.name.label("home_name"),
            func.coalesce(RegisteredCare.home_id, RegisteredCare.provider_id).label("place"),
        ]
        return (
            select(*columns)
            .join(Provider, Provider.id == RegisteredCare.provider_id)
            .outerjoin(Home, Home.id == RegisteredCare.home_id)
            .where(RegisteredCare.category == planned(self.category, RegisteredCare.category))
            .where(RegisteredCare.approved(RegisteredCare))
            .where(Provider.effective_since.is_not(None))
            .where(or_(RegisteredCare.home_id.is_(None), RegisteredCare.approved(Home)))
        )

    def suiting(self) -> Select[Any]:
        """The lines of which each by itself can take every child of the referral (S-061)."""
        return self.lines().where(self.aged(RegisteredCare), self.gendered(RegisteredCare))

    def judged(self) -> Select[Any]:
        """Every line that counts, with whether it suits by age and by gender: why nobody matches, or who does."""
        return self.lines().add_columns(
            self.aged(RegisteredCare).label("aged"), self.gendered(RegisteredCare).label("gendered")
        )

    def providers(self) -> Select[Any]:
        """Approved providers that match, each once (S-007, S-042)."""
        return self.suiting().with_only_columns(RegisteredCare.provider_id, maintain_column_froms=True).distinct()

    def matched(self, day: date) -> Select[Any]:
        """The same with the care by which each matches, and that as it is shown: `match_reason`.

        Where several lines suit, the first by name is shown and the number of homes beside it. Framework or spot is
        said of that day and decides nothing (S-040).
        """
        line = self.suiting().cte("line")
        each = select(line.c.provider_id, func.count(line.c.place.distinct()).label("homes"))
        counted = each.group_by(line.c.provider_id).subquery("counted")
        first = select(line).ext(distinct_on(line.c.provider_id))
        shown = first.order_by(line.c.provider_id, line.c.home_name, line.c.care_id).subquery("shown")
        reason = func.jsonb_build_object(
            "homeId", shown.c.home_id,
            "homeName", shown.c.home_name,
            "category", self.category.value,
            "ageFrom", shown.c.age_from,
            "ageTo", shown.c.age_to,
            "genders", func.to_jsonb(shown.c.genders),
            "framework", framework_on(shown, day),
            "homesMatching", counted.c.homes,
        )  # fmt: skip
        found = select(shown.c.provider_id, shown.c.care_id, reason.label("reason"))
        return found.join(counted, counted.c.provider_id == shown.c.provider_id)


def planned(value: Category | int, column: Any) -> BindParameter[Any]:
    """The value as part of the statement: a plan for every category alike would read far more than it needs."""
    return bindparam(None, value, type_=column.type, literal_execute=True)


def framework_on(line: Any, day: date) -> ColumnElement[str]:
    """Where a placement at a home, or with the agency, would stand on that day, as an offer derives it (S-011)."""
    held = FrameworkMembership.provider_id == line.c.provider_id, FrameworkMembership.covers(day)
    here = FrameworkMembership.home_id.is_not_distinct_from(line.c.home_id)
    stands = {True: FrameworkStatus.FRAMEWORK.value, False: FrameworkStatus.NON_FRAMEWORK.value}
    own = select(func.bool_or(here)).where(*held).scalar_subquery()
    return case(stands, value=own, else_=FrameworkStatus.SPOT.value)
