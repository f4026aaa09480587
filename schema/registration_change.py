"""Changes of an approved registration as a client sees them: what is in effect, and what shall be."""

from datetime import datetime
from uuid import UUID

import strawberry

from models import registration_change
from models.registration_change import ChangeAction, ChangeStatus, ChangeSubject
from schema.fields import connection, shows, told
from schema.pages import PageInfo


@shows(registration_change.RegistrationChange, "One fact of an approved registration that shall change.")
class RegistrationChange:
    id: UUID = told("Its id.")
    provider_id: UUID = told("The registration that it belongs to.")
    subject: ChangeSubject = told("What it concerns.")
    subject_id: UUID = told("The home, care or membership, or the provider itself.")
    home_id: UUID | None = told("The home that it concerns.")
    label: str = told("The name of that home, else of the provider.")
    action: ChangeAction = told("Whether something is added, changed or taken out.")
    field: str | None = told("Which fact; `care` is its ages and genders, `membership` its lot and dates.")
    before: str | None = told("What is in effect, as people read it.")
    after: str | None = told("What shall be, as people read it.")
    proposed_at: datetime = told("When it was proposed.")
    proposed_by_name: str = told("Who proposed it.")
    waiting_days: int = told("For how many days it has been proposed.")
    status: ChangeStatus = told("What has become of it.")
    decided_at: datetime | None = told("When it was decided on or withdrawn.")
    decided_by_name: str | None = told("Who decided on it or withdrew it.")
    reason: str | None = told("Why it was rejected.")


@strawberry.type(description="A change at its place in a list.")
class RegistrationChangeEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on from here.")
    node: RegistrationChange = strawberry.field(description="The change.")


@connection("RegistrationChange", "A page of changes.")
class RegistrationChangeConnection:
    edges: list[RegistrationChangeEdge] = strawberry.field(description="The changes with their cursors.")
    nodes: list[RegistrationChange] = strawberry.field(description="The changes.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")
    total_count: int = strawberry.field(description="How many there are in all.")
