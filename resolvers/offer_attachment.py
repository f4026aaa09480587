"""Further documents of an offer: attached and taken off by the provider while it is editable (S-081)."""

from collections.abc import Sequence
from uuid import UUID

from models.document import Document, DocumentKind, DocumentState
from models.offer import Offer, OfferStatus
from models.offer_answer import refers_to
from models.offer_parts import OfferDocument
from models.refusal import Code, Refused, not_found
from resolvers.context import Context
from resolvers.offer_documents import attached, held_by, kinds_required

MOST_FURTHER = 50
"""Documents that may be attached to one offer beside the compulsory ones."""


async def attach_further(context: Context, offer: Offer, document_id: UUID) -> Document:
    """A file of one's own beside the compulsory ones, once, and not beyond the most that there may be (S-081)."""
    document = await context.find(Document, document_id, "documentId")
    if document.state is not DocumentState.READY:
        raise Refused(Code.WRONG_STATE, "Upload the file before you attach it.", ["documentId"])
    held = await held_by(context, offer)
    for old in held:
        if old.sha256 == document.sha256:
            sentence = f"This offer carries these bytes already, as “{old.name}”."
            raise Refused(Code.DOCUMENT_ATTACHED_ALREADY, sentence, ["documentId"], existing_id=old.id)
    if sum(not old.compulsory for old in held) >= MOST_FURTHER:
        sentence = f"An offer carries {MOST_FURTHER} further documents at most. Take one off first, or join some."
        raise Refused(Code.TOO_MANY_DOCUMENTS, sentence, ["documentId"])
    context.session.add(attached(context, offer, document, compulsory=False))
    return document


async def detach_further(context: Context, offer: Offer, document_id: UUID) -> OfferDocument:
    """Take it off; it stays known as what was there, and is handed out no more.

    Named by its own id or by that of the document it was made from. An appendix that attached itself goes as well, as
    long as another one stays, and then attaches itself to no offer any more.
    """
    held = await held_by(context, offer)
    found = [old for old in held if document_id in (old.id, old.document_id)]
    if not found:
        raise not_found("document", "documentId")
    off = min(found, key=lambda old: old.compulsory)
    if off.compulsory and off.kind is not DocumentKind.APPENDIX:
        sentence = (
            "This document must go with the offer. Replace it in your profile, then refresh the offer's documents."
        )
        raise Refused(Code.COMPULSORY_DOCUMENT_KEPT, sentence, ["documentId"])
    if refers_to(offer.terms, off.document_id):
        sentence = "An answer of the offer refers to this document. Change the answer first."
        raise Refused(Code.DOCUMENT_REFERRED_TO, sentence, ["documentId"])
    await _not_the_last_appendix(context, offer, off, held)
    off.removed_at, off.compulsory = context.by.at, False
    return off


async def _not_the_last_appendix(
    context: Context, offer: Offer, off: OfferDocument, held: Sequence[OfferDocument]
) -> None:
    """What was submitted keeps an appendix where the category needs one (S-097)."""
    others = any(old.kind is DocumentKind.APPENDIX and old is not off for old in held)
    if off.kind is not DocumentKind.APPENDIX or others or offer.status is not OfferStatus.SUBMITTED:
        return
    if DocumentKind.APPENDIX in await kinds_required(context, offer):
        sentence = "Supported accommodation needs its appendix documents: attach another one before you take this off."
        raise Refused(Code.APPENDIX_REQUIRED, sentence, ["documentId"])
