"""Dated gates: what is open on a day, for which authority and category, kept as rows and never as code."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ForeignKey, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, coded
from models.provider import Category
from models.refusal import Code, Refused

LONDON = ZoneInfo("Europe/London")


class Feature(StrEnum):
    """What a gate opens. Dates: S-009, S-043 to S-045, S-049, S-050."""

    REFERRALS = "REFERRALS"
    PROFILE_EDITING = "PROFILE_EDITING"
    EMAIL = "EMAIL"


class Rollout(Identified, Base):
    """One dated row. A row without authority or category opens the feature for every authority or category."""

    __tablename__ = "rollout"

    feature: Mapped[Feature] = coded(Feature)
    la_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    category: Mapped[Category | None] = coded(Category)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime | None]

    def covers(self, at: datetime, la_id: UUID | None = None, category: Category | None = None) -> bool:
        in_time = self.opens_at <= at and (self.closes_at is None or at < self.closes_at)
        return in_time and self.la_id in (None, la_id) and self.category in (None, category)

    @classmethod
    def opened(cls, feature: Feature, at: Any) -> ColumnElement[bool]:
        """Whether a gate stands open to every authority and category."""
        everybody = cls.feature == feature, cls.la_id.is_(None), cls.category.is_(None)
        in_time = cls.opens_at <= at, or_(cls.closes_at.is_(None), cls.closes_at > at)
        return select(cls.id).where(*everybody, *in_time).exists()


# fmt: off
PILOT = {
    "Birmingham": (Category.SUPPORTED_ACCOMMODATION, Category.RESIDENTIAL, Category.RESIDENTIAL_FAMILY_ASSESSMENT),
    "Coventry": (Category.FOSTERING,),
    "Stoke-on-Trent": (Category.SUPPORTED_ACCOMMODATION, Category.RESIDENTIAL,
                       Category.RESIDENTIAL_FAMILY_ASSESSMENT, Category.FOSTERING),
}
# fmt: on
PILOT_OPENS = datetime(2026, 4, 28, tzinfo=LONDON)
PILOT_ENDS = datetime(2026, 5, 28, tzinfo=LONDON)
PROFILES_OPEN = datetime(2026, 6, 1, tzinfo=LONDON)
EMAIL_OPENS = datetime(2026, 7, 1, tzinfo=LONDON)


def first_rows(authorities: dict[str, UUID]) -> list[Rollout]:
    """The gates as announced: the pilot from 28 April to 27 May 2026 inclusive, every authority after it."""
    pilot = [
        Rollout(feature=Feature.REFERRALS, la_id=authorities[name], category=category,
                opens_at=PILOT_OPENS, closes_at=PILOT_ENDS)
        for name, categories in PILOT.items()
        for category in categories
    ]  # fmt: skip
    return [
        *pilot,
        Rollout(feature=Feature.REFERRALS, opens_at=PILOT_ENDS),
        Rollout(feature=Feature.PROFILE_EDITING, opens_at=PROFILES_OPEN),
        Rollout(feature=Feature.EMAIL, opens_at=EMAIL_OPENS),
    ]


def spoken_day(at: datetime) -> str:
    """An instant as the day in London that people speak of."""
    return f"{at.astimezone(LONDON):%-d %B %Y}"


def referrals_open(
    rows: Sequence[Rollout], at: datetime, la_id: UUID, category: Category | None, path: Sequence[str] = ("category",)
) -> None:
    """Refuse before go-live (S-015), and in the pilot what is not part of it (S-044, S-045).

    `path` names where the category was given.
    """
    gates = [row for row in rows if row.feature is Feature.REFERRALS]
    live = min((row.opens_at for row in gates), default=None)
    if live is None or at < live:
        opens = f" Referrals open on {spoken_day(live)}." if live else ""
        sentence = f"The portal has not gone live yet.{opens}"
        raise Refused(Code.NOT_LIVE, sentence, available_from=live and live.isoformat())
    if any(row.covers(at, la_id, row.category if category is None else category) for row in gates):
        return
    ahead = [row for row in gates if row.opens_at > at and row.la_id in (None, la_id)]
    opens_at = min((row.opens_at for row in ahead if row.category in (None, category)), default=None)
    opens = f" It opens to you on {spoken_day(opens_at)}." if opens_at else ""
    wanted = " for this category" if category else ""
    sentence = f"Your authority does not take part in the pilot{wanted}.{opens}"
    facts = {"available_from": opens_at and opens_at.isoformat()}
    raise Refused(Code.NOT_IN_PILOT, sentence, path if category else (), **facts)


def profile_editing_open(rows: Sequence[Rollout], at: datetime) -> None:
    """Refuse edits of an approved profile before 1 June 2026 (S-049)."""
    gates = [row for row in rows if row.feature is Feature.PROFILE_EDITING]
    if not any(row.covers(at) for row in gates):
        opens = min(row.opens_at for row in gates)
        sentence = f"Provider profiles can be edited from {spoken_day(opens)}."
        raise Refused(Code.FEATURE_NOT_YET_AVAILABLE, sentence, available_from=opens.isoformat())
