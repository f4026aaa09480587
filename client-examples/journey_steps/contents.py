"""What is written in this placement: an invented girl of thirteen, her needs, an offer and its agreement."""

from datetime import date, timedelta
from typing import Any

FIRST_DRAFT: dict[str, Any] = {"category": "RESIDENTIAL", "urgency": "PLANNED"}
AGE = 13
RISKS = (
    "SELF_HARM", "SUICIDAL_IDEATION", "GOING_MISSING", "SEXUAL_EXPLOITATION", "CRIMINAL_EXPLOITATION", "SUBSTANCE_USE",
    "VIOLENCE_TO_STAFF", "VIOLENCE_TO_PEERS", "FIRE_SETTING", "HARMFUL_SEXUAL_BEHAVIOUR", "OFFENDING", "ALLEGATIONS",
    "ONLINE",
)  # fmt: skip
QUESTION = "Does she keep her place at school, and how far may the home be from it?"


def referral(today: date) -> dict[str, Any]:
    """The rest of the referral. Names and date of birth stay with the authority; providers see initials and age."""
    child = {
        "givenNames": "Zofia Siân",
        "familyName": "Wiśniewska",
        "dateOfBirth": str(today - timedelta(days=AGE * 366 + 40)),
        "gender": "FEMALE",
        "caseNumber": "BCT-204417",
        "firstLanguage": "Polish",
        "education": "Year 9; likes science and would like to stay at her school.",
        "strengths": "Plays the cello, patient with younger children.",
    }
    return {
        "dateRequired": str(today + timedelta(days=14)),
        "near": "B29",
        "legalStatus": "SECTION_20",
        "duration": "LONG_TERM",
        "reasonForSearch": "Her present placement ends because the carers retire.",
        "needs": "Calm adults who stay, time to settle, help to keep up with her cello.",
        "carePlan": "Long-term placement, reviewed every six months.",
        "socialWorker": {"name": "Imani Clarke", "role": "Social worker", "phone": "0121 496 0123"},
        "presentPlacementType": "FOSTER_HOME",
        "risks": [{"kind": kind, "level": "NONE"} for kind in RISKS],
        "requirements": {"staffingRatio": "1:2", "familyTime": "Fortnightly with her grandmother in Coventry."},
        "children": [child],
    }


def suits(home: dict[str, Any]) -> bool:
    """Whether a home is registered for her."""
    return any(
        care["category"] == "RESIDENTIAL" and care["ageFrom"] <= AGE <= care["ageTo"] and "FEMALE" in care["genders"]
        for care in home["care"]
    )


def offer(home: dict[str, Any], today: date) -> dict[str, Any]:
    transport = {"description": "School taxi", "amount": "65.00", "unit": "WEEK"}
    fee = home["defaultCoreFee"] or "4100.00"
    return {
        "placement": {"homeId": home["id"]},
        "availableFrom": str(today + timedelta(days=7)),
        "fees": [{"coreFeeWeekly": fee, "includes": "Statement of Purpose", "additionalCosts": [transport]}],
        "matching": {"text": "Two other girls live here; both like music."},
        "needsMet": [
            {"need": "Cello", "how": {"text": "A lesson a week at the music service, practice whenever she likes."}}
        ],
        "noticeByProvider": "28 days",
        "noticeByAuthority": "28 days",
    }


OFFER_EDIT = {"staffing": {"text": "Two adults by day, one awake at night."}, "trialPeriod": "Six weeks."}


def agreement(today: date) -> dict[str, Any]:
    """What the authority fills in; home, fees and promises come from the accepted offer and cannot be typed here."""
    return {
        "authority": {
            "commissioningOfficer": {"name": "Amelia Hartley", "phone": "0121 496 0100"},
            "reviewingOfficer": {"name": "Tomasz Nowak", "phone": "0121 496 0144"},
            "outOfHours": "0121 496 0999",
            "purchaseOrder": "PO-118204",
        },
        "child": {"nhsNumber": "943 476 5919", "parentalResponsibility": "Her grandmother and the authority."},
        "placement": {
            "purpose": "A long-term home in which she can finish school.",
            "education": "Stays at her school; the home drives her until she takes the bus.",
            "familyTime": "Every second Saturday with her grandmother.",
            "health": "Asthma; an inhaler when needed.",
            "gp": {"name": "Lakeside Practice", "postcode": "B29 6BD", "phone": "0121 496 0155"},
            "startsAt": "14:00",
            "delegatedAuthority": "School trips, haircuts, visits to the doctor and the dentist.",
        },
        "outcomes": [{"outcome": "Stays at her school", "measure": "Attendance above 95 %"}],
        "firstReviewOn": str(today + timedelta(days=27)),
        "fundingSplit": {"socialCare": "100"},
    }


CONTACTS = {
    "keyContact": {"name": "Aoife Gallagher", "role": "Placements lead", "phone": "0121 496 0275"},
    "emergencyContact": {"name": "On-call manager", "phone": "01632 960000"},
}
