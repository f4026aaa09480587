"""What a sending would do, told beforehand: whom it would reach, and why it would reach nobody."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, literal_column, select, true

from models.delivery import Delivery, DeliveryStatus
from models.home import FrameworkStatus
from models.offer import Offer
from models.provider import Category, Gender
from models.refusal import Code, Refused
from models.wanted import Wanted, framework_on

CARE = {
    Category.RESIDENTIAL: "residential care",
    Category.FOSTERING: "fostering",
    Category.SUPPORTED_ACCOMMODATION: "supported accommodation",
    Category.RESIDENTIAL_FAMILY_ASSESSMENT: "residential family assessment",
}
CHILDREN = {Gender.FEMALE.value: "girls", Gender.MALE.value: "boys"}


class SendingKind(StrEnum):
    """What sending a referral now would be."""

    FIRST = "FIRST"
    REVISION = "REVISION"
    REMINDER = "REMINDER"


@dataclass(frozen=True)
class Standing:
    """How many match by homes that stand so."""

    framework: FrameworkStatus
    providers: int
    homes: int


@dataclass(frozen=True)
class Reach:
    """Whom a sending would reach, in numbers; what a provider holds already is counted as it stands now.

    An offer counts from its submission on. Whoever is drafting one keeps the referral at a resending too (S-060), and
    is counted among the losers all the same: left out of both, it would be the difference between those who hold the
    referral and those who are counted, and the authority could ask for that as often as it likes.
    """

    giving: int
    giving_at_age: int
    providers: int
    homes: int
    newcomers: int
    holders: int
    decliners: int
    keepers: int
    losers: int
    reminded: int
    standings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def by_framework(self) -> list[Standing]:
        known = {each["framework"]: each for each in self.standings}
        counts = ((stands, known.get(stands.value, {})) for stands in FrameworkStatus)
        return [Standing(stands, found.get("providers", 0), found.get("homes", 0)) for stands, found in counts]


def reach(wanted: Wanted, referral_id: UUID, day: date) -> Select[Any]:
    """The one statement behind `Reach`, over the lines of care that count and the deliveries there are."""
    line = wanted.judged().cte("line")
    suits = and_(line.c.aged, line.c.gendered)
    fit = select(line, framework_on(line, day).label("framework")).where(suits).cte("fit")
    each = select(fit.c.provider_id, func.count(fit.c.place.distinct()).label("homes")).group_by(fit.c.provider_id)
    matched = each.cte("matched")
    mine = Offer.referral_id == Delivery.referral_id, Offer.provider_id == Delivery.provider_id
    offered = select(Offer.id).where(*mine, Offer.submitted_at.is_not(None)).exists()
    here = Delivery.referral_id == referral_id, Delivery.withdrawn_at.is_(None)
    held = select(Delivery.provider_id, Delivery.status, offered.label("offered")).where(*here).cte("held")
    both = matched.outerjoin(held, held.c.provider_id == matched.c.provider_id, full=True)
    missing, present = matched.c.provider_id.is_(None), matched.c.provider_id.is_not(None)
    count = func.count()
    named = {
        "providers": func.count(matched.c.provider_id),
        "homes": func.coalesce(func.sum(matched.c.homes), 0),
        "newcomers": count.filter(held.c.provider_id.is_(None)),
        "holders": count.filter(present, held.c.status != DeliveryStatus.DECLINED),
        "decliners": count.filter(present, held.c.status == DeliveryStatus.DECLINED),
        "keepers": count.filter(missing, held.c.offered),
        "losers": count.filter(missing, ~held.c.offered),
        "reminded": count.filter(held.c.status != DeliveryStatus.DECLINED),
    }
    giving, at_age = (kind.label(name) for kind, name in zip(_giving(line), ("giving", "giving_at_age"), strict=True))
    given = select(giving, at_age).subquery("given")
    reached = select(*(value.label(name) for name, value in named.items())).select_from(both).subquery("reached")
    return select(given, reached, _standings(fit).label("standings")).select_from(given.join(reached, true()))


def funnel(wanted: Wanted) -> Select[Any]:
    """How many approved providers give this care at all, and how many of them at every child's age."""
    return select(*_giving(wanted.judged().subquery("line")))


def _giving(line: Any) -> tuple[Any, Any]:
    provider = line.c.provider_id.distinct()
    return func.count(provider), func.count(provider).filter(line.c.aged)


def _standings(fit: Any) -> Any:
    providers, homes = func.count(fit.c.provider_id.distinct()), func.count(fit.c.place.distinct())
    each = select(fit.c.framework, providers.label("providers"), homes.label("homes"))
    rows = each.group_by(fit.c.framework).subquery("standing")
    found = func.jsonb_agg(func.to_jsonb(rows.table_valued()))
    return select(func.coalesce(found, literal_column("'[]'::jsonb"))).select_from(rows).scalar_subquery()


def nobody(wanted: Wanted, giving: int, giving_at_age: int) -> Refused:
    """The refusal of a sending that would reach nobody: where on the way from category to gender they all end."""
    helps = "Split the group" if giving and _differ(wanted) else "Choose another category"
    found = f"{_found(wanted, giving, giving_at_age)}. {helps}, or send it anyway by acknowledging this."
    return Refused(Code.NO_MATCH, f"No approved provider matches: {found}", ["acknowledgeNoMatch"])


def _differ(wanted: Wanted) -> bool:
    """Whether each child by itself asks for less than the group does."""
    return len(set(wanted.years)) > 1 or (len(wanted.years) > 1 and len(wanted.genders) > 1)


def _found(wanted: Wanted, giving: int, giving_at_age: int) -> str:
    care, both = CARE[wanted.category], "both " * (len(wanted.genders) > 1)
    aged, these = f"children aged {spoken_years(wanted.years)}", f"{both}{spoken_genders(wanted.genders)}"
    if not giving:
        return f"none gives {care}"
    found = f"{giving} gives {care}" if giving == 1 else f"{giving} give {care}"
    if not giving_at_age:
        return f"{found}, but not to {aged}" if giving == 1 else f"{found}, none of them to {aged}"
    found += f" to {aged}" if giving == 1 else f", {giving_at_age} of them to {aged}"
    return f"{found}, but not to {these}"


def spoken_years(years: Sequence[int]) -> str:
    """Every age once, youngest first: "5, 9 and 15"."""
    *others, last = [str(age) for age in sorted(set(years))]
    return f"{', '.join(others)} and {last}" if others else last


def spoken_genders(genders: Sequence[str]) -> str:
    return " and ".join(CHILDREN[gender] for gender in sorted(genders))
