"""Documents: files an organisation keeps, and the snapshots of them that go with referrals, offers and agreements."""

import re
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
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, coded, shown
from models.refusal import Code, Refused

EXPIRES_SOON = timedelta(days=30)
LARGEST = 25 * 1024 * 1024
LONGEST_NAME = 200
SHA256 = re.compile(r"[0-9a-f]{64}")


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


PROFILE = frozenset({
    DocumentKind.PUBLIC_LIABILITY_INSURANCE,
    DocumentKind.EMPLOYERS_LIABILITY_INSURANCE,
    DocumentKind.PROFESSIONAL_INDEMNITY_INSURANCE,
    DocumentKind.OFSTED_CERTIFICATE,
    DocumentKind.STATEMENT_OF_PURPOSE,
})  # fmt: skip
"""The kinds of which a provider, or one of its homes, has one at a time: part of what is registered of it."""


class DocumentState(StrEnum):
    AWAITING_UPLOAD = "AWAITING_UPLOAD"
    READY = "READY"


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
    replaced_at: Mapped[datetime | None]
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        condition: ColumnElement[bool] = row.organisation_id == me.organisation_id
        return condition

    def check(self) -> None:
        """Refuse an announcement that cannot be met: name, size or hash."""
        if not self.name or len(self.name) > LONGEST_NAME:
            sentence = f"Give the file's name, in at most {LONGEST_NAME} characters."
            raise Refused(Code.INVALID_INPUT, sentence, ["input", "name"])
        if self.byte_size > LARGEST:
            raise Refused(Code.FILE_TOO_LARGE, "A file may have 25 MiB at most.", ["input", "byteSize"])
        if self.byte_size <= 0:
            raise Refused(Code.INVALID_INPUT, "A file has at least one byte.", ["input", "byteSize"])
        if not SHA256.fullmatch(self.sha256):
            raise Refused(Code.INVALID_INPUT, "SHA-256 is written in 64 hexadecimal digits.", ["input", "sha256"])

    @property
    def in_profile(self) -> bool:
        return self.kind in PROFILE

    def arrive(self, media_type: str, name: str, *, at: datetime) -> None:
        """Its bytes are here, as announced and of that type."""
        self.state, self.media_type, self.name, self.uploaded_at = DocumentState.READY, media_type, name, at

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
    def current(cls, organisation_id: UUID, home_id: UUID | None) -> Select[Any]:
        """The newest ready document of each kind that speaks for a home, or for the organisation as a whole."""
        mine = or_(cls.home_id.is_(None), cls.home_id == home_id)
        ready = and_(cls.state == DocumentState.READY, cls.replaced_at.is_(None))
        return (
            select(cls)
            .where(cls.organisation_id == organisation_id, mine, ready)
            .ext(distinct_on(cls.kind))
            .order_by(cls.kind, cls.home_id.is_(None), cls.uploaded_at.desc())
        )

    @shown
    def expiring_soon(row: Any, me: Any) -> Any:
        """Whether fewer than thirty days are left before it expires (S-084)."""
        return _expiring(row, me)


def _expiring(row: Any, me: Any) -> ColumnElement[bool]:
    last_day = row.expires_on < func.date(func.timezone("Europe/London", me.now)) + literal(EXPIRES_SOON.days)
    soon: ColumnElement[bool] = func.coalesce(last_day, False)
    return soon


class DocumentRequirement(Base):
    """A kind of document that every offer of a category must carry; kept as data (S-079, S-097)."""

    __tablename__ = "document_requirement"

    category: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[DocumentKind] = coded(DocumentKind, primary_key=True)


class Attached(Identified):
    """A document as it was when it was attached; later uploads do not touch it (S-083)."""

    la_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    document_id: Mapped[UUID]
    kind: Mapped[DocumentKind] = coded(DocumentKind)
    name: Mapped[str]
    sha256: Mapped[str]
    byte_size: Mapped[int]
    media_type: Mapped[str]
    expires_on: Mapped[date | None]
    attached_at: Mapped[datetime]
    attached_by_name: Mapped[str]
    removed_at: Mapped[datetime | None]

    @shown
    def expiring_soon(row: Any, me: Any) -> Any:
        """Whether fewer than thirty days are left before it expires (S-084)."""
        return _expiring(row, me)


SNAPSHOT = ("kind", "name", "sha256", "byte_size", "media_type", "expires_on")


def snapshot(document: Document) -> dict[str, Any]:
    """What an attachment keeps of the document it was made from."""
    return {"document_id": document.id, **{name: getattr(document, name) for name in SNAPSHOT}}
