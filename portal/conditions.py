"""Conditions by which a stream includes or skips fields: one that cannot be decided is refused when it is asked for."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLIncludeDirective,
    GraphQLSkipDirective,
    SelectionNode,
    SelectionSetNode,
)
from graphql.execution.values import get_directive_values, get_variable_values

from portal.answers import RequestRefused
from portal.incidents import masked
from portal.operations import Operation


def check_conditions(operation: Operation, given: Mapping[str, Any]) -> None:
    """Refuse in the executor's own words what it would otherwise say of each event anew: a condition that is null."""
    if None not in given.values():
        return
    declared = operation.definition.variable_definitions or ()
    variables: Any = get_variable_values(operation.schema.graphql, declared, dict(given), hide_suggestions=True)
    if isinstance(variables, list):
        return
    for selection in _selections(operation):
        for directive in (GraphQLIncludeDirective, GraphQLSkipDirective):
            try:
                get_directive_values(directive, selection, variables)
            except GraphQLError as error:
                raise RequestRefused(400, masked([error])) from None


def _selections(operation: Operation) -> Iterator[SelectionNode]:
    """Everything that the operation selects, at any depth, and in the fragments that it spreads."""
    fragments = {
        node.name.value: node for node in operation.document.definitions if isinstance(node, FragmentDefinitionNode)
    }
    waiting: list[SelectionSetNode | None] = [operation.definition.selection_set]
    while waiting:
        inside = waiting.pop()
        for selection in inside.selections if inside else ():
            yield selection
            if isinstance(selection, FragmentSpreadNode):
                spread = fragments.pop(selection.name.value, None)
                waiting.append(spread.selection_set if spread else None)
            else:
                waiting.append(getattr(selection, "selection_set", None))
