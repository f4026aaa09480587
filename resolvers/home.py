"""Homes, kept by their provider."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, select

from models.care import RegisteredCare
from models.home import FrameworkMembership, Home, HomeKind, shares_number
from models.provider import Provider
from models.provision import misfit
from models.refusal import Code, Refused, refuse_all
from resolvers.care_input import genders_of, memberships_of
from resolvers.context import Context, Info
from resolvers.home_input import (
    HomeInput,
    HomeUpdateInput,
    changes_of,
    facts_of,
)
from resolvers.pages import Page
from resolvers.registration import nobody_elses
from resolvers.working_copy import WorkingCopy, profile


# ── reads ────────────────────────────────────────────────────────────────────
def one(me: Any, id: UUID) -> Select[Any]:
    return Home.visible_to(me).where(Home.id == id)


def own(me: Any, first: int = 20, after: str | None = None) -> Page:
    rows = Home.visible_to(me).where(Home.provider_id == me.organisation_id, Home.ended_at.is_(None))
    return Page(rows, Home.name, Home.id, first, after, descending=False)


# ── acts ─────────────────────────────────────────────────────────────────────
async def add(info: Info, input: HomeInput) -> Home:
    """A home with its care. Of an approved provider it waits for approval (S-049)."""
    context = info.context
    copy = await profile(context)
    home = Home(id=uuid4(), provider_id=copy.registration.id, **facts_of(input))
    await told_apart(copy, home, {})
    care, memberships = _care(context, home, input), memberships_of(input.memberships, copy.registration.id, home.id)
    refuse_all(_faults(home, care, memberships))
    copy.add(home, home)
    await context.session.flush()
    for given in care:
        copy.add(given, home)
    for held in memberships:
        copy.add(held, home)
    await copy.done(home=home.id)
    return home


async def update(info: Info, id: UUID, expected_version: int, input: HomeUpdateInput) -> Home:
    """Facts of a home; what the regulator registered waits for approval once it has been approved (S-007, S-049)."""
    context = info.context
    copy = await profile(context, expected_version)
    home = await copy.home(id)
    facts = changes_of(input, home)
    await told_apart(copy, home, facts)
    await _fits(copy, home, facts.get("kind", home.kind))
    copy.change(home, facts)
    await copy.done(home=home.id)
    return home


async def end(info: Info, id: UUID, expected_version: int) -> Provider:
    """A home that goes on no longer, with its care and memberships; what was offered there keeps its record."""
    context = info.context
    copy = await profile(context, expected_version)
    copy.end(await copy.home(id))
    await copy.done(home=id)
    return copy.registration


async def _fits(copy: WorkingCopy, home: Home, kind: HomeKind) -> None:
    """Refuse another kind of home than its care goes with."""
    given = RegisteredCare.home_id == home.id, RegisteredCare.ended_at.is_(None)
    care = await copy.context.all(select(RegisteredCare).where(*given)) if kind is not home.kind else []
    refuse_all([fault for each in care for fault in misfit(kind, each.category, "input", "kind")][:1])


async def told_apart(copy: WorkingCopy, home: Home, facts: Mapping[str, Any]) -> None:
    """Refuse the name, or the number, of another home of the provider; premises of one service share theirs."""
    others = Home.provider_id == home.provider_id, Home.ended_at.is_(None), Home.id != home.id
    mine = {name: facts.get(name, getattr(home, name)) for name in ("name", "urn", "kind", "service")}
    faults = []
    for other in await copy.context.all(select(Home).where(*others)):
        theirs = {name: copy.working(other, name) for name in mine}
        if mine["name"].casefold() in (theirs["name"].casefold(), other.name.casefold()):
            faults.append(Refused(Code.INVALID_INPUT, "You have a home of this name already.", ["input", "name"]))
        if mine["urn"] == theirs["urn"] and not shares_number(mine, theirs):
            sentence = f"{theirs['name']} has this number already. Only premises of one service share theirs."
            faults.append(Refused(Code.INVALID_INPUT, sentence, ["input", "urn"]))
    refuse_all(list({tuple(fault.path): fault for fault in faults}.values()))
    if not facts or {"urn", "regulator"} & facts.keys():
        regulator = facts.get("regulator", home.regulator)
        await nobody_elses(copy.context, {("input", "urn"): (regulator, mine["urn"])})


def _care(context: Context, home: Home, input: HomeInput) -> list[RegisteredCare]:
    return [
        RegisteredCare(
            id=uuid4(), provider_id=home.provider_id, home_id=home.id, category=each.category,
            age_from=each.age_from, age_to=each.age_to, genders=genders_of(each.genders), added_at=context.by.at,
        )
        for each in input.care
    ]  # fmt: skip


def _faults(home: Home, care: list[RegisteredCare], memberships: list[FrameworkMembership]) -> list[Refused]:
    """Everything wrong with a home's care and memberships, told at once (S-013)."""
    faults = [fault for n, each in enumerate(care) for fault in each.faults("input", "care", str(n))]
    faults += [fault for n, each in enumerate(memberships) for fault in each.faults("input", "memberships", str(n))]
    if not care and home.kind is not HomeKind.FOSTERING_BRANCH:
        sentence = "Give at least one category of care with its ages and genders."
        faults.append(Refused(Code.INCOMPLETE, sentence, ["input", "care"]))
    for n, each in enumerate(care):
        faults += misfit(home.kind, each.category, "input", "care", str(n), "category")
    return faults
