"""Who listens to what: from a subscription to the audience it belongs to, found again by all who ask the same."""

from collections.abc import Mapping
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
from resolvers.stream import Interest, Stream

KEPT: Final = 256
AFTER: Final = "after"


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
        registry = self.schema.schema_converter.scalar_registry
        return convert_arguments(
            given, field.extensions["strawberry-definition"].arguments, registry, self.schema.config
        )


class Audiences:
    """An audience is kept as long as somebody belongs to it."""

    def __init__(self) -> None:
        self._audiences: WeakValueDictionary[Any, Audience] = WeakValueDictionary()
        self._subscriptions = lru_cache(maxsize=KEPT)(_subscription)

    def of(self, operation: Operation, given: Mapping[str, Any], viewer: Viewer) -> tuple[Audience, str | None] | None:
        """Where this viewer belongs, and the cursor to go on from; None where the executor has to follow it.

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
        stream = found.field(root).extensions["strawberry-definition"].metadata.get("stream") if root else None
        if stream is None:
            return None
        try:
            return self._placed(operation, found, (root, variables, stream), (given, viewer))
        except Exception:  # noqa: BLE001  # the executor meets the same, and tells it the client
            return None

    def _placed(self, operation: Operation, found: Subscription, asked: Any, who: Any) -> tuple[Audience, str | None]:
        (root, variables, stream), (given, viewer) = asked, who
        arguments = found.arguments(root, variables)
        after = arguments.pop(AFTER, None)
        same = orjson.dumps({k: v for k, v in given.items() if k != found.place}, option=orjson.OPT_SORT_KEYS)
        kind: Any = Kind(viewer.side, viewer.roles)
        asked_by = (operation.text, operation.name, same, kind, None if found.place else after)
        for key in (asked_by, (*asked_by, viewer.person_id)):
            if key in self._audiences:
                return self._audiences[key], after
        return self._made(asked_by, found, (root, variables, stream), (kind, viewer, arguments)), after

    def _made(self, key: Any, found: Subscription, asked: Any, who: Any) -> Audience:
        (root, variables, stream), (kind, viewer, arguments) = asked, who

        def make(listens: Any) -> Interest:
            return _interest(stream, listens, arguments)

        try:
            interest = make(kind)
        except Personal:
            key, interest = (*key, viewer.person_id), make(viewer)
        node: FieldNode = root[0].node
        selection = Selection(found.schema.graphql, found.fragments, found.definition, variables, root)
        name = (node.alias or node.name).value
        made = self._audiences[key] = Audience(name, found.field(root).type, selection, make, interest)
        return made


def _interest(stream: Stream, listens: Any, arguments: dict[str, Any]) -> Interest:
    return stream(listens, **arguments)


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
