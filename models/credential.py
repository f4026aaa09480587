"""What a person knows and has: a password, an authenticator, and ten recovery codes."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified
from models.refusal import Code, Refused

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 256
RECOVERY_CODES = 10


class Credential(Base):
    """A person's password (argon2id) and authenticator secret (sealed); `last_step` makes a code single-use (S-025).

    An authenticator that has not shown a code yet is pending: the one before it goes on working until it has.
    """

    __tablename__ = "credential"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    password_hash: Mapped[str | None]
    authenticator: Mapped[bytes | None]
    enrolled_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)
    pending_authenticator: Mapped[bytes | None]
    pending_at: Mapped[datetime | None]


class RecoveryCode(Identified, Base):
    """One of ten, for whoever has lost the authenticator: works once, known by its public handle and a hash (TRUST E5).

    Spent is what was used, and what newer codes have taken the place of.
    """

    __tablename__ = "recovery_code"
    __table_args__ = (Index("ix_recovery_code_left", "person_id", postgresql_where="spent_at IS NULL"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    handle: Mapped[str]
    secret_hash: Mapped[str]
    issued_at: Mapped[datetime]
    spent_at: Mapped[datetime | None]
    spent_because: Mapped[str | None]


class UnfitPassword(Refused):
    """A password has 12 to 256 characters, none of them a control character."""

    def __init__(self) -> None:
        sentence = f"Please choose a password of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."
        super().__init__(Code.INVALID_INPUT, sentence, ["input", "password"])


class WeakPassword(Refused):
    """A password that would be guessed too soon, however long it is: there is no rule about kinds of characters."""

    def __init__(self, warning: str = "") -> None:
        parts = ("This password would be guessed too soon.", warning, "Four or more unusual words make a good one.")
        super().__init__(Code.WEAK_PASSWORD, " ".join(filter(None, parts)), ["input", "password"])


def words_of(*texts: str | None) -> Collection[str]:
    """What somebody who knows a person would guess first: every word of these, as a password must not be made of."""
    broken = ("".join(c if c.isalnum() else " " for c in text or "") for text in texts)
    return [word for text in broken for word in text.casefold().split() if len(word) > 2]
