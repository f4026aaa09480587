"""Accounts as a client sees them."""

from datetime import date, datetime
from uuid import UUID

import strawberry

from models import person
from models.lifecycle import Role
from models.person import AccountStatus
from schema.enums import AccountAction
from schema.fields import connection, shows, told
from schema.node import Node
from schema.organisation import Organisation
from schema.pages import PageInfo
from schema.problems import Problem


@shows(person.Person, "Somebody with an account, always for one organisation; or an authority's case system.")
class Person(Node):
    id: UUID = told("Its id.")
    name: str = told("Name.")
    email: str | None = told("The person's own e-mail address; null for a case system.")
    job_title: str | None = told("Job title.")
    phone: str | None = told("Telephone number.")
    roles: list[Role] = told("What the person may do for the organisation.")
    status: AccountStatus = told("The state of the account.")
    version: int = told("Send it back as `expectedVersion`.")
    requested_at: datetime = told("When the account was asked for.")
    override_reason: str | None = told("Why an address that reads like a shared mailbox was allowed.")
    organisation: Organisation = told("The organisation.")
    mail_undelivered_since: date | None = told(
        "The day in London since which something waits that could not be e-mailed to this person; null where nothing"
        " does, and for everybody but the person, the administrators of the organisation, and the region."
    )
    can: list[AccountAction] = told("What you may do with the account now.")  # type: ignore[valid-type]


@strawberry.type(description="An account at its place in a list.")
class PersonEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on from here.")
    node: Person = strawberry.field(description="The account.")


@connection("Person", "A page of accounts.")
class PersonConnection:
    edges: list[PersonEdge] = strawberry.field(description="The accounts with their cursors.")
    nodes: list[Person] = strawberry.field(description="The accounts.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")
    total_count: int = strawberry.field(description="How many there are in all.")


@strawberry.type(description="The answer of an act on an account.")
class AccountPayload:
    account: Person | None = strawberry.field(default=None, description="The account as it is now.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")


@strawberry.type(description="The answer to inviting somebody. Invitation and link are shown this once.")
class AccountInvitePayload:
    account: Person | None = strawberry.field(default=None, description="The account as it is now.")
    invitation: str | None = strawberry.field(default=None, description="The invitation; it works once.")
    link: str | None = strawberry.field(default=None, description="The same as a link to pass on to that person.")
    expires_at: datetime | None = strawberry.field(default=None, description="Until when it works.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")


@strawberry.type(description="The answer to resetting an authenticator or password. The link is shown this once.")
class AccountLinkPayload:
    account: Person | None = strawberry.field(default=None, description="The account as it is now.")
    invitation: str | None = strawberry.field(default=None, description="What stands in the link; it works once.")
    link: str | None = strawberry.field(default=None, description="The link to pass on to that person alone.")
    expires_at: datetime | None = strawberry.field(default=None, description="Until when it works.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")


@strawberry.type(description="The answer to connecting a case system. The token is shown this once.")
class MachinePayload:
    account: Person | None = strawberry.field(default=None, description="The case system's account.")
    token: str | None = strawberry.field(default=None, description="Send it as `Authorization: Bearer …`.")
    expires_at: datetime | None = strawberry.field(default=None, description="Until when it works.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")
