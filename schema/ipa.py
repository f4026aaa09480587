"""Agreements as a client sees them: what was offered is locked, what is filled in is editable while a draft."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

import strawberry

from models import ipa, ipa_parts, offer
from models.home import FrameworkStatus
from models.ipa import IpaStatus
from models.ipa_review import ReviewWarning
from models.lifecycle import Side
from models.provider import Category
from schema.document import IpaDocument
from schema.download import Download
from schema.enums import IpaAction
from schema.fields import connection, shows, told
from schema.ipa_consent import SigningConsent
from schema.ipa_details import IpaContacts, IpaDetails
from schema.ipa_file import IpaFile
from schema.ipa_other import OtherIpa
from schema.ipa_review import EnablingWarning, IpaCorrection, IpaEdit, ReviewCheck
from schema.ipa_stated import IpaGap, Ssda903
from schema.node import Node
from schema.offer import OfferedPlacement
from schema.offer_terms import ChildFee, OfferTerms
from schema.organisation import Organisation
from schema.pages import PageInfo
from schema.problems import Problem
from schema.uplift import Uplift


@shows(offer.Offer, "What was offered and accepted: read from the offer itself, and locked even in a draft.")
class IpaTerms:
    placement: OfferedPlacement = told("Exactly one home or one family.")
    category: Category = told("Category of care.")
    framework_status: FrameworkStatus = told("Framework, spot, or a framework provider's other home.")
    core_fee_weekly: Decimal = told("Core fee a week in pounds, all children of the offer together.")
    weekly_total: Decimal = told("All of it a week in pounds, all children of the offer together.")
    first_year_total: Decimal = told("All of it in the first 365 days in pounds, all children of the offer together.")
    terms: OfferTerms = told("What the offer promised.")


@shows(ipa_parts.Signature, "One party's signature with its evidence.")
class Signature:
    party: Side = told("Whose signature it is.")
    name: str = told("Who signed.")
    job_title: str | None = told("The signer's job.")
    organisation: str = told("For which organisation.")
    on_behalf_of: str | None = told("On whose behalf, with that person's job title; null for the signer's own.")
    authority: str | None = told("By which authority, where it is on somebody's behalf.")
    delegation_id: UUID | None = told("That authority, for those who see it.")
    method: str = told("How the signer was known.")
    consent: str = told("The words the signer agreed to.")
    consent_sha256: str | None = told("SHA-256 of those words, in hex; null before the portal kept it.")
    audit_head: str | None = told("Hash of the referral's record of events just before it, in hex; null likewise.")
    content_hash: str = told("SHA-256 of the content that was signed, in hex.")
    pdf_sha256: str = told("SHA-256 of the PDF that the signer had opened, in hex.")
    at: datetime = told("When.")


@shows(ipa_parts.IpaRefusal, "Why a signatory would not sign.")
class SigningRefusal:
    name: str = told("Who refused.")
    organisation: str = told("For which organisation.")
    reason: str = told("Why.")
    at: datetime = told("When.")


@shows(ipa.Ipa, "An Individual Placement Agreement for one child.")
class Ipa(Node):
    id: UUID = told("Its id.")
    reference: str = told("Its reference, like WM-7KD4X-RES-A1.")
    referral_id: UUID = told("The referral it came from.")
    offer_id: UUID = told("The accepted offer it is drawn from.")
    child_id: UUID = told("The child of that referral.")
    status: IpaStatus = told("Its state.")
    version: int = told("Send it back as `expectedVersion`.")
    authority: Organisation = told("The placing authority.")
    provider: Organisation = told("The provider.")
    offer: IpaTerms = told("What was offered; locked even in a draft.", name="terms")
    fee: ChildFee | None = told("What is charged for this child, as the offer says; null where it says nothing of it.")
    core_fee_today: Decimal | None = told("Core fee a week in pounds today, with the uplifts in effect.")
    uplifts: list[Uplift] = told("Every uplift proposed since it was signed, in the order of their days.")
    details_told: IpaDetails = told("What is filled in while it is a draft.", name="details")
    contacts: IpaContacts = told("The provider's own contacts.")
    documents: list[IpaDocument] = told("Documents attached to it.")
    missing: list[IpaGap] = told(
        "What must still be filled in before it can be signed; to the provider, of its own contacts alone."
    )
    ssda903: Ssda903 = told("Codes for the yearly return on looked-after children, for case systems.")
    content_hash: str | None = told("SHA-256 of what is signed, in hex; fixed from READY_TO_SIGN on.")
    canonical_form: str | None = told(
        "The text whose UTF-8 bytes have that SHA-256: everything that is agreed, fixed from READY_TO_SIGN on."
    )
    pdf_sha256: str | None = told("SHA-256 of the PDF that is signed, in hex.")
    signed_pdf_sha256: str | None = told(
        "SHA-256 of the newest revision that holds both signatures; null until sealed."
    )
    files: list[IpaFile] = told("Its files: what was fixed, each revision with a signature, certificate, void copy.")
    authority_signed: bool = told("Whether the authority has signed.")
    provider_signed: bool = told("Whether the provider has signed.")
    consents: list[SigningConsent] = told("In whose name you may sign it now; empty where you may not.")
    signatures: list[Signature] = told("Signatures given.")
    refusals: list[SigningRefusal] = told("Refusals to sign.")
    created_at: datetime = told("When it was drawn up.")
    updated_at: datetime = told("When it last changed.")
    shared_at: datetime | None = told("When it was shared for review.")
    reviewed_at: datetime | None = told("When the provider last confirmed its review.")
    reviewed_by_name: str | None = told("Who confirmed it.")
    reviewed_version: int | None = told("The version that was confirmed, as it became by that.")
    review_stands: bool = told("Whether it still holds: no change by the authority and no request since.")
    review_checklist: list[ReviewCheck] = told("What the provider looks through, with what it has confirmed.")
    review_warnings: list[ReviewWarning] = told("What speaks against enabling it.")
    corrections: list[IpaCorrection] = told("Corrections that the provider has asked for, oldest first.")
    changes: list[IpaEdit] = told("Every edit that you may know of, oldest first: the provider's from sharing on.")
    enabled_at: datetime | None = told("When it was enabled for signing.")
    signed_at: datetime | None = told("When both had signed.")
    void_reason: str | None = told("Why it was voided.")
    voided_at: datetime | None = told("When it was voided.")
    supersedes_id: UUID | None = told("The voided agreement whose place it takes.")
    supersedes: OtherIpa | None = told("The voided agreement whose place it takes, where you may see it.")
    superseded_by: OtherIpa | None = told("The agreement that has taken its place, where you may see it.")
    can: list[IpaAction] = told("What you may do with it now.")  # type: ignore[valid-type]


@strawberry.type(description="An agreement at its place in a list.")
class IpaEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on from here.")
    node: Ipa = strawberry.field(description="The agreement.")


@connection("Ipa", "A page of agreements.")
class IpaConnection:
    edges: list[IpaEdge] = strawberry.field(description="The agreements with their cursors.")
    nodes: list[Ipa] = strawberry.field(description="The agreements.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")
    total_count: int = strawberry.field(description="How many there are in all.")


@strawberry.type(description="The answer of an act on an agreement.")
class IpaPayload:
    ipa: Ipa | None = strawberry.field(default=None, description="The agreement as it is now.")
    warnings: list[EnablingWarning] = strawberry.field(
        default_factory=list, description="What was not settled when it was enabled, or is to be filled in yet."
    )
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")


@strawberry.type(description="The answer of opening an agreement.")
class IpaOpenPayload:
    ipa: Ipa | None = strawberry.field(default=None, description="The agreement as it is now.")
    download: Download | None = strawberry.field(default=None, description="Where the file can be fetched, once.")
    content_hash: str | None = strawberry.field(default=None, description="What to sign: give it to `ipaSign`.")
    pdf_sha256: str | None = strawberry.field(default=None, description="SHA-256 of that file, in hex.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")
