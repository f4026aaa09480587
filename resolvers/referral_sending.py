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
from models.referral_sent import ReferralDocument, Sending
from models.refusal import Refused
from models.rollout import Rollout, referrals_open
from models.wanted import Wanted


@dataclass(frozen=True)
class Prepared:
    """What would be matched and sent at a moment, and every fault for which it cannot be, all at once.

    `wanted` is None where category or an age is missing or wrong; `sent` where there is any fault.
    """

    digest: bytes
    documents: Sequence[ReferralDocument]
    faults: list[Refused]
    wanted: Wanted | None = None
    sent: Sending | None = None


async def prepared(session: AsyncSession, referral: Referral, at: datetime, *, meant: bool = False) -> Prepared:
    """Reads the working copy and the gates, writes nothing. `meant` says that what seems to name a child is meant."""
    mine = select(Child).where(Child.referral_id == referral.id).order_by(Child.position)
    children = (await session.scalars(mine)).all()
    papers = select(ReferralDocument).where(ReferralDocument.referral_id == referral.id)
    documents = (await session.scalars(papers)).all()
    gates = (await session.scalars(select(Rollout))).all()
    digest = referral.content_hash(children, documents)
    named = named_in(referral.content, documents, children) if digest != referral.sent_hash else []
    category = Category(referral.content["category"]) if referral.content.get("category") else None
    faults = [*referral.faults(children, at), *(() if meant else named), *shut(gates, at, referral.la_id, category)]
    wanted = wanted_of(category, children, at)
    if faults or wanted is None:
        return Prepared(digest, documents, faults, wanted)
    sent = Sending(referral.content, children, wanted.ages, digest)
    sent.acknowledged = len(named)
    return Prepared(digest, documents, faults, wanted, sent)


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
