"""What registrations say, for workbooks."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from models.document import DocumentKind
from models.home import OfstedGrade, Regulator
from models.provider import Category, Gender
from models.registration_content import (
    CareFacts,
    ContactFacts,
    ContactPurpose,
    DocumentFacts,
    FamilyFacts,
    HomeFacts,
    HomeKind,
    MembershipFacts,
    OrganisationFacts,
    RegistrationContent,
)
from portal.workbook import Reading, read

BOTH = (Gender.FEMALE, Gender.MALE)
ON_FRAMEWORK = MembershipFacts(
    framework="West Midlands Residential", lot="Lot 1", valid_from=date(2025, 4, 1), valid_until=date(2029, 3, 31)
)
ON_ANOTHER = MembershipFacts(framework="Flexible Framework", valid_from=date(2026, 1, 1))


def care(category: Category, low: int, high: int, *genders: Gender) -> CareFacts:
    return CareFacts(category=category, age_from=low, age_to=high, genders=genders or BOTH)


def home(number: int) -> HomeFacts:
    return HomeFacts(
        kind=HomeKind.CHILDRENS_HOME, name=f"Home {number}", address=f"{number} Long Lane, Dudley", postcode="DY1 1AA",
        urn=f"SC{100000 + number}", registered_manager="Ann Avery", places=4, ofsted_grade=OfstedGrade.GOOD,
        ofsted_inspected_on=date(2025, 11, 12), default_core_fee=Decimal("4100.00"),
        care=(care(Category.RESIDENTIAL, 8, 17),), memberships=(ON_FRAMEWORK,),
    )  # fmt: skip


def family(number: int) -> FamilyFacts:
    details = {
        "carers": ["Pat Hill", "Kim Hill"], "ageFrom": 0, "ageTo": 10, "places": 2, "genders": ["FEMALE", "MALE"],
        "household": "Two sons of 9 and 12", "smokers": False, "languages": ["English", "Punjabi"], "othersPlaced": 0,
    }  # fmt: skip
    return FamilyFacts(
        name=f"Family {number}", postcode="WS1 1AA", supervising_social_worker="Sue Lee", details=details
    )


CENTRE = HomeFacts(
    kind=HomeKind.FAMILY_ASSESSMENT_CENTRE, name="Canal Centre", address="3 Wharf, Tipton", postcode="DY4 8AA",
    urn="1234567", regulator=Regulator.CIW, registered_manager="Bo Bell", places=6,
    care=(care(Category.RESIDENTIAL_FAMILY_ASSESSMENT, 0, 3), care(Category.RESIDENTIAL, 8, 12, Gender.MALE)),
    memberships=(ON_FRAMEWORK, ON_ANOTHER),
)  # fmt: skip
PREMISES = tuple(
    HomeFacts(
        kind=HomeKind.SUPPORTED_ACCOMMODATION, name=name, service="Next Step", address="5 High Street, Walsall",
        postcode="WS1 1AB", urn="765432", registered_manager="Cy Cole", places=3,
        care=(care(Category.SUPPORTED_ACCOMMODATION, 16, 17),),
    )
    for name in ("Step House", "Step Flats")
)  # fmt: skip
BRANCH = HomeFacts(
    kind=HomeKind.FOSTERING_BRANCH, name="Walsall branch", address="7 Park Street, Walsall", postcode="WS1 1AD",
    urn="SC999999", registered_manager="Di Dunn", places=1,
)  # fmt: skip
EVERYTHING = RegistrationContent(
    organisation=OrganisationFacts(
        legal_name="Avery Care Ltd", trading_name="Avery", company_number="01234567", address="1 Long Lane, Dudley",
        postcode="DY1 1AA", agency_urn="SC999999",
    ),
    contacts=(
        ContactFacts(purpose=ContactPurpose.REFERRALS, name="Placements", email="placements@avery.example"),
        ContactFacts(purpose=ContactPurpose.EMERGENCY, name="On call", job_title="Duty", phone="0121 496 0000"),
    ),
    care=(care(Category.FOSTERING, 0, 17),),
    memberships=(ON_ANOTHER,),
    homes=(home(1), home(2), CENTRE, *PREMISES, BRANCH),
    families=(family(1), family(2)),
    documents=(
        DocumentFacts(kind=DocumentKind.OFSTED_CERTIFICATE, home="Home 1", file_name="home-1.pdf"),
        DocumentFacts(
            kind=DocumentKind.PUBLIC_LIABILITY_INSURANCE, file_name="liability.pdf", expires_on=date(2027, 3, 31)
        ),
    ),
)  # fmt: skip


async def read_bytes(folder: Path, content: bytes, name: str = "workbook.xlsx", sheet: str | None = None) -> Reading:
    path = folder / name
    path.write_bytes(content)
    return await read(path, sheet=sheet)


def said_alone(of: HomeFacts) -> tuple[list[str], list[str]]:
    """The header and the row of a home as plain text, with its first category and framework."""
    gives, belongs = of.care[0], of.memberships[0]
    row = {
        "Kind": "Children's home", "Name": of.name, "Address": of.address, "Postcode": of.postcode,
        "Ofsted URN": of.urn, "Registered manager": of.registered_manager, "Registered places": str(of.places),
        "Ofsted grade": "Good", "Inspected on": f"{of.ofsted_inspected_on:%d/%m/%Y}",
        "Core weekly fee": f"£{of.default_core_fee}", "Category": "Residential", "Age from": str(gives.age_from),
        "Age to": str(gives.age_to), "Genders": "Mixed", "Framework": belongs.framework, "Lot": str(belongs.lot),
        "Member from": f"{belongs.valid_from:%d/%m/%Y}", "Member until": f"{belongs.valid_until:%d/%m/%Y}",
    }  # fmt: skip
    return list(row), list(row.values())
