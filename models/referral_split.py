"""Children of a group who get a referral of their own, and what leads from one referral to the other (S-061)."""

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json
from models.event import Actor
from models.refusal import Code, Refused, not_found

if TYPE_CHECKING:
    from models.referral import Referral


class ReferralSplit(Base):
    """That a referral was made for one child of another; seen by whoever sees both of them."""

    __tablename__ = "referral_split"
    __table_args__ = (
        ForeignKeyConstraint(["referral_id", "la_id"], ["referral.id", "referral.la_id"]),
        ForeignKeyConstraint(["group_id", "la_id"], ["referral.id", "referral.la_id"]),
    )

    referral_id: Mapped[UUID] = mapped_column(primary_key=True)
    group_id: Mapped[UUID] = mapped_column(index=True)
    la_id: Mapped[UUID]


def split(group: "Referral", child_id: UUID, own: "Referral", *, by: Actor) -> None:
    """Give one child of a group a referral of its own; the group keeps the others, for its next sending (S-061)."""
    group.ready("split", by=by)
    rest, own.content = _without(group.content, child_id), _alone(group.content, child_id)
    group.step("split", by=by, child=child_id, into=own.id)
    own.step("split", by=by, child=child_id, out_of=group.id)
    own.publish_header(own.content)
    group.content, group.updated_at = rest, by.at


def remove_child(referral: "Referral", child_id: UUID, *, by: Actor) -> None:
    """Take out a child who was entered by mistake; providers who have it see so when it is resent."""
    referral.ready("remove_child", by=by)
    rest = _without(referral.content, child_id)
    referral.step("remove_child", by=by, child=child_id)
    referral.content, referral.updated_at = rest, by.at


def same_children(referral: "Referral") -> None:
    """Refuse where the children of the working copy are not those that were sent: offers are for the latter."""
    if _ids(referral.content) != _ids(referral.summary):
        sentence = (
            "The children of this referral have changed since it was last sent, so this offer is not for all of them."
            " Send the referral again first."
        )
        raise Refused(Code.REFERRAL_CHANGED, sentence)


def _entries(content: Json | None) -> list[Json]:
    return list((content or {}).get("children") or ())


def _ids(content: Json | None) -> list[str]:
    return sorted(entry["id"] for entry in _entries(content))


def _without(content: Json, child_id: UUID) -> Json:
    """The working copy without one of its children, who must be in it and not the last."""
    rest = [entry for entry in _entries(content) if entry["id"] != str(child_id)]
    if len(rest) == len(_entries(content)):
        raise not_found("child")
    if not rest:
        raise Refused(Code.LAST_CHILD, "A referral needs at least one child.", ["childId"])
    return {**content, "children": rest}


def _alone(content: Json, child_id: UUID) -> Json:
    """The working copy for that child alone; whether siblings stay together is no question any more."""
    own = [entry for entry in _entries(content) if entry["id"] == str(child_id)]
    return {**{name: value for name, value in content.items() if name != "together"}, "children": own}
