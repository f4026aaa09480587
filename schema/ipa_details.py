"""What is filled in while an agreement is a draft, as a client sees it."""

from datetime import date
from decimal import Decimal

from models.ipa_codes import DecisionMaker, FosteringType, LegalStatusCode, ProviderSector
from models.provider import Gender
from schema.fields import told, value
from schema.referral_summary import Contact


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
    expected_on: date | None = told("When the birth is expected of a child not yet born, for family assessment.")
    gender: Gender | None = told("Gender.")
    case_number: str | None = told("The authority's case number.")
    nhs_number: str | None = told("NHS number, checked.")
    upn: str | None = told("Unique pupil number.")
    ethnicity: str | None = told("Ethnicity.")
    religion: str | None = told("Religion.")
    first_language: str | None = told("First language.")
    nationality: str | None = told("Nationality and immigration status.")
    legal_status: LegalStatusCode | None = told("Legal status, by its code of SSDA903.")
    disability: str | None = told("Disability.")
    ehcp: str | None = told("Education, health and care plan.")
    parental_responsibility: str | None = told("Who has parental responsibility.")
    siblings: str | None = told("Siblings and where they live.")


@value("A surgery or practice.", plain="name")
class Practice:
    name: str = told("Its name, with the doctor's or dentist's where known.")
    address: str | None = told("Address.")
    postcode: str | None = told("Postcode.")
    phone: str | None = told("Telephone.")


@value("Who takes one decision in the child's daily life.")
class DelegatedDecision:
    decision: str = told("What is decided.")
    by: DecisionMaker = told("Who decides it.")
    note: str | None = told("Under which condition, or whom to ask first.")


@value("The arrangements of the placement.")
class IpaPlacement:
    starts_on: date | None = told("The first day.")
    starts_at: str | None = told("The time of day in London, like 14:00.")
    planned_duration: str | None = told("For how long.")
    emergency: bool | None = told("Whether it was made in an emergency.")
    purpose: str | None = told("Its purpose.")
    education: str | None = told("Education.")
    family_time: str | None = told("Family time.")
    health: str | None = told("Health.")
    gp: Practice | None = told("General practitioner.")
    dentist: Practice | None = told("Dentist.")
    delegated_authority: str | None = told("Decisions that carers may take, in words.")
    decisions: list[DelegatedDecision] | None = told("Who takes which decision, one by one.")
    equipment: str | None = told("Equipment.")
    fostering_type: FosteringType | None = told("Who fosters, and for how long; for fostering alone.")
    provider_sector: ProviderSector | None = told("Whether the provider is private or voluntary.")


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
