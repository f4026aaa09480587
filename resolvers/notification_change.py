"""Changes: that something is no longer as it was read, told to whoever may be looking at it; it is read, not told."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from models.event import READINGS, WITHDRAWING
from models.ipa import Ipa
from models.lifecycle import Side
from models.offer import Offer
from models.person import Viewer
from models.referral import LIFECYCLE, Referral
from realtime.entry import WITHDRAWN, Entry
from resolvers.context import Context
from resolvers.notification import Withdrawn
from resolvers.stream import Interest, Last

COUNTED = frozenset(f"{Referral.noun}.{rule.action}" for rule in LIFECYCLE)
"""The acts that give a referral itself a version; a delivery counts its own, and what it tells bears that number."""
UNCOUNTED = ("THREAD", "DOCUMENT")


@dataclass(frozen=True)
class Changed:
    cursor: str
    after: str
    unread: int
    subject_kind: str
    subject_id: UUID
    referral_id: UUID | None
    version: int | None
    at: datetime
    from_others: bool


@dataclass(frozen=True)
class NotThere:
    cursor: str


# ── streams ──────────────────────────────────────────────────────────────────
def changes(viewer: Viewer) -> Interest:
    """What is about something that others may see too, and not the person's own reading (S-070)."""
    hidden = {*READINGS, WITHDRAWING} if viewer.sign_only else READINGS

    def shared(entry: Entry) -> bool:
        return entry.kind not in hidden

    return Interest(shared, partial(changed, viewer.side))


def changed(side: Side, entry: Entry) -> Changed | Withdrawn:
    if entry.kind == WITHDRAWN or entry.subject_kind is None or entry.subject_id is None:
        return Withdrawn(entry.cursor, entry.after)
    return Changed(
        entry.cursor, entry.after, entry.unread, entry.subject_kind, entry.subject_id, entry.referral_id,
        _version(side, entry), entry.at, entry.from_others,
    )  # fmt: skip


def _version(side: Side, entry: Entry) -> int | None:
    """The version to be read now, where the viewer counts in it: edits of a working copy are the authority's own."""
    if entry.subject_kind == Referral.subject:
        return entry.version if side is Side.LOCAL_AUTHORITY and entry.kind in COUNTED and entry.version else None
    return None if entry.subject_kind in UNCOUNTED else entry.version or None


def referral_changed(viewer: Viewer, id: UUID, *, found: UUID) -> Interest:
    def about(entry: Entry) -> bool:
        return entry.referral_id == found and entry.kind not in READINGS

    return Interest(about, partial(seen, viewer.side))


def offer_changed(viewer: Viewer, id: UUID, *, found: UUID) -> Interest:
    def about(entry: Entry) -> bool:
        beside = entry.referral_id == found and entry.subject_kind in ("REFERRAL", "IPA", "THREAD")
        return entry.subject_id == id or (beside and entry.kind not in READINGS)

    return Interest(about, partial(seen, viewer.side))


def ipa_changed(viewer: Viewer, id: UUID, *, found: UUID) -> Interest:
    def about(entry: Entry) -> bool:
        beside = entry.referral_id == found and entry.subject_kind in ("REFERRAL", "OFFER", "UPLIFT")
        return entry.subject_id == id or beside

    return Interest(about, partial(seen, viewer.side))


def seen(side: Side, entry: Entry) -> Changed | Withdrawn:
    return changed(side, entry) if entry.kind != WITHDRAWING else Withdrawn(entry.cursor, entry.after)


# ── what they look for: the referral that it belongs to ──────────────────────
async def look_for_referral(context: Context, now: str, id: UUID, after: str | None) -> UUID | Last:
    """Who lost it after the cursor they come with could see it then, and is told of the loss at its number."""
    case = await _case(context, Referral, id)
    if case is None and after is not None and _may_lose(context.viewer):
        lost = await context.shell.hub.lost(context.viewer.person_id, after, id)
        return Last(Withdrawn(lost, after) if lost else NotThere(now))
    return case or Last(NotThere(now))


async def look_for_offer(context: Context, now: str, id: UUID, after: str | None) -> UUID | Last:
    return await _case(context, Offer, id) or Last(NotThere(now))


async def look_for_ipa(context: Context, now: str, id: UUID, after: str | None) -> UUID | Last:
    return await _case(context, Ipa, id) or Last(NotThere(now))


async def _case(context: Context, kind: Any, id: UUID) -> UUID | None:
    """The referral of what the viewer may look at; None of what is not there and of what they may not see alike."""
    viewer = context.viewer
    if viewer.side is Side.REGION or (viewer.sign_only and kind is not Ipa):
        return None
    column = kind.id if kind is Referral else kind.referral_id
    async with context.shell.database.consulting(viewer, context.now) as session:
        found: UUID | None = await session.scalar(
            kind.visible_to(viewer).where(kind.id == id).with_only_columns(column)
        )
    return found


def _may_lose(viewer: Viewer) -> bool:
    """The staff of a provider; all of its people are told of the loss, sign-only ones too, who never had it."""
    return viewer.side is Side.PROVIDER and not viewer.sign_only
