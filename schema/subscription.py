"""Everything a signed-in client can listen to."""

from collections.abc import AsyncGenerator

import strawberry

import resolvers.notification
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
