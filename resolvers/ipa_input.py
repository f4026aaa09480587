"""What may be filled in of an agreement; what was offered has no input at all (S-103)."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import strawberry
from strawberry import UNSET

from models.age import london_day
from models.ipa_codes import DecisionMaker, FosteringType, LegalStatusCode, ProviderSector
from models.ipa_sense import given_faults
from models.provider import Gender
from models.refusal import Refused
from resolvers.inputs import wrong
from resolvers.plain import plain
from resolvers.referral_input import ContactInput


def text(description: str) -> Any:
    return strawberry.field(default=UNSET, description=description)


@strawberry.input(description="The authority's part.")
class IpaAuthorityInput:
    address: str | None = text("Its address.")
    commissioning_officer: ContactInput | None = text("Commissioning officer.")
    social_worker: ContactInput | None = text("The child's social worker.")
    team_manager: ContactInput | None = text("Team manager.")
    reviewing_officer: ContactInput | None = text("Independent reviewing officer.")
    finance_contact: ContactInput | None = text("Finance contact.")
    out_of_hours: str | None = text("Out-of-hours number.")
    purchase_order: str | None = text("Purchase-order number.")


@strawberry.input(description="The child.")
class IpaChildInput:
    given_names: str | None = text("Given names.")
    family_name: str | None = text("Family name.")
    names_in_print_letters: str | None = text("The names in print letters, where fonts cannot show them.")
    known_as: str | None = text("What the child likes to be called.")
    date_of_birth: date | None = text("Date of birth; not after the first day of the placement.")
    expected_on: date | None = text("When the birth is expected of a child not yet born, for family assessment.")
    gender: Gender | None = text("Gender.")
    case_number: str | None = text("The authority's case number.")
    nhs_number: str | None = text("NHS number, checked.")
    upn: str | None = text("Unique pupil number, checked.")
    ethnicity: str | None = text("Ethnicity.")
    religion: str | None = text("Religion.")
    first_language: str | None = text("First language.")
    nationality: str | None = text("Nationality and immigration status.")
    legal_status: LegalStatusCode | None = text("Legal status, by its code of SSDA903.")
    disability: str | None = text("Disability.")
    ehcp: str | None = text("Education, health and care plan.")
    parental_responsibility: str | None = text("Who has parental responsibility.")
    siblings: str | None = text("Siblings and where they live.")


@strawberry.input(description="A surgery or practice.")
class PracticeInput:
    name: str = strawberry.field(description="Its name, with the doctor's or dentist's where known.")
    address: str | None = text("Address.")
    postcode: str | None = text("Postcode, checked.")
    phone: str | None = text("Telephone.")

    def faults(self, now: datetime) -> Iterator[Refused]:
        if not self.name.strip():
            yield wrong("Give the name of the surgery or practice.", "name")


@strawberry.input(description="Who takes one decision in the child's daily life.")
class DelegatedDecisionInput:
    decision: str = strawberry.field(description="What is decided.")
    by: DecisionMaker = strawberry.field(description="Who decides it.")
    note: str | None = text("Under which condition, or whom to ask first.")


@strawberry.input(description="The placement.")
class IpaPlacementInput:
    starts_on: date | None = text("The first day.")
    starts_at: str | None = text("The time of day in London, like 14:00.")
    planned_duration: str | None = text("For how long.")
    emergency: bool | None = text("Whether it was made in an emergency.")
    purpose: str | None = text("Its purpose.")
    education: str | None = text("Education.")
    family_time: str | None = text("Family time.")
    health: str | None = text("Health.")
    gp: PracticeInput | None = text("General practitioner.")
    dentist: PracticeInput | None = text("Dentist.")
    delegated_authority: str | None = text("Decisions that carers may take, in words.")
    decisions: list[DelegatedDecisionInput] | None = text("Who takes which decision, one by one.")
    equipment: str | None = text("Equipment.")
    fostering_type: FosteringType | None = text("Who fosters, and for how long; for fostering alone.")
    provider_sector: ProviderSector | None = text("Whether the provider is private or voluntary.")


@strawberry.input(description="An outcome to work for.")
class OutcomeInput:
    outcome: str = strawberry.field(description="The outcome.")
    measure: str | None = text("How it is measured.")
    review_on: date | None = text("When it is reviewed.")


@strawberry.input(description="Who pays which part, in per cent; together 100.")
class FundingSplitInput:
    social_care: Decimal = strawberry.field(description="Social care.")
    education: Decimal = strawberry.field(default=Decimal(0), description="Education.")
    health: Decimal = strawberry.field(default=Decimal(0), description="Health.")


@strawberry.input(description="Terms beside what was offered.")
class IpaTermsInput:
    notice_by_authority: str | None = text("Notice by the authority.")
    notice_by_provider: str | None = text("Notice by the provider.")
    trial_period: str | None = text("Trial period.")
    retainer: str | None = text("Retainer.")
    absence: str | None = text("Absence.")
    staffing_ratio: str | None = text("Staffing ratio.")


@strawberry.input(description="An agreement in part: each part given replaces its fields, what is left out stays.")
class IpaInput:
    authority: IpaAuthorityInput | None = text("The authority's part.")
    child: IpaChildInput | None = text("The child.")
    placement: IpaPlacementInput | None = text("The placement.")
    outcomes: list[OutcomeInput] | None = text("Outcomes.")
    first_review_on: date | None = text("The first statutory review.")
    funding_split: FundingSplitInput | None = text("Who pays which part.")
    terms: IpaTermsInput | None = text("Terms beside what was offered.")

    def faults(self, now: datetime) -> Iterator[Refused]:
        yield from given_faults(plain(self), london_day(now))


@strawberry.input(description="The provider's own contacts.")
class IpaContactsInput:
    key_contact: ContactInput | None = text("Key contact.")
    key_worker: ContactInput | None = text("Key worker.")
    emergency_contact: ContactInput | None = text("Emergency contact.")
    finance_contact: ContactInput | None = text("Finance contact.")


@strawberry.input(description="A signature: a fresh code from the authenticator, and consent.")
class IpaSignInput:
    code: str = strawberry.field(description="Six digits shown by the signer's authenticator now; works once.")
    consent: bool = strawberry.field(description="That the signer has read the agreement and means to be bound.")
    on_behalf_of: UUID | None = strawberry.field(
        default=None, description="The authority by which you sign for somebody else; left out, you sign for yourself."
    )
