"""Why offers are declined."""

from enum import StrEnum


class DeclineReason(StrEnum):
    """Why an authority declines an offer; at least one is always given (S-093)."""

    NEEDS_NOT_MET = "NEEDS_NOT_MET"
    MATCHING = "MATCHING"
    LOCATION = "LOCATION"
    COST = "COST"
    QUALITY = "QUALITY"
    TIMESCALE = "TIMESCALE"
    ANOTHER_OFFER_ACCEPTED = "ANOTHER_OFFER_ACCEPTED"
    REFERRAL_CLOSED = "REFERRAL_CLOSED"
    OTHER = "OTHER"
