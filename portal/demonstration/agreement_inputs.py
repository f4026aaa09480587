"""Agreements of the demonstration as the contract takes them: what their parties fill in."""

from __future__ import annotations

from typing import Any

from portal.demonstration.agreements import AgreementDetails, Outcome, ProviderContacts
from portal.demonstration.children import Child
from portal.demonstration.places import Authority
from portal.demonstration.referral_inputs import contact

Json = dict[str, Any]
DURATIONS = {
    "RESPITE": "Respite", "UP_TO_6_MONTHS": "Up to six months", "OVER_6_MONTHS": "Over six months",
    "LONG_TERM": "Long term",
}  # fmt: skip
FOSTERED = {"LONG_TERM": "LONG_TERM"}


def agreement(
    of: AgreementDetails, child: Child, siblings: tuple[Child, ...], authority: Authority, category: str
) -> Json:
    return {
        "authority": _authority(of, authority),
        "child": _child(child, siblings),
        "placement": _placement(of, child, fostered=category == "FOSTERING"),
        "outcomes": [_outcome(each) for each in of.outcomes],
        "firstReviewOn": of.first_review_on.isoformat(),
        "fundingSplit": {
            "socialCare": str(of.funding.social_care),
            "education": str(of.funding.education),
            "health": str(of.funding.health),
        },
        "terms": _terms(of),
    }


def contacts(of: ProviderContacts) -> Json:
    return {
        "keyContact": contact(of.key_contact),
        "keyWorker": contact(of.key_worker),
        "emergencyContact": contact(of.emergency),
        "financeContact": contact(of.finance),
    }


def _authority(of: AgreementDetails, authority: Authority) -> Json:
    people = of.contacts
    return {
        "address": authority.address,
        "commissioningOfficer": contact(people.commissioning_officer),
        "socialWorker": contact(people.social_worker),
        "teamManager": contact(people.team_manager),
        "reviewingOfficer": contact(people.independent_reviewing_officer),
        "financeContact": contact(people.finance),
        "outOfHours": people.out_of_hours,
        "purchaseOrder": of.purchase_order,
    }


def _child(child: Child, siblings: tuple[Child, ...]) -> Json:
    """What the referral did not say yet; a name in its own script stands beside what the child is called."""
    who = child.identity
    return {
        "knownAs": f"{who.known_as} ({who.script})" if who.script else who.known_as,
        "upn": who.upn,
        "nationality": f"{who.nationality}; {who.immigration_status}",
        "ehcp": "Yes" if child.ehcp else "No",
        "parentalResponsibility": who.parental_responsibility,
        "siblings": ", ".join(f"{each.identity.known_as}, placed together" for each in siblings) or None,
    }


def _placement(of: AgreementDetails, child: Child, *, fostered: bool) -> Json:
    return {
        "startsOn": of.starts_on.isoformat(),
        "startsAt": f"{of.starts_at:%H:%M}",
        "plannedDuration": DURATIONS[of.planned_duration],
        "emergency": of.emergency,
        "purpose": of.purpose,
        "education": of.education,
        "familyTime": of.family_time,
        "health": child.health,
        "gp": {"name": of.doctor},
        "dentist": {"name": of.dentist},
        "delegatedAuthority": "; ".join(of.delegated_authority),
        "equipment": "; ".join(of.equipment) or None,
        "fosteringType": FOSTERED.get(of.planned_duration, "OTHER") if fostered else None,
        "providerSector": "PRIVATE",
    }


def _outcome(of: Outcome) -> Json:
    return {"outcome": of.outcome, "measure": of.measure, "reviewOn": of.review_on.isoformat()}


def _terms(of: AgreementDetails) -> Json:
    return {
        "noticeByAuthority": f"{of.notice_days_by_authority} days",
        "noticeByProvider": f"{of.notice_days_by_provider} days",
        "trialPeriod": f"{of.trial_weeks} weeks" if of.trial_weeks else "None",
        "retainer": of.retainer_and_absence,
        "absence": of.retainer_and_absence,
        "staffingRatio": of.staffing_ratio,
    }
