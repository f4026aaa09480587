"""Why the portal would not do what was asked: one code for one meaning, and a sentence a person may read."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any


class Code(StrEnum):
    """Every refusal an act can answer with. New codes may be added; an unknown one is a refusal like any other."""

    ACCOUNT_NOT_ACTIVE = "ACCOUNT_NOT_ACTIVE"
    AGE_OUT_OF_RANGE = "AGE_OUT_OF_RANGE"
    ALREADY_SIGNED = "ALREADY_SIGNED"
    APPENDIX_REQUIRED = "APPENDIX_REQUIRED"
    CHECKS_REQUIRED = "CHECKS_REQUIRED"
    CODE_REFUSED = "CODE_REFUSED"
    COMPULSORY_DOCUMENT_EXPIRED = "COMPULSORY_DOCUMENT_EXPIRED"
    COMPULSORY_DOCUMENT_MISSING = "COMPULSORY_DOCUMENT_MISSING"
    CONTENT_CHANGED = "CONTENT_CHANGED"
    CORE_FEE_FIXED = "CORE_FEE_FIXED"
    EMAIL_TAKEN = "EMAIL_TAKEN"
    FEATURE_NOT_YET_AVAILABLE = "FEATURE_NOT_YET_AVAILABLE"
    FILE_NOT_ALLOWED = "FILE_NOT_ALLOWED"
    FILE_NOT_AS_ANNOUNCED = "FILE_NOT_AS_ANNOUNCED"
    FILE_TOO_LARGE = "FILE_TOO_LARGE"
    FORBIDDEN = "FORBIDDEN"
    GENERIC_EMAIL = "GENERIC_EMAIL"
    HOME_NOT_REGISTERED = "HOME_NOT_REGISTERED"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    INCOMPLETE = "INCOMPLETE"
    INVALID_INPUT = "INVALID_INPUT"
    IPA_EXISTS = "IPA_EXISTS"
    IPA_LOCKED = "IPA_LOCKED"
    NO_MATCH = "NO_MATCH"
    NOT_A_SIGNATORY = "NOT_A_SIGNATORY"
    NOT_FOUND = "NOT_FOUND"
    NOT_IN_PILOT = "NOT_IN_PILOT"
    NOT_LIVE = "NOT_LIVE"
    NOT_OPENED = "NOT_OPENED"
    OFFER_EXISTS = "OFFER_EXISTS"
    OFFER_LOCKED = "OFFER_LOCKED"
    OFFER_NOT_ACCEPTED = "OFFER_NOT_ACCEPTED"
    REASON_REQUIRED = "REASON_REQUIRED"
    REFERRAL_ACCEPTED = "REFERRAL_ACCEPTED"
    REFERRAL_CLOSED = "REFERRAL_CLOSED"
    REGISTRATION_LOCKED = "REGISTRATION_LOCKED"
    SIGN_IN_REFUSED = "SIGN_IN_REFUSED"
    STALE_VERSION = "STALE_VERSION"
    WRONG_STATE = "WRONG_STATE"


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


def not_found(noun: str) -> Refused:
    """The one answer for what is not there and for what may not be seen."""
    return Refused(Code.NOT_FOUND, f"There is no such {noun}.")


def refuse_all(faults: Sequence[Refused]) -> None:
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise RefusedAll(faults)


def reason_given(reason: str | None, *path: str) -> str:
    """The reason without surrounding space; a missing or blank one is refused."""
    text = (reason or "").strip()
    if not text:
        raise Refused(Code.REASON_REQUIRED, "Please give a reason.", path or ("reason",))
    return text
