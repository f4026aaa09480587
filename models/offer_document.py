"""Until when the documents that an offer must carry are valid: a fact to compare offers by (S-086)."""

from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from models.base import shown
from models.document import DocumentKind
from models.offer_parts import OfferDocument


class Documented:
    """What an offer says of the documents it must carry, as they were attached: what came later does not count."""

    @shown
    def documents_valid_until(row: Any, me: Any) -> Any:
        """The earliest last day among its compulsory documents and appendices; null where none of them has one."""
        return _of_what_must_be_there(row, func.min(OfferDocument.expires_on))

    @shown
    def documents_valid(row: Any, me: Any) -> Any:
        """Whether all of them are valid today, as London counts; null while it carries none."""
        today = func.date(func.timezone("Europe/London", me.now))
        return _of_what_must_be_there(row, func.bool_and(func.coalesce(OfferDocument.expires_on >= today, True)))


def _of_what_must_be_there(row: Any, told: Any) -> Any:
    carried: Select[Any] = select(told).where(
        and_(
            OfferDocument.offer_id == row.id,
            OfferDocument.removed_at.is_(None),
            or_(OfferDocument.compulsory, OfferDocument.kind == DocumentKind.APPENDIX),
        )
    )
    return carried.scalar_subquery()
