"""The timeline and the dated gates as a client sees them."""

from datetime import datetime
from uuid import UUID

import strawberry

from models import event, rollout
from models.provider import Category
from models.rollout import Feature
from schema.fields import connection, shows, told
from schema.pages import PageInfo


@shows(event.Event, "Something that was done.")
class Event:
    id: UUID = told("Its id.")
    at: datetime = told("When.")
    kind: str = told("What, like offer.accept.")
    actor_name: str | None = told("Who did it; null for the portal itself.")
    actor_organisation: str | None = told("For which organisation.")
    subject_kind: str = told(
        "What it was done to: REFERRAL, OFFER, IPA, THREAD, PROVIDER, REGISTRATION_IMPORT, PERSON, DOCUMENT,"
        " DELEGATION, UPLIFT, ORGANISATION."
    )
    subject_id: UUID = told("The id of that.")
    reference: str | None = told("The reference it concerns.")
    version: int = told("The version it led to.")


@strawberry.type(description="An event at its place in the timeline.")
class EventEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on from here.")
    node: Event = strawberry.field(description="The event.")


@connection("Event", "A page of the timeline, newest first.")
class EventConnection:
    edges: list[EventEdge] = strawberry.field(description="The events with their cursors.")
    nodes: list[Event] = strawberry.field(description="The events.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")
    total_count: int = strawberry.field(description="How many there are in all.")


@shows(rollout.Rollout, "A dated gate: what is open, for whom, from when until when.")
class Gate:
    feature: Feature = told("What it opens.")
    la_id: UUID | None = told("For which authority; null for all.", name="localAuthorityId")
    category: Category | None = told("For which category; null for all.")
    opens_at: datetime = told("From when.")
    closes_at: datetime | None = told("Until when; null for good.")
