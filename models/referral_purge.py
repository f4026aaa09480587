"""Drafts of referrals that nobody has touched for a month: they hold who a child is, and are not kept."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import TextClause, text

from models.event import Happened
from models.looking import at_authority

PURGE = "referrals.purge"
"""The kind of the daily job."""
AT_ONCE = 200


def untouched(at: datetime, days: int) -> TextClause:
    """Remove drafts, never sent, that were not changed for so many days; at most `AT_ONCE`, and which they were."""
    purge = text("SELECT id, la_id, reference, version FROM portal_purge_drafts(:since, :most)")
    return purge.bindparams(since=at - timedelta(days=days), most=AT_ONCE)


def purged(draft: Any) -> Happened:
    """What stays of it, for its authority alone: that there was one."""
    return Happened(
        kind="referral.purge",
        stream=draft.id,
        subject_kind="REFERRAL",
        subject_id=draft.id,
        version=draft.version + 1,
        referral_id=draft.id,
        reference=draft.reference,
        la_id=draft.la_id,
        tells=at_authority(draft.la_id),
    )
