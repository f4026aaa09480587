"""Corrections that a provider asks for while it reviews an agreement, and what became of each."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKeyConstraint, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, coded, shown
from models.event import Actor
from models.record import within
from models.refusal import Code, Refused, reason_given


class CorrectionOutcome(StrEnum):
    """What became of a correction that was asked for; none while it waits."""

    CORRECTED = "CORRECTED"
    ANSWERED = "ANSWERED"
    TAKEN_BACK = "TAKEN_BACK"


class IpaCorrection(Identified, Base):
    """One correction, with its reason. It is settled once: by an edit, by an answer, or by the provider's confirming.

    `version` is that of the agreement by which it was asked for.
    """

    __tablename__ = "ipa_correction"
    __table_args__ = (
        ForeignKeyConstraint(["ipa_id", "la_id", "provider_id"], ["ipa.id", "ipa.la_id", "ipa.provider_id"]),
        CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name="settled"),
        CheckConstraint("outcome <> 'ANSWERED' OR answer IS NOT NULL", name="answered_in_words"),
        Index("ix_ipa_correction_open", "ipa_id", postgresql_where="outcome IS NULL"),
    )
    noun = "correction"

    ipa_id: Mapped[UUID] = mapped_column(index=True)
    la_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    version: Mapped[int]
    person_id: Mapped[UUID]
    name: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]
    outcome: Mapped[CorrectionOutcome | None] = coded(CorrectionOutcome)
    answer: Mapped[str | None]
    settled_by_id: Mapped[UUID | None]
    settled_by_name: Mapped[str | None]
    settled_at: Mapped[datetime | None]

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        """Both sides' own; who only signs sees what is fixed, not how it came about (S-031)."""
        mine = within(row, me)
        return mine if not me.sign_only else mine & row.id.is_(None)

    @shown
    def open(row: Any, me: Any) -> Any:
        return row.outcome.is_(None)

    def settle(self, outcome: CorrectionOutcome, answer: str | None = None, *, by: Actor) -> None:
        """Say what became of it; refused where that has been said."""
        if self.outcome is not None:
            sentence = "This correction has been settled already. Please read the agreement again."
            raise Refused(Code.CORRECTION_SETTLED, sentence, ["correctionId"], subject_id=self.id)
        words = reason_given(answer, "note") if outcome is CorrectionOutcome.ANSWERED else None
        self.outcome, self.answer, self.settled_at = outcome, words, by.at
        self.settled_by_id, self.settled_by_name = by.viewer.person_id, by.viewer.name


def corrections_open(row: Any) -> ColumnElement[bool]:
    """Whether the provider waits for a correction of that agreement."""
    waiting = IpaCorrection.ipa_id == row.id, IpaCorrection.outcome.is_(None)
    return select(IpaCorrection.id).where(*waiting).exists()
