"""E-mail as people see it: how they wish to be told of what happens."""

import strawberry

from models.mail_preference import MailChoice
from models.notification import NotificationKind
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
