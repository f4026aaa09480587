"""Why a provider does or does not match a referral: codes, each with a sentence a person may read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, select

from models.care import RegisteredCare
from models.home import Home
from models.organisation import Organisation
from models.provider import Category, Provider
from models.referral_match import CARE, spoken_genders, spoken_years
from models.wanted import Wanted


class MatchCode(StrEnum):
    """What lets a provider, or one of its homes, match or not."""

    MATCHES = "MATCHES"
    REFERRAL_INCOMPLETE = "REFERRAL_INCOMPLETE"
    NOT_APPROVED = "NOT_APPROVED"
    CATEGORY = "CATEGORY"
    AGE = "AGE"
    GENDER = "GENDER"
    HOME_NOT_APPROVED = "HOME_NOT_APPROVED"
    HOME_ENDED = "HOME_ENDED"
    CARE_NOT_APPROVED = "CARE_NOT_APPROVED"
    CARE_ENDED = "CARE_ENDED"


@dataclass(frozen=True)
class MatchReason:
    """One reason, of one home or, without one, of the provider as a whole."""

    code: MatchCode
    message: str
    home_id: UUID | None = None
    home_name: str | None = None


@dataclass(frozen=True)
class ProviderMatch:
    """One provider held against one referral; `matches` is None where the referral does not say enough."""

    provider_id: UUID
    provider_name: str
    matches: bool | None
    reasons: list[MatchReason]


def lines_of(provider_id: UUID, me: Any) -> Select[Any]:
    """The provider with all its care, as far as the viewer sees them, in one statement; nothing where it sees none."""
    care = and_(RegisteredCare.provider_id == Provider.id, RegisteredCare.scope(RegisteredCare, me))
    columns: list[Any] = [
        Provider.id,
        Organisation.name,
        Provider.effective_since,
        RegisteredCare.category,
        RegisteredCare.age_from,
        RegisteredCare.age_to,
        RegisteredCare.genders,
        RegisteredCare.approved_at,
        RegisteredCare.ended_at,
        RegisteredCare.home_id,
        Home.name.label("home_name"),
        Home.approved_at.label("home_approved_at"),
        Home.ended_at.label("home_ended_at"),
    ]
    return (
        select(*columns)
        .join(Organisation, Organisation.id == Provider.id)
        .outerjoin(RegisteredCare, care)
        .outerjoin(Home, Home.id == RegisteredCare.home_id)
        .where(Provider.id == provider_id, Provider.scope(Provider, me))
        .order_by(Home.name, RegisteredCare.id)
    )


def explained(lines: Sequence[Any], wanted: Wanted | None) -> ProviderMatch:
    """What `lines_of` found, held against what is wanted."""
    provider = lines[0]
    reasons = list(_reasons(provider, [line for line in lines if line.category], wanted))
    matches = None if wanted is None else any(reason.code is MatchCode.MATCHES for reason in reasons)
    return ProviderMatch(provider.id, provider.name, matches, reasons)


def _reasons(provider: Any, lines: Sequence[Any], wanted: Wanted | None) -> Iterator[MatchReason]:
    if wanted is None:
        sentence = "The referral does not say its category and every child's age yet."
        yield MatchReason(MatchCode.REFERRAL_INCOMPLETE, sentence)
        return
    if provider.effective_since is None:
        yield MatchReason(MatchCode.NOT_APPROVED, f"{provider.name} is not approved.")
        return
    same = [line for line in lines if line.category == wanted.category]
    going_on = [line for line in same if not line.ended_at and not line.home_ended_at]
    if not same:
        yield MatchReason(MatchCode.CATEGORY, _other_care(provider.name, lines, wanted.category))
    for line in going_on or same:
        yield from _judged(provider.name, line, wanted)


def _other_care(name: str, lines: Sequence[Any], category: Category) -> str:
    kinds = sorted({CARE[line.category] for line in lines if line.approved_at and not line.ended_at})
    given = f" It is registered for {' and '.join(kinds)}." if kinds else ""
    return f"{name} is not registered for {CARE[category]}.{given}"


def _judged(provider: str, line: Any, wanted: Wanted) -> Iterator[MatchReason]:
    """Why one line of care does or does not suit: everything that is in its way at once."""
    where = line.home_name or provider
    found = [*_not_in_effect(where, line, CARE[wanted.category])] or [*_misfits(where, line, wanted)]
    taken = f"{_ages(line)}, {spoken_genders(line.genders)}"
    for code, sentence in found or [(MatchCode.MATCHES, f"{where} matches: it takes {taken}.")]:
        yield MatchReason(code, sentence, line.home_id, line.home_name)


def _not_in_effect(where: str, line: Any, care: str) -> Iterator[tuple[MatchCode, str]]:
    if line.home_ended_at:
        yield MatchCode.HOME_ENDED, f"{where} has been taken out of the registration."
    elif line.ended_at:
        yield MatchCode.CARE_ENDED, f"{where} gives {care} no longer."
    elif line.home_id and not line.home_approved_at:
        yield MatchCode.HOME_NOT_APPROVED, f"{where} waits for approval."
    elif not line.approved_at:
        yield MatchCode.CARE_NOT_APPROVED, f"That {where} gives {care} waits for approval."


def _misfits(where: str, line: Any, wanted: Wanted) -> Iterator[tuple[MatchCode, str]]:
    if not line.age_from <= wanted.youngest <= wanted.oldest <= line.age_to:
        one = "the child is" if len(wanted.years) == 1 else "the children are"
        yield MatchCode.AGE, f"{where} takes {_ages(line)}; {one} {spoken_years(wanted.years)}."
    if not set(wanted.genders) <= set(line.genders):
        asked = spoken_genders(wanted.genders)
        only = f"{where} takes {spoken_genders(line.genders)} alone"
        yield MatchCode.GENDER, f"{only}; the referral asks for a place for {asked}."


def _ages(line: Any) -> str:
    return f"{line.age_from} to {line.age_to}" if line.age_from != line.age_to else f"{line.age_from}"
