"""The documents of an offer: compulsory ones attach themselves and stay as they were (S-079, S-083)."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from models.age import london_day
from models.document import Document, DocumentKind, DocumentRequirement, snapshot
from models.offer import Offer
from models.offer_parts import OfferDocument
from models.refusal import Code, Refused, refuse_all
from resolvers.context import Context


async def attach_compulsory(context: Context, offer: Offer) -> None:
    """Snapshot what the offer's category requires; everything missing or expired is refused at once (S-086)."""
    await _snapshot(context, offer, await _wanted(context, offer))


async def replace_home_documents(context: Context, offer: Offer) -> None:
    """A submitted offer that names another home carries that home's documents; the rest stays as submitted."""
    old = [held.document_id for held in await _attached(context, offer) if held.compulsory]
    speaks_for_a_home = Document.visible_to(context.viewer).where(Document.id.in_(old), Document.home_id.is_not(None))
    kinds = {document.kind for document in await context.all(speaks_for_a_home)}
    kinds |= {d.kind for d in await _current(context, offer) if d.home_id}
    await _snapshot(context, offer, kinds & await _wanted(context, offer))


async def _snapshot(context: Context, offer: Offer, kinds: Iterable[DocumentKind]) -> None:
    current = {document.kind: document for document in await _current(context, offer)}
    held = await _attached(context, offer)
    today = london_day(context.by.at)
    own = {d.kind for d in held if not d.compulsory}
    refuse_all([fault for kind in sorted(kinds) if (fault := _fault(kind, current.get(kind), own, today))])
    for old in held:
        if old.compulsory and old.kind in kinds:
            old.removed_at = context.by.at
    for kind in kinds:
        if kind in current:
            context.session.add(attached(context, offer, current[kind], compulsory=True))


async def _wanted(context: Context, offer: Offer) -> set[DocumentKind]:
    wanted = select(DocumentRequirement.kind).where(DocumentRequirement.category == offer.category.value)
    return set(await context.all(wanted))


async def _current(context: Context, offer: Offer) -> list[Document]:
    return await context.all(Document.current(offer.provider_id, offer.home_id))


def _fault(kind: DocumentKind, document: Document | None, own: set[DocumentKind], today: date) -> Refused | None:
    spoken = kind.lower().replace("_", " ")
    if kind is DocumentKind.APPENDIX and kind in own:
        return None
    if kind is DocumentKind.APPENDIX and document is None:
        sentence = "Supported accommodation needs its appendix documents: attach them to the offer."
        return Refused(Code.APPENDIX_REQUIRED, sentence, [kind])
    if document is None:
        sentence = f"Your profile has no {spoken}. Upload it there, then submit again."
        return Refused(Code.COMPULSORY_DOCUMENT_MISSING, sentence, [kind])
    if document.expires_on and document.expires_on < today:
        sentence = f"The {spoken} in your profile has expired. Replace it there, then submit again."
        return Refused(Code.COMPULSORY_DOCUMENT_EXPIRED, sentence, [kind])
    return None


async def _attached(context: Context, offer: Offer) -> list[OfferDocument]:
    held = select(OfferDocument).where(OfferDocument.offer_id == offer.id, OfferDocument.removed_at.is_(None))
    return await context.all(held)


def attached(context: Context, offer: Offer, document: Document, *, compulsory: bool) -> OfferDocument:
    return OfferDocument(
        offer_id=offer.id, la_id=offer.la_id, provider_id=offer.provider_id, compulsory=compulsory,
        attached_at=context.by.at, attached_by_name=context.viewer.name, **snapshot(document),
    )  # fmt: skip
