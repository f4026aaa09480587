"""Documents as a client sees them."""

from datetime import date, datetime
from uuid import UUID

import strawberry

from models import document, ipa_parts, message_document, offer_parts, profile, referral_sent
from models.document import DocumentKind, DocumentScan, DocumentState
from models.provider import Category
from schema.download import Download
from schema.fields import connection, shows, told
from schema.home import Home
from schema.node import Node
from schema.pages import PageInfo
from schema.problems import Problem


@shows(document.Document, "A file of your organisation, or of one of its homes.")
class Document(Node):
    id: UUID = told("Its id.")
    kind: DocumentKind = told("What it is.")
    name: str = told("Its file name.")
    state: DocumentState = told("Whether its bytes have arrived.")
    sha256: str = told("SHA-256 of its bytes, in hex.")
    byte_size: int = told("How many bytes it has.")
    media_type: str | None = told("Its type, as its content shows.")
    expires_on: date | None = told("The last day on which it is valid.")
    expiring_soon: bool = told("Whether fewer than thirty days are left.")
    home_id: UUID | None = told("The home it speaks for; null for the whole organisation.")
    uploaded_at: datetime = told("When its bytes came; before that, when it was announced.")
    scan: DocumentScan = told("Whether a scanner has called its bytes clean.")
    scanned_at: datetime | None = told("When that was.")
    replaced_at: datetime | None = told("When a newer one of its kind and home took its place.")
    versions: list["Document"] = told(
        "All there were of its kind and home, newest first; empty for kinds of which there may be several."
    )


@shows(profile.RequiredDocument, "A document that every offer of a category must carry, and the one that meets it now.")
class RequiredDocument:
    category: Category = told("The category of care.")
    kind: DocumentKind = told("What it is.")
    home: Home | None = told("The home whose care needs it; null for care that belongs to no home.")
    document: Document | None = told("The document in force: the home's own, else the organisation's.")
    expires_on: date | None = told("The last day on which that is valid.")
    missing: bool = told("Whether there is none; then no offer of this category can be submitted.")
    expired: bool = told("Whether its last day is over; then no offer of this category can be submitted.")
    expiring_soon: bool = told("Whether fewer than thirty days are left.")


@shows(referral_sent.ReferralDocument, "A document sent along with a referral.")
class ReferralDocument:
    id: UUID = told("Its id; give it to `documentDownload`.")
    kind: DocumentKind = told("What it is.")
    name: str = told("Its file name.")
    sha256: str = told("SHA-256 of its bytes, in hex.")
    byte_size: int = told("How many bytes it has.")
    media_type: str = told("Its type.")
    identifies_child: bool = told("Whether it names the child; then it waits for the shared agreement.")
    attached_at: datetime = told("When it was attached.")


@shows(
    offer_parts.OfferDocument, "A document as it was when it was attached to an offer; later uploads do not change it."
)
class OfferDocument:
    id: UUID = told("Its id; give it to `documentDownload`.")
    document_id: UUID = told("The document of the provider's that it was made from.")
    kind: DocumentKind = told("What it is.")
    name: str = told("Its file name.")
    sha256: str = told("SHA-256 of its bytes, in hex.")
    byte_size: int = told("How many bytes it has.")
    media_type: str = told("Its type.")
    compulsory: bool = told("Whether it attached itself because it must be there.")
    expires_on: date | None = told("The last day on which it is valid.")
    expiring_soon: bool = told("Whether fewer than thirty days are left.")
    told_at: datetime = told("When it was attached; for the authority not before the submission.", name="attachedAt")
    attached_by_name: str = told("Who attached it, or took the step by which it attached itself.")


@shows(ipa_parts.IpaDocument, "A document attached to an agreement while it was a draft.")
class IpaDocument:
    id: UUID = told("Its id; give it to `documentDownload`.")
    kind: DocumentKind = told("What it is.")
    name: str = told("Its file name.")
    sha256: str = told("SHA-256 of its bytes, in hex.")
    byte_size: int = told("How many bytes it has.")
    media_type: str = told("Its type.")
    attached_at: datetime = told("When it was attached.")


@shows(message_document.MessageDocument, "A document as it was when it was sent with a message.")
class MessageDocument:
    id: UUID = told("Its id; give it to `documentDownload`.")
    kind: DocumentKind = told("What it is.")
    name: str = told("Its file name.")
    sha256: str = told("SHA-256 of its bytes, in hex.")
    byte_size: int = told("How many bytes it has.")
    media_type: str = told("Its type.")
    identifies_child: bool = told("Whether it names the child; then the authority's waits for the shared agreement.")
    expires_on: date | None = told("The last day on which it is valid.")
    attached_at: datetime = told("When it was sent.")


@strawberry.type(description="Where a file's bytes are to be sent: raw, as the body of one request, without a form.")
class Upload:
    url: str = strawberry.field(description="The address; it works once, and can be tried again until it has worked.")
    method: str = strawberry.field(description="The HTTP method, PUT.")
    expires_at: datetime = strawberry.field(description="Until when it works.")


@strawberry.type(description="A document at its place in a list.")
class DocumentEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on from here.")
    node: Document = strawberry.field(description="The document.")


@connection("Document", "A page of documents.")
class DocumentConnection:
    edges: list[DocumentEdge] = strawberry.field(description="The documents with their cursors.")
    nodes: list[Document] = strawberry.field(description="The documents.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")
    total_count: int = strawberry.field(description="How many there are in all.")


@strawberry.type(description="The answer of announcing a file.")
class DocumentUploadPayload:
    document: Document | None = strawberry.field(default=None, description="The document, waiting for its bytes.")
    upload: Upload | None = strawberry.field(
        default=None, description="Where to send them; null when the act was repeated: ask `documentUploadAgain`."
    )
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")


@strawberry.type(description="The answer of an act on a document.")
class DocumentPayload:
    document: Document | None = strawberry.field(default=None, description="The document as it is now.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")


@strawberry.type(description="The answer of asking for a file.")
class DocumentDownloadPayload:
    download: Download | None = strawberry.field(default=None, description="Where to fetch it.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why there is no address.")
