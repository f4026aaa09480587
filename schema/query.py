"""Everything a signed-in client can ask."""

import strawberry

import resolvers.message
import resolvers.notification
import resolvers.offer
import resolvers.referral
from schema.fields import read
from schema.message import MessageConnection, Thread, ThreadConnection
from schema.notification import NotificationConnection
from schema.offer import Offer, OfferConnection
from schema.referral import Referral, ReferralConnection


@strawberry.type(description="Everything a signed-in client can ask.")
class Query:
    referral: Referral | None = read(resolvers.referral.one, "A referral by its id or its reference; null where you see none.")
    referrals: ReferralConnection = read(resolvers.referral.inbox, "The authority's referrals, or those the provider received.")
    thread: Thread | None = read(resolvers.message.thread, "A conversation by its id, or a provider's own on a referral.")
    threads: ThreadConnection = read(resolvers.message.threads, "Conversations.")
    messages: MessageConnection = read(resolvers.message.page, "The messages of a conversation, oldest first.")
    offer: Offer | None = read(resolvers.offer.one, "An offer by its id; null where you see none.")
    offers: OfferConnection = read(resolvers.offer.page, "Offers, newest change first.")
    notifications: NotificationConnection = read(resolvers.notification.page, "What you were told, newest first.")
    unread_notifications: int = read(resolvers.notification.unread, "How many notifications you have not read.")
