"""Children of the demonstration: the anonymised summary of each."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from portal.demonstration import child_words as words
from portal.demonstration import daily_words as daily
from portal.demonstration import voice
from portal.demonstration.chance import Unrepeated
from portal.demonstration.identity import Identity, Outline
from portal.demonstration.identity import identity as identity_of
from portal.demonstration.risks import Risk, risks
from portal.demonstration.voice import Spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """What providers may read. In an emergency what is not yet known is None. Legal status is a code of SSDA903."""

    initials: str
    gender: str
    ethnicity: str
    religion: str
    first_language: str
    interpreter_needed: bool
    legal_status: str
    present_placement: str
    disability: str | None
    health: str
    medication: str | None
    allergies: str | None
    education: str | None
    ehcp: bool
    keep_school: bool
    emotional_and_behavioural: str
    strengths: str
    wishes: str | None
    risks: tuple[Risk, ...]
    identity: Identity


LITTLE_ONES = frozenset({"UNBORN", "BABY"})


def band(years: int) -> str:
    return words.BANDS[0 if years < 4 else 1 if years < 11 else 2 if years < 16 else 3]


def child(rng: Random, of: Outline, unrepeated: Unrepeated) -> Child:
    identity = identity_of(rng, of)
    years, _ = identity.age_on(of.today)
    group = "UNBORN" if identity.date_of_birth is None else band(years)
    facts = _facts(rng, of, years)
    schooling_known = not of.emergency and group != "UNBORN"
    health, medication, allergies = rng.choice(daily.HEALTH.get(group, daily.HEALTH_FROM_FOUR))
    language = of.heritage.languages[0] if rng.random() < 0.6 else of.heritage.languages[-1]
    return Child(
        initials=of.name.initials,
        gender=of.gender,
        ethnicity=rng.choice(of.heritage.ethnicities),
        religion=rng.choice(of.heritage.religions),
        first_language=language,
        interpreter_needed=language != "English" and group in {"TEEN", "OLDER"} and rng.random() < 0.5,
        legal_status=of.legal_status,
        present_placement=rng.choice(daily.PRESENT_PLACEMENTS[group]),
        disability=_disability(rng, group, facts),
        health=health.format_map(facts),
        medication=medication,
        allergies=allergies,
        education=unrepeated.text(lambda: _schooling(rng, of, group, years)) if schooling_known else None,
        ehcp=group not in LITTLE_ONES and rng.random() < 0.3,
        keep_school=group in {"YOUNG", "TEEN"} and rng.random() < 0.6,
        emotional_and_behavioural=unrepeated.text(lambda: _experience(rng, of, group, years)),
        strengths=unrepeated.text(lambda: _strengths(rng, group, facts)),
        wishes=None if of.emergency else unrepeated.text(lambda: _wishes(rng, of, group, years)),
        risks=risks(rng, group, facts),
        identity=identity,
    )


def _facts(rng: Random, of: Outline, years: int) -> dict[str, str]:
    spoken = Spoken(initials=(of.name.given[0],), gender=of.gender, years=years, authority=of.authority.key)
    return voice.facts(rng, spoken)


def _strengths(rng: Random, group: str, facts: dict[str, str]) -> str:
    first, second = rng.sample(words.INTERESTS[group], 2)
    trait = rng.choice(words.TRAITS[group]).format_map(facts)
    likes = rng.choice(words.LIKES[group == "UNBORN"]).format(first, second, facts["I"])
    return f"{trait}; {likes}."


def _experience(rng: Random, of: Outline, group: str, years: int) -> str:
    facts = _facts(rng, of, years)
    lived, helps = rng.choice(words.EXPERIENCES[group]), rng.choice(words.WHAT_HELPS[group])
    return voice.capitalised(f"{lived.format_map(facts)}. {helps.format_map(facts)}")


def _wishes(rng: Random, of: Outline, group: str, years: int) -> str:
    return f"{rng.choice(words.WISHES[group]).format_map(_facts(rng, of, years))}."


def _schooling(rng: Random, of: Outline, group: str, years: int) -> str:
    return rng.choice(daily.SCHOOLS[group]).format_map(_facts(rng, of, years))


def _disability(rng: Random, group: str, facts: dict[str, str]) -> str | None:
    if group in LITTLE_ONES or rng.random() > 0.25:
        return None
    return rng.choice(daily.DISABILITIES).format_map(facts)
