"""Referrals of the demonstration as the contract takes them."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from portal.demonstration.children import Child
from portal.demonstration.people import Contact
from portal.demonstration.plans import FamilyAssessment, Requirements
from portal.demonstration.referrals import Area, Referral
from portal.demonstration.risks import Risk

Json = dict[str, Any]
END_OF_DAY = time(17, 0, tzinfo=ZoneInfo("Europe/London"))
DURATIONS = {"UP_TO_6_MONTHS": "UP_TO_SIX_MONTHS", "OVER_6_MONTHS": "OVER_SIX_MONTHS"}
LEGAL_STATUSES = {
    "C1": "INTERIM_CARE_ORDER", "C2": "CARE_ORDER", "E1": "PLACEMENT_ORDER", "L1": "EMERGENCY_PROTECTION",
    "L2": "EMERGENCY_PROTECTION", "V2": "SECTION_20", "V4": "SECTION_20",
}  # fmt: skip
LIVES = {
    "Not yet born": "NOT_BORN", "Maternity": "HOSPITAL", "Hospital": "HOSPITAL", "At home": "WITH_PARENTS",
    "With": "WITH_FAMILY_OR_FRIENDS", "Staying": "WITH_FAMILY_OR_FRIENDS", "Foster": "FOSTER_HOME",
    "Emergency foster": "FOSTER_HOME", "Residential": "CHILDRENS_HOME",
}  # fmt: skip
LEVELS = ("NONE", "PAST", "CURRENT")


def referral(of: Referral) -> Json:
    first = of.children[0]
    said: Json = {
        "category": of.category,
        "urgency": of.urgency,
        "dateRequired": of.date_required.isoformat(),
        "responseDeadline": datetime.combine(of.response_deadline, END_OF_DAY).isoformat(),
        "duration": DURATIONS.get(of.duration, of.duration),
        "placingTeam": of.team,
        "socialWorker": contact(of.social_worker),
        "teamManager": contact(of.team_manager),
        "preferredAreas": [_area(each) for each in of.preferred_areas],
        "excludedAreas": [_area(each) for each in of.excluded_areas],
        "near": of.preferred_areas[0].postcode_district,
        "radiusMiles": max(each.radius_miles for each in of.preferred_areas),
        "solo": of.solo,
        "legalStatus": LEGAL_STATUSES[first.legal_status],
        "presentPlacementType": _lives(first.present_placement),
        "presentPlacement": first.present_placement,
        "together": of.placed_together if len(of.children) > 1 else None,
        "needs": f"{'; '.join(of.needs)}.",
        "reasonForSearch": of.plan.reason_for_search,
        "carePlan": of.plan.care_plan,
        "placementHistory": of.plan.placement_history,
        "moveOn": of.plan.move_on,
        "risks": _risks(of.children),
        "requirements": requirements(of.requirements),
        "children": [_child(each) for each in of.children],
    }
    if of.family_assessment:
        said["familyAssessment"] = _assessment(of.family_assessment)
    return said


def contact(of: Contact) -> Json:
    return {"name": of.name, "role": of.job_title, "phone": of.phone, "email": of.email}


def requirements(of: Requirements) -> Json:
    return {
        "staffingRatio": of.staffing_ratio,
        "wakingNight": of.waking_night,
        "carerGender": of.carer_gender,
        "matching": of.matching,
        "pets": of.pets,
        "smoking": of.smoking,
        "accessibility": of.accessibility,
        "therapy": of.therapy,
        "transport": of.transport,
        "familyTime": of.family_time,
    }


def _lives(said: str) -> str:
    return next((kind for words, kind in LIVES.items() if said.startswith(words)), "OTHER")


def _area(of: Area) -> str:
    return f"{of.place} ({of.postcode_district}), {of.radius_miles} miles around"


def _risks(children: tuple[Child, ...]) -> list[Json]:
    """One answer for each kind: the gravest level of any child, with what is known of each."""
    return [_risk([(child, child.risks[place]) for child in children]) for place in range(len(children[0].risks))]


def _risk(known: list[tuple[Child, Risk]]) -> Json:
    several = len(known) > 1
    notes = [f"{child.initials}: {risk.note}" if several else risk.note for child, risk in known if risk.note]
    return {
        "kind": known[0][1].kind,
        "level": max((risk.level for _, risk in known), key=LEVELS.index),
        "note": " ".join(notes) or None,
    }


def _assessment(of: FamilyAssessment) -> Json:
    hearings = "; ".join(f"{each.hearing} on {each.on:%-d %B %Y}" for each in of.court_dates)
    expected = f" A brother or sister is expected on {of.expected_on:%-d %B %Y}." if of.expected_on else ""
    return {
        "parents": "; ".join(of.parents),
        "courtDates": [each.on.isoformat() for each in of.court_dates],
        "assessment": f"{of.questions}. {of.court}: {hearings}.{expected}",
    }


def _child(of: Child) -> Json:
    who = of.identity
    return {
        "givenNames": who.given,
        "familyName": who.family,
        "knownAs": who.known_as,
        "dateOfBirth": who.date_of_birth.isoformat() if who.date_of_birth else None,
        "expectedOn": who.expected_on.isoformat() if who.expected_on else None,
        "gender": of.gender,
        "caseNumber": who.case_number,
        "nhsNumber": who.nhs_number,
        "ethnicity": of.ethnicity,
        "religion": of.religion,
        "firstLanguage": of.first_language,
        "interpreter": of.interpreter_needed,
        "disability": of.disability,
        "health": of.health,
        "medication": of.medication,
        "allergies": of.allergies,
        "education": of.education,
        "ehcp": of.ehcp,
        "keepSchool": of.keep_school,
        "behaviour": of.emotional_and_behavioural,
        "strengths": of.strengths,
        "wishes": of.wishes,
    }
