"""Care that a home or an agency is registered to give, once its registration stands."""

from uuid import UUID, uuid4

import strawberry
from sqlalchemy import select

from models.care import RegisteredCare
from models.home import Home
from models.provider import Category, Gender, Provider
from models.provision import misfit
from models.refusal import Code, Refused, refuse_all
from resolvers.care_input import CareInput, genders_of
from resolvers.context import Info
from resolvers.working_copy import WorkingCopy, profile


@strawberry.input(description="Care as it shall be. Wider ages and more genders wait for approval.")
class CareUpdateInput:
    age_from: int = strawberry.field(description="The youngest age in years, 0 to 17.")
    age_to: int = strawberry.field(description="The oldest age in years, 0 to 17.")
    genders: list[Gender] = strawberry.field(description="At least one. Both are needed for any other gender.")


async def add(info: Info, home_id: UUID, input: CareInput) -> Provider:
    """A further category of a home there is; once approved it waits (S-049)."""
    context = info.context
    copy = await profile(context)
    home = await copy.home(home_id)
    care = RegisteredCare(
        id=uuid4(), provider_id=home.provider_id, home_id=home.id, category=input.category, age_from=input.age_from,
        age_to=input.age_to, genders=genders_of(input.genders), added_at=context.by.at,
    )  # fmt: skip
    faults = care.faults("input")
    faults += misfit(copy.working(home, "kind"), care.category, "input", "category")
    refuse_all(faults or await _given_already(copy, home, input.category))
    copy.add(care, home)
    await copy.done(care=care.id, home=home.id)
    return copy.registration


async def _given_already(copy: WorkingCopy, home: Home, category: Category) -> list[Refused]:
    """The refusal of a category that the home has, or that waits for approval; not of one that is being taken out."""
    same = RegisteredCare.home_id == home.id, RegisteredCare.category == category, RegisteredCare.ended_at.is_(None)
    there = await copy.context.all(select(RegisteredCare).where(*same))
    if all((care.id, None) in copy.pending and care.approved_at is not None for care in there):
        return []
    sentence = f"{home.name} has this category already. Change that one's ages and genders instead."
    return [Refused(Code.INVALID_INPUT, sentence, ["input", "category"])]


async def update(info: Info, id: UUID, expected_version: int, input: CareUpdateInput) -> Provider:
    """Other ages and genders: what is narrower counts at once, what is wider once it is approved."""
    copy = await profile(info.context, expected_version)
    care = await copy.own(RegisteredCare, id)
    facts = {"age_from": input.age_from, "age_to": input.age_to, "genders": genders_of(input.genders)}
    category: Category = care.category
    wished = RegisteredCare(category=category, home_id=care.home_id, **facts)
    refuse_all(wished.faults("input"))
    copy.change(care, facts, await copy.home_of(care))
    await copy.done(care=id)
    return copy.registration


async def end(info: Info, id: UUID, expected_version: int) -> Provider:
    """Care that is given no longer; it brings no referrals from now on."""
    copy = await profile(info.context, expected_version)
    care = await copy.own(RegisteredCare, id)
    copy.end(care, await copy.home_of(care))
    await copy.done(care=id)
    return copy.registration
