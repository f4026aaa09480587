"""The words that fill the sentences about a child, or about brothers and sisters together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from portal.demonstration import child_words as words
from portal.demonstration import daily_words as daily
from portal.demonstration.places import districts

PRONOUNS: dict[str, dict[str, str]] = {
    "FEMALE": {"they": "she", "them": "her", "their": "her", "themself": "herself", "is": "is", "s": "s"},
    "MALE": {"they": "he", "them": "him", "their": "his", "themself": "himself", "is": "is", "s": "s"},
    "OTHER": {"they": "they", "them": "them", "their": "their", "themself": "themself", "is": "are", "s": ""},
}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
ONE = {"ns": "s", "nis": "is", "nwas": "was", "nhas": "has"}
SEVERAL = {"ns": "", "nis": "are", "nwas": "were", "nhas": "have", "themself": "themselves"}


SENTENCE_START = re.compile(r"(^|[.?!] )([^\W\d_])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Who is spoken of: one child, or several by their initials; places are those of the authority."""

    initials: tuple[str, ...]
    gender: str
    years: int
    authority: str


def facts(rng: Random, of: Spoken) -> dict[str, str]:
    """Pronouns and verb endings of them all (`they`, `is`, `s`), those after their initials (`nis`, `ns`), and a
    relative, place, day and so on to speak of."""
    several = len(of.initials) > 1
    pronouns = PRONOUNS["OTHER" if several else of.gender]
    capitals = {word.capitalize(): pronouns[word].capitalize() for word in ("they", "their")}
    return {
        **pronouns,
        **capitals,
        **(SEVERAL if several else ONE),
        "I": f"{', '.join(of.initials[:-1])} and {of.initials[-1]}" if several else of.initials[0],
        "relative": rng.choice(words.RELATIVES).format_map(pronouns),
        "pet": rng.choice(words.PETS_WISHED).format_map(pronouns),
        **_surroundings(rng, of),
    }


def _surroundings(rng: Random, of: Spoken) -> dict[str, str]:
    school_year = of.years - 4
    early = ("four", "five", "six") if of.years < 8 else ("five", "six", "seven", "eight")
    return {
        "moves": rng.choice(("two", "three", "four", "five")),
        "diagnosed": rng.choice(early),
        "year": "Reception" if school_year < 1 else f"Year {school_year}",
        "place": rng.choice(districts(of.authority)).name,
        "subject": rng.choice(daily.SUBJECTS),
        "day": rng.choice(DAYS),
        "level": rng.choice("123"),
        "course": rng.choice(daily.COURSES),
    }


def capitalised(text: str) -> str:
    """Each sentence begun with a capital, whatever was put in its first place."""
    return SENTENCE_START.sub(lambda found: found[1] + found[2].upper(), text)
