"""Organisations: whom the region and the authorities answer for."""

from typing import Any

from sqlalchemy import or_, select

from models.lifecycle import Side
from models.organisation import Organisation
from models.provider import Provider
from resolvers.pages import Page


def page(me: Any, side: Side | None = None, first: int = 50, after: str | None = None) -> Page:
    """All for the region; else one's own, the authorities, and the providers that one's authority manages."""
    rows = Organisation.visible_to(me)
    if me.side is Side.LOCAL_AUTHORITY:
        managed = select(Provider.id).where(Provider.managing_la_id == me.organisation_id)
        rows = rows.where(or_(Organisation.side != Side.PROVIDER, Organisation.id.in_(managed)))
    if side is not None:
        rows = rows.where(Organisation.side == side)
    return Page(rows, Organisation.name, Organisation.id, first, after, descending=False)
