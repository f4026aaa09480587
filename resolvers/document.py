"""Documents: announced, sent as raw bytes by a one-use ticket, fetched by another; every reading is recorded."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import strawberry
from sqlalchemy import func, select

from models.age import london_day
from models.document import Document, DocumentKind, DocumentState
from models.event import Happened
from models.home import Home
from models.ipa import Ipa
from models.ipa_parts import IpaDocument
from models.lifecycle import PLACEMENT_TEAM, PROVIDER_STAFF, Side
from models.looking import at_authority, at_provider
from models.message_document import MessageDocument
from models.offer import Offer
from models.offer_parts import OfferDocument
from models.provider import Provider
from models.referral_sent import ReferralDocument
from models.refusal import Code, Refused, not_found
from models.reminder import reminding_soon
from models.session import Ticket
from resolvers.act import Answer
from resolvers.context import CLEAN, Context, Info
from resolvers.document_quota import within_quota
from resolvers.pages import Page
from resolvers.registration import own_registration, profile_open
from resolvers.ticket import download_ticket, readable, still_allowed, upload_ticket, use

KINDS = (Document, ReferralDocument, OfferDocument, IpaDocument, MessageDocument)


@strawberry.input(description="A file to be uploaded.")
class DocumentInput:
    name: str = strawberry.field(description="Its file name: pdf, png, jpeg, heic, docx, xlsx or odt.")
    kind: DocumentKind = strawberry.field(description="What it is.")
    byte_size: int = strawberry.field(description="How many bytes it has; at most 25 MiB.")
    sha256: str = strawberry.field(description="SHA-256 of its bytes, in hex.")
    expires_on: date | None = strawberry.field(
        default=None, description="The last day on which it is valid; an insurance always has one."
    )
    home_id: UUID | None = strawberry.field(default=None, description="The home of yours that it speaks for.")


@strawberry.input(description="Which documents to list. Every condition given must hold.")
class DocumentFilter:
    kind: list[DocumentKind] | None = strawberry.field(default=None, description="Of one of these kinds.")
    home_id: UUID | None = strawberry.field(default=None, description="Of this home.")
    replaced: bool = strawberry.field(default=False, description="Those that a newer one has replaced, too.")


# ── reads ────────────────────────────────────────────────────────────────────
def own(me: Any, filter: DocumentFilter | None = None, first: int = 20, after: str | None = None) -> Page:
    rows = Document.visible_to(me)
    if filter and filter.kind is not None:
        rows = rows.where(Document.kind == func.any(filter.kind))
    if filter and filter.home_id is not None:
        rows = rows.where(Document.home_id == filter.home_id)
    if not (filter and filter.replaced):
        rows = rows.where(Document.replaced_at.is_(None))
    return Page(rows, Document.uploaded_at, Document.id, first, after)


# ── acts ─────────────────────────────────────────────────────────────────────
async def upload(info: Info, input: DocumentInput) -> Answer:
    """Announce a file; its bytes follow by the ticket that this answers with."""
    context, by = info.context, info.context.by
    document = Document(
        id=uuid4(), organisation_id=context.viewer.organisation_id, home_id=input.home_id, kind=input.kind,
        name=input.name.strip(), sha256=input.sha256.lower(), byte_size=input.byte_size, expires_on=input.expires_on,
        state=DocumentState.AWAITING_UPLOAD, uploaded_by=context.viewer.person_id, uploaded_at=by.at,
    )  # fmt: skip
    await may_add(context, document)
    document.check(london_day(by.at))
    await within_quota(context, document)
    context.session.add(document)
    await context.session.flush()
    by.says(told(context, document, "announce"))
    return Answer(document, {"upload": await upload_ticket(context, document)})


async def upload_again(info: Info, id: UUID) -> Answer:
    """Another ticket for a file whose bytes have not come; its announcement stays as it was."""
    context = info.context
    document = await context.change(Document, id)
    if document.state is not DocumentState.AWAITING_UPLOAD:
        raise Refused(Code.WRONG_STATE, "The bytes of this file are here already.", ["id"])
    await may_add(context, document)
    context.by.says(told(context, document, "announce"))
    return Answer(document, {"upload": await upload_ticket(context, document)})


async def download(info: Info, id: UUID) -> Answer:
    """A one-use address for a file that the viewer can see; asking for it is the record of the reading (S-056)."""
    context = info.context
    document = await _seen(context, id)
    if document.media_type is None:
        raise Refused(Code.WRONG_STATE, "The bytes of this file have not come yet.", ["id"])
    leave = await download_ticket(
        context,
        sha256=document.sha256,
        name=document.name,
        media_type=document.media_type,
        table=document.__tablename__,
        row_id=document.id,
    )
    context.by.says(told(context, document, "download", await _case(context, document)))
    return Answer(None, {"download": leave})


# ── what happens when bytes come or go ───────────────────────────────────────
async def receive(context: Context, ticket: Ticket, media_type: str, name: str) -> Document:
    """The bytes are in the vault as announced: the ticket is used up and the document ready, or neither."""
    await use(context, ticket)
    document = await context.change(Document, ticket.row_id)
    await may_add(context, document, arriving=True)
    await within_quota(context, document)
    document.arrive(media_type, name, scanned=context.proof is CLEAN, at=context.by.at)
    await context.session.flush()
    if document.in_profile:
        await context.session.execute(document.replace_older())
        await remind_soon(context, document)
    context.by.says(told(context, document, "upload"))
    return document


async def remind_soon(context: Context, document: Document) -> None:
    """Whoever has less than thirty days left hears of it now, not on the next morning (S-084)."""
    reminding = reminding_soon(document, context.by.at)
    if reminding is not None:
        await context.session.execute(reminding)


async def hand_out(context: Context, ticket: Ticket) -> None:
    """The ticket is used up, by somebody who may still read what it stands for."""
    await use(context, ticket)
    await still_allowed(context, ticket)


async def may_add(context: Context, document: Document, *, arriving: bool = False) -> Provider | None:
    """The registration that it is part of, if it is of one.

    Refuses people who add no files, homes that are not theirs, and changes of a profile that is locked (S-087).
    """
    viewer = context.viewer
    if not any(who.includes(viewer.side, viewer.roles) for who in (PLACEMENT_TEAM, PROVIDER_STAFF)):
        sentence = "Only an authority's placement team or a provider's staff can add files."
        raise Refused(Code.FORBIDDEN, sentence)
    if document.home_id is not None:
        home = await context.find(Home, document.home_id)
        if home.provider_id != viewer.organisation_id:
            raise not_found("home")
    if viewer.side is Side.PROVIDER and document.in_profile:
        registration = await own_registration(context)
        if arriving:
            registration.add_document(by=context.by, document=document.id, kind=document.kind)
        else:
            registration.ready("add_document", by=context.by)
        await profile_open(context, registration)
        return registration
    return None


async def _seen(context: Context, id: UUID) -> Any:
    for kind in KINDS:
        found = await context.session.scalar(readable(kind, context.viewer).where(kind.id == id))
        if found is not None:
            return found
    raise not_found("document")


async def _case(context: Context, document: Any) -> UUID | None:
    """The referral that a file was sent along with, offered for or agreed on."""
    if isinstance(document, OfferDocument):
        return await context.session.scalar(select(Offer.referral_id).where(Offer.id == document.offer_id))
    if isinstance(document, IpaDocument):
        return await context.session.scalar(select(Ipa.referral_id).where(Ipa.id == document.ipa_id))
    return document.referral_id if isinstance(document, ReferralDocument | MessageDocument) else None


def told(context: Context, document: Any, action: str, referral_id: UUID | None = None, **more: Any) -> Happened:
    """One line of the acting organisation's own timeline; nobody else learns of it."""
    viewer = context.viewer
    colleagues = at_provider if viewer.side is Side.PROVIDER else at_authority
    return Happened(
        kind=f"document.{action}",
        stream=document.id,
        subject_kind="DOCUMENT",
        subject_id=document.id,
        version=1,
        referral_id=referral_id,
        la_id=viewer.organisation_id if viewer.side is Side.LOCAL_AUTHORITY else None,
        provider_id=viewer.organisation_id if viewer.side is Side.PROVIDER else None,
        facts={"sha256": document.sha256, "kind": document.kind, **more},
        tells=() if action == "download" else colleagues(viewer.organisation_id),
    )
