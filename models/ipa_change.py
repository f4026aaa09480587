"""What each edit of an agreement changed before it was fixed, as people read it: from the old words to the new."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKeyConstraint, and_, func
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json
from models.event import Actor
from models.lifecycle import Side
from models.record import within
from models.referral_revision import Change

if TYPE_CHECKING:
    from models.ipa import Ipa


class IpaChange(Base):
    """One edit by either side, under the version that it made. Written once.

    `shared` says whether the provider had been shown the draft by then: what was changed before is the authority's.
    """

    __tablename__ = "ipa_change"
    __table_args__ = (
        ForeignKeyConstraint(["ipa_id", "la_id", "provider_id"], ["ipa.id", "ipa.la_id", "ipa.provider_id"]),
    )

    ipa_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    la_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    shared: Mapped[bool]
    person_id: Mapped[UUID]
    name: Mapped[str]
    organisation: Mapped[str]
    changes: Mapped[list[Json]]
    at: Mapped[datetime]

    @classmethod
    def of(cls, agreement: "Ipa", changes: Sequence[Change], *, by: Actor) -> Self:
        return cls(
            ipa_id=agreement.id, version=agreement.version, la_id=agreement.la_id, provider_id=agreement.provider_id,
            shared=agreement.shared_at is not None, person_id=by.viewer.person_id, name=by.viewer.name,
            organisation=by.viewer.organisation_name, changes=[asdict(change) for change in changes], at=by.at,
        )  # fmt: skip

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        mine = within(row, me)
        return mine if me.side is Side.LOCAL_AUTHORITY else and_(mine, row.shared)


def changes_since(ipa_id: Any, since: Any) -> ColumnElement[Any]:
    """What the edits after that version changed, taken together, as far as the viewer may know of them.

    Each place once, from what it said then to now; what was changed and changed back is no change.
    """
    return func.portal_ipa_changes(ipa_id, since)
