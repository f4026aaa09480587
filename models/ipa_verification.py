"""What anybody may know of a file whose SHA-256 they hold: whether it is an agreement's of this portal, and stands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AgreementVerificationState(StrEnum):
    """VALID and VOID say that the bytes are a file of an agreement, as the portal made it; UNKNOWN says nothing."""

    VALID = "VALID"
    VOID = "VOID"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class AgreementVerification:
    """The answer to everybody. Of an unknown file everything but the state is null, whatever it may be."""

    state: AgreementVerificationState
    enabled_at: datetime | None = None
    signed_at: datetime | None = None
    voided_at: datetime | None = None
    local_authority: str | None = None
    provider: str | None = None
