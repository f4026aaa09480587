"""Random questions that the contract allows: selections with aliases, fragments, directives and arguments."""

from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
)
from hypothesis import strategies as st

Draw = Callable[[Any], Any]
DEEPEST = 6
LONG = "x" * 70


@st.composite
def questions(draw: Draw, schema: GraphQLSchema, known: dict[str, list[Any]]) -> tuple[str, dict[str, Any]]:
    """A document and its variables."""
    return Asker(draw, schema, known).document()


class Asker:
    """Writes one document. `known` gives the values that an argument of some type or name may take."""

    def __init__(self, draw: Draw, schema: GraphQLSchema, known: dict[str, list[Any]]) -> None:
        self.draw = draw
        self.schema = schema
        self.known = known
        self.fragments: list[str] = []
        self.variables: dict[str, tuple[str, Any]] = {}

    def document(self) -> tuple[str, dict[str, Any]]:
        query = self.schema.query_type
        assert query is not None
        names = [name for name in query.fields if self._compiled(query.fields[name])]
        wanted = self.draw(st.lists(st.sampled_from(sorted(names)), min_size=1, max_size=3))
        fields = " ".join(f"r{n}: {self._asked(name, query.fields[name], 0)}" for n, name in enumerate(wanted))
        declared = ", ".join(f"${name}: {kind}" for name, (kind, _) in self.variables.items())
        head = f"query ({declared})" if declared else "query"
        return "\n".join([f"{head} {{ {fields} }}", *self.fragments]), {k: v for k, (_, v) in self.variables.items()}

    def selection(self, kind: str, depth: int) -> str:
        """Some of what a type of that name has, as far down as if it stood at that depth."""
        return self._selection(self.schema.type_map[kind], depth)

    @staticmethod
    def _compiled(field: GraphQLField) -> bool:
        return "source" in field.extensions["strawberry-definition"].metadata

    def _asked(self, name: str, field: GraphQLField, depth: int) -> str:
        kind = get_named_type(field.type)
        below = "" if is_leaf_type(kind) else " " + self._selection(kind, depth + 1)
        return f"{name}{self._arguments(field, name)}{below}"

    def _arguments(self, field: GraphQLField, name: str) -> str:
        given = []
        for argument, defined in field.args.items():
            fixed = is_required_argument(defined) or f"{name}.{argument}" == "referrals.orderBy"
            if not fixed and self.draw(st.booleans()):
                continue
            value = self._value(defined.type, f"{name}.{argument}")
            given.append(f"{argument}: {self._variable(str(defined.type), value)}")
        return f"({', '.join(given)})" if given else ""

    def _variable(self, kind: str, value: Any) -> str:
        name = f"v{len(self.variables)}"
        self.variables[name] = (kind, value)
        return f"${name}"

    def _value(self, kind: Any, where: str) -> Any:
        if not is_non_null_type(kind) and self.draw(st.integers(0, 4)) == 0:
            return None
        kind = get_nullable_type(kind)
        if is_list_type(kind):
            return [self._value(kind.of_type, where) for _ in range(self.draw(st.integers(0, 2)))]
        if isinstance(kind, GraphQLEnumType):
            return self.draw(st.sampled_from(self.known.get(where) or sorted(kind.values)))
        if isinstance(kind, GraphQLInputObjectType):
            return {name: self._value(field.type, f"{where}.{name}") for name, field in kind.fields.items()
                    if is_non_null_type(field.type) or self.draw(st.booleans())}  # fmt: skip
        choices = self.known.get(where) or self.known.get(where.rpartition(".")[2]) or self.known[kind.name]
        return self.draw(st.sampled_from(choices))

    def _selection(self, kind: Any, depth: int) -> str:
        assert isinstance(kind, GraphQLObjectType)
        return "{ " + " ".join(self._parts(kind, depth)) + " }"

    def _parts(self, kind: GraphQLObjectType, depth: int) -> list[str]:
        usable = [n for n, f in kind.fields.items() if depth < DEEPEST or is_leaf_type(get_named_type(f.type))]
        names = self.draw(st.lists(st.sampled_from([*sorted(usable), "__typename"]), min_size=1, max_size=6))
        return [self._part(kind, name, depth) for name in names]

    def _part(self, kind: GraphQLObjectType, name: str, depth: int) -> str:
        text = self._field(kind, name, depth)
        form = self.draw(st.sampled_from(["plain"] * 5 + ["inline", "bare", "spread"]))
        if form == "inline":
            return f"... on {kind.name}{self._directive()} {{ {text} }}"
        if form == "bare":
            return f"...{self._directive() or ' @include(if: true)'} {{ {text} }}"
        if form == "spread":
            fragment = f"f{len(self.fragments)}"
            self.fragments.append(f"fragment {fragment} on {kind.name} {{ {text} }}")
            return f"...{fragment}{self._directive()}"
        return text

    def _field(self, kind: GraphQLObjectType, name: str, depth: int) -> str:
        """Aliases follow from the field alone, so that selections of one field can always be merged."""
        alias = self.draw(st.sampled_from(["", "", "", f"place_{name}: ", f"n_{name}: ", f"{LONG}_{name}: "]))
        if name == "__typename":
            return f"{alias}__typename{self._directive()}"
        field = kind.fields[name]
        if is_leaf_type(get_named_type(field.type)):
            return f"{alias}{name}{self._directive()}"
        return f"{alias}{name}{self._directive()} {self._selection(get_named_type(field.type), depth + 1)}"

    def _directive(self) -> str:
        form = self.draw(st.sampled_from(["", "", "", "", "literal", "variable"]))
        if not form:
            return ""
        name, truth = self.draw(st.sampled_from(["include", "skip"])), self.draw(st.booleans())
        condition = str(truth).lower() if form == "literal" else self._variable("Boolean!", truth)
        return f" @{name}(if: {condition})"
