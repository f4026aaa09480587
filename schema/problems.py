"""Problems: why an act changed nothing, as data that a client can show or handle by its code."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry

from models.document import DocumentKind
from models.refusal import Code, Refused, RefusedAll
from schema.mending import Mending


@strawberry.interface(description="Why an act changed nothing.")
class Problem:
    code: Code = strawberry.field(description="The kind of refusal.")
    message: str = strawberry.field(description="A sentence for the person who asked.")
    path: list[str] = strawberry.field(description="The argument at fault, from the outside in; empty for none.")


@strawberry.type(description="The request cannot be done as it stands; `code` says why.")
class Refusal(Problem):
    """Any refusal that needs no more facts."""


@strawberry.type(
    description="The record has changed since it was read. What has changed of an offer, `offerChanges` answers: give"
    " it the version that was read as `since`."
)
class StaleVersion(Problem):
    current_version: int = strawberry.field(description="The version to read and to send next.")


@strawberry.type(description="The record is in a state in which this cannot be done.")
class WrongState(Problem):
    state: str = strawberry.field(description="The state it is in.")
    allowed_in: list[str] = strawberry.field(description="The states in which this can be done.")


@strawberry.type(description="There is one already.")
class AlreadyExists(Problem):
    existing_id: UUID | None = strawberry.field(description="The one there is, where you may see it.")


@strawberry.type(description="A dated gate has not opened yet.")
class NotYetAvailable(Problem):
    available_from: str | None = strawberry.field(description="When it opens, RFC 3339.")


@strawberry.type(description="Conditions told by message have not been acknowledged.")
class ConditionsOpen(Problem):
    condition_ids: list[UUID] = strawberry.field(description="The messages to read, then to name when accepting.")


@strawberry.type(description="Checks of the authority have not been confirmed.")
class ChecksOpen(Problem):
    check_ids: list[UUID] = strawberry.field(description="Those on its list that were not named.")


@strawberry.type(description="Offers that wait for an answer were not named.")
class OffersOpen(Problem):
    offer_ids: list[UUID] = strawberry.field(description="The offers to read, then to name.")


@strawberry.type(description="A document that must go with the offer is missing or has expired.")
class DocumentNeeded(Problem):
    document_kind: DocumentKind = strawberry.field(description="What it is.")
    home_id: UUID | None = strawberry.field(
        description="The home that it belongs to; null for your organisation as a whole."
    )
    document_id: UUID | None = strawberry.field(description="The one that has expired; null where there is none.")
    expires_on: date | None = strawberry.field(description="The last day on which that was valid.")
    mend: Mending = strawberry.field(description="Where to mend it.")


OPEN: dict[Code, tuple[type[Problem], str, str]] = {
    Code.CONDITIONS_NOT_ACKNOWLEDGED: (ConditionsOpen, "condition_ids", "conditions"),
    Code.CHECKS_REQUIRED: (ChecksOpen, "check_ids", "checks"),
    Code.OFFERS_NOT_NAMED: (OffersOpen, "offer_ids", "offers"),
}


def problems_of(refused: Refused) -> list[Problem]:
    faults = refused.faults if isinstance(refused, RefusedAll) else [refused]
    return [_needed(fault) if "mend" in fault.facts else _problem(fault) for fault in faults]


def _needed(fault: Refused) -> DocumentNeeded:
    mend = fault.facts["mend"]
    about = {"document_kind": mend.kind, "home_id": mend.home_id}
    return DocumentNeeded(code=fault.code, message=fault.message, path=fault.path, **about, **fault.facts)


def _problem(fault: Refused) -> Problem:
    plain: dict[str, Any] = {"code": fault.code, "message": fault.message, "path": fault.path}
    facts = fault.facts
    if fault.code is Code.STALE_VERSION:
        return StaleVersion(**plain, current_version=facts["current_version"])
    if "allowed_in" in facts:
        return WrongState(**plain, state=facts["state"], allowed_in=facts["allowed_in"])
    if fault.code in (Code.OFFER_EXISTS, Code.IPA_EXISTS, Code.UPLIFT_EXISTS, Code.DOCUMENT_ATTACHED_ALREADY):
        return AlreadyExists(**plain, existing_id=facts.get("existing_id"))
    if fault.code in OPEN:
        kind, name, fact = OPEN[fault.code]
        return kind(**plain, **{name: facts[fact]})
    if "available_from" in facts:
        return NotYetAvailable(**plain, available_from=facts["available_from"])
    return Refusal(**plain)
