"""What the loaded referrals and offers say: as much text as real ones have."""

from typing import Any

NEEDS = (
    "The child settles best with clear routines and familiar adults, and does not manage sudden changes of plan. ",
    "There has been one incident of going missing, for four hours, after a cancelled visit; the child returned alone. ",
    "School attendance was above ninety per cent until the move in spring and is being rebuilt with a tutor. ",
    "A carer who can drive to the present school and keep up the weekly swimming would make the greatest difference. ",
)
LONG = "".join(NEEDS)
RISKS = (
    "SELF_HARM", "SUICIDAL_IDEATION", "GOING_MISSING", "SEXUAL_EXPLOITATION", "CRIMINAL_EXPLOITATION", "SUBSTANCE_USE",
    "VIOLENCE_TO_STAFF", "VIOLENCE_TO_PEERS", "FIRE_SETTING", "HARMFUL_SEXUAL_BEHAVIOUR", "OFFENDING", "ALLEGATIONS",
    "ONLINE",
)  # fmt: skip


def summary(no: int) -> dict[str, Any]:
    """A referral at a glance, without what differs from one referral to the next."""
    return {
        "duration": ("LONG_TERM", "RESPITE", "OVER_SIX_MONTHS")[no % 3],
        "placingTeam": "Children in care, team 3",
        "socialWorker": {"name": "Sam Okafor", "role": "Social worker", "phone": "0121 303 0000", "email": None},
        "teamManager": {"name": "Priya Nair", "role": "Team manager", "phone": "0121 303 0001"},
        "preferredAreas": ["Birmingham", "Solihull", "Sandwell"][: 1 + no % 3],
        "excludedAreas": ["Coventry"],
        "radiusMiles": 15 + no,
        "solo": no % 2 == 0,
        "legalStatus": "CARE_ORDER",
        "presentPlacementType": "FOSTER_HOME",
        "presentPlacement": "With a foster carer, until the end of the month.",
        "together": None,
        "needs": LONG + NEEDS[no % 4],
        "reasonForSearch": NEEDS[(no + 1) % 4],
        "carePlan": LONG,
        "placementHistory": NEEDS[(no + 2) % 4] * 2,
        "moveOn": "A return to the extended family is being assessed.",
        "risks": [{"kind": kind, "level": "NONE", "note": "Nothing known."} for kind in RISKS],
        "requirements": {"staffingRatio": "1:2", "wakingNight": False, "pets": "A dog would help", "familyTime": LONG},
    }


def child(no: int) -> dict[str, Any]:
    return {
        "initials": "R.H.",
        "ethnicity": "White British",
        "firstLanguage": "English",
        "interpreter": False,
        "health": NEEDS[no % 4],
        "education": NEEDS[2],
        "ehcp": no % 2 == 0,
        "behaviour": LONG,
        "strengths": "Swimming, drawing, kind to younger children.",
        "wishes": "To stay near the school and to see Nan every week.",
    }


def terms(no: int) -> dict[str, Any]:
    """What an offer promises, without its fees."""
    return {
        "matching": {"text": LONG},
        "needsMet": [{"need": f"Need {n}", "how": {"text": NEEDS[(no + n) % 4]}} for n in range(4)],
        "staffing": {"text": "Two by day, one waking at night."},
        "education": {"text": "We drive to the present school."},
        "conditions": ["A visit before the move", "The school place is kept"],
        "noticeByProvider": "28 days",
        "noticeByAuthority": "28 days",
        "namedCarer": "Morgan Reed",
    }
