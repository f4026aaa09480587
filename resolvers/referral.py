"""Referrals: drafting, sending, resending, closing; opening and declining by the provider."""

from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID, uuid4

import strawberry
from sqlalchemy import Date, Select, cast, func, literal, or_, select
from sqlalchemy import update as update_rows
from strawberry import UNSET
from strawberry.utils.str_converters import to_camel_case

from models.child import Child, valid_nhs_number
from models.delivery import Delivery, DeliveryStatus
from models.document import Document, DocumentState, snapshot
from models.lifecycle import Side
from models.matching import Wanted, deliver, open_threads, reminded, withdraw_from_others
from models.offer import LIVE, DeclineReason, Offer, OfferStatus
from models.provider import Category
from models.referral import (
    CloseReason,
    Referral,
    ReferralDocument,
    ReferralRevision,
    ReferralStatus,
    Sending,
    Urgency,
    new_reference,
)
from models.refusal import Code, Refused, not_found
from models.rollout import referrals_open
from resolvers.context import Context, Info
from resolvers.pages import Page
from resolvers.plain import plain
from resolvers.referral_input import IDENTITY, ReferralInput


@strawberry.input(description="Which referrals to list. Every condition given must hold.")
class ReferralFilter:
    status: list[ReferralStatus] | None = strawberry.field(default=None, description="In one of these states.")
    category: list[Category] | None = strawberry.field(default=None, description="Of one of these categories.")
    urgency: list[Urgency] | None = strawberry.field(default=None, description="Of one of these urgencies.")
    delivery: list[DeliveryStatus] | None = strawberry.field(
        default=None, description="For a provider: as its own organisation has dealt with it."
    )
    updated_since: datetime | None = strawberry.field(default=None, description="Changed at or after this instant.")


@strawberry.enum(description="The order of a list of referrals.")
class ReferralOrder(Enum):
    NEWEST = "NEWEST"
    NEEDED_SOONEST = "NEEDED_SOONEST"


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
    for condition in _conditions(filter, me) if filter else ():
        rows = rows.where(condition)
    newest = Referral.updated_at if me.side is Side.LOCAL_AUTHORITY else Delivery.delivered_at
    if order_by is ReferralOrder.NEWEST:
        return Page(rows, newest, Referral.id, first, after)
    needed = func.coalesce(Referral.date_required, cast(literal("infinity"), Date), type_=Date())
    return Page(rows, needed, Referral.id, first, after, descending=False)


def _conditions(wanted: Any, me: Any) -> list[Any]:
    pairs = ((Referral.status, wanted.status), (Referral.category, wanted.category), (Referral.urgency, wanted.urgency))
    found = [column == func.any(values) for column, values in pairs if values is not None]
    if wanted.delivery is not None and me.side is Side.PROVIDER:
        found.append(Delivery.status == func.any(wanted.delivery))
    if wanted.updated_since is not None:
        since = Referral.updated_at >= wanted.updated_since
        found.append(or_(since, Delivery.delivered_at >= wanted.updated_since) if me.side is Side.PROVIDER else since)
    return found


# ── acts of the authority ────────────────────────────────────────────────────
async def create(info: Info, input: ReferralInput) -> Referral:
    context, by = info.context, info.context.by
    referrals_open(await context.rollout(), by.at, by.viewer.organisation_id, input.category or None)
    referral = Referral(
        la_id=by.viewer.organisation_id, reference=new_reference(input.category or None), status=ReferralStatus.DRAFT,
        version=0, revision=0, accepted=False, created_at=by.at, updated_at=by.at, created_by_name=by.viewer.name,
    )  # fmt: skip
    referral.id = uuid4()
    children = await _children(context, referral, input)
    referral.content = _content(referral.content or {}, input, children)
    referral.publish_header(referral.content)
    referral.step("create", by=by)
    context.session.add(referral)
    await context.session.flush()
    context.session.add_all(children)
    return referral


async def update(info: Info, id: UUID, expected_version: int, input: ReferralInput) -> Referral:
    context = info.context
    referral = await _authoritys(context, id, expected_version)
    children = await _children(context, referral, input)
    referral.edit(_content(referral.content, input, children), by=context.by)
    context.session.add_all(children)
    return referral


async def attach(
    info: Info, id: UUID, expected_version: int, document_id: UUID, identifies_child: bool
) -> Referral:
    context = info.context
    referral = await _authoritys(context, id, expected_version)
    document = await context.find(Document, document_id)
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
    context = info.context
    referral = await _authoritys(context, id, expected_version)
    held = await context.session.get(ReferralDocument, document_id)
    if held is None or held.referral_id != referral.id or held.removed_at is not None:
        raise not_found("document")
    referral.step("attach", by=context.by, removed=held.id)
    held.removed_at = referral.updated_at = context.by.at
    return referral


async def send(info: Info, id: UUID, expected_version: int, acknowledge_no_match: bool = False) -> Referral:
    context, by = info.context, info.context.by
    referral = await _authoritys(context, id, expected_version)
    wanted, sent = await _prepared(context, referral)
    referrals_open(await context.rollout(), by.at, referral.la_id, wanted.category)
    matched = await _matched(context, wanted, acknowledge_no_match)
    referral.send(matched, sent, by=by)
    await _publish(context, referral, wanted)
    return referral


