"""Who matches: every provider that should, no other, against the rule written out plainly."""

from itertools import product
from random import Random

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.delivery import Delivery
from models.provider import Category, Gender
from models.wanted import Wanted
from tests.world import BOTH, Care, World

OLDER, YOUNGER = ((16, 17), (16, 16)), ((0, 8), (6, 17), (11, 11))
GENDERS = (BOTH, BOTH[:1], BOTH[1:])
Child = tuple[int, Gender | None]


def suits(care: Care, category: Category, children: list[Child]) -> bool:
    """One line of care takes every child: category, age within range, gender among those it takes (S-039)."""
    ages = all(care.ages[0] <= age <= care.ages[1] for age, _ in children)
    wanted = {g for _, gender in children for g in ((gender,) if gender in BOTH else BOTH)}
    return care.category is category and ages and wanted <= set(care.genders)


async def test_a_provider_matches_when_one_of_its_lines_takes_every_child(world: World) -> None:
    """S-013, S-014, S-039, S-040, S-042, S-061"""
    random = Random(39)
    lines = [
        Care(category, ages, random.choice(GENDERS))
        for category in Category
        for ages in (OLDER if category is Category.SUPPORTED_ACCOMMODATION else YOUNGER)
        for _ in range(2)
    ]
    registered = [random.sample(lines, random.randint(1, 3)) for _ in range(14)]
    made = [(await world.provider(*care), care) for care in registered]
    pending = [await world.provider(*lines, approved=False)]
    everybody: tuple[Gender | None, ...] = (*Gender, None)
    groups: list[list[Child]] = [[(age, gender)] for age, gender in product((0, 6, 8, 9, 11, 16, 17), everybody)]
    groups += [[(random.randint(0, 17), random.choice(everybody)) for _ in range(2)] for _ in range(30)]
    async with AsyncSession(world.owner) as session:
        for category, children in product(Category, groups):
            wanted = Wanted(category, [(age, 0) for age, _ in children], [gender for _, gender in children])
            found = sorted((await session.scalars(wanted.providers())).all())
            expected = sorted(firm.id for firm, care in made if any(suits(c, category, children) for c in care))
            assert found == expected, (category, children)
            assert pending[0].id not in found
        assert (await session.scalars(select(Delivery.id))).all() == []
