"""Weighing a document against a schema, before validation and without recursion."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_composite_type,
    is_list_type,
)
from graphql.language import ValueNode

from portal.weights import PAGE, Page, Weight, Wish

LISTED = 6  # what a list without pages is counted as: few by nature, but lists may hold lists
WEIGHS = "weighs"  # a field's metadata: what it is counted as instead
VAST = 10**9
PAGING = ("first", "last")
NOTHING = Weight()


@dataclass(slots=True, eq=False)
class Level:
    """One selection set on the way down: where it stands, and its fields and spreads once it has been opened.

    With each of them goes the type that it is selected of.
    """

    selections: SelectionSetNode
    type: GraphQLNamedType | None
    paged: bool
    fields: list[tuple[FieldNode, tuple[Page, ...], "Level | None", GraphQLNamedType | None]] = field(
        default_factory=list
    )
    spreads: list[tuple[str, GraphQLNamedType | None]] = field(default_factory=list)
    weight: Weight = field(default_factory=Weight)


class Scales:
    """Weighs the operations of one document.

    A field's cost is one, and everything below a field is counted as often as a page of it has items. Of what is
    selected of the types of a union or an interface, that of the dearest counts: each object is of one of them.
    A document whose fragments contain themselves weighs nothing: it is invalid, and validation says so.
    """

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self.schema = schema
        self.fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        self.weights: dict[tuple[str, bool], Weight] = {}
        for name in self._inner_first():
            for paged in (False, True):
                self.weights[name, paged] = self._weigh_fragment(self.fragments[name], paged)

    def weigh(self, operation: OperationDefinitionNode) -> Weight:
        return self._weigh(Level(operation.selection_set, self.schema.get_root_type(operation.operation), False))

    def _inner_first(self) -> Iterator[str]:
        spreads = {name: _spreads_in(fragment.selection_set) for name, fragment in self.fragments.items()}
        order = TopologicalSorter(spreads)
        try:
            yield from [name for name in order.static_order() if name in self.fragments]
        except CycleError:
            return

    def _weigh_fragment(self, fragment: FragmentDefinitionNode, paged: bool) -> Weight:
        type_ = self.schema.get_type(fragment.type_condition.name.value)
        return self._weigh(Level(fragment.selection_set, type_, paged))

    def _weigh(self, top: Level) -> Weight:
        levels = [top]
        for level in levels:  # grows while it is walked: every level comes before those inside it
            self._open(level)
            levels += [inner for _, _, inner, _ in level.fields if inner]
        for level in reversed(levels):
            self._add_up(level)
        return top.weight

    def _open(self, level: Level) -> None:
        waiting = [(level.selections, level.type)]
        while waiting:
            selections, type_ = waiting.pop()
            for selection in selections.selections:
                if isinstance(selection, FieldNode):
                    level.fields.append((*self._field(selection, type_, level.paged), type_))
                elif isinstance(selection, FragmentSpreadNode):
                    level.spreads.append((selection.name.value, self._type_of(selection)))
                elif isinstance(selection, InlineFragmentNode):
                    condition = selection.type_condition
                    inner = self.schema.get_type(condition.name.value) if condition else type_
                    waiting.append((selection.selection_set, inner))

    def _field(
        self, node: FieldNode, parent: GraphQLNamedType | None, paged: bool
    ) -> tuple[FieldNode, tuple[Page, ...], Level | None]:
        definition = _definition(parent, node.name.value)
        pages = tuple(_pages_of(node, definition))
        inner_type = get_named_type(definition.type) if definition else None
        inner = Level(node.selection_set, inner_type, bool(pages)) if node.selection_set else None
        if not pages and not paged and definition and parent and _is_plain_list(definition, parent):
            pages = (_listed(definition),)
        return node, pages, inner

    def _type_of(self, spread: FragmentSpreadNode) -> GraphQLNamedType | None:
        fragment = self.fragments.get(spread.name.value)
        return self.schema.get_type(fragment.type_condition.name.value) if fragment else None

    def _add_up(self, level: Level) -> None:
        weight = level.weight
        names = Counter((node.alias or node.name).value for node, _, _, _ in level.fields)
        if names:
            weight.name(names)
        of_type: dict[str, Weight] = {}
        for node, pages, inner, type_ in level.fields:
            into = _among(of_type, level, type_)
            into.nest(node.name.value, pages or (1,), inner.weight if inner else NOTHING)
        for name, type_ in level.spreads:
            _among(of_type, level, type_).spread(self.weights.get((name, level.paged), NOTHING))
        weight.choose(list(of_type.values()))


def _among(of_type: dict[str, Weight], level: Level, type_: GraphQLNamedType | None) -> Weight:
    """What is selected of one type among several, apart; of all of them, what the level weighs in any case."""
    alone = is_abstract_type(level.type) and isinstance(type_, GraphQLObjectType)
    return of_type.setdefault(type_.name, Weight()) if alone and type_ else level.weight


def _listed(definition: GraphQLField) -> int:
    declared = definition.extensions.get("strawberry-definition")
    return int(declared.metadata.get(WEIGHS, LISTED)) if declared else LISTED


def _spreads_in(selections: SelectionSetNode) -> set[str]:
    names: set[str] = set()
    waiting = [selections]
    while waiting:
        for selection in waiting.pop().selections:
            if isinstance(selection, FragmentSpreadNode):
                names.add(selection.name.value)
            elif isinstance(selection, FieldNode | InlineFragmentNode) and selection.selection_set:
                waiting.append(selection.selection_set)
    return names


def _definition(parent: GraphQLNamedType | None, name: str) -> GraphQLField | None:
    return parent.fields.get(name) if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) else None


def _is_plain_list(definition: GraphQLField, parent: GraphQLNamedType) -> bool:
    listed = is_list_type(get_nullable_type(definition.type)) and is_composite_type(get_named_type(definition.type))
    return listed and not parent.name.startswith("__")


def _pages_of(node: FieldNode, definition: GraphQLField | None) -> Iterator[Page]:
    """The page sizes that count for a field: those stated, or else what the schema does when none is."""
    defaults = _paging(definition)
    stated = [argument for argument in node.arguments or () if argument.name.value in PAGING]
    for argument in stated:
        yield _page(argument.value, defaults.get(argument.name.value) or PAGE)
    if defaults and not stated:
        yield next((size for size in defaults.values() if size), PAGE)


def _paging(definition: GraphQLField | None) -> dict[str, int | None]:
    """The paging arguments of a field, each with its default."""
    arguments = {name: definition.args[name].default_value for name in PAGING if definition and name in definition.args}
    return {name: default if isinstance(default, int) else None for name, default in arguments.items()}


def _page(value: ValueNode, default: int) -> Page:
    if isinstance(value, VariableNode):
        return Wish(value.name.value, default)
    return number(value) if isinstance(value, IntValueNode) else default


def number(node: IntValueNode) -> int:
    """The value of an integer literal, without reading one of thousands of digits."""
    return int(node.value) if len(node.value) < 10 else VAST
