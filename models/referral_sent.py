"""What goes out of a referral: the revision of a day, and the documents that go with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKeyConstraint, and_, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json
from models.child import Child
from models.document import Attached
from models.lifecycle import Side


class Sending:
    """What goes out at a sending: the summary with the ages of that day, and the hash that tells a change later.

    `acknowledged` counts the places that seem to name a child and were said to be meant.
    """

    acknowledged = 0

    def __init__(
        self, content: Mapping[str, Any], children: Sequence[Child], ages: Sequence[tuple[int, int]], digest: bytes
    ) -> None:
        entries = {str(entry.get("id")): entry for entry in content.get("children") or ()}
        self.summary: Json = {**content, "children": []}
        for child, (years, months) in zip(children, ages, strict=True):
            seen = {**entries.get(str(child.id), {}), "id": str(child.id), "ageYears": years, "ageMonths": months}
            self.summary["children"].append(seen)
        self.content_hash = digest


class ReferralRevision(Base):
    """One revision as it was sent. Written once, never changed."""

    __tablename__ = "referral_revision"
    __table_args__ = (ForeignKeyConstraint(["referral_id", "la_id"], ["referral.id", "referral.la_id"]),)

    referral_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    la_id: Mapped[UUID]
    content: Mapped[Json]
    sent_at: Mapped[datetime]
    sent_by_name: Mapped[str]


class ReferralDocument(Attached, Base):
    """A document sent along with a referral; one that identifies the child waits for the shared agreement.

    `sent_in` and `dropped_in` are the revisions with which providers got it and lost it: taking it off the working copy
    is not seen by them before that is resent.
    """

    __tablename__ = "referral_document"
    __table_args__ = (ForeignKeyConstraint(["referral_id", "la_id"], ["referral.id", "referral.la_id"]),)

    referral_id: Mapped[UUID] = mapped_column(index=True)
    identifies_child: Mapped[bool] = mapped_column(default=False)
    sent_in: Mapped[int | None]
    dropped_in: Mapped[int | None]

    @staticmethod
    def scope(row: Any, me: Any) -> ColumnElement[bool]:
        """The working copy's for the authority; for a provider what was sent, and what names the child when it may."""
        if me.side is Side.LOCAL_AUTHORITY:
            return and_(row.la_id == me.organisation_id, row.removed_at.is_(None))
        open_to_it = or_(~row.identifies_child, shared_with(row, me))
        return and_(row.sent_in.is_not(None), row.dropped_in.is_(None), open_to_it)


def shared_with(row: Any, me: Any) -> ColumnElement[bool]:
    """Whether an agreement about this referral has been shared with the viewer's organisation."""
    from models.ipa import Ipa

    mine = (Ipa.referral_id == row.referral_id, Ipa.provider_id == me.organisation_id, Ipa.shared_at.is_not(None))
    return select(Ipa.id).where(*mine).exists()
