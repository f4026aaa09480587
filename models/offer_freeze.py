"""What may still be done with offers while one on the referral is accepted: the referral stands still (S-060)."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, select

from models.lifecycle import Lifecycle
from models.referral import Referral

STANDS_STILL = {
    "DRAFT": ("submit",),
    "SUBMITTED": ("edit", "attach", "detach", "refresh_documents", "accept"),
}
"""What is held up in each state until that acceptance is undone. An offer can be withdrawn and declined all the same,
and a draft be worked on."""


def open_acts(row: Any, me: Any, lifecycle: Lifecycle[Any]) -> ColumnElement[Any]:
    """What the viewer may do with an offer now."""
    held_up = select(Referral.id).where(Referral.id == row.referral_id, Referral.accepted).exists()
    whens = [
        (and_(row.status == lifecycle.states[state], held_up), lifecycle.can(row, me, but=acts))
        for state, acts in STANDS_STILL.items()
    ]
    return case(*whens, else_=lifecycle.can(row, me))
