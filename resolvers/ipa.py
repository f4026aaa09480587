"""Agreements: drawing up, enabling, opening, signing, refusing."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, func, insert, select

from models.child import Child
from models.event import Happened
from models.ipa import Ipa, IpaStatus
from models.ipa_parts import Signature
from models.ipa_sealing import seal_after_signing
from models.ipa_superseding import to_supersede
from models.lifecycle import PLACEMENT_TEAM
from models.looking import at_authority, at_holders
from models.offer import Offer, OfferStatus
from models.refusal import Code, Refused, not_found
from resolvers.act import Answer
from resolvers.context import Context, Info
from resolvers.ipa_content import content
from resolvers.ipa_file import fix
from resolvers.ipa_first import first_contacts, first_details
from resolvers.ipa_input import IpaSignInput
from resolvers.ipa_review import warned
from resolvers.ipa_signing import refused, signed


def one(me: Any, id: UUID) -> Select[Any]:
    return Ipa.visible_to(me).where(Ipa.id == id)


# ── acts of the authority ────────────────────────────────────────────────────
async def create(info: Info, offer_id: UUID, child_id: UUID | None = None) -> Ipa:
    context, by = info.context, info.context.by
    if not PLACEMENT_TEAM.includes(by.viewer.side, by.viewer.roles):
        raise Refused(Code.FORBIDDEN, "Only the authority's placement team can draw up an agreement.")
    offer = await context.change(Offer, offer_id)
    if offer.status is not OfferStatus.ACCEPTED:
        raise Refused(Code.OFFER_NOT_ACCEPTED, "An agreement is drawn up from an accepted offer.", ["offerId"])
    child = await _child(context, offer, child_id)
    earlier = await context.all(select(Ipa).where(Ipa.referral_id == offer.referral_id).order_by(Ipa.created_at))
    _none_live(earlier, offer, child)
    before = [a for a in earlier if a.child_id == child.id and a.status is IpaStatus.VOIDED]
    agreement = Ipa(
        id=uuid4(), offer_id=offer.id, child_id=child.id, referral_id=offer.referral_id, la_id=offer.la_id,
        provider_id=offer.provider_id, reference=f"{offer.reference}-A{len(earlier) + 1}", status=IpaStatus.DRAFT,
        version=0, details=await first_details(context, offer, child, before), authority_signed=False,
        provider_signed=False, contacts=await first_contacts(context, offer), created_at=by.at, updated_at=by.at,
        created_by_name=by.viewer.name,
        supersedes_id=await context.session.scalar(to_supersede(Ipa, offer.provider_id, child.id)),
    )  # fmt: skip
    agreement.create(by=by)
    context.session.add(agreement)
    return agreement


async def enable(info: Info, id: UUID, expected_version: int) -> Answer:
    """Fixes the content and prints it once; the bytes that are signed are the ones stored here (S-106)."""
    context = info.context
    agreement = await context.take(Ipa, "enable", id, expected_version)
    warnings = await warned(context, agreement)
    agreement.enable(await content(context, agreement), by=context.by)
    await fix(context, agreement)
    return Answer(agreement, {"warnings": warnings})


# ── acts of both ─────────────────────────────────────────────────────────────
async def sign(info: Info, id: UUID, content_hash: str, input: IpaSignInput) -> Ipa:
    """One party's signature, with a fresh code spent in the same transaction; its seal follows (S-109, S-116)."""
    context = info.context
    agreement = await context.change(Ipa, id)
    evidence = await signed(context, agreement, content_hash, input)
    await context.session.execute(insert(Signature).values(evidence))
    context.session.add(seal_after_signing(agreement, context.viewer.side, context.by.at))
    await context.session.flush()
    await _place(context, agreement)
    return agreement


async def refuse(info: Info, id: UUID, reason: str) -> Ipa:
    context = info.context
    agreement = await context.change(Ipa, id)
    context.session.add(await refused(context, agreement, reason))
    return agreement


async def _child(context: Context, offer: Offer, child_id: UUID | None) -> Child:
    """The child whose agreement it is, of those that the offer is for."""
    offered = select(Child).where(Child.referral_id == offer.referral_id, Child.id.in_(offer.children))
    children = await context.all(offered.order_by(Child.position))
    if child_id is None and len(children) > 1:
        sentence = "This offer is for several children: name the one whose agreement this is."
        raise Refused(Code.INVALID_INPUT, sentence, ["childId"])
    found: list[Child] = [child for child in children if child_id in (None, child.id)]
    if not found:
        raise not_found("child")
    return found[0]


def _none_live(earlier: list[Ipa], offer: Offer, child: Child) -> None:
    for other in earlier:
        if (other.offer_id, other.child_id) == (offer.id, child.id) and other.status is not IpaStatus.VOIDED:
            sentence = "There is an agreement for this child and offer already."
            raise Refused(Code.IPA_EXISTS, sentence, ["offerId"], existing_id=other.id)


async def _place(context: Context, agreement: Ipa) -> None:
    """The referral is placed when the last of its agreements is signed."""
    if agreement.status is not IpaStatus.SIGNED:
        return
    if await context.session.scalar(select(func.portal_place(agreement.referral_id))):
        context.by.says(
            Happened(
                kind="referral.place", stream=agreement.referral_id, subject_kind="REFERRAL",
                subject_id=agreement.referral_id, version=0, referral_id=agreement.referral_id,
                reference=agreement.reference, la_id=agreement.la_id, facts={"from": "SENT", "to": "PLACED"},
                tells=(*at_authority(agreement.la_id), *at_holders()),
            )
        )  # fmt: skip
