"""The documents of an offer: compulsory ones attach themselves and stay as they were (S-079, S-083)."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased

from models.age import london_day
from models.document import Document, DocumentKind, DocumentRequirement, snapshot
from models.document_fault import DocumentWarning
from models.offer import Offer
from models.offer_answer import names, refers_to
from models.offer_parts import OfferDocument
from models.offer_snapshot import Choice
from models.provider import Category
from models.refusal import Code, Refused, refuse_all
from models.reminder import reminding_soon
from resolvers.context import Context
from resolvers.offer_mending import workshop


async def attach_compulsory(context: Context, offer: Offer) -> list[DocumentWarning]:
    """Snapshot what the offer's category requires; everything missing or expired is refused at once (S-086).

    What soon runs out is taken: the answer warns of it, and the provider is notified (S-084).
    """
    _, warnings = await _renewed(context, offer)
    return warnings


async def refresh(context: Context, offer: Offer) -> list[DocumentWarning]:
    """Take what the profile has now into an offer that was submitted; refused where it carries all of that already."""
    changed, warnings = await _renewed(context, offer)
    if not changed:
        sentence = "This offer carries the present documents of your profile already. Nothing was changed."
        raise Refused(Code.NOTHING_NEW, sentence)
    return warnings


async def replace_home_documents(context: Context, offer: Offer) -> list[DocumentWarning]:
    """A submitted offer that names another home carries that home's documents; the rest stays as submitted."""
    held, there = await held_by(context, offer), await _there(context, offer)
    compulsory = [old for old in held if old.compulsory]
    at_homes = Document.visible_to(context.viewer).where(
        Document.id.in_([old.document_id for old in compulsory]), Document.home_id.is_not(None)
    )
    moved = {document.id for document in await context.all(at_homes)}
    kinds = {old.kind for old in compulsory if old.document_id in moved} | {new.kind for new in there if new.home_id}
    today, choices = london_day(context.by.at), []
    for kind in sorted(kinds & await kinds_required(context, offer)):
        several = kind is DocumentKind.APPENDIX
        leaving = [old for old in compulsory if old.kind is kind and (not several or old.document_id in moved)]
        fitting = [new for new in there if new.kind is kind and (not several or new.home_id)]
        choices.append(Choice(kind, today, fitting, [old for old in held if old.kind is kind], leaving))
    _, warnings = await _settled(context, offer, choices)
    return warnings


async def _renewed(context: Context, offer: Offer) -> tuple[bool, list[DocumentWarning]]:
    held, there = await held_by(context, offer), await _there(context, offer)
    choices = []
    for kind in sorted(await kinds_required(context, offer)):
        of_it = [old for old in held if old.kind is kind]
        fitting = [new for new in there if new.kind is kind]
        leaving = [old for old in of_it if old.compulsory]
        choices.append(Choice(kind, london_day(context.by.at), fitting, of_it, leaving))
    return await _settled(context, offer, choices)


async def _settled(context: Context, offer: Offer, choices: Sequence[Choice]) -> tuple[bool, list[DocumentWarning]]:
    """Put the choices into the offer, or refuse; whether that changed anything, and what to warn of."""
    mending = await workshop(context, offer)
    refuse_all([fault for choice in choices if (fault := choice.fault(mending))])
    referred_to = partial(refers_to, offer.terms)
    for choice in choices:
        choice.settle(referred_to, context.by.at)
        for document in choice.new:
            compulsory = choice.must_stay(document, referred_to)
            context.session.add(attached(context, offer, document, compulsory=compulsory))
    for document in sorted((d for choice in choices for d in choice.expiring), key=lambda d: d.id):
        if (reminding := reminding_soon(document, context.by.at)) is not None:
            await context.session.execute(reminding)
    return any(choice.changed for choice in choices), [
        warning for choice in choices for warning in choice.warnings(mending)
    ]


async def kinds_required(context: Context, offer: Offer) -> set[DocumentKind]:
    """What every offer of its category must carry."""
    wanted = select(DocumentRequirement.kind).where(DocumentRequirement.category == offer.category.value)
    return set(await context.all(wanted))


async def _there(context: Context, offer: Offer) -> list[Document]:
    return await context.all(fitting((offer.category, offer.provider_id, offer.home_id), offer.id))


def fitting(where: tuple[Category, UUID, UUID | None], offer_id: UUID | None) -> Select[Any]:
    """What of the kinds that a category requires is in force for a provider and home, best first.

    An appendix that was handled by hand anywhere, or that an answer of any offer refers to, may have been written for
    one child alone: it is for those offers that carry or name it already, and for no other.
    """
    category, provider_id, home_id = where
    asked = select(DocumentRequirement.kind).where(DocumentRequirement.category == category.value)
    here = OfferDocument.offer_id == offer_id, OfferDocument.document_id == Document.id
    carried = select(OfferDocument.id).where(*here, OfferDocument.removed_at.is_(None)).exists()
    twin = aliased(Document)
    bytes_of_it = twin.organisation_id == provider_id, twin.kind == Document.kind, twin.sha256 == Document.sha256
    same = select(twin.id).where(*bytes_of_it).correlate(Document)
    by_hand = select(OfferDocument.id).where(OfferDocument.document_id.in_(same), ~OfferDocument.compulsory).exists()
    naming = select(Offer.id).where(Offer.provider_id == provider_id)
    named_here = naming.where(Offer.id == offer_id, names(Offer.terms, "documentId", Document.id)).exists()
    named = naming.where(names(Offer.terms, "sha256", Document.sha256)).exists()
    free = or_(Document.kind != DocumentKind.APPENDIX, carried, named_here, ~or_(by_hand, named))
    return Document.in_force(provider_id, home_id).where(Document.kind.in_(asked), free)


async def held_by(context: Context, offer: Offer) -> list[OfferDocument]:
    """What the offer carries now."""
    held = select(OfferDocument).where(OfferDocument.offer_id == offer.id, OfferDocument.removed_at.is_(None))
    return await context.all(held)


def attached(context: Context, offer: Offer, document: Document, *, compulsory: bool) -> OfferDocument:
    """The document as it is now, as a part of the offer."""
    return OfferDocument(
        offer_id=offer.id, la_id=offer.la_id, provider_id=offer.provider_id, compulsory=compulsory,
        attached_at=context.by.at, attached_by_name=context.viewer.name, **snapshot(document),
    )  # fmt: skip
