"""The needs that a referral states, one by one, so that an offer can say of each how it is met."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

WHOLE = {
    "needs": "Needs",
    "solo": "To be the only child placed",
    "together": "Brothers and sisters together",
    "preferredAreas": "Areas that would suit",
    "excludedAreas": "Areas that would not suit",
    "radiusMiles": "Miles from home at most",
    "moveOn": "Plan for moving on",
}
REQUIREMENTS = {
    "staffingRatio": "Staffing ratio",
    "wakingNight": "Waking night",
    "carerGender": "Gender of carers",
    "matching": "Matching with other children",
    "pets": "Pets",
    "smoking": "Smoking",
    "accessibility": "Accessibility",
    "therapy": "Therapy",
    "transport": "Transport and school run",
    "familyTime": "Family time",
}
OF_A_CHILD = {
    "education": "Education",
    "ehcp": "Education, health and care plan",
    "keepSchool": "Keeping the present school",
    "health": "Health",
    "medication": "Medication",
    "allergies": "Allergies",
    "disability": "Disability",
    "behaviour": "Emotional and behavioural needs",
    "religion": "Religion",
    "ethnicity": "Ethnicity",
    "firstLanguage": "First language",
    "interpreter": "Interpreter",
    "wishes": "Wishes and feelings",
}
CARERS = {"FEMALE": "Women", "MALE": "Men"}
ASSESSMENT = {"parents": "Parents who live in", "assessment": "What is to be assessed", "courtDates": "Court dates"}


@dataclass(frozen=True)
class StatedNeed:
    """One need: a code that stays the same from revision to revision, its heading, and what is said of it."""

    code: str
    heading: str
    text: str
    child_id: str | None = None


def stated_needs(summary: Mapping[str, Any]) -> list[StatedNeed]:
    """Every need that a sent summary states, in the order of the form; what is not filled in states none."""
    found = [*_said(summary, WHOLE), *_said(summary.get("requirements") or {}, REQUIREMENTS, "requirements.")]
    found += _said(summary.get("familyAssessment") or {}, ASSESSMENT, "familyAssessment.")
    found += [need for child in summary.get("children") or () for need in _said(child, OF_A_CHILD, "child.")]
    return [*found, *_risks(summary)]


def _said(part: Mapping[str, Any], headings: Mapping[str, str], above: str = "") -> Iterator[StatedNeed]:
    child = part.get("id") if above == "child." else None
    for name, heading in headings.items():
        text = _text(part.get(name))
        if text:
            yield StatedNeed(f"{above}{name}", heading, text, child)


def _text(value: Any) -> str:
    """What is said, as a person reads it; nothing where nothing is needed."""
    if value is True:
        return "Yes"
    if not value or value == "ANY":
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return CARERS.get(value) or str(value).strip()


def _risks(summary: Mapping[str, Any]) -> Iterator[StatedNeed]:
    for risk in summary.get("risks") or ():
        if risk.get("level") not in (None, "NONE"):
            heading = f"Risk: {risk['kind'].replace('_', ' ').lower()}"
            said = (risk["level"].capitalize(), (risk.get("note") or "").strip())
            yield StatedNeed(f"risk.{risk['kind']}", heading, ". ".join(filter(None, said)))
