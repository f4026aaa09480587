"""A region in which parts of registrations have ended, wait or lie on a framework, and what the rule says of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest
from random import Random
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from models.home import FrameworkMembership
from models.provider import Category, Gender
from models.referral import Referral, ReferralStatus
from tests.world import BOTH, Care, Firm, World

Child = tuple[int, Gender | None]


@dataclass(frozen=True)
class Line:
    """One line of care as the test knows it: where it is given, whether it counts, framework or spot that day."""

    care: Care
    home: UUID | None
    name: str | None
    counts: bool
    member: bool


@dataclass(frozen=True)
class Known:
    """A provider as the test knows it."""

    firm: Firm
    approved: bool
    lines: Sequence[Line]

    def suiting(self, category: Category, children: Sequence[Child]) -> list[Line]:
        """The rule: one line of care that counts takes every child, and its provider is approved (S-042, S-061)."""
        if not self.approved:
            return []
        return [line for line in self.lines if line.counts and takes(line.care, category, children)]

    def reason(self, category: Category, children: Sequence[Child]) -> dict[str, Any] | None:
        """What is kept with the delivery of a referral that it matches."""
        found = sorted(self.suiting(category, children), key=lambda line: (line.name is None, line.name))
        if not found:
            return None
        first = found[0]
        elsewhere = "NON_FRAMEWORK" if any(line.member for line in self.lines) else "SPOT"
        return {
            "homeId": first.home and str(first.home), "homeName": first.name, "category": category.value,
            "ageFrom": first.care.ages[0], "ageTo": first.care.ages[1], "genders": list(first.care.genders),
            "framework": "FRAMEWORK" if first.member else elsewhere, "homesMatching": len(found),
        }  # fmt: skip


def takes(care: Care, category: Category, children: Sequence[Child]) -> bool:
    ages = all(care.ages[0] <= age <= care.ages[1] for age, _ in children)
    wanted = {g for _, gender in children for g in ((gender,) if gender in BOTH else BOTH)}
    return care.category is category and ages and wanted <= set(care.genders)


def asked_for(luck: Random, count: int) -> Iterator[tuple[Category, list[Child]]]:
    """What referrals look for: mostly one child, its age often a border of somebody's range."""
    for _ in range(count):
        category = luck.choice(list(Category))
        ages = (16, 17) if category is Category.SUPPORTED_ACCOMMODATION else (0, 5, 6, 8, 9, 11, 12, 15, 16, 17)
        yield (
            category,
            [
                (luck.choice(ages), luck.choice([*BOTH, *BOTH, Gender.OTHER, None]))
                for _ in range(luck.choice([1, 1, 2, 3]))
            ],
        )


async def provider(world: World, luck: Random) -> Known:
    """A provider with some care, parts of which have ended or wait, and places on a framework."""
    cares = [_care(luck, category) for category in luck.choices(list(Category), k=luck.randint(1, 5))]
    agency = [care for care in cares if care.category is Category.FOSTERING][:1]
    cares = [care for care in cares if care.category is not Category.FOSTERING] + agency
    firm = await world.provider(*cares)
    approved, lines = luck.random() < 0.85, []
    for number, (care, home) in enumerate(zip_longest(cares, firm.homes), 1):
        counts = await _spoilt(world, luck, firm, home)
        line = Line(care, home, f"Home {number}" if home else None, counts, False)
        lines.append(await _placed(world, luck, firm, line))
    if not approved:
        await world.sql("UPDATE provider SET effective_since = NULL WHERE id = $1", firm.id)
    return Known(firm, approved, lines)


async def _spoilt(world: World, luck: Random, firm: Firm, home: UUID | None) -> bool:
    """Whether a line of care counts: neither it nor its home has ended or waits for approval."""
    change = luck.choice([None] * 5 + ["ended_at = now()", "approved_at = NULL"])
    if change is None:
        return True
    if home and luck.random() < 0.5:
        await world.sql(f"UPDATE home SET {change} WHERE id = $1", home)
    else:
        await world.sql(
            f"UPDATE registered_care SET {change} WHERE provider_id = $1 AND home_id IS NOT DISTINCT FROM $2",
            firm.id, home,
        )  # fmt: skip
    return False


async def _placed(world: World, luck: Random, firm: Firm, line: Line) -> Line:
    """The line with a place on a framework: in force, over, to come, or waiting; or with none."""
    today, day = world.clock.now.date(), timedelta(days=1)
    spans: dict[str, tuple[date, date | None, bool, bool]] = {
        "first day": (today, None, True, True), "last day": (today - day, today, True, True),
        "over": (today - 9 * day, today - day, True, False), "to come": (today + day, None, True, False),
        "waiting": (today, None, False, False),
    }  # fmt: skip
    name = luck.choice([None, None, *spans])
    if name is None:
        return line
    start, end, approved, member = spans[name]
    async with AsyncSession(world.owner) as session, session.begin():
        session.add(
            FrameworkMembership(
                provider_id=firm.id, home_id=line.home, framework="West Midlands", valid_from=start, valid_until=end,
                approved_at=world.clock.now if approved else None,
            )
        )  # fmt: skip
    return Line(line.care, line.home, line.name, line.counts, member)


def _care(luck: Random, category: Category) -> Care:
    youngest = luck.randint(16, 17) if category is Category.SUPPORTED_ACCOMMODATION else luck.choice((0, 0, 6, 9, 12))
    genders = luck.choice([BOTH, BOTH, BOTH[:1], BOTH[1:]])
    return Care(category, (youngest, luck.randint(max(youngest, 5), 17)), genders)


def sent(authority: UUID, category: Category, children: Sequence[Child], world: World) -> Referral:
    """A referral as it stands after a sending that reached nobody."""
    seen = [{"ageYears": age, "gender": gender} for age, gender in children]
    return Referral(
        id=uuid4(), la_id=authority, reference=uuid4().hex, status=ReferralStatus.SENT, version=1, revision=1,
        category=category, content={}, summary={"children": seen}, accepted=False, created_at=world.clock.now,
        created_by_name="", updated_at=world.clock.now,
    )  # fmt: skip
