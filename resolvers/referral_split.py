"""A sibling group that becomes smaller: a child with a referral of its own, or one who was entered by mistake."""

from uuid import UUID

from sqlalchemy import select

from models.child import Child
from models.document import SNAPSHOT
from models.provider import Category
from models.referral import Referral
from models.referral_sent import ReferralDocument
from models.referral_split import ReferralSplit, remove_child, split
from models.refusal import not_found
from models.rollout import referrals_open
from resolvers.context import Context, Info
from resolvers.referral_content import drafted


async def split_off(info: Info, id: UUID, expected_version: int, child_id: UUID) -> Referral:
    """Answers with the child's own referral, a draft; providers learn of neither before the sendings (S-061)."""
    context, by = info.context, info.context.by
    group = await context.take(Referral, "split", id, expected_version)
    child = await _child(context, group, child_id)
    category = Category(group.content["category"]) if group.content.get("category") else None
    referrals_open(await context.rollout(), by.at, group.la_id, category)
    own = drafted(category, by)
    split(group, child.id, own, by=by)
    context.session.add(own)
    await context.session.flush()
    child.referral_id, child.position = own.id, 0
    context.session.add(ReferralSplit(referral_id=own.id, group_id=group.id, la_id=group.la_id))
    context.session.add_all(await _papers(context, group, own))
    return own


async def remove(info: Info, id: UUID, expected_version: int, child_id: UUID) -> Referral:
    """Off the working copy at once; the authority keeps who the child is, so that no text goes out which says it."""
    context, by = info.context, info.context.by
    referral = await context.take(Referral, "remove_child", id, expected_version)
    child = await _child(context, referral, child_id)
    remove_child(referral, child.id, by=by)
    child.removed_at = by.at
    return referral


async def _child(context: Context, referral: Referral, child_id: UUID) -> Child:
    here = (Child.id == child_id, Child.referral_id == referral.id, Child.removed_at.is_(None))
    child: Child | None = await context.session.scalar(select(Child).where(*here))
    if child is None:
        raise not_found("child", "childId")
    return child


async def _papers(context: Context, group: Referral, own: Referral) -> list[ReferralDocument]:
    """The group's documents that name no child. Which child the others name is not known: they stay with the group."""
    held = select(ReferralDocument).where(
        ReferralDocument.referral_id == group.id,
        ReferralDocument.removed_at.is_(None),
        ~ReferralDocument.identifies_child,
    )
    return [
        ReferralDocument(
            referral_id=own.id, la_id=own.la_id, identifies_child=False, attached_at=context.by.at,
            attached_by_name=context.viewer.name, document_id=paper.document_id,
            **{name: getattr(paper, name) for name in SNAPSHOT},
        )
        for paper in await context.all(held.order_by(ReferralDocument.attached_at, ReferralDocument.id))
    ]  # fmt: skip
