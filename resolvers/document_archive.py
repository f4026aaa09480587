"""All documents of an offer as one archive; asking for it is the record of reading each of them (S-082)."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from models.lifecycle import Side
from models.offer import Offer
from models.offer_parts import OfferDocument
from models.organisation import Organisation
from models.person import Viewer
from models.refusal import Code, Refused, not_found
from models.session import Ticket
from resolvers.act import Answer
from resolvers.context import Context, Info
from resolvers.document import told
from resolvers.ticket import download_ticket, readable, use

MEDIA_TYPE = "application/zip"


@dataclass(frozen=True)
class Archive:
    """What goes into one: the documents of an offer as its reader sees them, and what to say of the offer."""

    offer: Offer
    provider: str
    documents: list[OfferDocument]
    reader: Viewer
    at: datetime

    @property
    def name(self) -> str:
        """What people find it by: the reference of the referral, and whose offer it is."""
        return f"{self.offer.reference} documents of {self.provider}.zip"

    def told_at(self, document: OfferDocument) -> datetime:
        """When it was attached; for the authority, which knows of no draft, not before the submission."""
        submitted = None if self.reader.side is Side.PROVIDER else self.offer.submitted_at
        return max(document.attached_at, submitted or document.attached_at)

    @property
    def digest(self) -> str:
        """By which the same documents are known again when they are fetched."""
        held = sorted([str(document.id), document.sha256] for document in self.documents)
        return hashlib.sha256(json.dumps(held).encode()).hexdigest()


async def download(info: Info, id: UUID) -> Answer:
    """A one-use address for everything that goes with an offer; each document is read by whoever asks (S-056)."""
    context = info.context
    archive = await _archive(context, id)
    if not archive.documents:
        sentence = "There are no documents yet: the compulsory ones attach themselves when the offer is submitted."
        raise Refused(Code.WRONG_STATE, sentence, ["id"])
    kept: Any = {"sha256": archive.digest, "name": archive.name, "media_type": MEDIA_TYPE}
    leave = await download_ticket(context, **kept, table=Offer.__tablename__, row_id=id)
    for document in archive.documents:
        context.by.says(told(context, document, "download", archive.offer.referral_id, archive=id))
    return Answer(None, {"download": leave})


async def hand_out_all(context: Context, ticket: Ticket) -> Archive:
    """The ticket is used up, by somebody who may still read what it stands for, where that is what it was."""
    await use(context, ticket)
    archive = await _archive(context, ticket.row_id)
    if archive.digest != ticket.sha256:
        raise not_found("file")
    return archive


async def _archive(context: Context, id: UUID) -> Archive:
    viewer = context.viewer
    if viewer.sign_only:
        raise not_found("offer")
    offer = await context.find(Offer, id)
    order = (OfferDocument.compulsory.desc(), OfferDocument.kind, OfferDocument.name, OfferDocument.id)
    here = OfferDocument.offer_id == id, OfferDocument.removed_at.is_(None)
    held = readable(OfferDocument, viewer).where(*here).order_by(*order)
    named = select(Organisation.name).where(Organisation.id == offer.provider_id)
    provider = str(await context.session.scalar(named))
    return Archive(offer, provider, await context.all(held), viewer, context.by.at)
