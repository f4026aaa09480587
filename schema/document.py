"""Documents as a client sees them."""

from datetime import date, datetime
from uuid import UUID

from models import document, ipa, offer, referral
from models.document import DocumentKind, DocumentState
from schema.fields import shows, told


@shows(document.Document, "A file of your organisation, or of one of its homes.")
class Document:
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
    uploaded_at: datetime = told("When it was announced.")


@shows(referral.ReferralDocument, "A document sent along with a referral.")
class ReferralDocument:
    id: UUID = told("Its id; give it to `documentDownload`.")
    kind: DocumentKind = told("What it is.")
    name: str = told("Its file name.")
    sha256: str = told("SHA-256 of its bytes, in hex.")
    byte_size: int = told("How many bytes it has.")
    media_type: str = told("Its type.")
    identifies_child: bool = told("Whether it names the child; then it waits for the shared agreement.")
    attached_at: datetime = told("When it was attached.")


@shows(offer.OfferDocument, "A document as it was when it was attached to an offer; later uploads do not change it.")
class OfferDocument:
    id: UUID = told("Its id; give it to `documentDownload`.")
    kind: DocumentKind = told("What it is.")
    name: str = told("Its file name.")
    sha256: str = told("SHA-256 of its bytes, in hex.")
    byte_size: int = told("How many bytes it has.")
    media_type: str = told("Its type.")
    compulsory: bool = told("Whether it attached itself because it must be there.")
    expires_on: date | None = told("The last day on which it is valid.")
    expiring_soon: bool = told("Whether fewer than thirty days are left.")
    attached_at: datetime = told("When it was attached.")


@shows(ipa.IpaDocument, "A document attached to an agreement while it was a draft.")
class IpaDocument:
    id: UUID = told("Its id; give it to `documentDownload`.")
    kind: DocumentKind = told("What it is.")
    name: str = told("Its file name.")
    sha256: str = told("SHA-256 of its bytes, in hex.")
    byte_size: int = told("How many bytes it has.")
    media_type: str = told("Its type.")
    attached_at: datetime = told("When it was attached.")
