"""Registrations of providers as a client sees them."""

from datetime import date, datetime
from uuid import UUID

import strawberry

from models import provider
from models.document import DocumentKind
from models.provider import Category, ContactPurpose
from models.registration import RegistrationStatus
from schema.document import Document, RequiredDocument
from schema.enums import RegistrationAction
from schema.fields import connection, shows, told, value
from schema.home import FrameworkMembership, Home, RegisteredCare
from schema.node import Node
from schema.organisation import Organisation
from schema.pages import PageInfo
from schema.problems import Problem
from schema.registration_change import RegistrationChange


@value("Somebody at the provider, and what to ask them about.")
class ProviderContact:
    purpose: ContactPurpose = told("What about.")
    name: str = told("Their name.")
    job_title: str | None = told("Their job title.")
    email: str | None = told("E-mail.")
    phone: str | None = told("Telephone.")


@value("A file that a workbook named.")
class AnnouncedDocument:
    kind: DocumentKind = told("What it is.")
    home: str | None = told("The name of the home that it speaks for; null for the provider itself.")
    file_name: str = told("The name of the file.")
    expires_on: date | None = told("The last day on which it is valid.")


@shows(provider.Provider, "A provider's registration.")
class Registration(Node):
    id: UUID = told("Its id, which is also that of the provider's organisation.")
    status: RegistrationStatus = told("Its state, always the true one.")
    version: int = told("Send it back as `expectedVersion`.")
    organisation: Organisation = told("The provider.")
    managing_local_authority: Organisation | None = told("The one authority that manages it.")
    legal_name: str = told("Legal name.")
    trading_name: str | None = told("Trading name.")
    company_number: str | None = told("Company or charity number.")
    address: str | None = told("Registered address.")
    postcode: str = told("Its postcode.")
    agency_urn: str | None = told("The regulator's reference number, where the provider itself holds one.")
    contacts: list[ProviderContact] = told("Whom to ask about what.")
    announced: list[AnnouncedDocument] = told("Files that the last workbook named, to be uploaded.")
    effective_since: datetime | None = told("The last approval; it stays in effect while the registration is edited.")
    submitted_at: datetime | None = told("When it was last submitted.")
    waiting_since: datetime | None = told(
        "Since when it, or the oldest change of an approved one, has waited for a decision; null unless one is due."
    )
    waiting_days: int | None = told("For how many days that is.")
    pending_changes: int = told("How many changes wait for approval.")
    handed_over_because: str | None = told("Why it was last handed over; for the provider and for those who decide.")
    reason: str | None = told("Why it was rejected; for the provider and for those who decide.")
    care: list[RegisteredCare] = told("What the provider is registered for, by home or as an agency.")
    homes: list[Home] = told("Its homes, those that wait for approval included where you may see them.")
    memberships: list[FrameworkMembership] = told("The agency's own places on frameworks; homes have theirs.")
    documents: list[Document] = told("The profile's documents in force; for the provider and for those who decide.")
    required_documents: list[RequiredDocument] = told(
        "What offers of its care must carry, by home; for the provider and for those who decide."
    )
    changes: list[RegistrationChange] = told(
        "What waits for approval, old and new side by side; for the provider and for those who decide."
    )
    can: list[RegistrationAction] = told("What you may do with it now.")  # type: ignore[valid-type]


@strawberry.type(description="A registration at its place in a list.")
class RegistrationEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on from here.")
    node: Registration = strawberry.field(description="The registration.")


@connection("Registration", "A page of registrations.")
class RegistrationConnection:
    edges: list[RegistrationEdge] = strawberry.field(description="The registrations with their cursors.")
    nodes: list[Registration] = strawberry.field(description="The registrations.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")
    total_count: int = strawberry.field(description="How many there are in all.")


@value("How many registrations there are in a state.")
class RegistrationCount:
    status: RegistrationStatus = told("The state.")
    count: int = told("How many.")
    oldest_days: int | None = told("For how many days the longest has waited for a decision.")


@value("How many approved providers give a category of care.")
class ApprovedProviders:
    category: Category = told("The category of care.")
    count: int = told("How many providers.")


@strawberry.type(description="The answer of an act on a registration.")
class RegistrationPayload:
    registration: Registration | None = strawberry.field(default=None, description="The registration as it is now.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")
