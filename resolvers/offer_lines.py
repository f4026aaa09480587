"""Everything that an offer says, line by line: what two of its versions are compared by (S-076)."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from typing import Any

from models.document import DocumentKind
from models.money import CostUnit
from models.offer_answer import in_words
from models.offer_parts import OfferVersion
from models.referral_revision import Change
from resolvers.change_words import label, words

Json = Mapping[str, Any]
Place = tuple[str, ...]
Line = tuple[Place, str, str]
"""One thing that an offer says: its place, the place in words, and what it says."""
DAYS = ("availableFrom", "from", "until")
CODES = ("frameworkStatus", "kind", "ofstedGrade", "regulator")
KNOWN_BY = ("childId", "need", "description", "id")
"""By what an entry of a list is known, whatever else of it changes."""
UNSPOKEN = ("additionalWeekly", "code", "coreFirstYear")
"""What follows from the rest: sums that totals hold, and by what a need is known to a program."""
ANSWER = {"text", "appendix"}
"""The parts of an answer: words, or an appendix instead of them (S-098)."""
LABELS = {
    "coreFeeWeekly": "Core fee a week in pounds",
    "firstYearTotal": "All of it in the first 365 days in pounds",
    "includes": "What the core fee includes",
    "matching": "Matching and impact",
    "namedCarer": "Manager or carer for the child",
    "needsMet": "How it is met",
    "ofstedGrade": "Grade of the last inspection",
    "revision": "Revision of the referral that is answered",
    "urn": "Number with the regulator",
    "weeklyTotal": "All of it a week in pounds",
}
UNITS = {CostUnit.HOUR: "an hour", CostUnit.NIGHT: "a night", CostUnit.WEEK: "a week", CostUnit.ONCE: "once"}
NOTHING = ("", None)


def changed(before: OfferVersion, after: OfferVersion) -> list[Change]:
    """The differences in the order of what is said now, then what is said no more; nothing of what was not kept."""
    old, new = before.content, after.content
    if before.content_hash is None:
        old = {name: new[name] if said in (None, []) else said for name, said in old.items()}
    was, becomes = lines_of(old), lines_of(new)
    made = []
    for place in dict.fromkeys([*becomes, *was]):
        (name, now), (name_before, then) = becomes.get(place, NOTHING), was.get(place, NOTHING)
        if then != now:
            made.append(Change(list(place), name or name_before, then, now))
    return made


def lines_of(content: Json) -> dict[Place, tuple[str, str]]:
    """What is said in words, each thing at a place of its own: so changes one after the other can be taken together."""
    found: dict[Place, tuple[str, str]] = {}
    for place, name, said in _content(content):
        free, again = place, 1
        while free in found:
            again += 1
            free = (*place, str(again))
        found[free] = name, said
    return found


def _content(content: Json) -> Iterator[Line]:
    terms = _spelled_out(content["terms"])
    fees = terms.pop("fees", None) or []
    yield from _parts((), "", {"placement": content["placement"], "frameworkStatus": content["framework_status"]})
    for number, fee in enumerate(fees, 1):
        yield from _fee(fee, f"Child {number}" if len(fees) > 1 else "", whole=len(fees) > 1)
    core = {"coreFeeWeekly": content["core_fee_weekly"]} if len(fees) > 1 else {}
    totals = {"weeklyTotal": content["weekly_total"], "firstYearTotal": content["first_year_total"]}
    yield from _parts((), "", {**core, **totals, **terms, "revision": content["revision"]})
    yield from map(_document, content["documents"])


def _document(paper: Json) -> Line:
    """A compulsory one by its kind, of which one is in force; others, of which there may be several, by their names."""
    kind, name = paper["kind"], paper["name"]
    own = () if paper["compulsory"] and kind != DocumentKind.APPENDIX else (name,)
    return ("documents", kind, *own), f"Document: {words(Enum, kind)}", f"{name} ({paper['sha256'][:8]})"


def _spelled_out(value: Any) -> Any:
    """The terms with each answer as a line, be it in words or the appendix to look into."""
    if isinstance(value, list):
        return [_spelled_out(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    if value and set(value) <= ANSWER:
        return in_words(value)
    return {name: _spelled_out(part) for name, part in value.items()}


def _fee(fee: Json, of: str, *, whole: bool) -> Iterator[Line]:
    """What is charged for one child; its totals are those of the offer where there is one child alone."""
    apart = {"childId", "additionalCosts", *UNSPOKEN} | (set() if whole else {"weeklyTotal", "firstYearTotal"})
    place = ("fees", fee["childId"])
    yield from _parts(place, of, {name: said for name, said in fee.items() if name not in apart})
    for cost in fee.get("additionalCosts") or ():
        name = cost["description"]
        yield (*place, "additionalCosts", name), f"{label('additional cost', of)}: {name}", _cost(cost)


def _cost(cost: Json) -> str:
    """An additional cost as people read it: 65.00 an hour, 3 a week, from 1 July 2026."""
    many = str(cost.get("quantity") or 1)
    per = "in all" if cost["unit"] == CostUnit.ONCE else "a week"
    parts = [f"{cost['amount']} {UNITS[CostUnit(cost['unit'])]}", *([f"{many} {per}"] if many != "1" else [])]
    return ", ".join([*parts, *(f"{name} {words(date, cost[name])}" for name in ("from", "until") if cost.get(name))])


def _parts(place: Place, of: str, parts: Json) -> Iterator[Line]:
    for name, said in parts.items():
        own = LABELS.get(name) or re.sub(r"(?=[A-Z])", "_", name).lower()
        yield from _lines((*place, name), label(own, of), said)


def _lines(place: Place, name: str, said: Any) -> Iterator[Line]:
    """Whatever is said there, down to single values; an entry of a list is known by its name, else by its number."""
    if said in (None, "", [], {}):
        return
    if isinstance(said, Mapping):
        yield from _parts(place, name, said)
    elif isinstance(said, list) and isinstance(said[0], Mapping):
        for number, entry in enumerate(said, 1):
            yield from _entry(place, name, entry, str(number))
    elif isinstance(said, list):
        yield place, name, "\n".join(map(str, said))
    else:
        yield place, name, words(_kind(place[-1]), said) or ""


def _entry(place: Place, name: str, entry: Json, number: str) -> Iterator[Line]:
    key = next((key for key in KNOWN_BY if entry.get(key)), None)
    known = str(entry[key]) if key else number
    rest = {part: said for part, said in entry.items() if part not in (key, *UNSPOKEN) and said}
    if len(rest) == 1:
        ((part, said),) = rest.items()
        yield from _lines((*place, known, part), f"{name}: {known}", said)
    else:
        yield from _parts((*place, known), f"{name}: {known}", rest)


def _kind(name: str) -> Any:
    """As what a value of that name is read."""
    return date if name in DAYS else Enum if name in CODES else str
