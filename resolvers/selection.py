"""What a client selected, after fragments, aliases and directives: CollectFields of the specification."""

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
)

Fields = dict[str, list[FieldNode]]


class Selected:
    """The fields of a validated document, by response name.

    `shaped_by` collects the variables that decided what was selected, so that a plan can be kept for their values.
    """

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode], variables: Mapping[str, Any]) -> None:
        self.fragments = fragments
        self.variables = variables
        self.shaped_by: set[str] = set()

    def fields(self, kind: GraphQLNamedType, sets: Iterable[SelectionSetNode | None]) -> Fields:
        found: Fields = {}
        for selection_set in sets:
            for node in selection_set.selections if selection_set else ():
                self._add(kind, node, found)
        return found

    def _add(self, kind: GraphQLNamedType, node: SelectionNode, found: Fields) -> None:
        if not self._included(node.directives or ()):
            return
        if isinstance(node, FieldNode):
            found.setdefault((node.alias or node.name).value, []).append(node)
            return
        part = self.fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
        assert isinstance(part, FragmentDefinitionNode | InlineFragmentNode)
        condition = part.type_condition
        if condition is None or condition.name.value == kind.name or condition.name.value in _interfaces(kind):
            for key, nodes in self.fields(kind, [part.selection_set]).items():
                found.setdefault(key, []).extend(nodes)

    def _included(self, directives: Iterable[DirectiveNode]) -> bool:
        return all(
            self._truth(directive) is (directive.name.value == "include")
            for directive in directives
            if directive.name.value in ("include", "skip")
        )

    def _truth(self, directive: DirectiveNode) -> bool:
        value = (directive.arguments or ())[0].value
        if isinstance(value, VariableNode):
            self.shaped_by.add(value.name.value)
            return bool(self.variables[value.name.value])
        return bool(getattr(value, "value", False))


def _interfaces(kind: GraphQLNamedType) -> set[str]:
    return {interface.name for interface in getattr(kind, "interfaces", ())}


def below(nodes: Iterable[FieldNode]) -> list[SelectionSetNode | None]:
    return [node.selection_set for node in nodes]
