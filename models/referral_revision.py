"""The revisions of a referral as they were sent, and what each changed; every reader from the first it was given."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Select, func, literal_column, null, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json, shown
from models.delivery import Delivery
from models.lifecycle import Side


@dataclass(frozen=True)
class Change:
    """One difference from what was sent before, as people read it; None where nothing was said, or is any more."""

    path: list[str]
    label: str
    before: str | None
    after: str | None


class ReferralRevision(Base):
    """One revision as it was sent. Written once, never changed."""

    __tablename__ = "referral_revision"
    __table_args__ = (ForeignKeyConstraint(["referral_id", "la_id"], ["referral.id", "referral.la_id"]),)

    referral_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    la_id: Mapped[UUID]
    content: Mapped[Json]
    sent_at: Mapped[datetime]
    sent_by_name: Mapped[str]

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        """All for the authority; for a provider from the one that reached it first to the one it has (S-060)."""
        if me.side is Side.LOCAL_AUTHORITY:
            own: ColumnElement[bool] = row.la_id == me.organisation_id
            return own
        return _delivered(row, me).where(row.revision >= Delivery.first_revision).exists()

    @shown
    def sender(row: Any, me: Any) -> Any:
        """Who sent it, for colleagues alone: a provider has the contacts of the summary."""
        return row.sent_by_name if me.side is Side.LOCAL_AUTHORITY else null()

    @shown
    def changes(row: Any, me: Any) -> Any:
        """What it changed; nothing for the first, nor for the first that reached the viewer's organisation."""
        here = (ReferralChange.referral_id == row.referral_id, ReferralChange.revision == row.revision)
        told = select(ReferralChange.changes).where(*here, ReferralChange.scope(ReferralChange, me))
        return func.coalesce(told.scalar_subquery(), literal_column("'[]'::jsonb"))


class ReferralChange(Base):
    """What a revision changed against the one before; apart from it, since who was not sent that must not read this."""

    __tablename__ = "referral_change"
    __table_args__ = (
        ForeignKeyConstraint(
            ["referral_id", "revision"], ["referral_revision.referral_id", "referral_revision.revision"]
        ),
    )

    referral_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    la_id: Mapped[UUID]
    changes: Mapped[list[Json]]

    @classmethod
    def of(cls, revision: ReferralRevision, changes: Sequence[Change]) -> Self:
        return cls(
            referral_id=revision.referral_id, revision=revision.revision, la_id=revision.la_id,
            changes=[asdict(change) for change in changes],
        )  # fmt: skip

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        if me.side is Side.LOCAL_AUTHORITY:
            own: ColumnElement[bool] = row.la_id == me.organisation_id
            return own
        return _delivered(row, me).where(row.revision > Delivery.first_revision).exists()


def _delivered(row: Any, me: Any) -> Select[Any]:
    """The viewer's delivery of that referral, if it has come to this revision."""
    return select(Delivery.id).where(
        Delivery.referral_id == row.referral_id,
        Delivery.provider_id == me.organisation_id,
        Delivery.withdrawn_at.is_(None),
        row.revision <= Delivery.revision,
    )
