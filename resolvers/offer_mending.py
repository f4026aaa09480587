"""Where a provider mends the documents that its offer must carry, as things stand now (S-086, S-087)."""

from datetime import datetime
from typing import Any

from models.document_fault import Workshop
from models.offer import Offer
from models.organisation import Organisation
from models.provider import Provider
from models.refusal import Code, Refused
from models.rollout import spoken_day
from resolvers.context import Context
from resolvers.registration import profile_open

REGION = "the region"


async def workshop(context: Context, offer: Offer) -> Workshop:
    """Whether the viewer's profile takes documents now, by the clock and by its registration; else whom to ask."""
    place: dict[str, Any] = {"home_id": offer.home_id, "home_name": offer.placement["name"]}
    registration = await context.find(Provider, context.viewer.organisation_id)
    try:
        registration.ready("add_document", by=context.by)
        await profile_open(context, registration)
    except Refused as closed:
        opener = await _opener(context, registration)
        if closed.code is not Code.FEATURE_NOT_YET_AVAILABLE:
            return Workshop(**place, closed=f"Your registration is locked: ask {opener} to open it for editing")
        opens_at = datetime.fromisoformat(closed.facts["available_from"])
        until = f"Profiles can be edited from {spoken_day(opens_at)} on: until then ask {opener}"
        return Workshop(**place, closed=f"{until} to open your registration for editing", opens_at=opens_at)
    return Workshop(**place)


async def _opener(context: Context, registration: Provider) -> str:
    """The authority that manages the registration; where there is none, the region decides."""
    if registration.managing_la_id is None:
        return REGION
    return (await context.find(Organisation, registration.managing_la_id)).name
