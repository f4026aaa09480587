"""Changes: that something is no longer as it was read, told to whoever may be looking at it; it is read, not told."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
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
from realtime.entry import WITHDRAWN, Entry, Heartbeat
from resolvers.context import Context, Info
from resolvers.notification import Withdrawn
from resolvers.stream import Interest

COUNTED = frozenset(f"{Referral.noun}.{rule.action}" for rule in LIFECYCLE)
"""The acts that give a referral itself a version; a delivery counts its own, and what it tells bears that number."""
UNCOUNTED = ("THREAD", "DOCUMENT")
About = Callable[[Entry, UUID, UUID], bool]


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
    return Interest(shared, partial(changed, viewer.side))


def shared(entry: Entry) -> bool:
    """Whether it is about something that others may see too, and not the person's own reading (S-070)."""
    return entry.kind not in READINGS


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


async def referral_changed(info: Info, id: UUID, after: str | None = None) -> AsyncGenerator[Any, None]:
    def about(entry: Entry, id: UUID, case: UUID) -> bool:
        return entry.referral_id == case and entry.kind not in READINGS

    async with aclosing(_watched(info.context, Referral, (id, after), about)) as told:
        async for event in told:
            yield event


async def offer_changed(info: Info, id: UUID, after: str | None = None) -> AsyncGenerator[Any, None]:
    def about(entry: Entry, id: UUID, case: UUID) -> bool:
        beside = entry.referral_id == case and entry.subject_kind in ("REFERRAL", "IPA", "THREAD")
        return entry.subject_id == id or (beside and entry.kind not in READINGS)

    async with aclosing(_watched(info.context, Offer, (id, after), about)) as told:
        async for event in told:
            yield event


async def ipa_changed(info: Info, id: UUID, after: str | None = None) -> AsyncGenerator[Any, None]:
    def about(entry: Entry, id: UUID, case: UUID) -> bool:
        beside = entry.referral_id == case and entry.subject_kind in ("REFERRAL", "OFFER", "UPLIFT")
        return entry.subject_id == id or beside

    async with aclosing(_watched(info.context, Ipa, (id, after), about)) as told:
        async for event in told:
            yield event


async def _watched(
    context: Context, kind: Any, asked: tuple[UUID, str | None], about: About
) -> AsyncGenerator[Any, None]:
    """Placed before it is looked for: what is lost after the look is told, and what was lost before is not there."""
    id, after = asked
    viewer, hub = context.viewer, context.shell.hub
    place = await hub.now(viewer.person_id)
    case = await _case(context, kind, id)
    if case is None:
        yield NotThere(place)
        return
    if after is None:
        yield Heartbeat(place)
    log = hub.listen(viewer.person_id, viewer.session_id, after or place, lambda entry: about(entry, id, case))
    async with aclosing(log) as heard:
        async for item in heard:
            yield _seen(viewer.side, item) if isinstance(item, Entry) else item


def _seen(side: Side, entry: Entry) -> Changed | Withdrawn:
    return changed(side, entry) if entry.kind != WITHDRAWING else Withdrawn(entry.cursor, entry.after)


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
