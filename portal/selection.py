"""A selection of plain data written as JSON: what the executor would answer, without it."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import orjson
from graphql import (
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    is_abstract_type,
    is_leaf_type,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_subfields
from graphql.execution.values import VariableValues

from portal.hole import WHOLE, Hole, Pieces

TEXT, NUMBER = "String", "Int"
Details = tuple[FieldDetails, ...]


class NotPlain(Exception):
    """The executor has to answer this: a field with a resolver of its own, or a value that it would not accept."""


class Selection:
    """What one operation selects of the events of one stream, by these variables."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDetails], operation: OperationDefinitionNode,
        variables: VariableValues, root: Sequence[FieldDetails],
    ) -> None:  # fmt: skip
        self._schema = schema
        self._fragments = dict(fragments)
        self._operation = operation
        self._variables = variables
        self._root: Details = tuple(root)
        self._found: dict[tuple[str, type, int], list[Any]] = {}

    def pieces(self, return_type: Any, event: object) -> Pieces:
        """The JSON of the event as the root field shows it. Raises NotPlain, or whatever a serialiser raises."""
        pieces: Pieces = []
        self._value(pieces, return_type, self._root, event)
        return pieces

    def _value(self, pieces: Pieces, kind: Any, nodes: Details, value: Any) -> None:
        required = isinstance(kind, GraphQLNonNull)
        kind = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
        if value is None:
            if required:
                raise NotPlain("a null where none may be")
            pieces.append("null")
        elif isinstance(kind, GraphQLList):
            self._list(pieces, kind, nodes, value)
        elif is_leaf_type(kind):
            pieces.append(_leaf(kind, value))
        else:
            self._object(pieces, self._type_of(kind, value), nodes, value)

    def _list(self, pieces: Pieces, kind: Any, nodes: Details, value: Any) -> None:
        if not isinstance(value, list | tuple):
            raise NotPlain("no list")
        pieces.append("[")
        for position, item in enumerate(value):
            if position:
                pieces.append(",")
            self._value(pieces, kind.of_type, nodes, item)
        pieces.append("]")

    def _object(self, pieces: Pieces, kind: GraphQLObjectType, nodes: Details, value: Any) -> None:
        between = "{"
        for key, name, returned, inner in self._fields(kind, type(value), nodes):
            pieces.append(f"{between}{key}:")
            between = ","
            if name is None:
                pieces.append(orjson.dumps(kind.name).decode())
            else:
                self._value(pieces, returned, inner, getattr(value, name))
        pieces.append("{}" if between == "{" else "}")

    def _type_of(self, kind: Any, value: Any) -> GraphQLObjectType:
        options = self._schema.get_possible_types(kind) if is_abstract_type(kind) else [kind]
        for option in options:
            check: Any = option.is_type_of
            if check(value, None) if check else option is kind:
                return option
        raise NotPlain("of no type that may be here")

    def _fields(self, kind: GraphQLObjectType, shown: type, nodes: Details) -> list[Any]:
        """Found once; nodes are told apart by the identity of their tuple, which `_root` or `_found` keeps."""
        key = (kind.name, shown, id(nodes))
        if key not in self._found:
            self._found[key] = self._collected(kind, shown, nodes)
        return self._found[key]

    def _collected(self, kind: GraphQLObjectType, shown: type, nodes: Details) -> list[Any]:
        """Key, attribute, type and sub-selection of each field; a field of its own mind is not plain."""
        data = {field.name for field in fields(shown)} if is_dataclass(shown) else set()
        found = collect_subfields(self._schema, self._fragments, self._variables, self._operation, kind, [*nodes])
        if found.new_defer_usages:
            raise NotPlain("deferred")
        return [self._field(kind, data, key, tuple(details)) for key, details in found.grouped_field_set.items()]

    def _field(self, kind: GraphQLObjectType, data: set[str], key: str, details: Details) -> Any:
        name, quoted = details[0].node.name.value, orjson.dumps(key).decode()
        if name == "__typename":
            return quoted, None, None, details
        field = kind.fields[name]
        declared = field.extensions["strawberry-definition"]
        own = declared.base_resolver or declared.extensions or declared.permission_classes or declared.arguments
        if own or declared.python_name not in data:
            raise NotPlain(name)
        return quoted, declared.python_name, field.type, details


def _leaf(kind: Any, value: Any) -> str | Hole:
    if isinstance(value, Hole):
        if kind.name != (NUMBER if value.name in WHOLE else TEXT):
            raise NotPlain(kind.name)
        return value
    shown = kind.serialize(value)
    if shown is None or shown is Undefined:
        raise NotPlain(kind.name)
    return orjson.dumps(shown).decode()
