"""What each value of the contract's enums means: one line for each, and no value without one."""

from collections.abc import Mapping
from typing import TypeVar

import strawberry
from graphql import GraphQLEnumType

from models.refusal import Code
from schema.values.actions import ACTIONS
from schema.values.agreements import AGREEMENTS
from schema.values.choices import CHOICES
from schema.values.notices import NOTICES
from schema.values.states import STATES

S = TypeVar("S", bound=strawberry.Schema)
WORDS: Mapping[str, Mapping[str, str]] = {
    **ACTIONS,
    **AGREEMENTS,
    **CHOICES,
    **NOTICES,
    **STATES,
    "ProblemCode": {code.value: code.meaning for code in Code},
}
MISSING = """No words yet for {values}.
Add one line for each under the name of its enum: in schema/values/actions.py for what ends in Action, in states.py for
what ends in Status or State, in notices.py for NotificationKind, in agreements.py for what is of agreements alone, in
choices.py for the rest."""


def with_words(contract: S) -> S:
    """The contract with every value of its enums described; a value that has no words yet is an error at import."""
    missing = []
    for kind in contract._schema.type_map.values():
        if not isinstance(kind, GraphQLEnumType) or kind.name.startswith("__"):
            continue
        words = WORDS.get(kind.name, {})
        missing += [f"{kind.name}.{name}" for name in kind.values if not words.get(name)]
        for name, value in kind.values.items():
            value.description = words.get(name)
    if missing:
        raise TypeError(MISSING.format(values=", ".join(missing)))
    return contract
