"""Offers: drafting, editing, submitting and withdrawing by the provider."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, false, select
from sqlalchemy.orm import aliased

from models.delivery import Delivery
from models.offer import LIVE, Offer, OfferStatus
from models.provider import Category
from models.referral import Referral, ReferralStatus
from models.refusal import Code, Refused
from resolvers.act import Answer
from resolvers.context import Context, Info
from resolvers.offer_appendix import nothing_dangles
from resolvers.offer_attachment import attach_further, detach_further
from resolvers.offer_documents import attach_compulsory, refresh, replace_home_documents
from resolvers.offer_fee import taken_to_edit
from resolvers.offer_filter import OfferFilter, OfferOrder, conditions, sorted_by
from resolvers.offer_freeze import still_open
from resolvers.offer_input import OfferInput
from resolvers.offer_reopening import free_place
from resolvers.offer_terms import answer_of, answers_all, answers_newest, submitted_answer
from resolvers.offer_version import keep
from resolvers.pages import Page


def one(me: Any, id: UUID) -> Select[Any]:
    return _visible(me).where(Offer.id == id)


def _visible(me: Any) -> Select[Any]:
    """Offers that may be asked for; who only signs reads them through the agreements drawn from them (S-031)."""
    rows = Offer.visible_to(me)
    return rows.where(false()) if me.sign_only else rows


def page(
    me: Any,
    filter: OfferFilter | None = None,
    order_by: OfferOrder = OfferOrder.CHANGED,
    first: int = 20,
    after: str | None = None,
) -> Page:
    rows = _visible(me)
    for condition in conditions(filter, me) if filter else ():
        rows = rows.where(condition)
    key, descending = sorted_by(order_by, me)
    return Page(rows, key, Offer.id, first, after, descending)


# ── acts of the provider ─────────────────────────────────────────────────────
async def create(info: Info, referral_id: UUID, input: OfferInput) -> Offer:
    context, by = info.context, info.context.by
    Offer.entitle("create", by=by)
    delivery = await _delivery(context, referral_id)
    held = await context.hold_case(referral_id, Referral)
    await _open_for_offers(context, referral_id, held)
    offer = Offer(
        id=uuid4(), referral_id=referral_id, la_id=delivery.la_id, provider_id=delivery.provider_id,
        reference=delivery.reference, revision=delivery.revision, category=Category(held.category), version=0,
        status=OfferStatus.DRAFT, terms={}, checks_confirmed=False, author_name=by.viewer.name, created_at=by.at,
        supersedes_id=await _superseded(context, referral_id),
    )  # fmt: skip
    offer.create(await answer_of(context, offer, input), by=by)
    delivery.drafted(by=by)
    context.session.add(offer)
    return offer


async def update(info: Info, id: UUID, expected_version: int, input: OfferInput) -> Answer:
    """What is saved answers the newest revision of the referral."""
    context = info.context
    offer = await still_open(context, await taken_to_edit(context, id, expected_version, input))
    before = offer.home_id
    delivery = await _delivery(context, offer.referral_id)
    offer.edit(await answer_of(context, offer, input), by=context.by)
    offer.revision = delivery.revision
    delivery.drafted(by=context.by)
    moved = offer.status is OfferStatus.SUBMITTED and offer.home_id != before
    warnings = await replace_home_documents(context, offer) if moved else []
    return Answer(await _kept(context, offer), {"warnings": warnings})


async def attach(info: Info, id: UUID, expected_version: int, document_id: UUID) -> Offer:
    context = info.context
    offer = await still_open(context, await context.take(Offer, "attach", id, expected_version))
    document = await attach_further(context, offer, document_id)
    offer.step("attach", by=context.by, document=document.id, sha256=document.sha256)
    offer.updated_at = context.by.at
    return await _kept(context, offer)


async def detach(info: Info, id: UUID, expected_version: int, document_id: UUID) -> Offer:
    context = info.context
    offer = await still_open(context, await context.take(Offer, "detach", id, expected_version))
    off = await detach_further(context, offer, document_id)
    offer.step("detach", by=context.by, document=off.document_id, sha256=off.sha256)
    offer.updated_at = context.by.at
    return await _kept(context, offer)


async def submit(info: Info, id: UUID, expected_version: int) -> Answer:
    context, by = info.context, info.context.by
    offer = await context.take(Offer, "submit", id, expected_version)
    held = await context.hold_case(offer.referral_id, Offer)
    await _open_for_offers(context, offer.referral_id, held, offer.id)
    await answers_all(context, offer, held.category)
    answers_newest(offer, await _delivery(context, offer.referral_id))
    answer = await submitted_answer(context, offer)
    warnings = await attach_compulsory(context, offer)
    offer.submit(answer, by=by)
    (await _delivery(context, offer.referral_id)).offer(by=by)
    return Answer(await _kept(context, offer), {"warnings": warnings})


async def refresh_documents(info: Info, id: UUID, expected_version: int) -> Answer:
    context = info.context
    offer = await still_open(context, await context.take(Offer, "refresh_documents", id, expected_version))
    warnings = await refresh(context, offer)
    offer.step("refresh_documents", by=context.by)
    offer.updated_at = context.by.at
    return Answer(await _kept(context, offer), {"warnings": warnings})


async def withdraw(info: Info, id: UUID, expected_version: int, reason: str) -> Offer:
    context = info.context
    offer = await context.take(Offer, "withdraw", id, expected_version)
    offer.withdraw(reason, by=context.by)
    await free_place(context, offer)
    return offer


async def _kept(context: Context, offer: Offer) -> Offer:
    """Every version since the submission is kept as the authority could read it."""
    if offer.status is OfferStatus.SUBMITTED:
        await context.session.flush()
        await nothing_dangles(context, offer)
        await keep(context, offer)
    return offer


async def _delivery(context: Context, referral_id: UUID) -> Delivery:
    """The viewer's own delivery of a referral, held."""
    here = (Delivery.referral_id == referral_id) & Delivery.withdrawn_at.is_(None)
    return await context.change_where(Delivery, here)


async def _open_for_offers(context: Context, referral_id: UUID, held: Any, but: UUID | None = None) -> None:
    if held.status != ReferralStatus.SENT:
        raise Refused(Code.REFERRAL_CLOSED, "The authority has ended its search with this referral.")
    if held.accepted:
        raise Refused(Code.REFERRAL_ACCEPTED, "An offer on this referral has been accepted.")
    live = Offer.visible_to(context.viewer).where(Offer.referral_id == referral_id, Offer.status.in_(LIVE))
    for other in await context.all(live):
        if other.id != but:
            sentence = "Your organisation has a live offer on this referral already."
            raise Refused(Code.OFFER_EXISTS, sentence, ["referralId"], existing_id=other.id)


async def _superseded(context: Context, referral_id: UUID) -> UUID | None:
    """The voided offer that a new one takes the place of: the last, which no other voided one names (S-078)."""
    later = aliased(Offer)
    replaced = select(later.id).where(later.supersedes_id == Offer.id, later.status == OfferStatus.VOIDED)
    voided = Offer.visible_to(context.viewer).where(
        Offer.referral_id == referral_id, Offer.status == OfferStatus.VOIDED, ~replaced.exists()
    )
    newest: UUID | None = await context.session.scalar(
        voided.order_by(Offer.voided_at.desc()).limit(1).with_only_columns(Offer.id)
    )
    return newest
