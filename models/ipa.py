"""Individual Placement Agreements: drawn from the accepted offer, frozen, signed by both parties."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Select,
    UniqueConstraint,
    and_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Identified, Json, coded, shown
from models.event import Actor
from models.ipa_contradiction import contradictions
from models.ipa_fee import Charged
from models.ipa_file import IpaFile, IpaFileChoice, signed_by_both
from models.ipa_form import canonical_form
from models.ipa_lifecycle import DRAFT, LIFECYCLE, IpaStatus
from models.ipa_needed import CONTACTS, refusals
from models.ipa_parts import IpaDocument, IpaRefusal, Signature
from models.ipa_review import Reviewed
from models.ipa_sense import out_of_order, tidied
from models.ipa_signing import Signable
from models.ipa_stated import Stated
from models.ipa_superseding import TAKES_PLACE, Superseding
from models.lifecycle import Side
from models.offer import Offer
from models.organisation import Organisation
from models.record import Governed, within
from models.referral import Referral
from models.refusal import reason_given, refuse_all
from models.uplift import Uplift, fee_today

__all__ = ["LIFECYCLE", "Ipa", "IpaStatus"]


class Ipa(Reviewed, Signable, Governed[IpaStatus], Charged, Stated, Superseding, Identified, Base):
    """One child's agreement. What was offered is read from the accepted offer itself and is never copied (S-103).

    `details` are the authority's to fill in while a draft or in review, `contacts` the provider's own (S-104). From
    enabling on, `content_hash` and the bytes of the PDF are fixed (S-106).
    """

    __tablename__ = "ipa"
    __table_args__ = (
        UniqueConstraint("id", "la_id", "provider_id"),
        ForeignKeyConstraint(["offer_id", "la_id", "provider_id"], ["offer.id", "offer.la_id", "offer.provider_id"]),
        CheckConstraint(
            "(status IN ('DRAFT', 'IN_REVIEW') AND content_hash IS NULL) OR status = 'VOIDED'"
            " OR (content_hash IS NOT NULL AND pdf_sha256 IS NOT NULL)",
            name="hash_fixed_when_ready",
        ),
        Index("uq_ipa_live", "offer_id", "child_id", unique=True, postgresql_where="status <> 'VOIDED'"),
        Index("uq_ipa_supersedes_id", "supersedes_id", unique=True, postgresql_where=TAKES_PLACE),
        Index("ix_ipa_provider_id", "provider_id", "status"),
        Index("ix_ipa_la_id", "la_id", "status"),
        Index("ix_ipa_signed_pdf_sha256", "signed_pdf_sha256", postgresql_where="signed_pdf_sha256 IS NOT NULL"),
        Index("ix_ipa_la_changed", "la_id", "updated_at", "id"),
        Index("ix_ipa_la_age", "la_id", "created_at", "id"),
        Index("ix_ipa_provider_changed", "provider_id", "updated_at", "id"),
    )
    noun = "agreement"
    subject = "IPA"
    lifecycle = LIFECYCLE

    offer_id: Mapped[UUID] = mapped_column(index=True)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("child.id"))
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    la_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    reference: Mapped[str] = mapped_column(unique=True)
    status: Mapped[IpaStatus] = coded(IpaStatus, default=DRAFT)
    version: Mapped[int] = mapped_column(default=0)
    details: Mapped[Json]
    contacts: Mapped[Json]
    content_hash: Mapped[str | None]
    canonical_form: Mapped[str | None]
    pdf_sha256: Mapped[str | None]
    printed_when_signed: Mapped[str | None] = mapped_column("signed_pdf_sha256")
    authority_signed: Mapped[bool] = mapped_column(default=False)
    provider_signed: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    created_by_name: Mapped[str]
    updated_at: Mapped[datetime]
    shared_at: Mapped[datetime | None]
    enabled_at: Mapped[datetime | None]
    enabled_by_name: Mapped[str | None]
    signed_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]
    voided_at: Mapped[datetime | None]

    offer: Mapped[Offer] = relationship(primaryjoin="foreign(Ipa.offer_id) == Offer.id", lazy="raise", viewonly=True)
    referral: Mapped[Referral] = relationship(
        primaryjoin="foreign(Ipa.referral_id) == Referral.id", lazy="raise", viewonly=True
    )
    authority: Mapped[Organisation] = relationship(
        primaryjoin="foreign(Ipa.la_id) == Organisation.id", lazy="raise", viewonly=True
    )
    provider: Mapped[Organisation] = relationship(
        primaryjoin="foreign(Ipa.provider_id) == Organisation.id", lazy="raise", viewonly=True
    )
    signatures: Mapped[list[Signature]] = relationship(lazy="raise", viewonly=True, order_by=Signature.at)
    refusals: Mapped[list[IpaRefusal]] = relationship(lazy="raise", viewonly=True, order_by="IpaRefusal.at")
    documents: Mapped[list[IpaDocument]] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="and_(Ipa.id == IpaDocument.ipa_id, IpaDocument.removed_at == None)",
        order_by="IpaDocument.attached_at, IpaDocument.id",
    )
    files: Mapped[list[IpaFile]] = relationship(lazy="raise", viewonly=True, order_by=IpaFile.no)
    uplifts: Mapped[list[Uplift]] = relationship(
        lazy="raise", viewonly=True, order_by=[Uplift.effective_from, Uplift.proposed_at, Uplift.id]
    )

    @property
    def stream(self) -> UUID:
        return self.referral_id

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        """The authority's own; the provider's once shared (S-105), for sign-only people once enabled (S-031)."""
        if me.side is Side.LOCAL_AUTHORITY:
            return within(row, me)
        return and_(within(row, me), (row.enabled_at if me.sign_only else row.shared_at).is_not(None))

    @shown
    def signed_pdf_sha256(row: Any, me: Any) -> Any:
        return signed_by_both(row)

    @shown
    def core_fee_today(row: Any, me: Any) -> Any:
        return fee_today(row, me)

    def create(self, *, by: Actor) -> None:
        self.step("create", by=by)

    def enable(self, content: Json, *, by: Actor) -> None:
        """Fix the content for good: nothing of it can change from here, and there is no way back (S-106, S-108).

        Refused with everything that is still missing (models/ipa_needed.py) or cannot be.
        """
        details = tidied(self.details)
        category = content["placement"]["category"]
        gaps = refusals({**details, CONTACTS: self.contacts}, category)
        refuse_all([*gaps, *out_of_order(details), *contradictions(details, category)])
        form = canonical_form(content)
        digest = hashlib.sha256(form).hexdigest()
        self.step("enable", by=by, contentHash=digest)
        self.canonical_form, self.content_hash = form.decode(), digest
        self.enabled_at, self.enabled_by_name, self.updated_at = by.at, by.viewer.name, by.at

    def open(self, file: IpaFileChoice, *, by: Actor) -> None:
        """Read the agreement; recorded, since one must have read what one signs."""
        self.step("open", by=by, file=file)

    def void(self, reason: str | None, *, by: Actor) -> None:
        text = reason_given(reason)
        self.step("void", by=by)
        self._voided(text, by)

    def void_with_offer(self, reason: str, *, by: Actor) -> None:
        self.follow("void_with_offer", by=by)
        self._voided(reason, by)

    def _voided(self, reason: str, by: Actor) -> None:
        self.void_reason, self.voided_at, self.updated_at = reason, by.at, by.at
