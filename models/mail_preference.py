"""How somebody wants to be told by e-mail: for each kind of notification at once, in the daily digest, or not."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, coded
from models.notification import NotificationKind as Kind


class Choice(StrEnum):
    """When an e-mail follows a notification."""

    IMMEDIATELY = "IMMEDIATELY"
    DAILY_DIGEST = "DAILY_DIGEST"
    OFF = "OFF"


IMMEDIATELY, DAILY, OFF = Choice
ALWAYS = frozenset(
    {
        Kind.ROLES_CHANGED, Kind.AUTHENTICATOR_RESET, Kind.AUTHENTICATOR_CHANGED, Kind.PASSWORD_RESET,
        Kind.PASSWORD_CHANGED, Kind.SIGN_IN_BLOCKED, Kind.RECOVERY_CODE_USED, Kind.RECOVERY_CODES_RENEWED,
    }
)  # fmt: skip
"""What concerns the safety of one's own account: a thief who is signed in could else keep it from its owner."""
AT_ONCE = frozenset({Kind.REFERRAL_RECEIVED, Kind.PASSWORD_FORGOTTEN, *ALWAYS})
QUIET = frozenset({Kind.WORKBOOK_FAULTY, Kind.WORKBOOK_TAKEN_IN, Kind.WORKBOOK_FAILED})
USUALLY = {kind.value: IMMEDIATELY if kind in AT_ONCE else OFF if kind in QUIET else DAILY for kind in Kind}
"""What holds for somebody who has chosen nothing (S-120). Whoever may sign an agreement is told of that at once."""


class MailPreference(Base):
    """One person's choice for one kind. Nobody else learns of it, in no way (S-070)."""

    __tablename__ = "mail_preference"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    choice: Mapped[Choice] = coded(Choice)
