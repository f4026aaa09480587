"""Organisations: the authorities, the providers and the region."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, coded
from models.lifecycle import Side


class Organisation(Identified, Base):
    """A local authority, a provider, or the region that runs the portal.

    An authority is kept apart from who acts for it: `delivered_by` names the trust that runs its children's services.
    """

    __tablename__ = "organisation"

    side: Mapped[Side] = coded(Side)
    name: Mapped[str]
    gss_code: Mapped[str | None] = mapped_column(unique=True)
    dfe_code: Mapped[str | None] = mapped_column(unique=True)
    delivered_by: Mapped[str | None]
    address: Mapped[str | None]

    @classmethod
    def visible_to(cls, me: Any) -> Select[Any]:
        return select(cls).where(cls.scope(cls, me))

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        """Authorities are public; a provider sees no other provider (S-030)."""
        if me.side is Side.PROVIDER:
            return or_(row.side == Side.LOCAL_AUTHORITY, row.id == me.organisation_id)
        anybody: ColumnElement[bool] = row.id.is_not(None)
        return anybody


class PostcodeArea(Base):
    """Which authority a postcode district belongs to: how a registration finds its managing authority (S-005)."""

    __tablename__ = "postcode_area"

    district: Mapped[str] = mapped_column(primary_key=True)
    la_id: Mapped[UUID] = mapped_column(index=True)
