"""E-mail as people see it: how they wish to be told of what happens, and what could not be sent."""

from datetime import date, datetime
from uuid import UUID

import strawberry

from models import mail
from models.mail_preference import MailChoice
from models.notification import NotificationKind
from schema.fields import connection, shows, told
from schema.pages import PageInfo
from schema.person import Person
from schema.problems import Problem


@strawberry.type(description="When an e-mail follows one kind of notification that you can be told of.")
class MailPreference:
    kind: NotificationKind = strawberry.field(description="The kind.")
    group: str = strawberry.field(description="What it belongs to, in words, for a list of them.")
    title: str = strawberry.field(description="The kind in words.")
    choice: MailChoice = strawberry.field(description="What holds for you now.")
    usual: MailChoice = strawberry.field(description="What holds where nothing was chosen.")
    changeable: bool = strawberry.field(description="Whether you can choose.")
    fixed: str | None = strawberry.field(description="Why you cannot choose, in words; null where you can.")


@strawberry.type(description="The answer of choosing when to be told by e-mail.")
class MailPreferencesPayload:
    preferences: list[MailPreference] | None = strawberry.field(
        default=None, description="What holds now, for every kind that you can be told of."
    )
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")


@shows(mail.Mail, "An e-mail that could not be sent: to whom, never what it is about.")
class DeadMail:
    id: UUID = told("Its id.")
    notice: NotificationKind | None = told(
        "What kind of notification it tells of; null where that would tell what its reader has chosen, or of a digest.",
        name="kind",
    )
    told_on: date = told("The day in London on which it came about.", name="at")
    attempts: int = told("How often it was tried.")
    error: str | None = told("What the mail server answered, or that it stayed away.")
    person: Person = told("Whom it is for.")


@strawberry.type(description="An e-mail that could not be sent, at its place in the list.")
class DeadMailEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on from here.")
    node: DeadMail = strawberry.field(description="The e-mail.")


@connection("DeadMail", "A page of e-mails that could not be sent.")
class DeadMailConnection:
    edges: list[DeadMailEdge] = strawberry.field(description="The e-mails with their cursors.")
    nodes: list[DeadMail] = strawberry.field(description="The e-mails.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")
    total_count: int = strawberry.field(description="How many there are in all.")


@strawberry.type(description="How e-mail stands, in numbers.")
class MailCounts:
    waiting: int = strawberry.field(description="E-mails that wait to be sent.")
    failing: int = strawberry.field(description="Those of them that were tried in vain.")
    dead: int = strawberry.field(description="E-mails that could not be sent, until somebody decides on them.")
    oldest_waiting: datetime | None = strawberry.field(description="When the oldest that waits came about.")


@strawberry.type(description="The answer of deciding on e-mails that could not be sent.")
class MailPayload:
    changed: int | None = strawberry.field(default=None, description="On how many was decided.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")
