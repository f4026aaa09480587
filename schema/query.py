"""Everything a signed-in client can ask."""

import strawberry

import resolvers.referral
from schema.fields import read
from schema.referral import Referral, ReferralConnection


@strawberry.type(description="Everything a signed-in client can ask.")
class Query:
    referral: Referral | None = read(resolvers.referral.one, "A referral by its id or its reference; null where you see none.")
    referrals: ReferralConnection = read(resolvers.referral.inbox, "The authority's referrals, or those the provider received.")
