"""A full agreement as plain values, and the text of a printed one."""

import io
import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from pypdf import PdfReader

HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def person(name: str, role: str | None, phone: str, email: str) -> dict[str, object]:
    return {"name": name, "role": role, "phone": phone, "email": email}


def signature(party: str, name: str, title: str, organisation: str, at: str) -> dict[str, object]:
    return {
        "party": party,
        "name": name,
        "jobTitle": title,
        "organisation": organisation,
        "onBehalfOf": f"{organisation}, in full",
        "authority": "Scheme of delegation, paragraph 4.2",
        "method": "AUTHENTICATOR_CODE",
        "at": at,
        "contentHash": HASH,
    }


FULL: dict[str, Any] = {
    "reference": "WM-7KD4-RES-A1",
    "version": 3,
    "supersedes": "WM-3PQ8-RES-A1",
    "issued": "2026-05-04T09:30:00.000Z",
    "contentHash": HASH,
    "framework": {
        "name": "West Midlands Residential Framework 2024–2028",
        "lot": "Lot 2: solo and dual homes",
        "kind": "SPOT",
        "nonFrameworkHome": True,
    },
    "authority": {
        "name": "Birmingham City Council",
        "deliveredBy": "Birmingham Children’s Trust",
        "address": "1 Lancaster Circus, Queensway, Birmingham B4 7DJ",
        "commissioningOfficer": person(
            "Ngozi Okafor-Bailey", "Senior commissioner", "0121 496 0101", "n.okafor@trust.example"
        ),
        "socialWorker": person("Siân Llŷr-Prŷs", "Social worker", "0121 496 0102", "sian.llyr@trust.example"),
        "teamManager": person("Paweł Wiśniewski", "Head of the team", "0121 496 0103", "pawel@trust.example"),
        "reviewingOfficer": person("Harpreet Gill", "Reviewer", "0121 496 0104", "h.gill@trust.example"),
        "financeContact": person("Accounts payable", None, "0121 496 0105", "invoices@trust.example"),
        "outOfHours": "0121 496 0999",
        "purchaseOrder": "PO-4500187263",
    },
    "provider": {
        "legalName": "Ashgrove Care (Midlands) Limited",
        "tradingName": "Ashgrove & Daughters",
        "companyNumber": "07412589",
        "address": "Unit 4, Canal Wharf, Stourbridge DY8 4LU",
        "urn": "SC412345",
        "keyContact": person("Denise Achterberg", "Placements lead", "01384 496 201", "placements@ashgrove.example"),
        "keyWorker": person("Tomasz Zieliński", "Carer", "01384 496 202", "t.zielinski@ashgrove.example"),
        "emergencyContact": person("Whoever is on call", "Duty", "01384 496 203", "oncall@ashgrove.example"),
        "financeContact": person("Fatima Noor", "Bookkeeper", "01384 496 204", "finance@ashgrove.example"),
    },
    "child": {
        "givenNames": "محمد عبد الرحمن",
        "familyName": "الأحمدي",
        "namesInPrintLetters": "MOHAMMED ABDULRAHMAN AL-AHMADI",
        "knownAs": "Mo",
        "dateOfBirth": "2011-09-17",
        "gender": "MALE",
        "caseNumber": "BCT-1182734",
        "nhsNumber": "943 476 5919",
        "upn": "H801200001001",
        "ethnicity": "Arab",
        "religion": "Muslim",
        "firstLanguage": "Arabic",
        "nationality": "Sudanese; asylum claim pending",
        "legalStatus": "C2 – full care order",
        "disability": "Hearing loss, left ear",
        "ehcp": "Plan of March 2025",
        "parentalResponsibility": "Shared with his mother, Amina",
        "siblings": "One sister (8), placed in Dudley",
    },
    "placement": {
        "kind": "HOME",
        "name": "Ashgrove House",
        "address": "12 Bridgnorth Road, Wollaston DY8 3NX",
        "urn": "SC412346",
        "manager": "Gurpreet ਕੌਰ",
        "category": "Residential, solo",
        "startsOn": "2026-05-11",
        "startsAt": "14:00",
        "plannedDuration": "12 months",
        "emergency": False,
        "purpose": "A stable home close to school.",
        "education": "Stays at Holly Lodge Academy.",
        "familyTime": "Saturdays, 11:00 to 14:00.\nTelephone on Wednesdays.",
        "health": "Asthma; inhaler as needed.",
        "gp": "Wollaston Surgery",
        "dentist": "Bridge Dental Care",
        "delegatedAuthority": "Day trips and haircuts.",
        "equipment": "Hearing aid batteries",
    },
    "outcomes": [
        {"outcome": "Attends school", "measure": "Attendance above 95 %", "reviewOn": "2026-07-17"},
        {"outcome": "Feels safe", "measure": "His own account", "reviewOn": "2026-08-03"},
    ],
    "firstReviewOn": "2026-06-08",
    "price": {
        "coreFeeWeekly": "4100.00",
        "coreFeeIncludes": "Accommodation, food and staffing.",
        "additionalCosts": [
            {
                "description": "Second waking night",
                "amount": "145.50",
                "unit": "NIGHT",
                "quantity": "7",
                "from": "2026-05-12",
                "until": "2026-09-09",
                "weekly": "1018.50",
            },
            {"description": "Clothing", "amount": "250.00", "unit": "ONCE", "quantity": "1", "from": "2026-05-13"},
        ],
        "weeklyTotal": "5118.50",
        "firstYearTotal": "266412.00",
        "fundingSplit": {"socialCare": "78.50", "education": "13.50", "health": "8.00"},
        "upliftRule": "Each April, at most 3 %.",
    },
    "terms": {
        "noticeByAuthority": "28 days from us",
        "noticeByProvider": "28 days from you",
        "trialPeriod": "4 weeks",
        "retainer": "Full fee up to 14 days",
        "absence": "Reported within an hour",
        "staffingRatio": "2:1",
        "conditions": ["A bed check plan is agreed.", "No other child without an assessment."],
    },
    "documents": [{"name": "Care plan, April 2026.pdf", "kind": "CARE_PLAN", "sha256": HASH[::-1]}],
    "signatures": [
        signature("LOCAL_AUTHORITY", "Helen Marchetti", "Assistant director", "The Trust", "2026-01-06T10:02:11.120Z"),
        signature("PROVIDER", "Rhodri ap Llywelyn", "Chair", "Ashgrove Care", "2026-05-06T12:44:59.003Z"),
    ],
}

SCANT = {
    "reference": "WM-2AB3-FOS-B2",
    "authority": {"name": "Solihull Metropolitan Borough Council"},
    "provider": {"legalName": "Bright Families CIC"},
    "price": {"coreFeeWeekly": "912.34", "weeklyTotal": "912.34"},
}


def agreement(**changes: object) -> dict[str, Any]:
    """The full agreement with some values replaced; groups are merged."""
    values = deepcopy(FULL)
    for name, value in changes.items():
        values[name] = {**values[name], **value} if isinstance(value, Mapping) else value
    return values


def unsigned(**changes: object) -> dict[str, Any]:
    """The full agreement as it is fixed, before anybody has signed."""
    return agreement(signatures=[], **changes)


def reader(pdf: bytes) -> Any:
    """The file's objects, whose kinds only a test knows."""
    return PdfReader(io.BytesIO(pdf))


def page_texts(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in reader(pdf).pages]


def squeezed(text: str) -> str:
    """Without white space, so that it does not matter where lines were broken."""
    return re.sub(r"\s+", "", text)


def whole_text(pdf: bytes) -> str:
    return squeezed("".join(page_texts(pdf)))
