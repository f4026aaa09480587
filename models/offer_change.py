"""What an offer tells of its own course: who did what to it, what changed since, and which version was accepted."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Mapped, declared_attr, foreign, relationship

from models.base import shown
from models.event import Event, Told
from models.lifecycle import Audience, Rule, Side
from models.looking import at_provider
from models.offer_parts import OfferVersion

if TYPE_CHECKING:
    from models.record import Governed

    class _Traced(Governed[Any]):
        id: Any
        submitted_at: Any
else:
    _Traced = object

STOOD = ("ACCEPTED", "VOIDED")
"""The states of an offer that has been accepted."""


class Traced(_Traced):
    """An offer whose own acts can be read, by each side those that it may know of.

    Whoever acts needs no bell, and their colleagues seldom do; what all of them look at has changed, so they hear.
    """

    @declared_attr
    def timeline(cls) -> Mapped[list[Event]]:
        """Its own acts; those on a draft carry no authority, so the scope of events keeps them from it (S-029)."""
        return relationship(
            primaryjoin=lambda: and_(cls.id == foreign(Event.subject_id), Event.subject_kind == "OFFER"),
            lazy="raise", viewonly=True, order_by=lambda: [Event.at, Event.version],
        )  # fmt: skip

    def looking(self, rule: Rule[Any], side: Side) -> tuple[Told, ...]:
        """Until it is submitted it is its provider's alone (S-029)."""
        if self.submitted_at is None and Audience.AUTHORITY not in rule.tells:
            return at_provider(self.of("provider_id"))
        return super().looking(rule, side)

    @shown
    def updated_by(row: Any, me: Any) -> Any:
        """Who took the last act on it that the viewer may know of."""
        here = (Event.subject_id == row.id, Event.subject_kind == "OFFER", Event.scope(Event, me))
        last = select(Event.actor_name).where(*here).order_by(Event.at.desc(), Event.version.desc())
        return last.limit(1).scalar_subquery()

    @shown
    def accepted_version(row: Any, me: Any) -> Any:
        """The version that was accepted: none can follow it, so it is the last (S-077)."""
        return _of_the_accepted(row, OfferVersion.version)

    @shown
    def accepted_content_hash(row: Any, me: Any) -> Any:
        """Of everything that was accepted; null where none was kept then."""
        return _of_the_accepted(row, OfferVersion.content_hash)


def _of_the_accepted(row: Any, column: Any) -> Any:
    here = select(column).where(OfferVersion.offer_id == row.id)
    last = here.order_by(OfferVersion.version.desc()).limit(1).scalar_subquery()
    return case((or_(*(row.status == status for status in STOOD)), last))


def changes_since(offer_id: Any, since: Any) -> ColumnElement[Any]:
    """What the versions after that one changed, taken together: each place once, from what it said then to now.

    What was changed and changed back is no change.
    """
    return func.portal_offer_changes(offer_id, since)
