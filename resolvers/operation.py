"""A whole operation of compiled reads: one read transaction, finished JSON, no executor in between."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import strawberry
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLNonNull,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
)
from graphql.execution.values import get_argument_values, get_variable_values
from graphql.language import Visitor, visit
from strawberry.types.arguments import convert_arguments

from resolvers.arguments import Arguments
from resolvers.read import Asked, Source, named_values, told_to_client

NOTHING: dict[str, Any] = {}


@dataclass(frozen=True)
class Root:
    """One root field of the operation. `fixed` are its arguments where no variable enters them."""

    prefix: bytes
    nodes: list[FieldNode]
    field: Any
    source: Source
    fixed: Arguments | None

    @property
    def must_be(self) -> bool:
        return isinstance(self.field.type, GraphQLNonNull)


class CompiledOperation:
    """A query whose root fields are all compiled reads; runs in one snapshot, so that its parts agree."""

    def __init__(self, schema: strawberry.Schema, operation: OperationDefinitionNode, document: DocumentNode) -> None:
        self._schema = schema
        self._graphql = schema._schema
        self._declared = operation.variable_definitions or ()
        self._fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        self._roots: list[Root] = []

    def add(self, key: str, node: FieldNode, field: Any, source: Source) -> None:
        prefix = (b"," if self._roots else b"{") + orjson.dumps(key) + b":"
        fixed = None if _varies(node) else Arguments(self._converted(field, node, None))
        self._roots.append(Root(prefix, [node], field, source, fixed))

    async def run(self, context: Any, variables: Mapping[str, Any], /) -> bytes | None:
        """The finished JSON of `data`; None leaves it to the executor, which also reports what is wrong."""
        coerced: Any = None
        values: dict[str, Any] = NOTHING
        if self._declared:
            coerced = get_variable_values(self._graphql, self._declared, dict(variables))
            if isinstance(coerced, list):
                return None
            values = coerced.coerced
        with told_to_client():
            return await self._read(context, values, coerced)

    async def _read(self, context: Any, values: dict[str, Any], coerced: Any) -> bytes | None:
        viewer, now = context.viewer, context.now
        parts: list[bytes] = []
        reader = context.shell.reader
        async with context.shell.database.reading(viewer, now) as connection:
            for root in self._roots:
                given = root.fixed or Arguments(self._converted(root.field, root.nodes[0], coerced))
                asked = Asked(root.nodes, root.field.type, self._fragments, values)
                plan = reader.plan(asked, viewer, root.source, given)
                json = await connection.fetchval(plan.sql, *plan.values(named_values(viewer, now, given)))
                if json is None:
                    if root.must_be:
                        return None
                    json = b"null"
                parts += (root.prefix, json)
        return b"".join((*parts, b"}"))

    def _converted(self, field: Any, node: FieldNode, variables: Any) -> dict[str, Any]:
        definition = field.extensions["strawberry-definition"]
        if not definition.arguments:
            return NOTHING
        given = get_argument_values(field, node, variables, hide_suggestions=True)
        scalars = self._schema.schema_converter.scalar_registry
        return convert_arguments(given, definition.arguments, scalars, self._schema.config)


def compiled(schema: strawberry.Schema) -> Callable[[DocumentNode, str | None], CompiledOperation | None]:
    """Finds out, once for each document, whether an operation needs no executor."""
    query = schema._schema.query_type
    assert query is not None

    def of(document: DocumentNode, name: str | None) -> CompiledOperation | None:
        operation = _named(document, name)
        if operation is None or operation.operation is not OperationType.QUERY or operation.directives:
            return None
        made, keys = CompiledOperation(schema, operation, document), set()
        for node in operation.selection_set.selections:
            field = query.fields.get(node.name.value) if isinstance(node, FieldNode) else None
            source = field and field.extensions["strawberry-definition"].metadata.get("source")
            if source is None or not isinstance(node, FieldNode) or node.directives:
                return None
            key = (node.alias or node.name).value
            if key in keys:
                return None
            keys.add(key)
            made.add(key, node, field, source)
        return made

    return of


def _named(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    chosen = [d for d in operations if name is None or (d.name and d.name.value == name)]
    return chosen[0] if len(chosen) == 1 else None


def _varies(node: FieldNode) -> bool:
    """Whether a variable enters the arguments of this field itself."""

    class Seeking(Visitor):
        found = False

        def enter_variable(self, _: VariableNode, *__: Any) -> None:
            self.found = True

    seeking = Seeking()
    for argument in node.arguments or ():
        visit(argument, seeking)
    return seeking.found
