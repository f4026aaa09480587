"""What sending a referral again would change: worked out when it is asked, for the authority alone (S-060)."""

from uuid import UUID

from models.referral_revision import Change
from resolvers.context import Info
from resolvers.referral_match import looking_at
from resolvers.referral_sending import prepared


async def unsent_changes(info: Info, id: UUID) -> list[Change] | None:
    """Nothing for a draft; None for everybody but the authority whose referral it is."""
    async with looking_at(info.context, id) as (session, referral):
        if referral is None:
            return None
        return list((await prepared(session, referral, info.context.now)).sent.changes)
