"""Fostering families: typed once, suggested to the same agency ever after (S-095)."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, func, literal_column, select

from models.home import FosteringFamily
from models.provider import Provider
from models.refusal import Code, Refused, not_found
from resolvers.context import Context, Info
from resolvers.family_input import FosteringFamilyInput, FosteringFamilyUpdateInput, changes_of, family_of, known_as
from resolvers.working_copy import WorkingCopy, profile


# ── reads ────────────────────────────────────────────────────────────────────
def suggestions(me: Any, prefix: str, first: int = 10) -> Select[Any]:
    """The viewer's own agency's families whose name begins so, whatever case and accents; none before a letter."""
    typed = unaccented(func.ltrim(prefix))
    begins = func.starts_with(unaccented(FosteringFamily.name), typed)
    rows = FosteringFamily.visible_to(me).where(typed != "", begins, FosteringFamily.ended_at.is_(None))
    return rows.order_by(FosteringFamily.name, FosteringFamily.id).limit(first)


def unaccented(text: Any) -> Any:
    """Text as people type it: in small letters, and letters without their accents."""
    return func.lower(func.regexp_replace(func.normalize(text, literal_column("NFD")), "[\u0300-\u036f]", "", "g"))


# ── acts ─────────────────────────────────────────────────────────────────────
async def add(info: Info, input: FosteringFamilyInput) -> FosteringFamily:
    """A family that offers can name, suggested from the first letter typed; it waits for nobody."""
    context = info.context
    copy = await profile(context)
    family = FosteringFamily(id=uuid4(), provider_id=copy.registration.id, **family_of(input))
    await _told_apart(context, family, family.name)
    context.session.add(family)
    await copy.done(family=family.id)
    return family


async def update(info: Info, id: UUID, expected_version: int, input: FosteringFamilyUpdateInput) -> FosteringFamily:
    """Facts of a family; offers that name it already keep what they say."""
    context = info.context
    copy = await profile(context, expected_version)
    family = await _own(context, copy, id)
    facts = changes_of(input, family)
    await _told_apart(context, family, facts.get("name", family.name))
    for name, value in facts.items():
        setattr(family, name, value)
    await copy.done(family=id)
    return family


async def end(info: Info, id: UUID, expected_version: int) -> Provider:
    """A family that fosters no longer: not suggested any more, and kept where offers name it."""
    context = info.context
    copy = await profile(context, expected_version)
    family = await _own(context, copy, id)
    family.ended_at = context.by.at
    await copy.done(family=id)
    return copy.registration


async def _told_apart(context: Context, family: FosteringFamily, name: str) -> None:
    """Refuse the name of another family of the agency, whatever its case and spaces."""
    others = FosteringFamily.provider_id == family.provider_id, FosteringFamily.ended_at.is_(None)
    names = await context.all(select(FosteringFamily.name).where(*others, FosteringFamily.id != family.id))
    if known_as(name).casefold() in (known_as(other).casefold() for other in names):
        raise Refused(Code.INVALID_INPUT, "You have a family of this name already.", ["input", "name"])


async def _own(context: Context, copy: WorkingCopy, id: UUID) -> FosteringFamily:
    family = await context.find(FosteringFamily, id)
    if family.provider_id != copy.registration.id or family.ended_at is not None:
        raise not_found("fostering family")
    return family
