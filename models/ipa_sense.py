"""What cannot be right in an agreement's details: forms of numbers, times and places, and the order of its days."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from models.age import CHILD_UNTIL, age_on
from models.base import Json
from models.child import valid_nhs_number
from models.home import valid_postcode
from models.ipa_codes import coded_status
from models.ipa_needed import found
from models.print_letters import unshown
from models.refusal import Code, Refused

Path = tuple[str, ...]
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
UPN = re.compile(r"[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]")
TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
NUMBER = re.compile(r"\+?[0-9]{3,15}")
BEHIND = re.compile(r"[\s,;]*(ext(ension)?\.?|x|option)\s*[0-9]{1,6}$", re.IGNORECASE)
MOST = {"outcomes": 50, "decisions": 50}
LINE, PARAGRAPH, PAGE = 300, 2_000, 10_000
LONGEST = {
    **dict.fromkeys(
        ("givenNames", "familyName", "namesInPrintLetters", "knownAs", "caseNumber", "ethnicity", "religion", "name",
         "firstLanguage", "nationality", "purchaseOrder", "outOfHours", "plannedDuration", "role", "phone", "decision"),
        LINE,
    ),
    **dict.fromkeys(("purpose", "education", "familyTime", "health", "delegatedAuthority"), PAGE),
}  # fmt: skip
"""How many characters a text may have; PARAGRAPH where it is not named."""
BIRTH = ("child", "dateOfBirth")
SHARES = ("socialCare", "education", "health")
YEAR = timedelta(days=365)
WHOLE = Decimal(100)


def valid_upn(number: str) -> str:
    """A unique pupil number in capitals, its first letter the check letter of the rest; a temporary one ends in one."""
    given = "".join(number.upper().split())
    if not UPN.fullmatch(given):
        raise Refused(Code.INVALID_INPUT, "A unique pupil number is a letter and twelve digits, like H801200001001.")
    values = [UPN_LETTERS.index(sign) if sign.isalpha() else int(sign) for sign in given[1:]]
    expected = UPN_LETTERS[sum(weight * value for weight, value in enumerate(values, 2)) % len(UPN_LETTERS)]
    if given[0] != expected:
        raise Refused(Code.INVALID_INPUT, "This is no valid unique pupil number: its letter does not fit the digits.")
    return given


def valid_time(text: str) -> str:
    """A time of day with two digits each, as 09:30."""
    read = TIME.fullmatch(text.strip())
    if not read:
        raise Refused(Code.INVALID_INPUT, "Give a time of day like 09:30 or 14:00.")
    return f"{int(read[1]):02d}:{read[2]}"


def telephone(text: str) -> str:
    """As it was written; refused where somebody cannot dial it."""
    if not NUMBER.fullmatch(re.sub(r"[\s().\-–/]", "", BEHIND.sub("", text))):
        raise Refused(Code.INVALID_INPUT, "This is not a telephone number. Give one like 0121 496 0000.")
    return text


def shown_letters(names: str) -> str:
    """Print letters are there to be printed."""
    if odd := unshown([names]):
        raise Refused(Code.INVALID_INPUT, f"“{odd[0]}” cannot be printed: write the names in letters that can.")
    return names


FORMS: dict[Path, Callable[[str], str]] = {
    ("authority", "outOfHours"): telephone,
    ("child", "namesInPrintLetters"): shown_letters,
    ("child", "nhsNumber"): valid_nhs_number,
    ("child", "upn"): valid_upn,
    ("placement", "startsAt"): valid_time,
    **{("placement", who, "phone"): telephone for who in ("gp", "dentist")},
    **{("placement", who, "postcode"): valid_postcode for who in ("gp", "dentist")},
}
"""Texts of which there is a form: each is kept in its one form."""


# ── in one form ──────────────────────────────────────────────────────────────
def tidied(details: Mapping[str, Any]) -> Json:
    """The details in their one form: blanks are nothing, accents composed, numbers as they are checked."""
    kept: Json = _trimmed(details)
    for path, form in FORMS.items():
        holder = found(kept, *path[:-1])
        if isinstance(holder, dict) and holder.get(path[-1]):
            holder[path[-1]] = _formed(form, holder[path[-1]])
    return _as_now(kept)


def _as_now(kept: Json) -> Json:
    """What an earlier release kept in words, as it is kept now."""
    child, plan = kept.get("child") or {}, kept.get("placement") or {}
    if child.get("legalStatus"):
        child["legalStatus"] = coded_status(child["legalStatus"])
    for name in ("gp", "dentist"):
        if isinstance(plan.get(name), str):
            plan[name] = {"name": plan[name]}
    return kept


def _trimmed(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value).strip() or None
    if isinstance(value, Mapping):
        return {name: _trimmed(inner) for name, inner in value.items()}
    return [_trimmed(inner) for inner in value] if isinstance(value, list) else value


def _formed(form: Callable[[str], str], text: str) -> str:
    """Kept as it is where it has not the form: who gave it now was refused, and old drafts may hold such."""
    try:
        return form(text)
    except Refused:
        return text


# ── faults ───────────────────────────────────────────────────────────────────
def given_faults(given: Mapping[str, Any], today: date) -> Iterator[Refused]:
    """What of an input cannot be, by itself and in the order of its own days; paths from the details down."""
    said = _trimmed(given)
    for path, form in FORMS.items():
        if text := found(said, *path):
            yield from _refusal(form, text, path)
    yield from _too_long(said, ())
    yield from _split(said.get("fundingSplit"))
    yield from _lines(said)
    unlikely = {tuple(fault.path): fault for fault in _unlikely(said, today)}
    yield from unlikely.values()
    if ("placement", "startsOn") not in unlikely:
        yield from (fault for fault in out_of_order(said) if tuple(fault.path) not in unlikely)


def out_of_order(said: Mapping[str, Any]) -> Iterator[Refused]:
    """Days that cannot follow each other, told where the later one stands; London days all of them."""
    starts, born = _day(said, "placement", "startsOn"), _day(said, "child", "dateOfBirth")
    if starts is None:
        return
    if born and born > starts:
        yield _fault("The child would be born after the first day of the placement.", "child", "dateOfBirth")
    elif born and age_on(born, starts) >= (CHILD_UNTIL, 0):
        yield _fault("The child would be 18 or older on the first day of the placement.", "child", "dateOfBirth")
    first = _day(said, "firstReviewOn")
    if first and first < starts:
        yield _fault("The first review cannot be before the placement begins.", "firstReviewOn")
    for place, outcome in enumerate(said.get("outcomes") or ()):
        day = _day(outcome, "reviewOn")
        if day and day < starts:
            sentence = "An outcome cannot be reviewed before the placement begins."
            yield _fault(sentence, "outcomes", str(place), "reviewOn")


def _unlikely(said: Mapping[str, Any], today: date) -> Iterator[Refused]:
    """Days that must be slips of the pen, as seen from today."""
    bounds: dict[Path, tuple[date, date]] = {
        BIRTH: (today - 25 * YEAR, today),
        ("child", "expectedOn"): (today - YEAR, today + YEAR),
        ("placement", "startsOn"): (today - YEAR, today + 2 * YEAR),
        ("firstReviewOn",): (today - YEAR, today + 3 * YEAR),
    }
    for place, _ in enumerate(said.get("outcomes") or ()):
        bounds["outcomes", str(place), "reviewOn"] = today - YEAR, today + 5 * YEAR
    for path, (earliest, latest) in bounds.items():
        day = _day(_at(said, path[:-1]), path[-1])
        if day and not earliest <= day <= latest:
            far = f"{day:%-d %B %Y} is too {'long ago' if day < earliest else 'far ahead'}."
            future = path == BIRTH and day > latest
            yield _fault("The date of birth lies in the future." if future else far, *path)


def _split(split: Mapping[str, Any] | None) -> Iterator[Refused]:
    shares = {name: Decimal((split or {}).get(name) or 0) for name in SHARES}
    if not split or not all(share.is_finite() for share in shares.values()):
        return
    for name, share in shares.items():
        if share < 0 or share != round(share, 2):
            sentence = "Nobody can pay less than nothing." if share < 0 else "Give two decimal places at most."
            yield _fault(sentence, "fundingSplit", name)
    if sum(shares.values()) != WHOLE:
        yield _fault(f"The parts of the funding come to {sum(shares.values()):f}, not to 100.", "fundingSplit")


def _lines(said: Mapping[str, Any]) -> Iterator[Refused]:
    """Lists that are too long, and lines of them that say nothing."""
    lists = {"outcomes": (("outcomes",), "outcome"), "decisions": (("placement", "decisions"), "decision")}
    for name, (path, says) in lists.items():
        items = found(said, *path) or ()
        if len(items) > MOST[name]:
            yield _fault(f"These are {len(items)}; {MOST[name]} are the most.", *path)
        for place, item in enumerate(items):
            if not item.get(says):
                yield _fault("This line is empty. Fill it in or leave it out.", *path, str(place), says)


def _too_long(value: Any, path: Path) -> Iterator[Refused]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _too_long(inner, (*path, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _too_long(inner, (*path, str(place)))
    elif isinstance(value, str) and len(value) > (most := LONGEST.get(path[-1], PARAGRAPH)):
        yield _fault(f"This has {len(value):,} characters; {most:,} are the most.", *path)


def _refusal(form: Callable[[str], str], text: str, path: Path) -> Iterator[Refused]:
    try:
        form(text)
    except Refused as fault:
        yield _fault(fault.message, *path)


def _at(said: Any, path: Path) -> Any:
    for name in path:
        said = said[int(name)] if isinstance(said, list) else found(said, name)
    return said


def _day(said: Any, *path: str) -> date | None:
    """A day that is said there; None for what an older draft may hold instead."""
    text = found(said, *path)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _fault(sentence: str, *path: str) -> Refused:
    return Refused(Code.INVALID_INPUT, sentence, path)
