"""Referrals: listing, drafting, sending, resending, closing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from models.child import Child
from models.child_identity import named_by_note
from models.delivery import Delivery, DeliveryStatus
from models.document import Document, DocumentState, snapshot
from models.matching import before_sending, deliver, open_threads, pass_by, reached, release, reminded, withdrawn
from models.offer import Offer, OfferStatus
from models.offer_decline import DeclineReason
from models.referral import CloseReason, Referral
from models.referral_match import funnel, nobody
from models.referral_revision import ReferralChange, ReferralRevision
from models.referral_sent import ReferralDocument, Sending
from models.refusal import Code, Refused, not_found, refuse_all
from models.rollout import referrals_open
from models.wanted import Wanted
from resolvers.context import Context, Info
from resolvers.pages import Page
from resolvers.referral_content import drafted, rewritten
from resolvers.referral_filter import ReferralFilter, ReferralOrder, conditions, sorted_by
from resolvers.referral_input import ReferralInput
from resolvers.referral_sending import prepared

CATEGORY = ("input", "category")


# ── reads ────────────────────────────────────────────────────────────────────
def one(me: Any, id: UUID | None = None, reference: str | None = None) -> Select[Any]:
    wanted = Referral.id == id if id is not None else Referral.reference == reference
    return Referral.visible_to(me).where(wanted)


def inbox(
    me: Any,
    filter: ReferralFilter | None = None,
    order_by: ReferralOrder = ReferralOrder.NEWEST,
    first: int = 20,
    after: str | None = None,
) -> Page:
    rows = Referral.visible_to(me)
    for condition in conditions(filter, me) if filter else ():
        rows = rows.where(condition)
    key, id, descending = sorted_by(order_by, me)
    return Page(rows, key, id, first, after, descending)


# ── acts of the authority ────────────────────────────────────────────────────
async def create(info: Info, input: ReferralInput) -> Referral:
    context, by = info.context, info.context.by
    Referral.entitle("create", by=by)
    referrals_open(await context.rollout(), by.at, by.viewer.organisation_id, input.category or None, CATEGORY)
    referral = drafted(input.category or None, by)
    referral.content, children = await rewritten(context, referral, input)
    referral.publish_header(referral.content)
    referral.step("create", by=by)
    context.session.add(referral)
    await context.session.flush()
    context.session.add_all(children)
    return referral


async def update(info: Info, id: UUID, expected_version: int, input: ReferralInput) -> Referral:
    context = info.context
    referral = await context.take(Referral, "edit", id, expected_version)
    if input.category and input.category != referral.content.get("category"):
        referrals_open(await context.rollout(), context.by.at, referral.la_id, input.category, CATEGORY)
    content, children = await rewritten(context, referral, input)
    referral.edit(content, by=context.by)
    context.session.add_all(children)
    return referral


async def attach(info: Info, id: UUID, expected_version: int, document_id: UUID, identifies_child: bool) -> Referral:
    context = info.context
    referral = await context.take(Referral, "attach", id, expected_version)
    document = await context.find(Document, document_id, "documentId")
    if document.state is not DocumentState.READY:
        raise Refused(Code.WRONG_STATE, "Upload the file before you attach it.", ["documentId"])
    referral.step("attach", by=context.by, document=document.id, sha256=document.sha256)
    referral.updated_at = context.by.at
    context.session.add(
        ReferralDocument(
            referral_id=referral.id, la_id=referral.la_id, identifies_child=identifies_child,
            attached_at=context.by.at, attached_by_name=context.viewer.name, **snapshot(document),
        )
    )  # fmt: skip
    return referral


async def detach(info: Info, id: UUID, expected_version: int, document_id: UUID) -> Referral:
    """Off the working copy at once; providers who have it keep it until the referral is resent."""
    context = info.context
    referral = await context.take(Referral, "attach", id, expected_version)
    held = await context.session.get(ReferralDocument, document_id)
    if held is None or held.referral_id != referral.id or held.removed_at is not None:
        raise not_found("document", "documentId")
    referral.step("attach", by=context.by, removed=held.id)
    held.removed_at = referral.updated_at = context.by.at
    return referral


async def send(
    info: Info, id: UUID, expected_version: int, acknowledge_no_match: bool = False, acknowledge_identity: bool = False
) -> Referral:
    context, by = info.context, info.context.by
    await context.session.execute(before_sending())
    referral = await context.take(Referral, "send", id, expected_version)
    wanted, sent = await _prepared(context, referral, acknowledge_identity)
    referral.send(await _delivered(context, referral, wanted, acknowledge_no_match), sent, by=by)
    await _publish(context, referral, sent)
    return referral


async def resend(
    info: Info, id: UUID, expected_version: int, acknowledge_no_match: bool = False, acknowledge_identity: bool = False
) -> Referral:
    context, by = info.context, info.context.by
    await context.session.execute(before_sending())
    referral = await context.take(Referral, "resend", id, expected_version)
    wanted, sent = await _prepared(context, referral, acknowledge_identity)
    if sent.unchanged:
        referral.remind(await context.all(reminded(referral)), by=by)
        for statement in release(referral, withheld=True):
            await context.session.execute(statement)
        return referral
    before = set(await context.all(reached(referral)))
    matched = await _delivered(context, referral, wanted, acknowledge_no_match)
    for statement in pass_by(referral, by.at):
        await context.session.execute(statement)
    holders = [provider for provider in await context.all(reached(referral)) if provider in before]
    referral.resend(holders, sorted(set(matched) - before), sent, by=by)
    if lost := sorted(before - set(holders)):
        by.says(withdrawn(referral, lost))
    await _publish(context, referral, sent)
    return referral


async def close(  # noqa: PLR0913 - each is an argument of the contract
    info: Info,
    id: UUID,
    expected_version: int,
    reason: CloseReason,
    note: str | None = None,
    acknowledge_identity: bool = False,
) -> Referral:
    """Ends the live offers with it, and tells everybody who has it and has not declined."""
    context, by = info.context, info.context.by
    await context.session.execute(before_sending())
    referral = await context.take(Referral, "close", id, expected_version)
    if referral.sent_at and not acknowledge_identity:
        refuse_all(named_by_note(note, await context.all(Child.known_to(id)), "note"))
    referral.recipients = await context.all(reminded(referral))
    referral.close(reason, note, by=by)
    submitted = select(Offer).where(Offer.referral_id == id, Offer.status == OfferStatus.SUBMITTED)
    for offer in await context.all(submitted.with_for_update()):
        offer.end(DeclineReason.REFERRAL_CLOSED, by=by)
    await context.session.execute(select(func.portal_end_draft_offers(id, by.at)))
    offered = select(Delivery).where(Delivery.referral_id == id, Delivery.status == DeliveryStatus.OFFERED)
    for delivery in await context.all(offered.with_for_update()):
        delivery.follow("end_offer", by=by)
    return referral


async def _prepared(context: Context, referral: Referral, meant: bool) -> tuple[Wanted, Sending]:
    """What will be matched and sent now; every fault of the referral, the gates' included, is refused at once."""
    made = await prepared(context.session, referral, context.by.at, meant=meant)
    refuse_all(made.faults)
    assert made.wanted is not None, "what has no fault has a category and ages"
    return made.wanted, made.sent


async def _delivered(context: Context, referral: Referral, wanted: Wanted, acknowledged: bool) -> Sequence[UUID]:
    """Everybody whom the next revision reaches; refused where that is nobody, unless this was acknowledged."""
    matched = (await context.session.scalars(deliver(referral, wanted, context.by.at))).all()
    if not matched and not acknowledged:
        giving, at_age = (await context.session.execute(funnel(wanted))).one()
        raise nobody(wanted, giving, at_age)
    return matched


async def _publish(context: Context, referral: Referral, sent: Sending) -> None:
    """Write the revision, open the conversations, release the attachments and take back the dropped."""
    by, session = context.by, context.session
    revision = ReferralRevision(
        referral_id=referral.id, revision=referral.revision, la_id=referral.la_id, content=sent.summary,
        sent_at=by.at, sent_by_name=by.viewer.name,
    )  # fmt: skip
    session.add(revision)
    await session.flush()
    if sent.changes:
        session.add(ReferralChange.of(revision, sent.changes))
    await session.execute(open_threads(referral))
    for statement in release(referral):
        await session.execute(statement)
