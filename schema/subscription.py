"""Everything a signed-in client can listen to."""

from collections.abc import AsyncGenerator

import strawberry

import resolvers.notification
import resolvers.notification_change as change
from schema.change import ChangeEvent
from schema.fields import listen
from schema.notification import MessageEvent, NotificationEvent


@strawberry.type(description="Everything a signed-in client can listen to. Streams go on from a cursor without a gap.")
class Subscription:
    notifications: AsyncGenerator[NotificationEvent, None] = listen(
        resolvers.notification.notifications, "Your notifications: first what followed `after`, then as they happen."
    )
    messages: AsyncGenerator[MessageEvent, None] = listen(
        resolvers.notification.messages, "New messages, and your own reading, in one conversation or in all."
    )
    changes: AsyncGenerator[ChangeEvent, None] = listen(
        change.changes, "Changes of anything that you may see, with or without a bell."
    )
    referral_changed: AsyncGenerator[ChangeEvent, None] = listen(
        change.referral_changed,
        "Changes of one referral and of what hangs on it: deliveries, offers, agreements, messages, as far as you see.",
        change.look_for_referral,
    )
    offer_changed: AsyncGenerator[ChangeEvent, None] = listen(
        change.offer_changed,
        "Changes of one offer, of the referral that it answers, its agreements and conditions.",
        change.look_for_offer,
    )
    ipa_changed: AsyncGenerator[ChangeEvent, None] = listen(
        change.ipa_changed,
        "Changes of one agreement, of its offer, its referral and its uplifts.",
        change.look_for_ipa,
    )
