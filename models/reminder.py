"""Reminders: that a document of a profile or an offer runs out, told once for each version and date (S-084, S-085)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, ForeignKey, Select, case, literal, or_, select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.dml import ReturningInsert

from models.age import london_day
from models.base import Base, coded
from models.document import EXPIRES_SOON, Document, DocumentKind, DocumentState, of_a_profile
from models.event import Happened, Told
from models.home import Home
from models.job import Job
from models.lifecycle import PROVIDER_STAFF
from models.offer_parts import OfferDocument
from models.provider import Provider

REMIND = "documents.remind"
"""The kind of job that tells of everything that is due."""


class ReminderKind(StrEnum):
    EXPIRING = "EXPIRING"
    EXPIRED = "EXPIRED"


class Reminder(Base):
    """That a provider has been told of one date of one document: when fewer than thirty days were left, or on it."""

    __tablename__ = "reminder"

    document_id: Mapped[UUID] = mapped_column(ForeignKey("document.id"), primary_key=True)
    kind: Mapped[ReminderKind] = coded(ReminderKind, primary_key=True)
    expires_on: Mapped[date] = mapped_column(primary_key=True)
    told_at: Mapped[datetime]

    @classmethod
    def due(cls, at: datetime, most: int) -> ReturningInsert[UUID, ReminderKind]:
        """Note what has to be told now and was not, of at most so many documents; of several who try, one notes it."""
        told = ["document_id", "kind", "expires_on", "told_at"]
        new = insert(cls).from_select(told, _untold(at).limit(most)).on_conflict_do_nothing()
        return new.returning(cls.document_id, cls.kind)


def reminding_soon(document: Document, at: datetime) -> Insert | None:
    """The telling, now and not on the next morning, of whoever has fewer than thirty days left (S-084)."""
    if document.valid_on(london_day(at) + EXPIRES_SOON):
        return None
    return Job.once(REMIND, f"{REMIND} {document.id} {document.expires_on}", {"document": str(document.id)}, at)


def _untold(at: datetime) -> Select[Any]:
    """Documents in force, of homes in use, that expire within thirty days and whose provider does not know it yet."""
    today = london_day(at)
    kind = case((Document.expires_on <= today, ReminderKind.EXPIRED.value), else_=ReminderKind.EXPIRING.value)
    same = (Reminder.document_id == Document.id, Reminder.kind == kind, Reminder.expires_on == Document.expires_on)
    known = select(Reminder.kind).where(*same).exists()
    in_force = (
        or_(of_a_profile(Document), _taken()),
        Document.state == DocumentState.READY,
        Document.replaced_at.is_(None),
        Document.expires_on < today + EXPIRES_SOON,
    )
    of_a_provider = select(Provider.id).where(Provider.id == Document.organisation_id).exists()
    ended = select(Home.id).where(Home.id == Document.home_id, Home.ended_at.is_not(None)).exists()
    rows = select(Document.id, kind, Document.expires_on, literal(at, DateTime(timezone=True))).where(
        *in_force, of_a_provider, ~ended, ~known
    )
    return rows.order_by(Document.organisation_id, Document.id)


def _taken() -> ColumnElement[bool]:
    """Whether an offer carries it as a document that must be there; an appendix must, by whatever way it came."""
    must = or_(OfferDocument.compulsory, OfferDocument.kind == DocumentKind.APPENDIX)
    carried = OfferDocument.document_id == Document.id, OfferDocument.removed_at.is_(None), must
    return select(OfferDocument.document_id).where(*carried).exists()


def told(document: Any, kind: ReminderKind) -> Happened:
    """What the provider's staff hear, said by nobody but the portal."""
    staff = tuple(sorted(PROVIDER_STAFF.roles))
    return Happened(
        kind=f"document.{kind.lower()}",
        stream=document.id,
        subject_kind="DOCUMENT",
        subject_id=document.id,
        version=1,
        provider_id=document.organisation_id,
        facts={"kind": document.kind, "expiresOn": document.expires_on},
        tells=(Told((document.organisation_id,), staff, notice=f"DOCUMENT_{kind}"),),
    )
