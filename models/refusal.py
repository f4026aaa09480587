"""Why the portal would not do what was asked: one code for one meaning, and a sentence a person may read."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any


class Code(StrEnum):
    """Every refusal an act can answer with. New codes may be added; an unknown one is a refusal like any other."""

    ACCOUNT_NOT_ACTIVE = "ACCOUNT_NOT_ACTIVE"
    AGE_OUT_OF_RANGE = "AGE_OUT_OF_RANGE"
    ALREADY_REFUSED = "ALREADY_REFUSED"
    ALREADY_SIGNED = "ALREADY_SIGNED"
    ALWAYS_MAILED = "ALWAYS_MAILED"
    ANSWER_BLANK = "ANSWER_BLANK"
    APPENDIX_NOT_ATTACHED = "APPENDIX_NOT_ATTACHED"
    APPENDIX_REQUIRED = "APPENDIX_REQUIRED"
    AVAILABLE_FROM_PASSED = "AVAILABLE_FROM_PASSED"
    AVAILABLE_FROM_REQUIRED = "AVAILABLE_FROM_REQUIRED"
    CHECKS_REQUIRED = "CHECKS_REQUIRED"
    CODE_REFUSED = "CODE_REFUSED"
    CODE_USED = "CODE_USED"
    COMPULSORY_DOCUMENT_EXPIRED = "COMPULSORY_DOCUMENT_EXPIRED"
    COMPULSORY_DOCUMENT_KEPT = "COMPULSORY_DOCUMENT_KEPT"
    COMPULSORY_DOCUMENT_MISSING = "COMPULSORY_DOCUMENT_MISSING"
    CONDITIONS_NOT_ACKNOWLEDGED = "CONDITIONS_NOT_ACKNOWLEDGED"
    CONTENT_CHANGED = "CONTENT_CHANGED"
    CORE_FEE_FIXED = "CORE_FEE_FIXED"
    CORE_FEE_REQUIRED = "CORE_FEE_REQUIRED"
    CORRECTION_SETTLED = "CORRECTION_SETTLED"
    COST_ENDS_BEFORE_START = "COST_ENDS_BEFORE_START"
    DELEGATION_EXPIRED = "DELEGATION_EXPIRED"
    DELEGATION_NOT_IN_FORCE = "DELEGATION_NOT_IN_FORCE"
    DELEGATION_REVOKED = "DELEGATION_REVOKED"
    DESCRIPTION_REQUIRED = "DESCRIPTION_REQUIRED"
    DOCUMENT_ATTACHED_ALREADY = "DOCUMENT_ATTACHED_ALREADY"
    DOCUMENT_EXPIRED = "DOCUMENT_EXPIRED"
    DOCUMENT_REFERRED_TO = "DOCUMENT_REFERRED_TO"
    EMAIL_TAKEN = "EMAIL_TAKEN"
    FEATURE_NOT_YET_AVAILABLE = "FEATURE_NOT_YET_AVAILABLE"
    FEES_NOT_FOR_CHILDREN = "FEES_NOT_FOR_CHILDREN"
    FILE_INFECTED = "FILE_INFECTED"
    FILE_NOT_ALLOWED = "FILE_NOT_ALLOWED"
    FILE_NOT_AS_ANNOUNCED = "FILE_NOT_AS_ANNOUNCED"
    FILE_TOO_LARGE = "FILE_TOO_LARGE"
    FORBIDDEN = "FORBIDDEN"
    GENERIC_EMAIL = "GENERIC_EMAIL"
    HOME_NOT_REGISTERED = "HOME_NOT_REGISTERED"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    INCOMPLETE = "INCOMPLETE"
    INVALID_AMOUNT = "INVALID_AMOUNT"
    INVALID_INPUT = "INVALID_INPUT"
    INVALID_QUANTITY = "INVALID_QUANTITY"
    INVITATION_EXPIRED = "INVITATION_EXPIRED"
    INVITATION_USED = "INVITATION_USED"
    IPA_EXISTS = "IPA_EXISTS"
    IPA_LOCKED = "IPA_LOCKED"
    IPA_REFUSED = "IPA_REFUSED"
    LAST_ADMINISTRATOR = "LAST_ADMINISTRATOR"
    LAST_CHILD = "LAST_CHILD"
    NO_MATCH = "NO_MATCH"
    NAMES_THE_CHILD = "NAMES_THE_CHILD"
    NOTHING_NEW = "NOTHING_NEW"
    NOT_A_SIGNATORY = "NOT_A_SIGNATORY"
    NOT_FOUND = "NOT_FOUND"
    NOT_IN_PILOT = "NOT_IN_PILOT"
    NOT_LIVE = "NOT_LIVE"
    NOT_OPENED = "NOT_OPENED"
    OFFER_EXISTS = "OFFER_EXISTS"
    OFFER_LOCKED = "OFFER_LOCKED"
    OFFER_NOT_ACCEPTED = "OFFER_NOT_ACCEPTED"
    OFFER_OVERTAKEN = "OFFER_OVERTAKEN"
    OFFERS_NOT_NAMED = "OFFERS_NOT_NAMED"
    OTHER_SIDE_DECIDES = "OTHER_SIDE_DECIDES"
    PERCENTAGE_REFUSED = "PERCENTAGE_REFUSED"
    PLACEMENT_NOT_FOR_CATEGORY = "PLACEMENT_NOT_FOR_CATEGORY"
    PLACEMENT_REQUIRED = "PLACEMENT_REQUIRED"
    QUOTA_EXCEEDED = "QUOTA_EXCEEDED"
    REASON_REQUIRED = "REASON_REQUIRED"
    REFERRAL_ACCEPTED = "REFERRAL_ACCEPTED"
    REFERRAL_CHANGED = "REFERRAL_CHANGED"
    REFERRAL_CLOSED = "REFERRAL_CLOSED"
    REGISTRATION_LOCKED = "REGISTRATION_LOCKED"
    SAME_PERSON = "SAME_PERSON"
    SCAN_UNAVAILABLE = "SCAN_UNAVAILABLE"
    SIGN_IN_REFUSED = "SIGN_IN_REFUSED"
    STALE_VERSION = "STALE_VERSION"
    TOO_MANY_DOCUMENTS = "TOO_MANY_DOCUMENTS"
    UPLIFT_BACKDATED = "UPLIFT_BACKDATED"
    UPLIFT_CLOSED = "UPLIFT_CLOSED"
    UPLIFT_EXISTS = "UPLIFT_EXISTS"
    UPLIFT_OUT_OF_ORDER = "UPLIFT_OUT_OF_ORDER"
    UPLIFT_TOO_FAR_AHEAD = "UPLIFT_TOO_FAR_AHEAD"
    UPLIFT_TOO_HIGH = "UPLIFT_TOO_HIGH"
    WEAK_PASSWORD = "WEAK_PASSWORD"
    WRONG_STATE = "WRONG_STATE"

    @property
    def meaning(self) -> str:
        return MEANINGS[self]


MEANINGS = {
    Code.ACCOUNT_NOT_ACTIVE: "The account has not been activated, or is suspended (S-024).",
    Code.AGE_OUT_OF_RANGE: "The child is not of an age that this referral can be for (S-035).",
    Code.ALREADY_REFUSED: "The person has refused to sign the agreement already.",
    Code.ALREADY_SIGNED: "This party has signed the agreement already (S-116).",
    Code.ALWAYS_MAILED: "E-mail of this kind cannot be turned off, or put off to the digest (S-113).",
    Code.ANSWER_BLANK: "An answer, or the need that it is for, is empty; null takes an answer out.",
    Code.APPENDIX_NOT_ATTACHED: "An answer refers to an appendix that does not go with the offer (S-098).",
    Code.APPENDIX_REQUIRED: "Supported accommodation needs its appendix documents (S-097).",
    Code.AVAILABLE_FROM_PASSED: "The day from which the place is available has passed, as London counts days.",
    Code.AVAILABLE_FROM_REQUIRED: "An offer is submitted with the day from which the place is available.",
    Code.CHECKS_REQUIRED: "The authority has not confirmed what it checks before it accepts an offer (S-094).",
    Code.CODE_REFUSED: "The authenticator code is wrong or too old (S-025).",
    Code.CODE_USED: "The authenticator code is right but was used before, for signing in perhaps (S-025, S-109).",
    Code.COMPULSORY_DOCUMENT_EXPIRED: "A compulsory document of the profile has expired (S-086).",
    Code.COMPULSORY_DOCUMENT_KEPT: "A compulsory document stays with its offer; a newer one takes its place (S-079).",
    Code.COMPULSORY_DOCUMENT_MISSING: "A compulsory document is missing from the profile (S-086).",
    Code.CONDITIONS_NOT_ACKNOWLEDGED: "A condition told by message has not been acknowledged (S-066).",
    Code.CONTENT_CHANGED: "What was to be signed is not what the agreement says (S-109).",
    Code.CORE_FEE_REQUIRED: "An offer has a core weekly fee (S-088).",
    Code.CORRECTION_SETTLED: "What became of the correction that was asked for has been said already (S-117).",
    Code.COST_ENDS_BEFORE_START: "The last day of an additional cost lies before its first (S-089).",
    Code.CORE_FEE_FIXED: "The core fee is fixed from acceptance on; signed, it rises by agreed uplifts alone (S-090).",
    Code.DELEGATION_EXPIRED: "The last day of the authority to sign for somebody is over (S-033).",
    Code.DELEGATION_NOT_IN_FORCE: "The authority has not begun, or its principal may not sign at present (S-033).",
    Code.DELEGATION_REVOKED: "The authority to sign for somebody has been revoked (S-033).",
    Code.DESCRIPTION_REQUIRED: "An additional cost says what it is for (S-089).",
    Code.DOCUMENT_ATTACHED_ALREADY: "A document of the same bytes is attached already (S-081, S-114).",
    Code.DOCUMENT_EXPIRED: "The document's last day is over; the profile takes one that is valid (S-086).",
    Code.DOCUMENT_REFERRED_TO: "An answer of the offer refers to the document (S-098).",
    Code.EMAIL_TAKEN: "There is an account with this e-mail address already (S-020).",
    Code.FEATURE_NOT_YET_AVAILABLE: "A dated gate has not opened yet (S-049).",
    Code.FEES_NOT_FOR_CHILDREN: "There is not exactly one fee for each child of the referral (S-061).",
    Code.FILE_INFECTED: "Malware was found in the file.",
    Code.FILE_NOT_ALLOWED: "A file of this kind, or with such content, is not taken.",
    Code.FILE_NOT_AS_ANNOUNCED: "The bytes differ from the size or SHA-256 that was announced.",
    Code.FILE_TOO_LARGE: "The file is larger than 25 MiB.",
    Code.FORBIDDEN: "The person's role does not include this act (S-034).",
    Code.GENERIC_EMAIL: "The e-mail address is a shared mailbox, not a person's own (S-021).",
    Code.HOME_NOT_REGISTERED: "The home is not registered for this category of care (S-010).",
    Code.IDEMPOTENCY_KEY_REUSED: "The idempotency key was used with other arguments before.",
    Code.INCOMPLETE: "Something must be filled in first; there is a problem for each gap.",
    Code.INVALID_AMOUNT: "No amount of pounds above zero and at most a million, in whole pence (S-088).",
    Code.INVALID_INPUT: "An argument cannot be right as it stands.",
    Code.INVALID_QUANTITY: "No quantity above zero and at most a thousand, with two decimal places at most (S-089).",
    Code.INVITATION_EXPIRED: "The link is older than 72 hours (S-024).",
    Code.INVITATION_USED: "The link has been used, or a newer one has taken its place (S-024).",
    Code.IPA_EXISTS: "There is an agreement for this child and offer already (S-101).",
    Code.IPA_LOCKED: "The agreement is enabled for signing or beyond; nothing of it changes (S-106).",
    Code.IPA_REFUSED: "A signatory has refused to sign the agreement; nobody signs it any more.",
    Code.LAST_ADMINISTRATOR: "An organisation is not left without an administrator by its own people.",
    Code.NAMES_THE_CHILD: "Providers would read who the child is; `acknowledgeIdentity` says that it is meant (S-053).",
    Code.NOTHING_NEW: "What is asked for stands already; nothing was changed.",
    Code.LAST_CHILD: "The last child of a referral stays in it (S-061).",
    Code.NO_MATCH: "No approved provider matches the referral.",
    Code.NOT_A_SIGNATORY: "The person may not sign for this party (S-112).",
    Code.NOT_FOUND: "There is no such thing, or it may not be seen; the answer is the same (S-030).",
    Code.NOT_IN_PILOT: "The authority or category does not take part in the pilot (S-044, S-045).",
    Code.NOT_LIVE: "The portal has not gone live yet (S-015).",
    Code.NOT_OPENED: "The signer has not opened the bytes that are to be signed.",
    Code.OFFER_EXISTS: "The organisation has a live offer on this referral already (S-075).",
    Code.OFFER_LOCKED: "The offer is accepted or ended; nothing of it changes (S-077).",
    Code.OFFER_NOT_ACCEPTED: "No offer has been accepted: none to draw an agreement from, or to decline others after.",
    Code.OFFER_OVERTAKEN: "The referral has changed so that the offer no longer answers it (S-059, S-061).",
    Code.OFFERS_NOT_NAMED: "An offer that waits for an answer was not named; it may not have been read (S-093).",
    Code.PLACEMENT_NOT_FOR_CATEGORY: "A home where a fostering family is needed, or the other way round (S-074).",
    Code.PLACEMENT_REQUIRED: "An offer names exactly one home or one fostering family (S-072, S-073).",
    Code.OTHER_SIDE_DECIDES: "The side that proposed an uplift withdraws it; the other one decides (S-090).",
    Code.PERCENTAGE_REFUSED: "The percentage is not between 0.01 and 100.00, or raises nothing (S-090).",
    Code.QUOTA_EXCEEDED: "The organisation's documents take up all the room that it has.",
    Code.REASON_REQUIRED: "A reason must be given (S-093).",
    Code.REFERRAL_ACCEPTED: "An offer on this referral has been accepted (S-060).",
    Code.REFERRAL_CHANGED: "The referral has other children than were last sent, and is sent again first (S-061).",
    Code.REFERRAL_CLOSED: "The authority has ended its search with this referral.",
    Code.REGISTRATION_LOCKED: "The registration is not open for editing (S-007).",
    Code.SAME_PERSON: "One person cannot be both the one who authorises and the one who is authorised (S-033).",
    Code.SCAN_UNAVAILABLE: "The file could not be checked for malware; it can be sent again.",
    Code.SIGN_IN_REFUSED: "E-mail, password, code or invitation is not right, or there were too many tries.",
    Code.STALE_VERSION: "The record has changed since it was read; the problem carries its version (S-076).",
    Code.TOO_MANY_DOCUMENTS: "Fifty further documents are the most (S-081, S-114).",
    Code.UPLIFT_BACKDATED: "An uplift begins on the day of its proposal at the earliest (S-090).",
    Code.UPLIFT_CLOSED: "The uplift was agreed, refused, withdrawn or ended; nothing of it changes (S-090).",
    Code.UPLIFT_EXISTS: "An uplift of this agreement waits for its answer already (S-090).",
    Code.UPLIFT_OUT_OF_ORDER: "An uplift begins later than every one that was agreed before it (S-090).",
    Code.UPLIFT_TOO_FAR_AHEAD: "An uplift begins within five years of its proposal (S-090).",
    Code.UPLIFT_TOO_HIGH: "The core fee would be more than the portal counts (S-090).",
    Code.WEAK_PASSWORD: "The password would be guessed too soon.",
    Code.WRONG_STATE: "The record is in a state in which this cannot be done.",
}


class Refused(Exception):
    """Somebody asked for something the rules do not allow. Safe to show to them; nothing has changed.

    `path` names the input at fault from the argument down, `facts` carries what a client can use: the current
    version of a stale record, the states an act is allowed in, the id of the offer that exists already.
    """

    def __init__(self, code: Code, message: str, path: Sequence[str] = (), **facts: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.path = list(path)
        self.facts = facts


class RefusedAll(Refused):
    """Several faults of one request, told together."""

    def __init__(self, faults: Sequence[Refused]) -> None:
        super().__init__(faults[0].code, faults[0].message, faults[0].path, **faults[0].facts)
        self.faults = list(faults)


def not_found(noun: str, *path: str) -> Refused:
    """The one answer for what is not there and for what may not be seen."""
    return Refused(Code.NOT_FOUND, f"There is no such {noun}.", path)


def refuse_all(faults: Sequence[Refused]) -> None:
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise RefusedAll(faults)


def reason_given(reason: str | None, *path: str) -> str:
    """The reason without surrounding space; a missing or blank one is refused."""
    text = (reason or "").strip()
    if not any(c.isprintable() and not c.isspace() for c in text):
        raise Refused(Code.REASON_REQUIRED, "Please give a reason.", path or ("reason",))
    return text
