"""Takes in what a registration shall say as a whole, from a workbook or a case system."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from strawberry.utils.str_converters import to_camel_case

from models.age import london_day
from models.care import RegisteredCare
from models.home import FosteringFamily, FrameworkMembership, Home
from models.provider import Provider
from models.provision import misfit
from models.refusal import Code, Refused, refuse_all
from models.registration_change import frozen
from models.registration_content import CareFacts, HomeFacts, RegistrationContent
from resolvers.context import Context
from resolvers.registration import assign, nobody_elses
from resolvers.working_copy import WorkingCopy, copy_of

Facts = dict[str, Any]
Given = dict[UUID, tuple[Home, HomeFacts]]


async def take_in(context: Context, registration: Provider, content: RegistrationContent) -> int:
    """Make a registration say this, as one edit of it; answers how many facts changed.

    The registration is held already. Into a registration that never was approved everything is written directly; into
    one that is open for editing as changes that wait (S-007). Refused with REGISTRATION_LOCKED in every other state.
    """
    registration.ready("edit", by=context.by)
    copy = await copy_of(context, registration)
    if content.organisation is not None:
        moved = content.organisation.postcode != registration.postcode
        copy.change(registration, asdict(content.organisation))
        if moved:
            await assign(context, registration)
    if content.contacts is not None:
        copy.change(registration, {"contacts": [_plain(asdict(each)) for each in content.contacts]})
    if content.documents is not None:
        registration.announced = [_plain(asdict(each)) for each in content.documents]
    given = content.homes or ()
    refuse_all([*_misfits(given), *_still_to_come(given, london_day(context.by.at))])
    await nobody_elses(context, {("homes", str(n), "urn"): (home.regulator, home.urn) for n, home in enumerate(given)})
    homes = await _homes(copy, content.homes)
    await context.session.flush()
    await _care(copy, content, homes)
    await _memberships(copy, content, homes)
    if content.families is not None:
        await _families(copy, {each.name.casefold(): asdict(each) for each in content.families})
    await copy.flush()
    registration.edit(by=context.by, changes=copy.count)
    return copy.count


def _still_to_come(homes: Sequence[HomeFacts], today: date) -> list[Refused]:
    """Inspections that have not been yet: the file alone cannot show them."""
    sentence = "Homes, Inspected on: the inspection of {} lies ahead. Give the day of the last one."
    return [
        Refused(Code.INVALID_INPUT, sentence.format(home.name), ("homes", str(n), "ofstedInspectedOn"))
        for n, home in enumerate(homes)
        if home.ofsted_inspected_on is not None and home.ofsted_inspected_on > today
    ]


def _misfits(homes: Sequence[HomeFacts]) -> list[Refused]:
    return [
        fault
        for n, home in enumerate(homes)
        for m, care in enumerate(home.care)
        for fault in misfit(home.kind, care.category, "homes", str(n), "care", str(m), "category")
    ]


async def _homes(copy: WorkingCopy, given: Sequence[HomeFacts] | None) -> Given:
    """The homes as given, by id; those that are not given are ended."""
    if given is None:
        return {}
    there = await _live(copy, Home)
    names = {**{_renamed(copy, home): home for home in there}, **{home.name.casefold(): home for home in there}}
    found: Given = {}
    for facts in given:
        home, known = names.get(facts.name.casefold()), _own(facts)
        if home is None:
            home = Home(id=uuid4(), provider_id=copy.registration.id, **known)
            copy.add(home, home)
        else:
            copy.keep(home)
            copy.change(home, known)
        found[home.id] = home, facts
    for home in there:
        if home.id not in found:
            copy.end(home)
    return found


async def _care(copy: WorkingCopy, content: RegistrationContent, homes: Given) -> None:
    there = _by_home(await _live(copy, RegisteredCare))
    for id, (home, facts) in homes.items():
        _pair(copy, there[id], [_of_care(each) for each in facts.care], _same_care, home)
    if content.care is not None:
        _pair(copy, there[None], [_of_care(each) for each in content.care], _same_care, None)


async def _memberships(copy: WorkingCopy, content: RegistrationContent, homes: Given) -> None:
    there = _by_home(await _live(copy, FrameworkMembership))
    for id, (home, facts) in homes.items():
        _pair(copy, there[id], [asdict(each) for each in facts.memberships], _same_membership, home)
    if content.memberships is not None:
        _pair(copy, there[None], [asdict(each) for each in content.memberships], _same_membership, None)


async def _families(copy: WorkingCopy, given: Mapping[str, Facts]) -> None:
    """Families wait for nobody. Those of an approved provider stay, also where they are not given (S-095)."""
    there = {each.name.casefold(): each for each in await _live(copy, FosteringFamily)}
    for key, facts in given.items():
        family = there.get(key)
        if family is None:
            copy.context.session.add(FosteringFamily(id=uuid4(), provider_id=copy.registration.id, **facts))
        changed = {name: value for name, value in facts.items() if family and getattr(family, name) != value}
        for name, value in changed.items():
            setattr(family, name, value)
        copy.count += len(changed) if family else 1
    for key in there.keys() - given.keys() if not copy.approved else ():
        there[key].ended_at = copy.context.by.at
        copy.count += 1


async def _live(copy: WorkingCopy, kind: type[Any]) -> list[Any]:
    mine = kind.provider_id == copy.registration.id, kind.ended_at.is_(None)
    return await copy.context.all(select(kind).where(*mine))


def _by_home(parts: Iterable[Any]) -> dict[UUID | None, list[Any]]:
    found: dict[UUID | None, list[Any]] = defaultdict(list)
    for part in parts:
        found[part.home_id].append(part)
    return found


def _pair(
    copy: WorkingCopy,
    there: Sequence[Any],
    given: Sequence[Facts],
    same: Callable[[Any, Facts], int],
    home: Home | None,
) -> None:
    """Each of the given is what is there already, or the nearest to it changed, or new; the rest is ended."""
    left, kind = list(there), RegisteredCare if same is _same_care else FrameworkMembership
    wanted = sorted(given, key=lambda facts: -max((same(part, facts) for part in there), default=0))
    for facts in wanted:
        nearest = max(left, key=lambda part: same(part, facts), default=None)
        if nearest is None or not same(nearest, facts):
            when = {"added_at": copy.context.by.at} if kind is RegisteredCare else {}
            made = kind(
                id=uuid4(), provider_id=copy.registration.id, home_id=home.id if home else None, **facts, **when
            )
            copy.add(made, home)
            continue
        left.remove(nearest)
        copy.keep(nearest)
        copy.change(nearest, {name: facts[name] for name in facts if name not in ("category", "framework")}, home)
    for part in left:
        copy.end(part, home)


def _same_care(care: RegisteredCare, facts: Facts) -> int:
    exact = (care.age_from, care.age_to, care.genders) == (facts["age_from"], facts["age_to"], facts["genders"])
    return int(care.category is facts["category"]) * (1 + exact)


def _same_membership(held: FrameworkMembership, facts: Facts) -> int:
    named: bool = held.framework.casefold() == facts["framework"].casefold() and held.lot == facts["lot"]
    return int(named) * (1 + int(held.valid_from == facts["valid_from"]))


def _renamed(copy: WorkingCopy, home: Home) -> str:
    waiting = copy.pending.get((home.id, "name"))
    return str(waiting.proposed["name"] if waiting else home.name).casefold()


def _own(facts: HomeFacts) -> Facts:
    return {name: getattr(facts, name) for name in HomeFacts.__slots__ if name not in ("care", "memberships")}


def _of_care(facts: CareFacts) -> Facts:
    return {**asdict(facts), "genders": sorted({gender.value for gender in facts.genders})}


def _plain(facts: Mapping[str, Any]) -> Facts:
    """Facts by their public names, as JSON keeps them."""
    return {to_camel_case(name): frozen(value) for name, value in facts.items()}
