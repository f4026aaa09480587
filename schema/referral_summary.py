"""The referral at a glance: what providers see of it, as structured fields (S-053)."""

from datetime import date, datetime
from uuid import UUID

from models.provider import Category, Gender
from models.referral import Urgency
from models.referral_form import CarerGender, Duration, LegalStatus, PresentPlacement, RiskKind, RiskLevel
from schema.fields import told, value


@value("Somebody to speak to.")
class Contact:
    name: str = told("Full name.")
    role: str | None = told("What they do.")
    phone: str | None = told("Telephone.")
    email: str | None = told("E-mail address.")


@value("One risk and what is known of it.")
class Risk:
    kind: RiskKind = told("Which risk.")
    level: RiskLevel = told("None, past or current.")
    note: str | None = told("What is known.")


@value("A child as providers see them: never by name.")
class ChildSummary:
    id: UUID = told("The child's id within this referral.")
    initials: str | None = told("Initials.")
    age_years: int | None = told("Whole years on the day it was sent.")
    age_months: int | None = told("Months beyond the whole years on that day.")
    expected_on: date | None = told("When the birth is expected of a child not yet born.")
    gender: Gender | None = told("Gender.")
    ethnicity: str | None = told("Ethnicity.")
    religion: str | None = told("Religion.")
    first_language: str | None = told("First language.")
    interpreter: bool | None = told("Whether an interpreter is needed.")
    disability: str | None = told("Disability.")
    health: str | None = told("Health.")
    medication: str | None = told("Medication.")
    allergies: str | None = told("Allergies.")
    education: str | None = told("School or college and how it goes.")
    ehcp: bool | None = told("Whether there is an education, health and care plan.")
    keep_school: bool | None = told("Whether the present school is to be kept.")
    behaviour: str | None = told("Emotional and behavioural needs.")
    strengths: str | None = told("Strengths and interests.")
    wishes: str | None = told("Wishes and feelings.")


@value("What a placement must offer.")
class Requirements:
    staffing_ratio: str | None = told("Staff to children.")
    waking_night: bool | None = told("Whether staff must be awake at night.")
    carer_gender: CarerGender | None = told("Gender of carers, where it matters.")
    matching: str | None = told("Matching with other children.")
    pets: str | None = told("Pets.")
    smoking: str | None = told("Smoking.")
    accessibility: str | None = told("Accessibility.")
    therapy: str | None = told("Therapy.")
    transport: str | None = told("Transport and school run.")
    family_time: str | None = told("Family time.")


@value("What a family assessment is about.")
class FamilyAssessment:
    parents: str | None = told("The parents and who would live in.")
    court_dates: list[date] | None = told("Dates the court has set.")
    assessment: str | None = told("What is to be assessed.")


@value("A referral at a glance.")
class ReferralSummary:
    category: Category | None = told("Category of care.")
    urgency: Urgency | None = told("How soon.")
    date_required: date | None = told("The day from which a placement is needed.")
    response_deadline: datetime | None = told("When answers are hoped for; nothing is declined by a machine.")
    duration: Duration | None = told("For how long.")
    placing_team: str | None = told("The team that places.")
    social_worker: Contact | None = told("The child's social worker.")
    team_manager: Contact | None = told("The team manager.")
    preferred_areas: list[str] | None = told("Areas that would suit.")
    excluded_areas: list[str] | None = told("Areas that would not.")
    near: str | None = told("Where from: a postcode district like B29.")
    radius_miles: int | None = told("How far from there at most.")
    solo: bool | None = told("Whether the child must be the only one placed; false where the home may be shared.")
    legal_status: LegalStatus | None = told("Legal status.")
    present_placement_type: PresentPlacement | None = told("Where the child lives now.")
    present_placement: str | None = told("More about where the child lives now.")
    together: bool | None = told("Whether siblings are to be placed together.")
    needs: str | None = told("Needs, in a few sentences.")
    reason_for_search: str | None = told("Why a placement is sought.")
    care_plan: str | None = told("Care plan.")
    placement_history: str | None = told("Earlier placements.")
    move_on: str | None = told("Plan for moving on.")
    risks: list[Risk] | None = told("Risks.")
    requirements: Requirements | None = told("Requirements.")
    family_assessment: FamilyAssessment | None = told("For family assessment alone.")
    children: list[ChildSummary] = told("The child, or the children of a sibling group.")
