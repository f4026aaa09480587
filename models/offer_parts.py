"""What belongs to an offer: its versions since it was submitted, and its documents."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKeyConstraint, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json, coded, shown
from models.document import Attached
from models.home import FrameworkStatus
from models.lifecycle import Side
from models.record import within
from models.referral_sent import canonical, said

OFFERED = (
    "revision", "home_id", "family_id", "placement", "framework_status", "terms", "core_fee_weekly", "weekly_total",
    "first_year_total",
)  # fmt: skip
"""Everything of an offer that is offered, beside its documents: what each version holds under the same name."""
NONE_YET = text("'[]'::jsonb")


class OfferVersion(Base):
    """An offer as it stood at one version since it was submitted. Written once, in the act that made it so.

    `changes` is what it changed against the version before, `content_hash` the SHA-256 of everything it offers. Of the
    versions that were kept before these were, no hash is known, and of what they offered only where and the terms.
    """

    __tablename__ = "offer_version"
    __table_args__ = (
        ForeignKeyConstraint(["offer_id", "la_id", "provider_id"], ["offer.id", "offer.la_id", "offer.provider_id"]),
    )

    offer_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    la_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    revision: Mapped[int | None]
    home_id: Mapped[UUID | None]
    family_id: Mapped[UUID | None]
    placement: Mapped[Json]
    framework_status: Mapped[FrameworkStatus | None] = coded(FrameworkStatus)
    terms: Mapped[Json]
    core_fee_weekly: Mapped[Decimal | None]
    weekly_total: Mapped[Decimal]
    first_year_total: Mapped[Decimal | None]
    documents: Mapped[list[Json]] = mapped_column(server_default=NONE_YET)
    changes: Mapped[list[Json]] = mapped_column(server_default=NONE_YET)
    content_hash: Mapped[str | None]
    at: Mapped[datetime]
    by_name: Mapped[str]

    @property
    def content(self) -> Json:
        """Everything that it offers."""
        return {name: getattr(self, name) for name in (*OFFERED, "documents")}


class OfferDocument(Attached, Base):
    """A document that goes with an offer; the compulsory ones attach themselves at submission (S-079)."""

    __tablename__ = "offer_document"
    __table_args__ = (
        ForeignKeyConstraint(["offer_id", "la_id", "provider_id"], ["offer.id", "offer.la_id", "offer.provider_id"]),
    )

    offer_id: Mapped[UUID] = mapped_column(index=True)
    provider_id: Mapped[UUID]
    compulsory: Mapped[bool] = mapped_column(default=False)

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        return within(row, me)

    @shown
    def told_at(row: Any, me: Any) -> Any:
        """When it was attached; for the authority, which knows of no draft, not before the submission."""
        from models.offer import Offer

        submitted = select(Offer.submitted_at).where(Offer.id == row.offer_id).scalar_subquery()
        return (
            row.attached_at
            if me.side is Side.PROVIDER
            else func.greatest(row.attached_at, submitted, type_=row.attached_at.type)
        )

    @property
    def kept(self) -> Json:
        """What a version of the offer keeps of it; `id` is what the terms refer to it by."""
        return {
            "id": str(self.document_id), "kind": self.kind.value, "name": self.name, "sha256": self.sha256,
            "compulsory": self.compulsory,
        }  # fmt: skip


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 in hex of the canonical form of what is offered: keys sorted, and without what says nothing."""
    return hashlib.sha256(canonical(said(content))).hexdigest()
