"""Providers of the demonstration as their registration says it, whole: what is written into their workbooks."""

from __future__ import annotations

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
from portal.demonstration.documents import Document
from portal.demonstration.families import FosteringFamily
from portal.demonstration.frameworks import FrameworkMembership
from portal.demonstration.homes import Home
from portal.demonstration.papers import Paper
from portal.demonstration.people import Contact
from portal.demonstration.providers import Provider

KINDS = {
    "RESIDENTIAL": HomeKind.CHILDRENS_HOME,
    "RESIDENTIAL_FAMILY_ASSESSMENT": HomeKind.FAMILY_ASSESSMENT_CENTRE,
    "SUPPORTED_ACCOMMODATION": HomeKind.SUPPORTED_ACCOMMODATION,
}


def registered(provider: Provider) -> RegistrationContent:
    return RegistrationContent(
        organisation=organisation(provider),
        contacts=(
            contact(ContactPurpose.REFERRALS, provider.referrals_contact),
            contact(ContactPurpose.RESPONSIBLE_INDIVIDUAL, provider.responsible_individual),
            ContactFacts(purpose=ContactPurpose.EMERGENCY, name="On-call manager", phone=provider.out_of_hours),
        ),
        care=tuple(fostering_care(provider)),
        memberships=tuple(membership(each) for each in provider.frameworks if each.framework == "FOSTERING"),
        homes=tuple(home(each) for each in provider.homes),
        families=tuple(family(each) for each in provider.families),
        documents=(
            *(document(each) for each in provider.documents),
            *(document(each, home.name) for home in provider.homes for each in home.documents),
        ),
    )


def organisation(provider: Provider) -> OrganisationFacts:
    charity = f", charity {provider.charity_number}" if provider.charity_number else ""
    return OrganisationFacts(
        legal_name=provider.legal_name,
        trading_name=provider.trading_name,
        company_number=f"{provider.company_number}{charity}",
        address=str(provider.address),
        postcode=provider.address.postcode,
        agency_urn=provider.agency.urn if provider.agency else None,
    )


def contact(purpose: ContactPurpose, of: Contact) -> ContactFacts:
    return ContactFacts(purpose=purpose, name=of.name, job_title=of.job_title, email=of.email, phone=of.phone)


def fostering_care(provider: Provider) -> list[CareFacts]:
    """An agency is registered for all that any of its families is approved for."""
    families = provider.families
    if not families:
        return []
    ages = min(each.age_from for each in families), max(each.age_to for each in families)
    genders = {gender for each in families for gender in each.genders}
    return [care("FOSTERING", *ages, tuple(sorted(genders)))]


def care(category: str, age_from: int, age_to: int, genders: tuple[str, ...]) -> CareFacts:
    return CareFacts(category=Category(category), age_from=age_from, age_to=age_to, genders=tuple(map(Gender, genders)))


def membership(of: FrameworkMembership) -> MembershipFacts:
    return MembershipFacts(framework=of.framework, lot=of.lot, valid_from=of.valid_from, valid_until=of.valid_to)


def home(of: Home) -> HomeFacts:
    kind = KINDS[of.category]
    return HomeFacts(
        kind=kind,
        name=of.name,
        service=of.registration.name if kind is HomeKind.SUPPORTED_ACCOMMODATION else None,
        address=str(of.address),
        postcode=of.address.postcode,
        urn=of.registration.urn,
        regulator=Regulator(of.registration.regulator),
        registered_manager=of.registered_manager,
        places=of.registered_places,
        ofsted_grade=OfstedGrade(of.ofsted_grade),
        ofsted_inspected_on=of.inspected_on,
        default_core_fee=of.core_weekly_fee,
        care=(care(of.category, of.age_from, of.age_to, of.genders),),
        memberships=(membership(of.framework),) if of.framework else (),
    )


def family(of: FosteringFamily) -> FamilyFacts:
    return FamilyFacts(
        name=of.name,
        postcode=of.postcode,
        supervising_social_worker=of.supervising_social_worker,
        details={
            "carers": [carer.name.full for carer in of.carers],
            "ageFrom": of.age_from,
            "ageTo": of.age_to,
            "places": of.number,
            "genders": list(of.genders),
            "household": of.household,
            "pets": of.pets,
            "smokers": of.smokers,
            "ethnicity": " / ".join(dict.fromkeys(carer.ethnicity for carer in of.carers)),
            "languages": list(of.languages),
            "faith": of.faith,
            "experience": of.experience,
            "othersPlaced": of.others_placed,
        },
    )


def document(of: Document, home: str | None = None) -> DocumentFacts:
    return DocumentFacts(
        kind=DocumentKind(of.kind), home=home, file_name=Paper.of(of).file_name, expires_on=of.expires_on
    )
