"""Documents: files an organisation keeps, and the snapshots of them that go with referrals, offers and agreements."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Select,
    Update,
    and_,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.announcement import check_file, check_last_day
from models.base import Base, Identified, coded, shown
from models.lifecycle import Side
from models.provider import Provider
from models.refusal import Code, Refused

EXPIRES_SOON = timedelta(days=30)


class DocumentKind(StrEnum):
    """What a file is. There is no kind for a signed copy: agreements are signed in the portal alone (S-110)."""

    PUBLIC_LIABILITY_INSURANCE = "PUBLIC_LIABILITY_INSURANCE"
    EMPLOYERS_LIABILITY_INSURANCE = "EMPLOYERS_LIABILITY_INSURANCE"
    PROFESSIONAL_INDEMNITY_INSURANCE = "PROFESSIONAL_INDEMNITY_INSURANCE"
    OFSTED_CERTIFICATE = "OFSTED_CERTIFICATE"
    STATEMENT_OF_PURPOSE = "STATEMENT_OF_PURPOSE"
    APPENDIX = "APPENDIX"
    LOCAL_REFERRAL_FORM = "LOCAL_REFERRAL_FORM"
    RISK_ASSESSMENT = "RISK_ASSESSMENT"
    CARE_PLAN = "CARE_PLAN"
    CHRONOLOGY = "CHRONOLOGY"
    EDUCATION_PLAN = "EDUCATION_PLAN"
    HEALTH = "HEALTH"
    OTHER = "OTHER"

    @property
    def spoken(self) -> str:
        """What people call it, as in the middle of a sentence."""
        words = self.value.lower().replace("_", " ")
        return words.replace("employers", "employer's").replace("ofsted", "Ofsted")


INSURANCE = frozenset(kind for kind in DocumentKind if kind.value.endswith("_INSURANCE"))
"""The kinds that always have a last day."""
PROFILE = INSURANCE | {DocumentKind.OFSTED_CERTIFICATE, DocumentKind.STATEMENT_OF_PURPOSE}
"""The kinds of which a provider, or one of its homes, has one at a time: part of what is registered of it."""


class DocumentState(StrEnum):
    AWAITING_UPLOAD = "AWAITING_UPLOAD"
    READY = "READY"


class DocumentScan(StrEnum):
    """Whether a scanner has called a file clean; what it calls anything else is not kept."""

    NOT_SCANNED = "NOT_SCANNED"
    CLEAN = "CLEAN"


def lasting(document: Any, day: date) -> bool:
    """Whether a day is not after its last one; without a last day it is valid until it is replaced (S-086)."""
    last_day: date | None = document.expires_on
    return last_day is None or last_day >= day


class Document(Identified, Base):
    """A file of one organisation, or of one of its homes. Its bytes never change; a new version is a new document.

    `uploaded_at` is when it was announced, and from the arrival of its bytes on when they came.
    """

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("state = 'AWAITING_UPLOAD' OR media_type IS NOT NULL", name="ready_has_type"),
        CheckConstraint("byte_size > 0", name="byte_size"),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    home_id: Mapped[UUID | None] = mapped_column(ForeignKey("home.id"), index=True)
    kind: Mapped[DocumentKind] = coded(DocumentKind)
    name: Mapped[str]
    sha256: Mapped[str]
    byte_size: Mapped[int]
    media_type: Mapped[str | None]
    expires_on: Mapped[date | None]
    state: Mapped[DocumentState] = coded(DocumentState, default=DocumentState.AWAITING_UPLOAD)
    scan: Mapped[DocumentScan] = coded(DocumentScan, default=DocumentScan.NOT_SCANNED, server_default="NOT_SCANNED")
    scanned_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        """The viewer's own: what its acts can use. Reading goes further."""
        return select(cls).where(cls.organisation_id == me.organisation_id)

    @classmethod
    def readable_by(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        """One's own, and the profiles of the providers whose registration the viewer's side decides on."""
        own: ColumnElement[bool] = row.organisation_id == me.organisation_id
        if me.side is Side.PROVIDER:
            return own
        registered = and_(of_a_profile(row), row.state == DocumentState.READY)
        return or_(own, and_(registered, reviewed_by(me, row.organisation_id)))

    def check(self, today: date) -> None:
        """Refuse an announcement that cannot be met, or that would put something out of date into the profile."""
        check_file(self.name, self.byte_size, self.sha256)
        insured = self.kind in INSURANCE
        check_last_day(self.expires_on, today, "input", "expiresOn", must_be_valid=self.in_profile, required=insured)

    @property
    def in_profile(self) -> bool:
        return self.kind in PROFILE

    def arrive(self, media_type: str, name: str, *, scanned: bool, at: datetime) -> None:
        """Its bytes are here, as announced and of that type; a scanner, where there is one, found no malware."""
        if scanned:
            self.scan, self.scanned_at = DocumentScan.CLEAN, at
        self.state, self.media_type, self.name, self.uploaded_at = DocumentState.READY, media_type, name, at

    def last_day(self, expires_on: date, today: date) -> None:
        """Correct until when it is valid; its bytes, and what offers carry of it, stay as they are (S-083)."""
        if self.state is not DocumentState.READY or self.replaced_at is not None:
            raise Refused(Code.WRONG_STATE, "Only a document that has come and is in force can be dated.", ["id"])
        check_last_day(expires_on, today, "expiresOn", must_be_valid=False)
        self.expires_on = expires_on

    def replace_older(self) -> Update:
        """A newer document of a profile takes the place of the one of its kind and home."""
        return (
            update(Document)
            .where(
                Document.organisation_id == self.organisation_id,
                Document.kind == self.kind,
                Document.home_id.is_not_distinct_from(self.home_id),
                Document.state == DocumentState.READY,
                Document.replaced_at.is_(None),
                Document.id != self.id,
            )
            .values(replaced_at=self.uploaded_at)
        )

    @classmethod
    def in_force(cls, organisation_id: UUID, home_id: UUID | None) -> Select[Any]:
        """Ready documents that speak for a home, before those for the organisation as a whole; the newest first."""
        mine = or_(cls.home_id.is_(None), cls.home_id == home_id)
        ready = and_(cls.state == DocumentState.READY, cls.replaced_at.is_(None))
        order = (cls.kind, cls.home_id.is_(None), cls.uploaded_at.desc(), cls.id)
        return select(cls).where(cls.organisation_id == organisation_id, mine, ready).order_by(*order)

    valid_on = lasting

    @shown
    def expiring_soon(row: Any, me: Any) -> Any:
        """Whether fewer than thirty days are left before it expires (S-084)."""
        return expiring(row, me)


def expiring(row: Any, me: Any) -> ColumnElement[bool]:
    """Whether the last day of a row comes in fewer than thirty days, as London counts them."""
    last_day = row.expires_on < func.date(func.timezone("Europe/London", me.now)) + literal(EXPIRES_SOON.days)
    soon: ColumnElement[bool] = func.coalesce(last_day, False)
    return soon


def of_a_profile(row: Any) -> ColumnElement[bool]:
    return or_(*(row.kind == kind for kind in sorted(PROFILE)))


def reviewed_by(me: Any, provider_id: Any) -> ColumnElement[bool]:
    """Whether the viewer's side decides on this provider's registration: its managing authority, or the region."""
    decided = select(Provider.id).where(Provider.id == provider_id)
    return (
        decided if me.side is Side.REGION else decided.where(Provider.managing_la_id == me.organisation_id)
    ).exists()


class DocumentRequirement(Base):
    """A kind of document that every offer of a category must carry; kept as data (S-079, S-097)."""

    __tablename__ = "document_requirement"

    category: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[DocumentKind] = coded(DocumentKind, primary_key=True)


class Attached(Identified):
    """A document as it was when it was attached; later uploads do not touch it (S-083)."""

    la_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    document_id: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[DocumentKind] = coded(DocumentKind)
    name: Mapped[str]
    sha256: Mapped[str]
    byte_size: Mapped[int]
    media_type: Mapped[str]
    expires_on: Mapped[date | None]
    attached_at: Mapped[datetime]
    attached_by_name: Mapped[str]
    removed_at: Mapped[datetime | None]

    valid_on = lasting

    @shown
    def expiring_soon(row: Any, me: Any) -> Any:
        """Whether fewer than thirty days are left before it expires (S-084)."""
        return expiring(row, me)


SNAPSHOT = ("kind", "name", "sha256", "byte_size", "media_type", "expires_on")


def snapshot(document: Document) -> dict[str, Any]:
    """What an attachment keeps of the document it was made from."""
    return {"document_id": document.id, **{name: getattr(document, name) for name in SNAPSHOT}}
