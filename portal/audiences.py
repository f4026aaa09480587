"""Who listens to what: from a subscription to the audience it belongs to, found again by all who ask the same."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from weakref import WeakValueDictionary

import orjson
from graphql import FieldNode, FragmentDefinitionNode, OperationDefinitionNode, OperationType, VariableNode
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields
from graphql.execution.values import VariableValues, get_argument_values, get_variable_values
from graphql.language import Visitor, visit
from strawberry.types.arguments import convert_arguments

from models.person import Viewer
from portal.audience import Audience, Kind, Personal
from portal.operations import Operation
from portal.selection import Selection
from portal.served import ServedSchema
from resolvers.context import Context
from resolvers.stream import Interest, Stream

KEPT: Final = 256
AFTER: Final = "after"
FOUND: Final = "found"


@dataclass(frozen=True, slots=True)
class Subscription:
    """One operation that listens to a stream, as far as no variable can change it.

    `place` is the variable that stands for `after` and for nothing else: it is no part of what is asked.
    """

    schema: ServedSchema
    definition: OperationDefinitionNode
    fragments: dict[str, FragmentDetails]
    place: str | None

    def root(self, variables: VariableValues) -> list[FieldDetails]:
        """The one field that is listened to; none where the variables leave it out."""
        schema: Any = self.schema.graphql
        collected = collect_fields(schema, self.fragments, variables, schema.subscription_type, self.definition)
        return next(iter(collected.grouped_field_set.values()), [])

    def field(self, root: list[FieldDetails]) -> Any:
        kind: Any = self.schema.graphql.subscription_type
        return kind.fields[root[0].node.name.value]

    def arguments(self, root: list[FieldDetails], variables: VariableValues) -> dict[str, Any]:
        """As a stream takes them, and `after`. Raises what the executor would tell of."""
        field = self.field(root)
        given = get_argument_values(field, root[0].node, variables, hide_suggestions=True)
        declared, scalars = field.extensions["strawberry-definition"], self.schema.schema_converter.scalar_registry
        return convert_arguments(given, declared.arguments, scalars, self.schema.config)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody listens to: from which cursor on, and as one of which audience, given what a `look` has found.

    A look is given their context and where their log stood before it; None where there is nothing to look for.
    """

    after: str | None
    audience: Callable[[Any], Audience]
    look: Callable[[Context, str], Awaitable[Any]] | None = None


class Audiences:
    """An audience is kept as long as somebody belongs to it."""

    def __init__(self) -> None:
        self._audiences: WeakValueDictionary[Any, Audience] = WeakValueDictionary()
        self._subscriptions = lru_cache(maxsize=KEPT)(_subscription)

    def of(self, operation: Operation, given: Mapping[str, Any], viewer: Viewer) -> Asked | None:
        """What this viewer listens to; None where the executor has to follow it.

        That is so where it listens to no stream, and wherever there is a fault in what was given, which it tells.
        """
        found = self._subscriptions(operation)
        if found is None:
            return None
        variables: Any = get_variable_values(
            found.schema.graphql, found.definition.variable_definitions or (), dict(given), hide_suggestions=True
        )
        if isinstance(variables, list):
            return None
        root = found.root(variables)
        if not root or "stream" not in found.field(root).extensions["strawberry-definition"].metadata:
            return None
        try:
            return self._asked(operation, found, (root, variables), (given, viewer))
        except Exception:  # noqa: BLE001  # the executor meets the same, and tells it the client
            return None

    def _asked(self, operation: Operation, found: Subscription, asked: Any, who: Any) -> Asked:
        (root, variables), (given, viewer) = asked, who
        arguments = found.arguments(root, variables)
        after = arguments.pop(AFTER, None)
        same = orjson.dumps({k: v for k, v in given.items() if k != found.place}, option=orjson.OPT_SORT_KEYS)
        kind = Kind(viewer.side, viewer.roles)
        key = (operation.text, operation.name, same, kind, None if found.place else after)
        metadata = found.field(root).extensions["strawberry-definition"].metadata
        if look := metadata["look"]:
            return Asked(
                after,
                lambda seen: self._of_key((*key, seen), found, asked, (kind, viewer, {**arguments, FOUND: seen})),
                lambda context, now: look(context, now, after=after, **arguments),
            )
        audience = self._of_key(key, found, asked, (kind, viewer, arguments))
        return Asked(after, lambda _: audience)

    def _of_key(self, key: Any, found: Subscription, asked: Any, who: Any) -> Audience:
        _, viewer, _ = who
        for known in (key, (*key, viewer.person_id)):
            if known in self._audiences:
                return self._audiences[known]
        return self._made(key, found, asked, who)

    def _made(self, key: Any, found: Subscription, asked: Any, who: Any) -> Audience:
        (root, variables), (kind, viewer, arguments) = asked, who
        stream: Stream = found.field(root).extensions["strawberry-definition"].metadata["stream"]

        def make(listens: Any) -> Interest:
            return stream(listens, **arguments)

        try:
            interest = make(kind)
        except Personal:
            key, interest = (*key, viewer.person_id), make(viewer)
        node: FieldNode = root[0].node
        selection = Selection(found.schema.graphql, found.fragments, found.definition, variables, root)
        name = (node.alias or node.name).value
        made = self._audiences[key] = Audience(name, found.field(root).type, selection, make, interest)
        return made


def _subscription(operation: Operation) -> Subscription | None:
    if operation.kind is not OperationType.SUBSCRIPTION:
        return None
    fragments = {
        node.name.value: FragmentDetails(node)
        for node in operation.document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    definition = operation.definition
    return Subscription(operation.schema, definition, fragments, _place(operation, definition))


def _place(operation: Operation, definition: OperationDefinitionNode) -> str | None:
    """The variable that is given to `after` and nowhere else."""
    chosen = [
        argument.value.name.value
        for field in definition.selection_set.selections
        if isinstance(field, FieldNode)
        for argument in field.arguments or ()
        if argument.name.value == AFTER and isinstance(argument.value, VariableNode)
    ]
    uses: list[str] = []

    class Counting(Visitor):
        def enter_variable(self, node: VariableNode, *_: Any) -> None:
            uses.append(node.name.value)

    visit(operation.document, Counting())
    return chosen[0] if len(chosen) == 1 and uses.count(chosen[0]) == 2 else None
