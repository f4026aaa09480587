"""Whether a text says who a child is: what providers will read is looked through for it before it goes out.

Compared without accents, case or the way a number is spaced. A name is found as a whole word, so a surname that is an
ordinary word is found too; whoever sends may then say that it is meant.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from models.child import Child
from models.referral_sent import ReferralDocument
from models.refusal import Code, Refused

TOLD_APART = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th"})
APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\u00b4`", "'"))
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
MONTHS = (
    "january|jan", "february|feb", "march|mar", "april|apr", "may", "june|jun", "july|jul", "august|aug",
    "september|sept|sep", "october|oct", "november|nov", "december|dec",
)  # fmt: skip
SHORTEST_NAME = 2
SHORTEST_NUMBER = 3
LONGEST_RUN = 4
CODED = frozenset(
    "id category urgency dateRequired responseDeadline duration legalStatus presentPlacementType kind level gender"
    " initials carerGender courtDates expectedOn".split()
)
"""What the form holds that is no text: codes and days of its own."""
CONTACT = frozenset({"name", "email"})
"""Who a contact is: a social worker may share the child's first name."""


class Identity:
    """What tells who the children of a referral are."""

    def __init__(self, children: Sequence[Child]) -> None:
        names = [name for child in children for name in (child.given_names, child.family_name, child.known_as) if name]
        self._names = {word for name in names for word in _name_words(name)}
        self._signs = [sign for child in children for sign in _signs(child)]

    def told_by(self, text: str) -> list[str]:
        """What of it stands in a text, by kind and never by value."""
        plain = _folded(_without_accents(text))
        found = [kind for kind, sign in self._signs if sign.search(plain)]
        named = ["name"] if not self._names.isdisjoint(_words(text)) else []
        return list(dict.fromkeys([*named, *found]))


def named_in(
    content: Mapping[str, Any], documents: Sequence[ReferralDocument], children: Sequence[Child]
) -> list[Refused]:
    """A refusal for each place where providers would read who a child is, the names of attached files included."""
    identity = Identity(children)
    seen = [each for each in documents if each.removed_at is None and not each.identifies_child]
    texts = [(path, identity.told_by(text)) for path, text in _texts(content, ())]
    files = [(("documents", str(each.id)), identity.told_by(each.name)) for each in seen]
    found = [(path, kinds, "this text") for path, kinds in texts]
    found += [(path, kinds, "the name of this document") for path, kinds in files]
    return [_refused(kinds, path, where) for path, kinds, where in found if kinds]


def named_by_note(note: str | None, children: Sequence[Child], *path: str) -> list[Refused]:
    kinds = Identity(children).told_by(note or "")
    return [_refused(kinds, path, "this text")] if kinds else []


def named_by_message(body: str, files: Sequence[str | None], children: Sequence[Child], *path: str) -> list[Refused]:
    """A refusal for a text, and for each document beside it under whose name the provider would read who a child is."""
    identity = Identity(children)
    found = [((*path, "body"), identity.told_by(body), "this text")]
    for place, name in enumerate(files):
        where = (*path, "attachments", str(place), "documentId")
        found.append((where, identity.told_by(name or ""), "the name of this document"))
    return [_refused(kinds, where, what) for where, kinds, what in found if kinds]


def _refused(kinds: Sequence[str], path: Sequence[str], where: str) -> Refused:
    said = " and ".join(kinds)
    sentence = f"Providers would read a child's {said} in {where}. Take it out, or acknowledge that it is meant."
    return Refused(Code.NAMES_THE_CHILD, sentence, list(path))


def _texts(content: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(content, str):
        yield path, content
    elif isinstance(content, Mapping):
        for name, value in content.items():
            yield from _texts(value, (*path, name)) if name not in CODED | CONTACT else ()
    elif isinstance(content, list):
        for place, value in enumerate(content):
            yield from _texts(value, (*path, str(place)))


# ── names ────────────────────────────────────────────────────────────────────
def _without_accents(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.translate(APOSTROPHES))
    return "".join(each for each in spread if unicodedata.category(each) not in ("Mn", "Mc", "Me", "Cf"))


def _folded(text: str) -> str:
    return text.casefold().translate(TOLD_APART)


def _name_words(name: str) -> Iterator[str]:
    for token in WORD.findall(_without_accents(name)):
        word = _folded(token.replace("'", ""))
        if len(word) >= SHORTEST_NAME:
            yield word


def _words(text: str) -> set[str]:
    """Every word, also joined over its apostrophes and the capitals within: O'Brien's gives brien, obrien, obriens."""
    found = set[str]()
    for token in WORD.findall(_without_accents(text)):
        parts = _parts(token)
        for start in range(len(parts)):
            found.update(_folded("".join(parts[start:end])) for end in range(start + 1, start + 1 + LONGEST_RUN))
    return found


def _parts(token: str) -> list[str]:
    """Apart at apostrophes, and where a capital follows a small letter, as in the names of files."""
    spaced = "".join(
        f" {each}" if each.isupper() and before.islower() else each
        for before, each in zip(f" {token}", token, strict=False)
    )
    return spaced.replace("'", " ").split()


# ── numbers and days ─────────────────────────────────────────────────────────
def _signs(child: Child) -> Iterator[tuple[str, re.Pattern[str]]]:
    if child.date_of_birth:
        yield "date of birth", _day(child.date_of_birth)
    for kind, number in (("NHS number", child.nhs_number), ("case number", child.case_number)):
        characters = [each for each in _folded(_without_accents(number or "")) if each.isalnum()]
        if len(characters) >= SHORTEST_NUMBER:
            spaced = r"[\W_]{0,3}".join(map(re.escape, characters))
            begins, ends = (r"\d" if each.isdigit() else r"[^\W_]" for each in (characters[0], characters[-1]))
            yield kind, re.compile(f"(?<!{begins}){spaced}(?!{ends})")


def _day(born: date) -> re.Pattern[str]:
    """The day as people write it, day or month or year first, the month as a number or by name."""
    day, month, year = f"0?{born.day}", f"0?{born.month}", rf"(?:{born.year}|{born:%y})"
    spoken, name = rf"{day}(?:st|nd|rd|th)?", f"(?:{MONTHS[born.month - 1]})"
    near, apart = r"[\W_]{0,3}", r"[\W_]{1,3}"
    ways = (
        rf"{spoken}{near}(?:of{near})?{name}{near}{year}",
        rf"{name}{near}{spoken}{apart}{year}",
        rf"{born.year}{near}{name}{near}{spoken}",
        rf"{day}{apart}{month}{apart}{year}",
        rf"{month}{apart}{day}{apart}{year}",
        rf"{born.year}{apart}{month}{apart}{day}",
        f"{born:%d%m%Y}",
        f"{born:%Y%m%d}",
    )
    return re.compile(rf"(?<!\d)(?:{'|'.join(ways)})(?!\d)")
