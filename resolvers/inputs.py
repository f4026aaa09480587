"""What no input of an act can mean, whatever it is about: found before the act begins, all faults at once.

An input that knows more of itself has a method `faults(now)`, which gives `wrong(...)` for each, with its path from
that input down.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from strawberry.utils.str_converters import to_camel_case

from models.announcement import UNSEEN
from models.message import LONGEST as LONGEST_MESSAGE
from models.money import LIKE
from models.refusal import Code, Refused

LONGEST_TEXT = 20_000
LONGEST_LINE = 300
MOST_ITEMS = 200
YEARS = range(1900, 2200)
WHITE = "\t\n\r"
LINES = frozenset(
    "case_number carers ethnicity excluded_areas family_name file_name first_language given_names job_title known_as"
    " languages legal_name name near organisation out_of_hours phone placing_team postcode preferred_areas"
    " purchase_order registered_manager religion role service supervising_social_worker trading_name upn urn".split()
)  # fmt: skip
AMOUNTS = frozenset({"amount", "core_fee_weekly", "default_core_fee"})
NO_NUMBER = {
    **dict.fromkeys(AMOUNTS, Code.INVALID_AMOUNT),
    "quantity": Code.INVALID_QUANTITY,
    "percentage": Code.PERCENTAGE_REFUSED,
}
"""What an argument is refused with that is no number at all, by its name; any other is an odd input."""
JUDGED_WHERE_USED = frozenset({"email", "password", "code", "challenge", "invitation"})
"""Refused in the one sentence that tells a stranger nothing (TRUST E3), or by the rules of addresses."""


def wrong(sentence: str, *path: str) -> Refused:
    return Refused(Code.INVALID_INPUT, sentence, path)


def faults_of(arguments: Mapping[str, Any], now: datetime) -> list[Refused]:
    """Every fault that the arguments of an act show by themselves, with its path from the argument down."""
    named = [(name, to_camel_case(name), value) for name, value in arguments.items()]
    return [fault for name, public, value in named for fault in _faults(name, value, (public,), now)]


def _faults(name: str, value: Any, path: tuple[str, ...], now: datetime) -> Iterator[Refused]:
    if name in JUDGED_WHERE_USED or isinstance(value, Enum):
        return
    if isinstance(value, str):
        yield from _in_text(value, longest(name), path)
    elif isinstance(value, Decimal | date):
        yield from _out_of_range(name, value, path)
    elif isinstance(value, list):
        yield from _in_list(name, value, path, now)
    elif is_dataclass(value) and not isinstance(value, type):
        yield from _in_input(value, path, now)


def _out_of_range(name: str, value: Decimal | date, path: tuple[str, ...]) -> Iterator[Refused]:
    if isinstance(value, Decimal):
        if not value.is_finite():
            like = LIKE if name in AMOUNTS else 'Give one like "7.5".'
            sentence = f"{value} is no number that can be reckoned with. {like}"
            yield Refused(NO_NUMBER.get(name, Code.INVALID_INPUT), sentence, path)
    elif value.year not in YEARS:
        yield wrong(f"Give a day between {YEARS[0]} and {YEARS[-1]}.", *path)


def longest(name: str) -> int:
    """How many characters an argument of this name may have."""
    if name in LINES:
        return LONGEST_LINE
    return LONGEST_MESSAGE if name == "body" else LONGEST_TEXT


def _in_text(text: str, longest: int, path: tuple[str, ...]) -> Iterator[Refused]:
    if len(text) > longest:
        yield wrong(f"This has {len(text):,} characters; {longest:,} are the most.", *path)
    for place, character in enumerate(text, 1):
        broken = unicodedata.category(character) in ("Cc", "Cs") and character not in WHITE
        if broken or character in UNSEEN:
            fault = "cannot be printed" if broken else "nobody can see"
            found = f"Character {place:,} of this text is U+{ord(character):04X}, which {fault}."
            yield wrong(f"{found} Take it out.", *path)
            return


def _in_list(name: str, items: list[Any], path: tuple[str, ...], now: datetime) -> Iterator[Refused]:
    if len(items) > MOST_ITEMS:
        yield wrong(f"These are {len(items):,}; {MOST_ITEMS} are the most.", *path)
        return
    for place, item in enumerate(items):
        if isinstance(item, str) and not item.strip():
            yield wrong("This line is empty. Fill it in or leave it out.", *path, str(place))
        else:
            yield from _faults(name, item, (*path, str(place)), now)


def _in_input(given: Any, path: tuple[str, ...], now: datetime) -> Iterator[Refused]:
    """What the input knows of itself is told in place of what holds of any: one fault, one sentence."""
    own = getattr(given, "faults", None)
    known = [Refused(f.code, f.message, [*path, *f.path], **f.facts) for f in (own(now) if own else ())]
    places = {tuple(fault.path) for fault in known}
    for field in fields(given):
        public = to_camel_case(field.name.rstrip("_"))
        for fault in _faults(field.name, getattr(given, field.name), (*path, public), now):
            if tuple(fault.path) not in places:
                yield fault
    yield from known
