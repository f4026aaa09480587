"""What an agreement waits for, and so in whose worklist it is."""

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select

from models.ipa import Ipa
from models.ipa_correction import corrections_open
from models.ipa_lifecycle import DRAFT, IN_REVIEW, PARTLY, READY
from models.ipa_parts import IpaRefusal
from models.lifecycle import Side


class IpaAwaits(StrEnum):
    """The next step of an agreement that is neither signed nor voided, as far as the viewer sees it."""

    COMPLETION = "COMPLETION"
    PROVIDER_REVIEW = "PROVIDER_REVIEW"
    AUTHORITY_CORRECTION = "AUTHORITY_CORRECTION"
    ENABLING = "ENABLING"
    MY_SIGNATURE = "MY_SIGNATURE"
    OTHER_SIGNATURE = "OTHER_SIGNATURE"
    VOIDING = "VOIDING"


UNDONE: Any = literal_column(f"'{{{DRAFT}, {IN_REVIEW}, {READY}, {PARTLY}}}'::text[]")
"""The states in which an agreement waits for anything."""


def awaits(what: IpaAwaits, row: Any, me: Any) -> ColumnElement[bool]:
    """Whether the agreement waits for that."""
    waiting: dict[IpaAwaits, ColumnElement[bool]] = {
        IpaAwaits.COMPLETION: row.status == DRAFT,
        IpaAwaits.PROVIDER_REVIEW: to_review(row),
        IpaAwaits.AUTHORITY_CORRECTION: and_(row.status == IN_REVIEW, corrections_open(row)),
        IpaAwaits.ENABLING: and_(row.status == IN_REVIEW, row.review_stands),
        IpaAwaits.MY_SIGNATURE: Ipa.awaits(row, me),
        IpaAwaits.OTHER_SIGNATURE: _others(row, me),
        IpaAwaits.VOIDING: refused(row),
    }
    return waiting[what]


def undone(row: Any) -> ColumnElement[bool]:
    """Whether it waits for anything at all: in the words that an index finds."""
    waits: ColumnElement[bool] = row.status == func.any(UNDONE)
    return waits


def to_review(row: Any) -> ColumnElement[bool]:
    """Shown to the provider, which has neither confirmed this version nor asked for a correction that waits (S-105)."""
    return and_(row.status == IN_REVIEW, ~row.review_stands, ~corrections_open(row))


def refused(row: Any) -> ColumnElement[bool]:
    """A signatory will not sign, so that the authority has to void it."""
    reasons = select(IpaRefusal.id).where(IpaRefusal.ipa_id == row.id)
    return and_(_to_sign(row), reasons.exists())


def begun(what: IpaAwaits, row: Any) -> Any:
    """From when it has waited: from being drawn up, shown or enabled."""
    if what is IpaAwaits.COMPLETION:
        return row.created_at
    review = (IpaAwaits.PROVIDER_REVIEW, IpaAwaits.AUTHORITY_CORRECTION, IpaAwaits.ENABLING)
    return row.shared_at if what in review else row.enabled_at


def days_since(instant: Any, me: Any) -> Any:
    return me.today - func.date(func.timezone("Europe/London", instant))


def _others(row: Any, me: Any) -> ColumnElement[bool]:
    """The viewer's party has signed, and the other has not."""
    mine = row.authority_signed if me.side is Side.LOCAL_AUTHORITY else row.provider_signed
    return and_(row.status == PARTLY, mine)


def _to_sign(row: Any) -> ColumnElement[bool]:
    return or_(row.status == READY, row.status == PARTLY)
