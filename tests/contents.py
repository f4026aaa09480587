"""Registrations of any size, as they are written into workbooks."""

from datetime import date
from decimal import Decimal

from models.home import OfstedGrade
from models.provider import Category, Gender
from models.registration_content import (
    CareFacts,
    ContactFacts,
    ContactPurpose,
    FamilyFacts,
    HomeFacts,
    HomeKind,
    MembershipFacts,
    OrganisationFacts,
    RegistrationContent,
)

BOTH = (Gender.FEMALE, Gender.MALE)


def registration(homes: int, families: int = 0, name: str = "Alder Homes Limited") -> RegistrationContent:
    """A provider of so many children's homes, and an agency where it has families."""
    fostering = CareFacts(category=Category.FOSTERING, age_from=0, age_to=17, genders=BOTH)
    return RegistrationContent(
        organisation=OrganisationFacts(
            legal_name=name, address="1 High Street, Birmingham", postcode="B1 1AA",
            agency_urn="SC999999" if families else None,
        ),
        contacts=(ContactFacts(purpose=ContactPurpose.REFERRALS, name="Ada Moss", email="ada.moss@example.org"),),
        care=(fostering,) if families else (),
        memberships=(),
        homes=tuple(home(number) for number in range(homes)),
        families=tuple(family(number) for number in range(families)),
        documents=(),
    )  # fmt: skip


def home(number: int) -> HomeFacts:
    return HomeFacts(
        kind=HomeKind.CHILDRENS_HOME, name=f"Home {number}", address=f"{number + 1} Linden Road, Walsall",
        postcode="WS1 1AA", urn=f"SC{100_000 + number}", registered_manager="Morgan Reed", places=3,
        ofsted_grade=OfstedGrade.GOOD, ofsted_inspected_on=date(2025, 11, 4), default_core_fee=Decimal("4100.00"),
        care=(CareFacts(category=Category.RESIDENTIAL, age_from=8, age_to=17, genders=BOTH),),
        memberships=(MembershipFacts(framework="West Midlands Residential", valid_from=date(2025, 4, 1)),),
    )  # fmt: skip


def family(number: int) -> FamilyFacts:
    details = {"ageFrom": 5, "ageTo": 12, "places": 2, "languages": ["English", "Punjabi"]}
    return FamilyFacts(name=f"Family {number}", postcode="WS1 1AA", supervising_social_worker="Sam", details=details)
