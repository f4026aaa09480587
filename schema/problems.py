"""Problems: why an act changed nothing, as data that a client can show or handle by its code."""

from typing import Any
from uuid import UUID

import strawberry

from models.refusal import Code, Refused, RefusedAll


@strawberry.interface(description="Why an act changed nothing.")
class Problem:
    code: Code = strawberry.field(description="The kind of refusal.")
    message: str = strawberry.field(description="A sentence for the person who asked.")
    path: list[str] = strawberry.field(description="The argument at fault, from the outside in; empty for none.")


@strawberry.type(description="The request cannot be done as it stands; `code` says why.")
class Refusal(Problem):
    """Any refusal that needs no more facts."""


@strawberry.type(description="The record has changed since it was read.")
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


def problems_of(refused: Refused) -> list[Problem]:
    faults = refused.faults if isinstance(refused, RefusedAll) else [refused]
    return [_problem(fault) for fault in faults]


def _problem(fault: Refused) -> Problem:
    plain: dict[str, Any] = {"code": fault.code, "message": fault.message, "path": fault.path}
    facts = fault.facts
    if fault.code is Code.STALE_VERSION:
        return StaleVersion(**plain, current_version=facts["current_version"])
    if "allowed_in" in facts:
        return WrongState(**plain, state=facts["state"], allowed_in=facts["allowed_in"])
    if fault.code in (Code.OFFER_EXISTS, Code.IPA_EXISTS):
        return AlreadyExists(**plain, existing_id=facts.get("existing_id"))
    if fault.code is Code.CONDITIONS_NOT_ACKNOWLEDGED:
        return ConditionsOpen(**plain, condition_ids=facts["conditions"])
    if "available_from" in facts:
        return NotYetAvailable(**plain, available_from=facts["available_from"])
    return Refusal(**plain)
