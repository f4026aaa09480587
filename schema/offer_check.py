"""The checks of an authority before it accepts an offer, as its people see them."""

from datetime import datetime
from uuid import UUID

import strawberry

from models import offer_check
from schema.fields import shows, told, value
from schema.problems import Problem


@value("Something that an authority checks before it accepts an offer.")
class AcceptanceCheck:
    id: UUID = told("Its id, for as long as its words stay the same.")
    words: str = told("What is checked.")


@shows(offer_check.AcceptanceChecks, "What your authority checks before it accepts an offer.")
class AcceptanceChecks:
    version: int = told("Send it back as `expectedVersion`.")
    checks: list[AcceptanceCheck] = told("Each is confirmed by its id when an offer is accepted.")
    changed_at: datetime | None = told("When the list last changed; null for the one it began with.")
    changed_by_name: str | None = told("Who changed it.")


@shows(offer_check.OfferChecks, "What the authority confirmed when it accepted an offer.")
class OfferChecks:
    checks: list[AcceptanceCheck] = told("The checks, in the words that they had then.")
    at: datetime = told("When.")
    by_name: str = told("By whom.")


@strawberry.type(description="The answer of an act on what an authority checks.")
class AcceptanceChecksPayload:
    acceptance_checks: AcceptanceChecks | None = strawberry.field(default=None, description="The list as it is now.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")
