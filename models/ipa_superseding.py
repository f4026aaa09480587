"""Which agreement takes the place of which: to amend one, the offer is repeated and a new one drawn (S-108)."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Select, and_, or_, select
from sqlalchemy.orm import Mapped, aliased, declared_attr, foreign, mapped_column, relationship, remote

if TYPE_CHECKING:
    from models.ipa import Ipa


TAKES_PLACE = "status <> 'VOIDED' OR shared_at IS NOT NULL"
"""What was void before it was ever shared has taken no place: the next one follows on what was before it."""


class Superseding:
    """An agreement between the same parties about the same child follows on the voided one before it.

    Each is superseded once at most. Whoever may not see the other agreement is told nothing of it: neither of a new
    draft before it is shared, nor of an agreement with another provider.
    """

    supersedes_id: Mapped[UUID | None] = mapped_column(ForeignKey("ipa.id"))

    @declared_attr
    def supersedes(cls) -> Mapped["Ipa | None"]:
        return relationship(
            primaryjoin=lambda: foreign(_ipa().supersedes_id) == remote(_ipa().id), lazy="raise", viewonly=True
        )

    @declared_attr
    def superseded_by(cls) -> Mapped["Ipa | None"]:
        return relationship(primaryjoin=_follows, lazy="raise", viewonly=True, uselist=False)


def to_supersede(row: Any, provider_id: UUID, child_id: UUID) -> Select[Any]:
    """The id of the last voided agreement of this provider about this child whose place none has taken yet.

    A draft that was never shared is none: nothing that the provider signs may name what it was never shown.
    """
    later = aliased(row)
    places = or_(later.status != "VOIDED", later.shared_at.is_not(None))
    taken = select(later.id).where(later.supersedes_id == row.id, places)
    same = (row.provider_id == provider_id) & (row.child_id == child_id) & (row.status == "VOIDED")
    free = select(row.id).where(same, row.shared_at.is_not(None), ~taken.exists())
    return free.order_by(row.voided_at.desc(), row.created_at.desc()).limit(1)


def _follows() -> ColumnElement[bool]:
    row = _ipa()
    places = or_(remote(row.status) != "VOIDED", remote(row.shared_at).is_not(None))
    return and_(row.id == remote(foreign(row.supersedes_id)), places)


def _ipa() -> Any:
    from models.ipa import Ipa

    return Ipa
