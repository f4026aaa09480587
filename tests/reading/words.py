"""What the records of the landscape say: full content, hardly any, and everything between that JSON can hold."""

from typing import Any

from models.referral_form import RiskKind

CREATE = """mutation ($key: UUID!, $input: ReferralInput!) { referralCreate(idempotencyKey: $key, input: $input) {
  referral { id version } problems { code message path } } }"""
UPDATE = """mutation ($id: UUID!, $version: Int!, $input: ReferralInput!) {
  referralUpdate(id: $id, expectedVersion: $version, input: $input) {
    referral { id version } problems { code message path } } }"""
SEND = """mutation ($id: UUID!, $version: Int!) {
  referralSend(id: $id, expectedVersion: $version, acknowledgeNoMatch: true) {
    referral { id version } problems { code message path } } }"""
CLOSE = """mutation ($id: UUID!, $version: Int!) {
  referralClose(id: $id, expectedVersion: $version, reason: PLACED_WITH_FAMILY, note: "With her aunt.") {
    referral { id version } problems { code message path } } }"""
OPEN = "mutation ($id: UUID!) { referralOpen(id: $id) { referral { id } problems { code message path } } }"
DECLINE = """mutation ($id: UUID!) { referralDecline(id: $id, revision: 1, reason: MATCHING) {
  referral { id } problems { code message path } } }"""
SAY = """mutation ($key: UUID!, $thread: UUID!, $body: String!, $tag: MessageTag, $with: [AttachmentInput!]! = []) {
  messageSend(idempotencyKey: $key, threadId: $thread, input: {body: $body, tag: $tag, attachments: $with}) {
    message { id no } problems { code message path } } }"""
READ = """mutation ($id: UUID!, $to: Int!) { threadRead(id: $id, upTo: $to) {
  thread { id } problems { code message path } } }"""
OFFER = """mutation ($key: UUID!, $referral: UUID!, $input: OfferInput!) {
  offerCreate(idempotencyKey: $key, referralId: $referral, input: $input) {
    offer { id version } problems { code message path } } }"""
EDIT = """mutation ($id: UUID!, $version: Int!, $input: OfferInput!) {
  offerUpdate(id: $id, expectedVersion: $version, input: $input) {
    offer { id version } problems { code message path } } }"""
SUBMIT = """mutation ($id: UUID!, $version: Int!) { offerSubmit(id: $id, expectedVersion: $version) {
  offer { id version } problems { code message path } } }"""
ACCEPT = """mutation ($id: UUID!, $version: Int!, $checks: [UUID!]!, $conditions: [UUID!]!) {
  offerAccept(id: $id, expectedVersion: $version, input: {
    checksConfirmed: true, checks: $checks, acknowledgedConditions: $conditions
  }) {
    offer { id version } problems { code message path } } }"""
TURN_DOWN = """mutation ($id: UUID!, $version: Int!) {
  offerDecline(id: $id, expectedVersion: $version, input: {reasons: [COST, OTHER], note: "Too far as well."}) {
    offer { id version } problems { code message path } } }"""

ELLA = {
    "givenNames": "Ella", "familyName": "Żółć", "dateOfBirth": "2013-02-03", "gender": "FEMALE", "interpreter": False,
    "ehcp": True, "health": "Asthma; “well” controlled\nwith an inhaler.", "firstLanguage": "Cymraeg",
}  # fmt: skip
TOM = {
    "givenNames": "Tom",
    "familyName": "Żółć",
    "dateOfBirth": "2015-12-31",
    "gender": "MALE",
    "nhsNumber": "943 476 5919",
}
FULL: dict[str, Any] = {
    "category": "RESIDENTIAL", "urgency": "PLANNED", "dateRequired": "2026-07-01",
    "responseDeadline": "2026-06-20T12:30:00.250+01:00", "duration": "LONG_TERM", "placingTeam": "North",
    "socialWorker": {"name": "Sam O'Neill", "phone": None}, "teamManager": None,
    "preferredAreas": ["B14", "B\\30", "\"south\""], "excludedAreas": [], "near": "B29",
    "radiusMiles": 20, "solo": False,
    "legalStatus": "SECTION_20", "together": True, "needs": "Calm — ژینگه ਪੰਜਾਬੀ", "reasonForSearch": "Carer ill.",
    "risks": [{"kind": kind.value, "level": "PAST", "note": None} for kind in RiskKind],
    "requirements": {"pets": "A dog", "wakingNight": None}, "familyAssessment": {"courtDates": ["2026-08-01"]},
    "children": [ELLA, TOM],
}  # fmt: skip
LITTLE: dict[str, Any] = {
    "category": "FOSTERING", "urgency": "EMERGENCY", "reasonForSearch": "Tonight.",
    "children": [{"givenNames": "Jo", "dateOfBirth": "2012-05-05", "gender": "FEMALE"}],
}  # fmt: skip
DETAILS: dict[str, Any] = {
    "authority": {"socialWorker": {"name": "Sam O'Neill", "email": None}, "purchaseOrder": "PO 1"},
    "child": {"givenNames": "Ella", "dateOfBirth": "2013-02-03", "gender": None},
    "placement": None,
    "outcomes": [{"outcome": "School every day", "reviewOn": "2026-09-01"}, {"outcome": "Swims", "measure": None}],
    "fundingSplit": {"socialCare": "60.00", "education": "40.00", "health": "0.00"},
    "extra": {"unknown": "to the contract"},
}


def fee(child: str, amount: str = "4100.00") -> dict[str, Any]:
    night = {"description": "Waking night", "amount": "65.50", "unit": "NIGHT", "quantity": "7", "from": "2026-07-01"}
    return {"childId": child, "coreFeeWeekly": amount, "includes": None, "additionalCosts": [night]}


def terms(home: str, *children: str) -> dict[str, Any]:
    return {
        "placement": {"homeId": home}, "fees": [fee(child) for child in children], "availableFrom": "2026-07-01",
        "needsMet": [{"need": "Calm", "how": {"text": "Small home"}}], "conditions": [], "staffing": {"text": "2:1"},
    }  # fmt: skip
