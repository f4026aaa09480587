"""The history of a referral as a client sees it: what was sent, and what each sending changed."""

from datetime import datetime

from models import referral_revision
from schema.fields import shows, told, value
from schema.referral_summary import ReferralSummary


@value("One difference from what was sent before, as people read it.")
class ReferralChange:
    path: list[str] = told("Where it is, like `needs`, `risks`/`SELF_HARM` or `children`/id/`wishes`.")
    label: str = told("Where it is, in words.")
    before: str | None = told("What was said before; null where nothing was.")
    after: str | None = told("What is said since; null where nothing is.")


@shows(referral_revision.ReferralRevision, "A revision of a referral, as it was sent.")
class ReferralRevision:
    revision: int = told("Its number.")
    sent_at: datetime = told("When it was sent.")
    sender: str | None = told("Who sent it; for the authority alone.", name="sentByName")
    content: ReferralSummary = told("What was sent, with the children's ages of that day.", name="summary")
    changes: list[ReferralChange] = told(
        "What it changed against the one before; empty for the first, and for the first that reached you."
    )
