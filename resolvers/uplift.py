"""Uplifts of the core fee: proposed, answered, taken back; and what is owed on a day (S-090)."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.age import london_day
from models.ipa import Ipa
from models.offer import Offer
from models.uplift import Uplift, UpliftStatus
from models.uplift_fee import FeeOn, fee_on
from resolvers.context import Info
from resolvers.pages import Page
from resolvers.read import told_to_client
from resolvers.uplift_input import UpliftFilter, UpliftInput


def one(me: Any, id: UUID) -> Select[Any]:
    return Uplift.visible_to(me).where(Uplift.id == id)


def page(me: Any, filter: UpliftFilter | None = None, first: int = 20, after: str | None = None) -> Page:
    rows = Uplift.visible_to(me)
    if filter and filter.ipa_id is not None:
        rows = rows.where(Uplift.ipa_id == filter.ipa_id)
    if filter and filter.status is not None:
        rows = rows.where(Uplift.status == func.any(filter.status))
    if filter and filter.awaiting_answer:
        rows = rows.where(Uplift.awaits(Uplift, me))
    return Page(rows, Uplift.updated_at, Uplift.id, first, after)


async def fee(info: Info, ipa_id: UUID, on: date | None = None) -> FeeOn | None:
    """Over the offer and the chain of agreed uplifts; None where the viewer sees no such agreement."""
    context = info.context
    with told_to_client():
        async with context.shell.database.consulting(context.viewer, context.now) as session:
            agreement = await session.scalar(Ipa.visible_to(context.viewer).where(Ipa.id == ipa_id))
            if agreement is None:
                return None
            agreed = await _agreed(session, agreement)
            return fee_on(await _signed(session, agreement), agreed, on or london_day(context.now))


# ── acts of either side ──────────────────────────────────────────────────────
async def propose(info: Info, ipa_id: UUID, input: UpliftInput) -> Uplift:
    context, by = info.context, info.context.by
    Uplift.entitle("create", by=by)
    agreement = await context.change(Ipa, ipa_id)
    earlier = await context.all(select(Uplift).where(Uplift.ipa_id == agreement.id))
    uplift = Uplift.on(agreement, earlier, by=by)
    agreed = [each for each in earlier if each.status is UpliftStatus.AGREED]
    last = max((each.effective_from for each in agreed), default=None)
    before = fee_on(await _signed(context.session, agreement), agreed, last or date.max).core_fee_weekly
    uplift.propose(input.asked, before, last, by=by)
    context.session.add(uplift)
    return uplift


async def agree(info: Info, id: UUID, expected_version: int) -> Uplift:
    uplift = await info.context.take(Uplift, "agree", id, expected_version)
    uplift.agree(by=info.context.by)
    return uplift


async def refuse(info: Info, id: UUID, expected_version: int, reason: str) -> Uplift:
    uplift = await info.context.take(Uplift, "refuse", id, expected_version)
    uplift.refuse(reason, by=info.context.by)
    return uplift


async def withdraw(info: Info, id: UUID, expected_version: int) -> Uplift:
    uplift = await info.context.take(Uplift, "withdraw", id, expected_version)
    uplift.withdraw(by=info.context.by)
    return uplift


async def _agreed(session: AsyncSession, agreement: Ipa) -> list[Uplift]:
    standing = (Uplift.ipa_id == agreement.id) & (Uplift.status == UpliftStatus.AGREED)
    return list((await session.scalars(select(Uplift).where(standing))).all())


async def _signed(session: AsyncSession, agreement: Ipa) -> dict[str, Any]:
    """What the offer asks for this child, locked since its acceptance."""
    offer = await session.get_one(Offer, agreement.offer_id)
    return next(fee for fee in offer.terms["fees"] if fee["childId"] == str(agreement.child_id))
