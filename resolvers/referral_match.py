"""The dry run of a sending, and why a provider does or does not match: questions, which never write."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from models.age import london_day
from models.event import Actor
from models.lifecycle import Side
from models.match_reason import explained, lines_of
from models.referral import Referral, ReferralStatus
from models.referral_match import Reach, SendingKind, nobody, reach
from models.refusal import Refused
from resolvers.context import Context, Info
from resolvers.read import told_to_client
from resolvers.referral_sending import Prepared, prepared


class SendingWarning(StrEnum):
    """What does not hinder a sending and may still not be meant."""

    NO_ATTACHMENT = "NO_ATTACHMENT"
    ATTACHMENTS_WITHHELD = "ATTACHMENTS_WITHHELD"


WARNINGS = {
    SendingWarning.NO_ATTACHMENT: "No document is attached; most authorities send their referral form along.",
    SendingWarning.ATTACHMENTS_WITHHELD: "Every attached document names the child, so providers will see none yet.",
}


@dataclass(frozen=True)
class Warned:
    code: SendingWarning

    @property
    def message(self) -> str:
        return WARNINGS[self.code]


@dataclass(frozen=True)
class Outlook:
    """What sending the working copy now would be and do."""

    kind: SendingKind
    reach: Reach | None
    faults: list[Refused]
    warnings: list[Warned]

    @property
    def told(self) -> int | None:
        """How many providers would hear of it."""
        if self.reach is None:
            return None
        reminder = self.kind is SendingKind.REMINDER
        return self.reach.reminded if reminder else self.reach.providers + self.reach.keepers


async def match(info: Info, id: UUID) -> Any:
    """Over the working copy; None where the viewer sees no referral of its own."""
    context = info.context
    async with looking_at(context, id) as (session, referral):
        if referral is None:
            return None
        made = await prepared(session, referral, context.now)
        found = await _reach(session, referral, made, context)
        kind = _kind(referral, made)
        faults = [*_not_ready(referral, context), *made.faults]
        if made.wanted and found and not found.providers and kind is not SendingKind.REMINDER:
            faults.append(nobody(made.wanted, found.giving, found.giving_at_age))
        return Outlook(kind, found, faults, _warnings(made))


async def match_of(info: Info, id: UUID, provider_id: UUID) -> Any:
    """Why this provider does or does not match the working copy; None where the viewer sees either not."""
    context = info.context
    async with looking_at(context, id) as (session, referral):
        if referral is None:
            return None
        made = await prepared(session, referral, context.now)
        lines = (await session.execute(lines_of(provider_id, context.viewer))).all()
        return explained(lines, made.wanted) if lines else None


@asynccontextmanager
async def looking_at(context: Context, id: UUID) -> AsyncIterator[tuple[AsyncSession, Referral | None]]:
    """The authority's own referral in a snapshot that cannot be written; to everybody else there is none."""
    viewer = context.viewer
    with told_to_client():
        async with context.shell.database.consulting(viewer, context.now) as session:
            mine = viewer.side is Side.LOCAL_AUTHORITY
            found = await session.scalar(Referral.visible_to(viewer).where(Referral.id == id)) if mine else None
            yield session, found


async def _reach(session: AsyncSession, referral: Referral, made: Prepared, context: Context) -> Reach | None:
    if made.wanted is None:
        return None
    found = await session.execute(reach(made.wanted, referral.id, london_day(context.now)))
    return Reach(**found.mappings().one())


def _kind(referral: Referral, made: Prepared) -> SendingKind:
    if referral.status is ReferralStatus.DRAFT:
        return SendingKind.FIRST
    return SendingKind.REMINDER if made.sent.unchanged else SendingKind.REVISION


def _not_ready(referral: Referral, context: Context) -> list[Refused]:
    """Why the viewer cannot send it now, as the act itself would say."""
    try:
        action = "send" if referral.status is ReferralStatus.DRAFT else "resend"
        referral.ready(action, by=Actor(context.viewer, context.now))
    except Refused as refused:
        return [refused]
    return []


def _warnings(made: Prepared) -> list[Warned]:
    attached = [paper for paper in made.documents if paper.removed_at is None]
    if not attached:
        return [Warned(SendingWarning.NO_ATTACHMENT)]
    withheld = all(paper.identifies_child for paper in attached)
    return [Warned(SendingWarning.ATTACHMENTS_WITHHELD)] if withheld else []
