"""The form of a referral: its codes, and what must be filled in before it is sent (S-062)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from models.child import Child
from models.provider import Category
from models.refusal import Code, Refused


class RiskLevel(StrEnum):
    NONE = "NONE"
    PAST = "PAST"
    CURRENT = "CURRENT"


class RiskKind(StrEnum):
    SELF_HARM = "SELF_HARM"
    SUICIDAL_IDEATION = "SUICIDAL_IDEATION"
    GOING_MISSING = "GOING_MISSING"
    SEXUAL_EXPLOITATION = "SEXUAL_EXPLOITATION"
    CRIMINAL_EXPLOITATION = "CRIMINAL_EXPLOITATION"
    SUBSTANCE_USE = "SUBSTANCE_USE"
    VIOLENCE_TO_STAFF = "VIOLENCE_TO_STAFF"
    VIOLENCE_TO_PEERS = "VIOLENCE_TO_PEERS"
    FIRE_SETTING = "FIRE_SETTING"
    HARMFUL_SEXUAL_BEHAVIOUR = "HARMFUL_SEXUAL_BEHAVIOUR"
    OFFENDING = "OFFENDING"
    ALLEGATIONS = "ALLEGATIONS"
    ONLINE = "ONLINE"


class Duration(StrEnum):
    RESPITE = "RESPITE"
    UP_TO_SIX_MONTHS = "UP_TO_SIX_MONTHS"
    OVER_SIX_MONTHS = "OVER_SIX_MONTHS"
    LONG_TERM = "LONG_TERM"


class LegalStatus(StrEnum):
    SECTION_20 = "SECTION_20"
    INTERIM_CARE_ORDER = "INTERIM_CARE_ORDER"
    CARE_ORDER = "CARE_ORDER"
    PLACEMENT_ORDER = "PLACEMENT_ORDER"
    EMERGENCY_PROTECTION = "EMERGENCY_PROTECTION"
    REMAND = "REMAND"
    NOT_LOOKED_AFTER = "NOT_LOOKED_AFTER"


class PresentPlacement(StrEnum):
    WITH_PARENTS = "WITH_PARENTS"
    WITH_FAMILY_OR_FRIENDS = "WITH_FAMILY_OR_FRIENDS"
    FOSTER_HOME = "FOSTER_HOME"
    CHILDRENS_HOME = "CHILDRENS_HOME"
    SUPPORTED_ACCOMMODATION = "SUPPORTED_ACCOMMODATION"
    FAMILY_CENTRE = "FAMILY_CENTRE"
    SCHOOL = "SCHOOL"
    HOSPITAL = "HOSPITAL"
    SECURE = "SECURE"
    NOT_BORN = "NOT_BORN"
    NONE = "NONE"
    OTHER = "OTHER"


class CarerGender(StrEnum):
    ANY = "ANY"
    FEMALE = "FEMALE"
    MALE = "MALE"


ASKED_FOR = {
    "category": "Say which category of care is sought.",
    "urgency": "Say how soon a placement is needed.",
    "dateRequired": "Give the day from which a placement is needed.",
    "duration": "Say for how long a placement is sought.",
    "legalStatus": "Say what the legal status is.",
    "socialWorker": "Name the social worker.",
    "needs": "Describe the needs in a few sentences.",
    "reasonForSearch": "Say why a placement is sought.",
}
OF_A_CHILD = {
    "givenNames": "Give the child's given names; providers see the initials alone.",
    "familyName": "Give the child's family name; providers see the initials alone.",
    "gender": "Say what the child's gender is.",
    "dateOfBirth": "Give the child's date of birth; providers see the age alone.",
}
IN_EMERGENCY = frozenset({"category", "urgency", "reasonForSearch", "gender", "dateOfBirth"})
UNBORN = "Give the child's date of birth, or the day on which the birth is expected."
ASSESSMENT = Category.RESIDENTIAL_FAMILY_ASSESSMENT


def gaps(content: Mapping[str, Any], children: Sequence[Child], *, emergency: bool) -> Iterator[Refused]:
    """Everything that sending asks for and that is not filled in, in the order of the form; less in an emergency."""
    for name, sentence in ASKED_FOR.items():
        if not _filled(content.get(name)) and (name in IN_EMERGENCY or not emergency):
            yield _gap(sentence, name)
    if not emergency:
        yield from _unanswered(content)
    assessed = content.get("category") == ASSESSMENT
    if assessed and not emergency and not _filled((content.get("familyAssessment") or {}).get("parents")):
        yield _gap("Say who the parents are and who would live in.", "familyAssessment", "parents")
    if not children:
        yield _gap("Name at least one child.", "children")
    for place, child in enumerate(children):
        yield from _gaps_of(child, str(place), emergency=emergency, assessed=assessed)


def wrong_ages(content: Mapping[str, Any], children: Sequence[Child], at: datetime) -> Iterator[Refused]:
    """Every child whose age this category is not for (S-035)."""
    for place, child in enumerate(children if content.get("category") else ()):
        try:
            if child.date_of_birth:
                child.age_at(at, Category(content["category"]), place)
        except Refused as fault:
            yield fault


def _unanswered(content: Mapping[str, Any]) -> Iterator[Refused]:
    answered = {risk["kind"] for risk in content.get("risks") or ()}
    missing = [kind.replace("_", " ").lower() for kind in RiskKind if kind not in answered]
    if missing:
        yield _gap(
            f"Say of each risk whether it is none, past or current. Not answered: {', '.join(missing)}.", "risks"
        )


def _gaps_of(child: Child, place: str, *, emergency: bool, assessed: bool) -> Iterator[Refused]:
    """A child not yet born is known by the day of its expected birth alone."""
    if assessed and child.expected_on and not child.date_of_birth:
        return
    known = {
        "givenNames": child.given_names,
        "familyName": child.family_name,
        "gender": child.gender,
        "dateOfBirth": child.date_of_birth,
    }
    for name, sentence in OF_A_CHILD.items():
        if not _filled(known[name]) and (name in IN_EMERGENCY or not emergency):
            yield _gap(UNBORN if assessed and name == "dateOfBirth" else sentence, "children", place, name)


def _filled(value: Any) -> bool:
    return bool(str(value or "").strip())


def _gap(sentence: str, *path: str) -> Refused:
    return Refused(Code.INCOMPLETE, sentence, path)
