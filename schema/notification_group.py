"""Notifications in groups, and how many are unread of each kind."""

from datetime import datetime
from uuid import UUID

import strawberry

from models import notification_group
from models.notification import NotificationKind
from schema.fields import connection, shows, told, value
from schema.pages import PageInfo


@value("How many notifications of a kind you have not read.")
class NotificationCount:
    kind: NotificationKind = told("The kind.")
    count: int = told("How many; kinds of which there are none are left out.")


@shows(
    notification_group.NotificationGroup,
    "All notifications of one kind in your list that concern one thing. Groups are worked out as you ask: each"
    " notification of the list is in one of them. `notifications(filter: {kinds, concernsId})` lists those of one.",
)
class NotificationGroup:
    notice: NotificationKind = told("What they are about.", name="kind")
    concerns: UUID = told("What all of them concern, as each says itself.", name="concernsId")
    title: str = told("The group in words, with how many there are: 3 new messages on WM-7KD4X-RES.")
    reference: str | None = told("The reference that they concern.")
    referral_id: UUID | None = told("The referral that the newest of them is about.")
    subject_kind: str = told("What the newest of them leads to; see `Notification.subjectKind`.")
    subject_id: UUID = told("The id of that.")
    count: int = told("How many there are, read and unread.")
    unread: int = told("How many of them you have not read.")
    newest_no: int = told("The `no` of the newest of them.")
    newest_at: datetime = told("When that happened.")
    oldest_no: int = told("The `no` of the oldest of them.")
    oldest_at: datetime = told("When that happened.")


@strawberry.type(description="A group of notifications at its place in the list.")
class NotificationGroupEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on from here.")
    node: NotificationGroup = strawberry.field(description="The group.")


@connection("NotificationGroup", "A page of groups of notifications, that with the newest first.")
class NotificationGroupConnection:
    edges: list[NotificationGroupEdge] = strawberry.field(description="The groups with their cursors.")
    nodes: list[NotificationGroup] = strawberry.field(description="The groups.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")
    total_count: int = strawberry.field(description="How many groups there are in all.")
