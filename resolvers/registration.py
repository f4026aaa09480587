"""What acts on a registration, its homes, families and documents have in common."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import func, select
from strawberry import UNSET
from strawberry.utils.str_converters import to_camel_case

from models.home import Regulator, district
from models.organisation import Organisation, PostcodeArea
from models.provider import Provider
from models.refusal import Code, Refused, refuse_all
from models.registration import RegistrationStatus
from models.rollout import profile_editing_open
from resolvers.context import Context

Cleaner = Callable[..., Any]


async def own_registration(context: Context, expected_version: int | None = None) -> Provider:
    """The registration of the viewer's own provider, held; refused to everybody who is not its staff."""
    Provider.entitle("edit", by=context.by)
    return await context.change(Provider, context.viewer.organisation_id, expected_version)


async def profile_open(context: Context, registration: Provider) -> None:
    if registration.status is RegistrationStatus.APPROVED:
        profile_editing_open(await context.rollout(), context.by.at)


async def authority_of(context: Context, postcode: str) -> Organisation | None:
    """The authority whose district it is; where there is none, the region decides (S-005)."""
    found = select(Organisation).join(PostcodeArea, PostcodeArea.la_id == Organisation.id)
    return await context.session.scalar(found.where(PostcodeArea.district == district(postcode)))


async def assign(context: Context, registration: Provider) -> None:
    """While it was never submitted, the authority of its address manages a registration (S-005)."""
    if registration.status is RegistrationStatus.DRAFT and registration.effective_since is None:
        authority = await authority_of(context, registration.postcode)
        registration.managing_la_id = authority.id if authority else registration.managing_la_id


async def nobody_elses(context: Context, numbers: Mapping[tuple[str, ...], tuple[Regulator, str]]) -> None:
    """Refuse, at their paths, the numbers of other providers' homes, approved or waiting; not saying whose they are.

    Holds every other registering of a number until this act has ended.
    """
    known = {path: f"{regulator.value} {number}" for path, (regulator, number) in numbers.items()}
    if not known:
        return
    found = select(func.portal_numbers_taken(sorted(set(known.values()))))
    taken = set((await context.session.scalars(found)).all())
    sentence = "The URN {} is registered by another provider already. Check it, or write to the support address."
    refuse_all([
        Refused(Code.INVALID_INPUT, sentence.format(numbers[path][1]), path) for path in known if known[path] in taken
    ])  # fmt: skip


def cleaned(given: Any, cleaners: Mapping[str, Cleaner]) -> dict[str, Any]:
    """What an input gives, each fact in its one form; what it leaves out is absent."""
    named = ((name, getattr(given, name), clean) for name, clean in cleaners.items())
    return {name: clean(value, "input", to_camel_case(name)) for name, value, clean in named if value is not UNSET}


def filled(value: str | None, *path: str) -> str:
    """Text that has to be there, without the space around it."""
    text = (value or "").strip()
    if not text:
        raise Refused(Code.INCOMPLETE, "This has to be filled in.", path)
    return text


def free(value: Any, *path: str) -> Any:
    """Anything that may be left empty; blank text is none."""
    return (value.strip() or None) if isinstance(value, str) else value


def needed(clean: Cleaner) -> Cleaner:
    """What has to be there, in its one form."""
    return lambda value, *path: clean(filled(value, *path), *path)


def chosen(value: Any, *path: str) -> Any:
    """A choice or number that has to be there."""
    if value is None:
        raise Refused(Code.INCOMPLETE, "This has to be filled in.", path)
    return value


def wanted(clean: Cleaner) -> Cleaner:
    """What may be left empty, and otherwise has its one form."""
    return lambda value, *path: None if free(value) is None else clean(value, *path)
