"""Authority to sign for a colleague, as a client sees it."""

from datetime import date, datetime
from uuid import UUID

import strawberry

from models import delegation
from models.delegation import DelegationStatus
from schema.enums import DelegationAction
from schema.fields import connection, shows, told
from schema.node import Node
from schema.pages import PageInfo
from schema.problems import Problem


@shows(delegation.Delegation, "One person's authority to sign agreements for another of the same organisation.")
class Delegation(Node):
    id: UUID = told("Its id; give it to `ipaSign` as `onBehalfOf`.")
    reference: str = told("Its reference, as it stands beside a signature.")
    status: DelegationStatus = told("Whether it still stands.")
    version: int = told("Send it back as `expectedVersion`.")
    in_force: bool = told("Whether one can sign by it now.")
    principal_id: UUID | None = told("The account of whom is signed for; null for somebody without access.")
    principal_name: str = told("Who is signed for.")
    principal_job_title: str | None = told("That person's job title.")
    delegate_id: UUID = told("The account of whoever signs.")
    delegate_name: str = told("Who signs.")
    delegate_job_title: str | None = told("The signer's job title.")
    ipa_id: UUID | None = told("The one agreement it is for; null where it is for all in its time.")
    valid_from: date = told("The first day, in London.")
    valid_until: date = told("The last day, in London.")
    authority: str = told("By which authority is signed, in the words that stand beside a signature.")
    document_id: UUID | None = told("The authorising document; null where it was given in the portal.")
    document_name: str | None = told("Its file name.")
    document_sha256: str | None = told("SHA-256 of its bytes, in hex.")
    given_at: datetime = told("When it was given or recorded.")
    given_by_name: str = told("Who gave or recorded it.")
    revoked_at: datetime | None = told("When it was revoked.")
    revoked_by_name: str | None = told("Who revoked it.")
    revoke_reason: str | None = told("Why, if that was said.")
    can: list[DelegationAction] = told("What you may do with it now.")  # type: ignore[valid-type]


@strawberry.type(description="An authority at its place in a list.")
class DelegationEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on from here.")
    node: Delegation = strawberry.field(description="The authority.")


@connection("Delegation", "A page of authorities to sign.")
class DelegationConnection:
    edges: list[DelegationEdge] = strawberry.field(description="The authorities with their cursors.")
    nodes: list[Delegation] = strawberry.field(description="The authorities.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")
    total_count: int = strawberry.field(description="How many there are in all.")


@strawberry.type(description="The answer of an act on an authority to sign.")
class DelegationPayload:
    delegation: Delegation | None = strawberry.field(default=None, description="The authority as it is now.")
    problems: list[Problem] = strawberry.field(default_factory=list, description="Why nothing was changed.")
