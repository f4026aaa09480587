"""The needs a referral states: each by itself, and none where nothing is needed."""

from models.stated_need import StatedNeed, stated_needs


def test_every_need_that_is_stated_is_listed_by_itself() -> None:  # S-080
    summary = {
        "category": "RESIDENTIAL", "needs": "Calm adults who stay.", "solo": True, "together": False,
        "preferredAreas": ["B14", "B15"],
        "requirements": {
            "staffingRatio": "1:2", "wakingNight": True, "carerGender": "FEMALE", "pets": " ", "smoking": None,
        },
        "children": [{"id": "a", "education": "Year 9", "keepSchool": True, "allergies": None, "initials": "ZQ"}],
        "risks": [
            {"kind": "SELF_HARM", "level": "PAST", "note": "In 2024"}, {"kind": "ONLINE", "level": "NONE"},
            {"kind": "GOING_MISSING", "level": "CURRENT", "note": None},
        ],
    }  # fmt: skip
    assert stated_needs(summary) == [
        StatedNeed("needs", "Needs", "Calm adults who stay."),
        StatedNeed("solo", "To be the only child placed", "Yes"),
        StatedNeed("preferredAreas", "Areas that would suit", "B14, B15"),
        StatedNeed("requirements.staffingRatio", "Staffing ratio", "1:2"),
        StatedNeed("requirements.wakingNight", "Waking night", "Yes"),
        StatedNeed("requirements.carerGender", "Gender of carers", "Women"),
        StatedNeed("child.education", "Education", "Year 9", "a"),
        StatedNeed("child.keepSchool", "Keeping the present school", "Yes", "a"),
        StatedNeed("risk.SELF_HARM", "Risk: self harm", "Past. In 2024"),
        StatedNeed("risk.GOING_MISSING", "Risk: going missing", "Current"),
    ]
    assert stated_needs({"requirements": {"carerGender": "ANY"}, "children": [], "risks": None}) == []
