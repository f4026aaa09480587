"""What a sending of a referral needs, worked out once for the act and for its dry run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.child import Child
from models.child_identity import named_in
from models.provider import Category
from models.referral import Referral
from models.referral_sent import ReferralDocument, Sending, going_out
from models.refusal import Refused
from models.rollout import Rollout, referrals_open
from models.wanted import Wanted
from resolvers.referral_changes import compared


@dataclass(frozen=True)
class Prepared:
    """What would be matched and sent at a moment, and every fault for which it cannot be, all at once.

    `wanted` is None where category or an age is missing or wrong.
    """

    sent: Sending
    documents: Sequence[ReferralDocument]
    faults: list[Refused]
    wanted: Wanted | None


async def prepared(session: AsyncSession, referral: Referral, at: datetime, *, meant: bool = False) -> Prepared:
    """Reads the working copy and the gates, writes nothing. `meant` says that what seems to name a child is meant."""
    known = (await session.scalars(Child.known_to(referral.id))).all()
    children = [child for child in known if child.referral_id == referral.id and child.removed_at is None]
    papers = select(ReferralDocument).where(ReferralDocument.referral_id == referral.id)
    documents = (await session.scalars(papers)).all()
    gates = (await session.scalars(select(Rollout))).all()
    sent = compared(referral, children, documents, at)
    named = [] if sent.unchanged else named_in(going_out(referral.content), documents, known)
    sent.acknowledged = len(named)
    category = Category(referral.content["category"]) if referral.content.get("category") else None
    faults = [*referral.faults(children, at), *(() if meant else named), *shut(gates, at, referral.la_id, category)]
    return Prepared(sent, documents, faults, wanted_of(category, children, at))


def shut(gates: Sequence[Rollout], at: datetime, la_id: UUID, category: Category | None) -> list[Refused]:
    """Why the gates keep it from being sent, if they do (S-015, S-043 to S-045)."""
    try:
        referrals_open(gates, at, la_id, category)
    except Refused as refused:
        return [refused]
    return []


def wanted_of(category: Category | None, children: Sequence[Child], at: datetime) -> Wanted | None:
    """What is matched, also while the rest of the form is empty."""
    if category is None or not children:
        return None
    try:
        ages = [child.age_at(at, category) for child in children]
    except Refused:
        return None
    return Wanted(category, ages, [child.gender for child in children])
