"""What closing a referral would do, before it is done."""

from uuid import UUID

from models import referral_closing
from models.referral import ReferralStatus
from schema.fields import shows, told
from schema.offer import Offer


@shows(referral_closing.ReferralClosing, "What closing a referral would do now; nothing happens by asking.")
class ReferralClosing:
    id: UUID = told("The referral's id.")
    possible: bool = told("Whether it can be closed now.")
    hindrance: str | None = told("Why it cannot, in the words of the refusal.")
    accepted_offer: Offer | None = told("The accepted offer that has to be voided before, with its agreements.")
    ending: list[Offer] = told("The submitted offers that would end, with their providers, oldest first.")
    providers_told: int = told("How many providers would be told: all that have it and have not declined.")
    becomes: ReferralStatus = told("Its state afterwards; the present one where it cannot be closed.")
