"""Agreements as a client sees them: what was offered is locked, what is filled in is editable while a draft."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import strawberry

from models import ipa, ipa_parts, offer
from models.home import FrameworkStatus
from models.ipa import IpaStatus
from models.lifecycle import Side
from models.provider import Category, Gender
from schema.document import IpaDocument
from schema.download import Download
from schema.enums import IpaAction
from schema.fields import connection, shows, told, value
from schema.node import Node
from schema.offer import OfferedPlacement
from schema.offer_terms import ChildFee, OfferTerms
from schema.organisation import Organisation
from schema.pages import PageInfo
from schema.problems import Problem
from schema.referral_summary import Contact
from schema.uplift import Uplift


@value("The authority's people and numbers.")
class IpaAuthority:
    address: str | None = told("Its address.")
    commissioning_officer: Contact | None = told("Commissioning officer.")
    social_worker: Contact | None = told("The child's social worker.")
    team_manager: Contact | None = told("Team manager.")
    reviewing_officer: Contact | None = told("Independent reviewing officer.")
    finance_contact: Contact | None = told("Finance contact.")
    out_of_hours: str | None = told("Out-of-hours number.")
    purchase_order: str | None = told("Purchase-order number.")


@value("The child.")
class IpaChild:
    given_names: str | None = told("Given names.")
    family_name: str | None = told("Family name.")
    names_in_print_letters: str | None = told("The names in print letters, where fonts cannot show them.")
    known_as: str | None = told("What the child likes to be called.")
    date_of_birth: date | None = told("Date of birth.")
    gender: Gender | None = told("Gender.")
    case_number: str | None = told("The authority's case number.")
    nhs_number: str | None = told("NHS number, checked.")
    upn: str | None = told("Unique pupil number.")
    ethnicity: str | None = told("Ethnicity.")
    religion: str | None = told("Religion.")
    first_language: str | None = told("First language.")
    nationality: str | None = told("Nationality and immigration status.")
    legal_status: str | None = told("Legal status.")
    disability: str | None = told("Disability.")
    ehcp: str | None = told("Education, health and care plan.")
    parental_responsibility: str | None = told("Who has parental responsibility.")
    siblings: str | None = told("Siblings and where they live.")


@value("The arrangements of the placement.")
class IpaPlacement:
    starts_on: date | None = told("The first day.")
    starts_at: str | None = told("The time of day.")
    planned_duration: str | None = told("For how long.")
    emergency: bool | None = told("Whether it was made in an emergency.")
    purpose: str | None = told("Its purpose.")
    education: str | None = told("Education.")
    family_time: str | None = told("Family time.")
    health: str | None = told("Health.")
    gp: str | None = told("General practitioner.")
    dentist: str | None = told("Dentist.")
    delegated_authority: str | None = told("Decisions that carers may take.")
    equipment: str | None = told("Equipment.")


@value("An outcome to work for.")
class Outcome:
    outcome: str = told("The outcome.")
    measure: str | None = told("How it is measured.")
    review_on: date | None = told("When it is reviewed.")


@value("Who pays which part, in per cent.")
class FundingSplit:
    social_care: Decimal = told("Social care.")
    education: Decimal = told("Education.")
    health: Decimal = told("Health.")


@value("Terms beside what was offered.")
class IpaArrangements:
    notice_by_authority: str | None = told("Notice by the authority.")
    notice_by_provider: str | None = told("Notice by the provider.")
    trial_period: str | None = told("Trial period.")
    retainer: str | None = told("Retainer.")
    absence: str | None = told("Absence.")
    staffing_ratio: str | None = told("Staffing ratio.")


@value("The provider's own contacts.")
class IpaContacts:
    key_contact: Contact | None = told("Key contact.")
    key_worker: Contact | None = told("Key worker.")
    emergency_contact: Contact | None = told("Emergency contact.")
    finance_contact: Contact | None = told("Finance contact.")


@value("What is filled in while an agreement is a draft.")
class IpaDetails:
    authority: IpaAuthority | None = told("The authority's people and numbers.")
    child: IpaChild | None = told("The child.")
    placement: IpaPlacement | None = told("The arrangements of the placement.")
    outcomes: list[Outcome] | None = told("Outcomes.")
    first_review_on: date | None = told("The first statutory review.")
    funding_split: FundingSplit | None = told("Who pays which part.")
    terms: IpaArrangements | None = told("Terms beside what was offered.")


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
    details: IpaDetails = told("What is filled in while it is a draft.")
    contacts: IpaContacts = told("The provider's own contacts.")
    documents: list[IpaDocument] = told("Documents attached to it.")
    content_hash: str | None = told("SHA-256 of what is signed, in hex; fixed from READY_TO_SIGN on.")
    pdf_sha256: str | None = told("SHA-256 of the PDF that is signed, in hex.")
    signed_pdf_sha256: str | None = told("SHA-256 of the PDF with both signatures, in hex.")
    authority_signed: bool = told("Whether the authority has signed.")
    provider_signed: bool = told("Whether the provider has signed.")
    signatures: list[Signature] = told("Signatures given.")
    refusals: list[SigningRefusal] = told("Refusals to sign.")
    created_at: datetime = told("When it was drawn up.")
    updated_at: datetime = told("When it last changed.")
    shared_at: datetime | None = told("When it was shared for review.")
    reviewed_at: datetime | None = told("When the provider confirmed its review.")
    enabled_at: datetime | None = told("When it was enabled for signing.")
    signed_at: datetime | None = told("When both had signed.")
    void_reason: str | None = told("Why it was voided.")
    voided_at: datetime | None = told("When it was voided.")
    supersedes_id: UUID | None = told("The voided agreement whose place it takes.")
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
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")


@strawberry.type(description="The answer of opening an agreement.")
class IpaOpenPayload:
    ipa: Ipa | None = strawberry.field(default=None, description="The agreement as it is now.")
    download: Download | None = strawberry.field(default=None, description="Where its PDF can be fetched, once.")
    content_hash: str | None = strawberry.field(default=None, description="What to sign: give it to `ipaSign`.")
    pdf_sha256: str | None = strawberry.field(default=None, description="SHA-256 of that PDF, in hex.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")
