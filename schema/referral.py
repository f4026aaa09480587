"""Referrals as a client sees them."""

from datetime import date, datetime
from typing import Optional
from uuid import UUID

import strawberry

from models import child, delivery, referral
from models.deadline import Due
from models.delivery import DeclineReferralReason, DeliveryStatus
from models.provider import Category, Gender
from models.referral import CloseReason, ReferralStatus, Urgency
from schema.document import ReferralDocument
from schema.enums import DeliveryAction, ReferralAction
from schema.fields import connection, shows, told
from schema.message import Thread
from schema.node import Node
from schema.offer import Offer
from schema.organisation import Organisation
from schema.pages import PageInfo
from schema.problems import Problem
from schema.referral_match import DeliveryMatch
from schema.referral_revision import ReferralRevision
from schema.referral_summary import ReferralSummary


@shows(child.Child, "What identifies a child: the authority's alone until an agreement is shared.")
class Child:
    id: UUID = told("The child's id within the referral.")
    given_names: str | None = told("Given names.")
    family_name: str | None = told("Family name.")
    known_as: str | None = told("What the child likes to be called.")
    date_of_birth: date | None = told("Date of birth.")
    expected_on: date | None = told("Expected date of birth.")
    gender: Gender | None = told("Gender.")
    case_number: str | None = told("The authority's case number.")
    nhs_number: str | None = told("NHS number.")


@shows(delivery.Delivery, "A referral as it reached one provider organisation.")
class Delivery:
    id: UUID = told("Its id.")
    provider: Organisation = told("The provider. An authority sees all of them, a provider itself alone.")
    shown_status: DeliveryStatus = told("What the provider has done with it.", name="status")
    revision: int = told("The revision it has.")
    delivered_at: datetime = told("When that reached it.")
    matched: DeliveryMatch | None = told("By what the provider matched on that day; for it and for the authority.")
    withdrawn: datetime | None = told(
        "Since when it has it no longer, as it does not match what was sent later; for the authority alone.",
        name="withdrawnAt",
    )
    first_opened_at: datetime | None = told("When somebody of the provider first opened it.")
    first_opened_by: str | None = told("Who did.")
    handler: str | None = told("The colleague who works on it; for colleagues alone.")
    declined_at: datetime | None = told("When the provider declined it.")
    decline_reason: DeclineReferralReason | None = told("Why, if it said so.")
    decline_note: str | None = told("What it added.")
    offers: Offer | None = told(
        "The provider's offer: the live one, else its newest. For the authority, of those that were submitted.",
        name="ownOffer",
    )
    can: list[DeliveryAction] = told("What you may do with the referral as it reached you.")  # type: ignore[valid-type]


@shows(referral.Referral, "A child's, or a sibling group's, need for a placement.")
class Referral(Node):
    id: UUID = told("Its id.")
    reference: str = told("A short reference to read out, like WM-7KD4X-RES.")
    status: ReferralStatus = told("Its state.")
    shown_version: int = told("Send it back as `expectedVersion`. A provider sees the revision.", name="version")
    revision: int = told("How often changed content has been sent.")
    category: Category | None = told("Category of care, as last sent.")
    urgency: Urgency | None = told("How soon, as last sent.")
    date_required: date | None = told("The day from which a placement is needed, as last sent.")
    response_deadline: datetime | None = told("When answers are hoped for.")
    due: Due = told("When an answer is due, by working days; NONE where none is hoped for any more.")
    working_days_left: int | None = told(
        "Working days until the deadline: 0 when it has to be met today, negative when it has passed."
    )
    deadline_on_a_day_off: bool = told("Whether the deadline is on a weekend or bank holiday of England.")
    accepted: bool = told("Whether an offer has been accepted; nothing can be edited then.")
    sent_at: datetime | None = told("When it was last sent with changes.")
    created_at: datetime = told("When it was drafted.")
    shown_update: datetime = told("When it last changed; for a provider, when it was last sent.", name="updatedAt")
    close_reason: CloseReason | None = told("Why it was closed.")
    close_note: str | None = told("What was added to the reason.")
    authority: Organisation = told("The authority that seeks the placement.")
    summary: ReferralSummary | None = told("What was last sent: all that providers see. Null while a draft.")
    working_copy: ReferralSummary | None = told("What would be sent next; for the authority alone.")
    revisions: list[ReferralRevision] = told(
        "What was sent, oldest first: all for the authority, for a provider from the one that reached it first."
    )
    split_from: Optional["Referral"] = told("The sibling group it was split from, if you see that as well.")
    split_into: list["Referral"] = told("Referrals of children who were split from it, as far as you see them.")
    children: list[Child] = told("Who the children are; empty for providers.")
    documents: list[ReferralDocument] = told("Attached documents that you may see.")
    offers: list[Offer] = told("Offers on it: all that were submitted for the authority, a provider's own.")
    threads: list[Thread] = told("Conversations about it; a provider sees its own alone.")
    deliveries: list[Delivery] = told("Whom it reached; a provider sees its own delivery alone.")
    can: list[ReferralAction] = told("What you may do with it now.")  # type: ignore[valid-type]


@strawberry.type(description="A referral at its place in a list.")
class ReferralEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on from here.")
    node: Referral = strawberry.field(description="The referral.")


@connection("Referral", "A page of referrals.")
class ReferralConnection:
    edges: list[ReferralEdge] = strawberry.field(description="The referrals with their cursors.")
    nodes: list[Referral] = strawberry.field(description="The referrals.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")
    total_count: int = strawberry.field(description="How many there are in all.")


@strawberry.type(description="The answer of an act on a referral.")
class ReferralPayload:
    referral: Referral | None = strawberry.field(default=None, description="The referral as it is now.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")
