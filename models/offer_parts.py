"""What belongs to an offer: its versions since it was submitted, and its documents."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json
from models.document import Attached
from models.record import within


class OfferVersion(Base):
    """An offer as it stood at one version since it was submitted. Written once."""

    __tablename__ = "offer_version"
    __table_args__ = (
        ForeignKeyConstraint(["offer_id", "la_id", "provider_id"], ["offer.id", "offer.la_id", "offer.provider_id"]),
    )

    offer_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    la_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    placement: Mapped[Json]
    terms: Mapped[Json]
    weekly_total: Mapped[Decimal]
    at: Mapped[datetime]
    by_name: Mapped[str]


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