async def resend(info: Info, id: UUID, expected_version: int, acknowledge_no_match: bool = False) -> Referral:
    context, by = info.context, info.context.by
    referral = await _authoritys(context, id, expected_version)
    wanted, sent = await _prepared(context, referral)
    if sent.content_hash == referral.sent_hash:
        referral.resend(await context.all(reminded(referral)), None, by=by)
        return referral
    matched = await _matched(context, wanted, acknowledge_no_match)
    referral.resend(matched, sent, by=by)
    await context.session.execute(withdraw_from_others(referral, wanted, by.at))
    await _publish(context, referral, wanted)
    return referral


async def close(
    info: Info, id: UUID, expected_version: int, reason: CloseReason, note: str | None = None
) -> Referral:
    context, by = info.context, info.context.by
    referral = await _authoritys(context, id, expected_version)
    referral.recipients = await context.all(reminded(referral))
    referral.close(reason, note, by=by)
    live = select(Offer).where(Offer.referral_id == id, Offer.status.in_(LIVE), Offer.status != OfferStatus.ACCEPTED)
    for offer in await context.all(live.with_for_update()):
        offer.end(DeclineReason.REFERRAL_CLOSED, by=by)
    await context.session.execute(select(func.portal_end_draft_offers(id, by.at)))
    return referral


async def _authoritys(context: Context, id: UUID, expected_version: int) -> Referral:
    """The authority's own referral; a provider, which may not even load it, is refused by the same rule."""
    if context.viewer.side is not Side.LOCAL_AUTHORITY:
        raise Refused(Code.FORBIDDEN, "Only the authority's placement team can do this with a referral.")
    return await context.change(Referral, id, expected_version)


async def _children(context: Context, referral: Referral, input: ReferralInput) -> list[Child]:
    """The children as the input leaves them: existing ones by id, new ones added, none taken away by silence."""
    known = {child.id: child for child in await context.all(select(Child).where(Child.referral_id == referral.id))}
    if input.children is UNSET or input.children is None:
        return sorted(known.values(), key=lambda child: child.position)
    children = []
    for position, given in enumerate(input.children):
        child = known.get(given.id) if given.id else None
        if given.id and child is None:
            raise not_found("child")
        child = child or Child(id=uuid4(), referral_id=referral.id, la_id=referral.la_id, position=len(known) + position)
        for name in IDENTITY:
            if getattr(given, name) is not UNSET:
                setattr(child, name, getattr(given, name))
        if child.nhs_number:
            child.nhs_number = valid_nhs_number(child.nhs_number, "input", "children", str(position), "nhsNumber")
        children.append(child)
    return children


def _content(before: dict[str, Any], input: ReferralInput, children: list[Child]) -> dict[str, Any]:
    """The working copy after a patch. What identifies a child never enters it."""
    after = {**before, **plain(input)}
    if input.children is not UNSET and input.children is not None:
        hidden = {"id", *map(to_camel_case, IDENTITY)} - {"gender"}
        entries = [{k: v for k, v in plain(given).items() if k not in hidden} for given in input.children]
        kept = {entry["id"]: entry for entry in before.get("children", [])}
        after["children"] = [
            {**kept.get(str(child.id), {}), **entry, "id": str(child.id), "initials": child.initials(),
             "gender": child.gender}
            for child, entry in zip(children, entries, strict=True)
        ]  # fmt: skip
    return after


async def _prepared(context: Context, referral: Referral) -> tuple[Wanted, Sending]:
    """What will be matched and sent now; every fault of the referral is refused at once."""
    children = await context.all(select(Child).where(Child.referral_id == referral.id).order_by(Child.position))
    documents = await context.all(select(ReferralDocument).where(ReferralDocument.referral_id == referral.id))
    ages = referral.ages(children, context.now)
    sent = Sending(referral, children, ages, referral.content_hash(children, documents))
    return Wanted(Category(referral.content["category"]), ages, [child.gender for child in children]), sent


async def _matched(context: Context, wanted: Wanted, acknowledged: bool) -> list[UUID]:
    matched = await context.all(wanted.providers())
    if not matched and not acknowledged:
        sentence = "No approved provider matches this category, age and gender. Send it anyway by acknowledging this."
        raise Refused(Code.NO_MATCH, sentence, ["acknowledgeNoMatch"])
    return matched


async def _publish(context: Context, referral: Referral, wanted: Wanted) -> None:
    """Write the revision, deliver it, open the conversations, release the attachments."""
    by, session = context.by, context.session
    session.add(
        ReferralRevision(
            referral_id=referral.id, revision=referral.revision, la_id=referral.la_id, content=referral.summary or {},
            sent_at=by.at, sent_by_name=by.viewer.name,
        )
    )  # fmt: skip
    await session.flush()
    await session.execute(deliver(referral, wanted, referral.revision, by.at))
    await session.execute(open_threads(referral))
    unsent = (ReferralDocument.referral_id == referral.id) & ReferralDocument.sent_in.is_(None)
    await session.execute(update_rows(ReferralDocument).where(unsent).values(sent_in=referral.revision))
