"""Homes, registered care, frameworks and fostering families as a client sees them."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import strawberry

from models import care, home
from models.home import HomeKind, OfstedGrade, Regulator
from models.provider import Category, Gender
from schema.fields import connection, shows, told, value
from schema.node import Node
from schema.pages import PageInfo
from schema.problems import Problem
from schema.registration_change import RegistrationChange


@shows(care.RegisteredCare, "A category of care with the ages and genders that it is registered for.")
class RegisteredCare:
    id: UUID = told("Its id.")
    home_id: UUID | None = told("The home that gives it; null for a fostering agency.")
    category: Category = told("Category of care.")
    age_from: int = told("The youngest age in years.")
    age_to: int = told("The oldest age in years.")
    genders: list[Gender] = told("The genders it is registered for.")
    in_effect: bool = told("Whether it has been approved, so that it brings referrals.")


@shows(home.FrameworkMembership, "A place on a framework, from a day until a day.")
class FrameworkMembership:
    id: UUID = told("Its id.")
    framework: str = told("Which framework.")
    lot: str | None = told("Which lot of it.")
    valid_from: date = told("The first day.")
    valid_until: date | None = told("The last day; null for no end yet.")
    in_effect: bool = told("Whether it has been approved and not taken out.")


@shows(home.Home, "A registered home, centre or supported accommodation.")
class Home(Node):
    id: UUID = told("Its id.")
    provider_id: UUID = told("The provider whose home it is.")
    version: int = told("The version of its registration: send it back as `expectedVersion`.")
    kind: HomeKind = told("What it is registered as.")
    name: str = told("Its name.")
    service: str | None = told("The supported-accommodation service that these premises belong to.")
    address: str = told("Its address.")
    postcode: str = told("Its postcode.")
    urn: str = told("The regulator's reference number.")
    regulator: Regulator = told("Who registers it.")
    registered_manager: str = told("The registered manager.")
    places: int = told("Registered places.")
    ofsted_grade: OfstedGrade = told("The grade of the last inspection.")
    ofsted_inspected_on: date | None = told("The day of that inspection.")
    default_core_fee: Decimal | None = told("The core weekly fee in pounds that an offer starts from.")
    in_effect: bool = told("Whether it has been approved and not ended, so that offers can name it.")
    on_framework: bool = told("Whether a framework membership of this home is in force today.")
    care: list[RegisteredCare] = told("What it is registered for.")
    changes: list[RegistrationChange] = told("What of it waits for approval.")
    memberships: list[FrameworkMembership] = told("Its places on frameworks, past and future ones included.")


@value("What an agency has written down of a family.")
class FosteringFamilyDetails:
    carers: list[str] | None = told("The carers' names.")
    age_from: int | None = told("The youngest age they are approved for.")
    age_to: int | None = told("The oldest age they are approved for.")
    places: int | None = told("How many children they are approved for.")
    genders: list[Gender] | None = told("Genders they are approved for.")
    household: str | None = told("Who lives there.")
    pets: str | None = told("Pets.")
    smokers: bool | None = told("Whether anybody smokes.")
    ethnicity: str | None = told("Ethnicity.")
    languages: list[str] | None = told("Languages spoken.")
    faith: str | None = told("Faith.")
    experience: str | None = told("Experience.")
    others_placed: int | None = told("How many other children are placed there.")


@shows(home.FosteringFamily, "A family that your agency has approved; no other organisation sees it here.")
class FosteringFamily:
    id: UUID = told("Its id.")
    name: str = told("The name by which your agency knows it.")
    postcode: str | None = told("Postcode.")
    supervising_social_worker: str | None = told("The supervising social worker.")
    details: FosteringFamilyDetails = told("What is written down of it.")


@strawberry.type(description="A home at its place in a list.")
class HomeEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on from here.")
    node: Home = strawberry.field(description="The home.")


@connection("Home", "A page of homes.")
class HomeConnection:
    edges: list[HomeEdge] = strawberry.field(description="The homes with their cursors.")
    nodes: list[Home] = strawberry.field(description="The homes.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")
    total_count: int = strawberry.field(description="How many there are in all.")


@strawberry.type(description="The answer of an act on a home.")
class HomePayload:
    home: Home | None = strawberry.field(default=None, description="The home as it is now.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")


@strawberry.type(description="The answer of an act on a fostering family.")
class FosteringFamilyPayload:
    family: FosteringFamily | None = strawberry.field(default=None, description="The family as it is now.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")
