"""The review of an agreement as a client sees it: what changed, what was asked for, what was looked through."""

from datetime import datetime
from uuid import UUID

import strawberry

from models import ipa_change, ipa_correction
from models.ipa_correction import CorrectionOutcome
from models.ipa_review import ReviewItem, ReviewWarning
from models.ipa_worklist import IpaAwaits
from schema.fields import shows, told, value


@value("One difference that edits of an agreement made, as people read it.")
class IpaChange:
    path: list[str] = told(
        "Where it is, like `child`/`knownAs`, `outcomes`/`0`/`measure`, `contacts`/`keyContact`/`phone` or"
        " `documents`/id of the document."
    )
    label: str = told("Where it is, in words.")
    before: str | None = told("What was said before; null where nothing was.")
    after: str | None = told("What is said since; null where nothing is.")


@shows(ipa_change.IpaChange, "One edit of an agreement before it was enabled, from the old words to the new.")
class IpaEdit:
    version: int = told("The version that it made.")
    name: str = told("Who made it.")
    organisation: str = told("For which organisation.")
    at: datetime = told("When.")
    shared: bool = told("Whether the provider had been shown the draft; else it is the authority's alone.")
    changes: list[IpaChange] = told("What it changed.")


@shows(ipa_correction.IpaCorrection, "A correction that the provider asks for, and what became of it.")
class IpaCorrection:
    id: UUID = told("Its id.")
    version: int = told("The version of the agreement by which it was asked for.")
    name: str = told("Who asks.")
    reason: str = told("What shall be corrected, and why.")
    at: datetime = told("When it was asked for.")
    open: bool = told("Whether it waits.")
    outcome: CorrectionOutcome | None = told("What became of it; null while it waits.")
    answer: str | None = told("The authority's answer, where it gave one in words.")
    settled_by_name: str | None = told("Who settled it.")
    settled_at: datetime | None = told("When it was settled.")


@value("An item that a provider looks through in its review.")
class ReviewCheck:
    item: ReviewItem = told("The item.")
    confirmed: bool = told("Whether the confirmation that stands names it.")


@strawberry.type(description="What was enabled all the same: nothing was refused for it.")
class EnablingWarning:
    code: ReviewWarning = strawberry.field(description="What it is.")
    message: str = strawberry.field(description="The same in words.")


@value("How many agreements wait for one step, as far as the viewer sees them.")
class IpaCount:
    awaits: IpaAwaits = told("What they wait for; see `ipas(filter: {awaits})`.")
    count: int = told("How many.")
    oldest_days: int | None = told("For how many days, in London, the oldest of them has; null where there is none.")
