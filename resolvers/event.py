"""The timeline: what was done, by whom, when; read from the one event that every act leaves."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from models.event import Event
from models.rollout import Rollout
from resolvers.pages import Page


def timeline(
    me: Any, referral_id: UUID | None = None, subject_id: UUID | None = None, first: int = 20, after: str | None = None
) -> Page:
    rows = Event.visible_to(me)
    if referral_id is not None:
        rows = rows.where(Event.referral_id == referral_id)
    if subject_id is not None:
        rows = rows.where(Event.subject_id == subject_id)
    return Page(rows, Event.at, Event.id, first, after)


def gates(me: Any) -> Select[Any]:
    """Dated gates are the same for everybody who is signed in."""
    return select(Rollout).order_by(Rollout.feature, Rollout.opens_at, Rollout.id)
