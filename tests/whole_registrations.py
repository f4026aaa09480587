"""Small whole registrations for tests of what taking them in means."""

from datetime import date
from decimal import Decimal
from typing import Any

from models.document import DocumentKind
from models.provider import Category, ContactPurpose, Gender
from models.registration_content import (
    CareFacts,
    ContactFacts,
    DocumentFacts,
    FamilyFacts,
    HomeFacts,
    HomeKind,
    MembershipFacts,
    OrganisationFacts,
    RegistrationContent,
)

BOTH = (Gender.FEMALE, Gender.MALE)
CARE = CareFacts(category=Category.RESIDENTIAL, age_from=8, age_to=17, genders=BOTH)
HELD = MembershipFacts(framework="West Midlands Residential", lot="1", valid_from=date(2026, 1, 1))
ORGANISATION = OrganisationFacts(legal_name="Acorn Care Ltd", address="1 Oak Street, Birmingham", postcode="B1 1AA")
CONTACT = ContactFacts(purpose=ContactPurpose.REFERRALS, name="Jo Lee", job_title="Manager", email="jo@example.org")
CERTIFICATE = DocumentFacts(kind=DocumentKind.OFSTED_CERTIFICATE, home="Linden House", file_name="certificate.pdf")


def a_home(number: int = 1, **facts: Any) -> HomeFacts:
    known: dict[str, Any] = {
        "kind": HomeKind.CHILDRENS_HOME, "name": f"House {number}", "address": f"{number} Elm Road, Walsall",
        "postcode": "WS1 1AA", "urn": f"SC{number:06d}", "registered_manager": "Morgan Reed", "places": 4,
        "default_core_fee": Decimal("4100.00"), "care": (CARE,), "memberships": (HELD,),
    }  # fmt: skip
    return HomeFacts(**{**known, **facts})


def a_registration(homes: int = 1, families: int = 0, **parts: Any) -> RegistrationContent:
    known: dict[str, Any] = {
        "organisation": ORGANISATION,
        "contacts": (CONTACT,),
        "care": (),
        "memberships": (),
        "homes": tuple(a_home(number) for number in range(1, homes + 1)),
        "families": tuple(FamilyFacts(name=f"Family {number}", postcode="B1 1AA") for number in range(families)),
        "documents": (CERTIFICATE,),
    }
    return RegistrationContent(**{**known, **parts})
