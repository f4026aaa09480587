"""The documents of a provider's profile, and which of them its care requires (S-079)."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true
from sqlalchemy.orm import Mapped, add_mapped_attribute, foreign, relationship, remote

from models.base import Base, or_never, shown
from models.care import RegisteredCare
from models.document import (
    Document,
    DocumentKind,
    DocumentRequirement,
    DocumentState,
    expiring,
    of_a_profile,
    reviewed_by,
)
from models.home import Home
from models.lifecycle import Side
from models.provider import Category, Provider

IN_FORCE = and_(Document.state == DocumentState.READY, Document.replaced_at.is_(None))


def _required() -> Any:
    """Each kind that each home, or the agency as a whole, needs for its care, with the document that meets it now."""
    care, rule = RegisteredCare, DocumentRequirement
    asked = select(care.provider_id, care.home_id, care.category, rule.kind).join(rule, rule.category == care.category)
    ended = select(Home.id).where(Home.id == care.home_id, Home.ended_at.is_not(None)).exists()
    needed = asked.where(care.ended_at.is_(None), ~ended).distinct().subquery()
    here = or_(Document.home_id.is_(None), Document.home_id == needed.c.home_id)
    lasting = case((Document.kind == DocumentKind.APPENDIX, or_never(Document.expires_on)))  # of several, any will do
    met = (
        select(Document.id, Document.expires_on)
        .where(Document.organisation_id == needed.c.provider_id, Document.kind == needed.c.kind, here, IN_FORCE)
        .order_by(lasting.desc(), Document.home_id.is_(None), Document.uploaded_at.desc(), Document.id)
        .limit(1)
        .lateral()
    )
    columns = (*needed.c, met.c.id.label("document_id"), met.c.expires_on)
    return select(*columns).select_from(needed.outerjoin(met, true())).subquery("required_document")


REQUIRED = _required()
KEY = {"primary_key": [REQUIRED.c[name] for name in ("provider_id", "home_id", "category", "kind", "document_id")]}


class RequiredDocument(Base):
    """A document that offers of a category must carry: by home, and for the agency where care belongs to no home."""

    __table__ = REQUIRED
    __mapper_args__ = KEY

    provider_id: Mapped[UUID]
    home_id: Mapped[UUID | None]
    category: Mapped[Category]
    kind: Mapped[DocumentKind]
    document_id: Mapped[UUID | None]
    expires_on: Mapped[date | None]
    home: Mapped[Home | None] = relationship(
        lazy="raise", viewonly=True, primaryjoin=lambda: foreign(REQUIRED.c.home_id) == Home.id
    )
    document: Mapped[Document | None] = relationship(
        lazy="raise", viewonly=True, primaryjoin=lambda: foreign(REQUIRED.c.document_id) == Document.id
    )

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        """For the provider itself and for those who decide on its registration."""
        if me.side is Side.PROVIDER:
            own: ColumnElement[bool] = row.provider_id == me.organisation_id
            return own
        return reviewed_by(me, row.provider_id)

    @shown
    def missing(row: Any, me: Any) -> Any:
        """Whether there is none: no offer of this category can be submitted (S-086)."""
        return row.document_id.is_(None)

    @shown
    def expired(row: Any, me: Any) -> Any:
        """Whether its last day is over: no offer of this category can be submitted (S-086)."""
        today = func.date(func.timezone("Europe/London", me.now))
        return func.coalesce(row.expires_on < today, False)

    @shown
    def expiring_soon(row: Any, me: Any) -> Any:
        """Whether fewer than thirty days are left (S-084)."""
        return expiring(row, me)


add_mapped_attribute(
    Document,
    "versions",
    relationship(
        Document,
        lazy="raise",
        viewonly=True,
        primaryjoin=lambda: and_(
            Document.organisation_id == remote(foreign(Document.organisation_id)),
            Document.kind == remote(foreign(Document.kind)),
            Document.home_id.is_not_distinct_from(remote(foreign(Document.home_id))),
            of_a_profile(Document),
            remote(Document.state) == DocumentState.READY,
        ),
        order_by=[Document.uploaded_at.desc(), Document.id],
        uselist=True,
    ),
)
add_mapped_attribute(
    Provider,
    "documents",
    relationship(
        Document,
        lazy="raise",
        viewonly=True,
        primaryjoin=lambda: and_(Provider.id == foreign(Document.organisation_id), of_a_profile(Document), IN_FORCE),
        order_by=[Document.kind, Document.home_id, Document.uploaded_at, Document.id],
        uselist=True,
    ),
)
add_mapped_attribute(
    Provider,
    "required_documents",
    relationship(
        RequiredDocument,
        lazy="raise",
        viewonly=True,
        primaryjoin=lambda: Provider.id == foreign(RequiredDocument.provider_id),
        order_by=[REQUIRED.c.category, REQUIRED.c.home_id, REQUIRED.c.kind],
        uselist=True,
    ),
)
