"""Homes and fostering families, kept by their provider."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, func

from models.home import REGISTERED, FosteringFamily, FrameworkMembership, Home
from models.provider import Provider, RegisteredCare
from models.refusal import Code, Refused, not_found, refuse_all
from resolvers.care_input import genders_of, memberships_of
from resolvers.context import Context, Info
from resolvers.home_input import FAMILY, HOME, FosteringFamilyInput, HomeInput, HomeUpdateInput
from resolvers.pages import Page
from resolvers.plain import plain
from resolvers.registration import cleaned, edit_profile, own_registration


# ── reads ────────────────────────────────────────────────────────────────────
def one(me: Any, id: UUID) -> Select[Any]:
    return Home.visible_to(me).where(Home.id == id)


def own(me: Any, first: int = 20, after: str | None = None) -> Page:
    rows = Home.visible_to(me).where(Home.provider_id == me.organisation_id)
    return Page(rows, Home.name, Home.id, first, after, descending=False)


def family_suggestions(me: Any, prefix: str, first: int = 10) -> Select[Any]:
    """Families of the viewer's own agency whose name begins so, whatever the case; none before a letter is typed."""
    typed = func.lower(func.normalize(func.ltrim(prefix)))
    begins = func.starts_with(func.lower(func.normalize(FosteringFamily.name)), typed)
    rows = FosteringFamily.visible_to(me).where(typed != "", begins)
    return rows.order_by(FosteringFamily.name, FosteringFamily.id).limit(first)


# ── acts ─────────────────────────────────────────────────────────────────────
async def add(info: Info, input: HomeInput) -> Home:
    context = info.context
    registration = await own_registration(context)
    home = Home(id=uuid4(), provider_id=registration.id)
    registration.edit(by=context.by, home=home.id)
    for name, value in cleaned(input, HOME).items():
        setattr(home, name, value)
    care, memberships = _care(context, home, input), memberships_of(input.memberships, registration.id, home.id)
    refuse_all(_faults(care, memberships))
    context.session.add(home)
    await context.session.flush()
    context.session.add_all([*care, *memberships])
    return home


async def update(info: Info, id: UUID, expected_version: int, input: HomeUpdateInput) -> Home:
    """What the regulator registered changes only while the registration is open; the rest is the profile (S-049)."""
    context = info.context
    registration = await own_registration(context, expected_version)
    home = await _own(context, registration, id)
    changed = {name: value for name, value in cleaned(input, HOME).items() if getattr(home, name) != value}
    if REGISTERED & changed.keys():
        registration.edit(by=context.by, home=home.id)
    else:
        await edit_profile(context, registration, home=home.id)
    for name, value in changed.items():
        setattr(home, name, value)
    return home


async def add_family(info: Info, input: FosteringFamilyInput) -> FosteringFamily:
    """A family that offers can name, suggested from the first letter typed (S-095)."""
    context = info.context
    registration = await own_registration(context)
    family = FosteringFamily(id=uuid4(), provider_id=registration.id, **cleaned(input, FAMILY))
    await edit_profile(context, registration, family=family.id)
    facts = {"name", "postcode", "supervisingSocialWorker"}
    family.details = {name: value for name, value in plain(input).items() if name not in facts}
    context.session.add(family)
    return family


async def _own(context: Context, registration: Provider, id: UUID) -> Home:
    home = await context.find(Home, id)
    if home.provider_id != registration.id:
        raise not_found("home")
    return home


def _care(context: Context, home: Home, input: HomeInput) -> list[RegisteredCare]:
    return [
        RegisteredCare(
            id=uuid4(), provider_id=home.provider_id, home_id=home.id, category=each.category,
            age_from=each.age_from, age_to=each.age_to, genders=genders_of(each.genders), added_at=context.by.at,
        )
        for each in input.care
    ]  # fmt: skip


def _faults(care: list[RegisteredCare], memberships: list[FrameworkMembership]) -> list[Refused]:
    """Everything wrong with a home's care and memberships, told at once (S-013)."""
    faults = [fault for n, each in enumerate(care) for fault in each.faults("input", "care", str(n))]
    faults += [fault for n, each in enumerate(memberships) for fault in each.faults("input", "memberships", str(n))]
    if not care:
        sentence = "Give at least one category of care with its ages and genders."
        faults.append(Refused(Code.INCOMPLETE, sentence, ["input", "care"]))
    return faults
