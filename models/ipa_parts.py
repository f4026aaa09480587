"""What belongs to an agreement: signatures with their evidence, openings, refusals, documents. Each is written once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, coded
from models.document import Attached
from models.lifecycle import Side
from models.record import within


class Signature(Base):
    """One party's signature with its evidence. Written once; neither changed nor removed by anybody.

    Signed for somebody else, it says for whom and by which authority, in words that stay as they were (S-033).
    `audit_head` is where the record of events stood just before, in hex, `audit_seq` the number of that event: the
    database writes both, and the event of the signature follows on them. Before the portal kept them they are null.
    """

    __tablename__ = "signature"
    __table_args__ = (
        ForeignKeyConstraint(["ipa_id", "la_id", "provider_id"], ["ipa.id", "ipa.la_id", "ipa.provider_id"]),
        CheckConstraint(
            "(delegation_id IS NULL) = (on_behalf_of IS NULL) AND (delegation_id IS NULL) = (authority IS NULL)",
            name="by_which_authority",
        ),
        UniqueConstraint("ipa_id", "person_id"),
    )

    ipa_id: Mapped[UUID] = mapped_column(primary_key=True)
    party: Mapped[Side] = coded(Side, primary_key=True)
    la_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    person_id: Mapped[UUID]
    name: Mapped[str]
    job_title: Mapped[str | None]
    organisation: Mapped[str]
    on_behalf_of: Mapped[str | None]
    method: Mapped[str]
    consent: Mapped[str]
    code_step: Mapped[int]
    session_id: Mapped[UUID]
    address: Mapped[str | None]
    agent: Mapped[str | None]
    ipa_version: Mapped[int]
    content_hash: Mapped[str]
    pdf_sha256: Mapped[str]
    at: Mapped[datetime]
    delegation_id: Mapped[UUID | None] = mapped_column(ForeignKey("delegation.id"))
    authority: Mapped[str | None]
    consent_sha256: Mapped[str | None]
    audit_seq: Mapped[int | None]
    audit_head: Mapped[str | None]

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        return within(row, me)


class IpaOpening(Base):
    """Who has opened the fixed bytes of an agreement: one must read before one signs."""

    __tablename__ = "ipa_opening"

    ipa_id: Mapped[UUID] = mapped_column(ForeignKey("ipa.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    pdf_sha256: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class IpaRefusal(Identified, Base):
    """A signatory's reason for not signing. Written once; the agreement itself stays as it is."""

    __tablename__ = "ipa_refusal"
    __table_args__ = (
        ForeignKeyConstraint(["ipa_id", "la_id", "provider_id"], ["ipa.id", "ipa.la_id", "ipa.provider_id"]),
    )

    ipa_id: Mapped[UUID] = mapped_column(index=True)
    la_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    person_id: Mapped[UUID]
    name: Mapped[str]
    organisation: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        return within(row, me)


class IpaDocument(Attached, Base):
    """A document attached to an agreement while it is a draft, shared with the provider (S-114)."""

    __tablename__ = "ipa_document"
    __table_args__ = (
        ForeignKeyConstraint(["ipa_id", "la_id", "provider_id"], ["ipa.id", "ipa.la_id", "ipa.provider_id"]),
    )

    ipa_id: Mapped[UUID] = mapped_column(index=True)
    provider_id: Mapped[UUID]

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        return within(row, me)
