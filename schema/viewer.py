"""Whoever is asking, and what waits for them."""

from datetime import datetime

from models import viewer
from models.lifecycle import Role
from schema.fields import shows, told
from schema.organisation import Organisation
from schema.person import Person


@shows(viewer.Pending, "What waits for you, in numbers; 0 for what cannot be yours.")
class Pending:
    new_referrals: int = told("Referrals that nobody of your organisation has opened, while the search goes on.")
    due_today: int = told(
        "Referrals to be answered by today: the authority's own, a provider's without an answer of its own."
    )
    overdue: int = told("Those whose deadline has passed; nothing is declined for that.")
    unread_messages: int = told("Messages that you have not read; 1000 stands for as many or more.")
    offers_awaiting: int = told("Offers that await the authority's decision.")
    ipas_to_review: int = told("Agreements that the authority has shared for your review.")
    ipas_to_correct: int = told("Agreements in review of which the provider asks for a correction.")
    ipas_to_enable: int = told("Agreements whose review the provider has confirmed, for the authority to enable.")
    ipas_to_sign: int = told("Agreements that you may sign and your party has yet to, for yourself or for a colleague.")
    uplifts_to_answer: int = told("Uplifts of signed agreements that await the answer of your side.")
    unread_notifications: int = told("Notifications that you have not read.")
    registrations_awaiting: int = told("Registrations that await your decision.")
    registration_changes_awaiting: int = told("Changes of approved registrations that await your decision.")
    accounts_awaiting: int = told("Accounts that await your approval.")
    expiring_documents: int = told("Your organisation's documents with fewer than thirty days left, or none.")


@shows(viewer.SignedIn, "Whoever is asking.")
class Viewer:
    name: str = told("The person's name.")
    person: Person = told("The person.")
    organisation: Organisation = told("The organisation the person acts for.")
    roles: list[Role] = told("What the person may do for it.")
    session_expires_at: datetime = told("When to sign in again.")
    recovery_codes_left: int = told("How many of the person's recovery codes are left.")
    pending: Pending = told("What waits for the person.")
