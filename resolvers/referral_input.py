"""What an authority may say of a referral: one form for all authorities (S-062)."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

import strawberry
from strawberry import UNSET

from models.child import valid_nhs_number
from models.provider import Category, Gender
from models.referral import Urgency
from models.referral_form import CarerGender, Duration, LegalStatus, PresentPlacement, RiskKind, RiskLevel
from models.refusal import Refused
from resolvers import referral_sense as sense
from resolvers.inputs import wrong

IDENTITY = (
    "given_names", "family_name", "known_as", "date_of_birth", "expected_on", "gender", "case_number", "nhs_number",
)  # fmt: skip


def text(description: str) -> Any:
    return strawberry.field(default=UNSET, description=description)


@strawberry.input(description="Somebody to speak to.")
class ContactInput:
    name: str = strawberry.field(description="Full name.")
    role: str | None = text("What they do.")
    phone: str | None = text("Telephone.")
    email: str | None = text("E-mail address.")

    def faults(self, now: datetime) -> Iterator[Refused]:
        yield from sense.contact(self)


@strawberry.input(description="One risk and what is known of it.")
class RiskInput:
    kind: RiskKind = strawberry.field(description="Which risk.")
    level: RiskLevel = strawberry.field(description="None, past or current.")
    note: str | None = text("What is known.")


@strawberry.input(description="A child: what identifies them, which providers never see, and what describes them.")
class ChildInput:
    id: UUID | None = text("A child that the referral has already; left out for a new one.")
    given_names: str | None = text("Given names; the authority's alone until the agreement.")
    family_name: str | None = text("Family name; the authority's alone until the agreement.")
    known_as: str | None = text("What the child likes to be called; the authority's alone until the agreement.")
    date_of_birth: date | None = text("Date of birth; providers see the age only.")
    expected_on: date | None = text(
        "When the birth is expected of a child not yet born, for family assessment; providers see it."
    )
    gender: Gender | None = text("Gender; providers see it.")
    case_number: str | None = text("The authority's case number; the authority's alone until the agreement.")
    nhs_number: str | None = text("Ten digits, checked; the authority's alone until the agreement.")
    ethnicity: str | None = text("Ethnicity.")
    religion: str | None = text("Religion.")
    first_language: str | None = text("First language.")
    interpreter: bool | None = text("Whether an interpreter is needed.")
    disability: str | None = text("Disability.")
    health: str | None = text("Health.")
    medication: str | None = text("Medication.")
    allergies: str | None = text("Allergies.")
    education: str | None = text("School or college and how it goes.")
    ehcp: bool | None = text("Whether there is an education, health and care plan.")
    keep_school: bool | None = text("Whether the present school is to be kept.")
    behaviour: str | None = text("Emotional and behavioural needs.")
    strengths: str | None = text("Strengths and interests.")
    wishes: str | None = text("Wishes and feelings.")

    def faults(self, now: datetime) -> Iterator[Refused]:
        yield from sense.within(self.expected_on, sense.YEAR, sense.YEAR, now, "expectedOn")
        if self.nhs_number:
            yield from sense.refusal(valid_nhs_number, self.nhs_number, "nhsNumber")


@strawberry.input(description="What a placement must offer.")
class RequirementsInput:
    staffing_ratio: str | None = text("Staff to children.")
    waking_night: bool | None = text("Whether staff must be awake at night.")
    carer_gender: CarerGender | None = text("Gender of carers, where it matters.")
    matching: str | None = text("Matching with other children.")
    pets: str | None = text("Pets.")
    smoking: str | None = text("Smoking.")
    accessibility: str | None = text("Accessibility.")
    therapy: str | None = text("Therapy.")
    transport: str | None = text("Transport and school run.")
    family_time: str | None = text("Family time.")

    def faults(self, now: datetime) -> Iterator[Refused]:
        yield from sense.staffing(self.staffing_ratio)


@strawberry.input(description="What a family assessment is about.")
class FamilyAssessmentInput:
    parents: str | None = text("The parents and who would live in.")
    court_dates: list[date] | None = text("Dates the court has set.")
    assessment: str | None = text("What is to be assessed.")

    def faults(self, now: datetime) -> Iterator[Refused]:
        for place, day in enumerate(self.court_dates or ()):
            yield from sense.within(day, 20 * sense.YEAR, 5 * sense.YEAR, now, "courtDates", str(place))


@strawberry.input(description="A referral, whole or in part: what is left out stays as it is, null clears it.")
class ReferralInput:
    category: Category | None = text("Category of care.")
    urgency: Urgency | None = text("How soon.")
    date_required: date | None = text("The day from which a placement is needed.")
    response_deadline: datetime | None = text("When answers are hoped for; nothing is declined by a machine.")
    duration: Duration | None = text("For how long.")
    placing_team: str | None = text("The team that places.")
    social_worker: ContactInput | None = text("The child's social worker.")
    team_manager: ContactInput | None = text("The team manager.")
    preferred_areas: list[str] | None = text("Areas that would suit.")
    excluded_areas: list[str] | None = text("Areas that would not.")
    near: str | None = text(
        "Where from: a postcode district like B29. Of a full postcode the district alone is kept, as the rest could say"
        " where a child lives."
    )
    radius_miles: int | None = text("How far from there at most: 0 to 300 miles.")
    solo: bool | None = text("Whether the child must be the only one placed; false where the home may be shared.")
    legal_status: LegalStatus | None = text("Legal status.")
    present_placement_type: PresentPlacement | None = text("Where the child lives now.")
    present_placement: str | None = text("More about where the child lives now.")
    together: bool | None = text("Whether siblings are to be placed together.")
    needs: str | None = text("Needs, in a few sentences.")
    reason_for_search: str | None = text("Why a placement is sought.")
    care_plan: str | None = text("Care plan.")
    placement_history: str | None = text("Earlier placements.")
    move_on: str | None = text("Plan for moving on.")
    risks: list[RiskInput] | None = text("Risks.")
    requirements: RequirementsInput | None = text("Requirements.")
    family_assessment: FamilyAssessmentInput | None = text("For family assessment alone.")
    children: list[ChildInput] | None = text("The child, or the children of a sibling group.")

    def faults(self, now: datetime) -> Iterator[Refused]:
        for day, name in ((self.date_required, "dateRequired"), (self.response_deadline, "responseDeadline")):
            yield from sense.within(day, sense.YEAR, 5 * sense.YEAR, now, name)
        yield from sense.near(self.near)
        yield from sense.radius(self.radius_miles)
        yield from sense.apart(self.preferred_areas, self.excluded_areas)
        yield from sense.once(self.risks, "This risk", "risks", key="kind")
        yield from sense.once(self.children, "This child", "children", key="id")
        if len(self.children or ()) > sense.MOST_CHILDREN:
            yield wrong(f"One referral is for {sense.MOST_CHILDREN} children at most.", "children")
