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
    """The fields of a validated document, by response name."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode], variables: Mapping[str, Any]) -> None:
        self.fragments = fragments
        self.variables = variables

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
            return bool(self.variables[value.name.value])
        return bool(getattr(value, "value", False))


def deciding(nodes: Iterable[SelectionNode], fragments: Mapping[str, FragmentDefinitionNode]) -> tuple[str, ...]:
    """The variables that decide, anywhere below these nodes, what is selected: a plan is kept for their values."""
    names: set[str] = set()
    seen: set[str] = set()
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        values = [argument.value for directive in node.directives or () for argument in directive.arguments or ()]
        names.update(value.name.value for value in values if isinstance(value, VariableNode))
        if isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
            seen.add(node.name.value)
            waiting += fragments[node.name.value].selection_set.selections
        inner = getattr(node, "selection_set", None)
        waiting += inner.selections if inner else ()
    return tuple(sorted(names))


def _interfaces(kind: GraphQLNamedType) -> set[str]:
    return {interface.name for interface in getattr(kind, "interfaces", ())}


def below(nodes: Iterable[FieldNode]) -> list[SelectionSetNode | None]:
    return [node.selection_set for node in nodes]
