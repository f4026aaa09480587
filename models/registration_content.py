"""What a registration says as a whole, in one form, whoever wrote it: a workbook, a case system, a test."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from models.document import DocumentKind
from models.home import HomeKind, OfstedGrade, Regulator
from models.provider import Category, ContactPurpose, Gender

__all__ = [
    "CareFacts", "ContactFacts", "ContactPurpose", "DocumentFacts", "FamilyFacts", "HomeFacts", "HomeKind",
    "MembershipFacts", "OrganisationFacts", "RegistrationContent",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationFacts:
    legal_name: str
    trading_name: str | None = None
    company_number: str | None = None
    address: str
    postcode: str
    agency_urn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    purpose: ContactPurpose
    name: str
    job_title: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CareFacts:
    """Ages in whole years, both included."""

    category: Category
    age_from: int
    age_to: int
    genders: tuple[Gender, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipFacts:
    framework: str
    lot: str | None = None
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeFacts:
    """`service` names the supported-accommodation service that premises belong to; they share its URN."""

    kind: HomeKind
    name: str
    service: str | None = None
    address: str
    postcode: str
    urn: str
    regulator: Regulator = Regulator.OFSTED
    registered_manager: str
    places: int
    ofsted_grade: OfstedGrade = OfstedGrade.NOT_YET_INSPECTED
    ofsted_inspected_on: date | None = None
    default_core_fee: Decimal | None = None
    care: tuple[CareFacts, ...] = ()
    memberships: tuple[MembershipFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyFacts:
    """`details` are the fields of `FosteringFamilyInput` beyond the first three, by their public names."""

    name: str
    postcode: str | None = None
    supervising_social_worker: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """A file that will be uploaded for the provider, or for the home of that name."""

    kind: DocumentKind
    home: str | None = None
    file_name: str
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationContent:
    """A part that is None was not given and stays as it is; one that is empty was given as empty.

    Names of homes and of families are unique in it, whatever the case. `care` and `memberships` are the agency's own.
    """

    organisation: OrganisationFacts | None = None
    contacts: tuple[ContactFacts, ...] | None = None
    care: tuple[CareFacts, ...] | None = None
    memberships: tuple[MembershipFacts, ...] | None = None
    homes: tuple[HomeFacts, ...] | None = None
    families: tuple[FamilyFacts, ...] | None = None
    documents: tuple[DocumentFacts, ...] | None = None
