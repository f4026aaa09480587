"""What goes out of a referral: the summary of a day, and the documents that go with it."""

import hashlib
import json
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
from models.referral_form import ASSESSMENT
from models.referral_revision import Change


def said(content: Any) -> Any:
    """The content without what says nothing: a field that was cleared is like one that was never filled in."""
    if isinstance(content, Mapping):
        parts = {name: said(value) for name, value in content.items()}
        return {name: value for name, value in parts.items() if value not in (None, "", [], {})}
    return [said(item) for item in content] if isinstance(content, list) else content


def canonical(content: Any) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str).encode()


def going_out(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """The working copy without what the category has no use for: a part about parents is for their assessment alone."""
    if content.get("category") == ASSESSMENT:
        return content
    return {name: value for name, value in content.items() if name != "familyAssessment"}


def summary_on(content: Mapping[str, Any], children: Sequence[Child], at: datetime) -> Json:
    """What providers see of a working copy that is sent at that moment: every child with the age of that day."""
    entries = {str(entry.get("id")): entry for entry in content.get("children") or ()}
    summary: Json = {**going_out(content), "children": []}
    for child in children:
        years, months = child.age_shown(at) or (None, None)
        seen = {**entries.get(str(child.id), {}), "id": str(child.id), "ageYears": years, "ageMonths": months}
        summary["children"].append(seen)
    return summary


class Sending:
    """What goes out at a sending: the summary with the ages of that day, and the hash that tells a change later.

    The hash is over everything a provider can see (S-059), so not over what is withheld from it: an attachment that
    names the child is no change, neither come nor gone. Of a date of birth providers see
    the age alone: what is worked out for the day of the last sending tells whether anything of it was edited, and that
    a child has grown older since is no edit. Names, numbers and days that leave initials and age as they were are none
    either. `changes` and `unchanged` compare it with what was sent before; `acknowledged` counts the places that seem
    to name a child and were said to be meant.
    """

    changes: Sequence[Change] = ()
    unchanged = False
    acknowledged = 0

    def __init__(
        self,
        content: Mapping[str, Any],
        children: Sequence[Child],
        documents: Sequence["ReferralDocument"],
        at: datetime,
    ) -> None:
        self.summary = summary_on(content, children, at)
        open_ = [paper for paper in documents if paper.removed_at is None and not paper.identifies_child]
        files = sorted((paper.sha256, paper.name, paper.kind) for paper in open_)
        self.content_hash = hashlib.sha256(canonical([said(self.summary), files])).digest()


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
