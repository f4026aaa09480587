"""How large an operation may be: what a person and a case system may ask for at once (TRUST F1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import OperationType

from models.lifecycle import Role
from models.person import Viewer
from portal.answers import RequestRefused, refused
from portal.weights import Weight

TOKENS: Final = 1_000
DEPTH: Final = 12
INTROSPECTION_DEPTH: Final = 20
ROOTS: Final = 10
NAME_LENGTH: Final = 63
REPEATS: Final = 50

INTROSPECTION = frozenset({"__schema", "__type"})


@dataclass(frozen=True, slots=True)
class Allowance:
    """The most that one kind of caller may ask for in one operation."""

    cost: int
    page: int


PEOPLE = Allowance(cost=5_000, page=100)
MACHINES = Allowance(cost=50_000, page=500)


def allowance_of(viewer: Viewer | None) -> Allowance:
    return MACHINES if viewer and Role.MACHINE in viewer.roles else PEOPLE


def too_large(limit: str, message: str) -> RequestRefused:
    return refused(400, "OPERATION_TOO_LARGE", message, limit=limit)


def check_shape(kind: OperationType, weight: Weight) -> None:
    """Refuse what is too large for anybody with any variables, so that validation never sees it."""
    depth = INTROSPECTION_DEPTH if _only_introspects(weight) else DEPTH
    if weight.depth > depth:
        raise too_large("depth", f"This operation is {_shown(weight.depth)} levels deep; {depth} is the most.")
    if kind is OperationType.MUTATION and weight.roots > 1:
        raise too_large("roots", "A mutation does one thing: send each act as a request of its own.")
    if weight.roots > ROOTS:
        raise too_large("roots", f"This operation asks {_shown(weight.roots)} questions at once; {ROOTS} is the most.")
    if len(weight.longest_name) > NAME_LENGTH:
        raise too_large("name", f"A name in the answer may have {NAME_LENGTH} bytes at most.")
    if weight.repeats > REPEATS:
        raise too_large("repeats", f"The same name may be selected {REPEATS} times in one place at most.")


def check_size(weight: Weight, allowance: Allowance, variables: Mapping[str, Any]) -> None:
    """Refuse what this caller may not ask for with these variables, defaults included."""
    page = max([weight.page, *(wish.under(variables) for wish in weight.wishes)])
    if page > allowance.page:
        raise too_large("page", f"A page has at most {allowance.page} items; {_shown(page)} were asked for.")
    cost = 0 if _only_introspects(weight) else weight.cost.under(variables)
    if cost > allowance.cost:
        raise too_large(
            "cost",
            f"This operation would cost {_shown(cost)}; {allowance.cost} is the most. "
            "Ask for shorter pages or fewer lists within lists.",
        )


def introspects(weight: Weight) -> bool:
    return bool(weight.top & INTROSPECTION)


def _only_introspects(weight: Weight) -> bool:
    return introspects(weight) and weight.top <= INTROSPECTION | {"__typename"}


def _shown(number: int) -> str:
    return str(number) if number < 10**9 else "more than 1000000000"
