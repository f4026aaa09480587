"""A selection becomes SQL that returns finished JSON: columns, relationships and expressions of the models."""

from collections.abc import Iterable, Iterator
from functools import reduce
from hashlib import sha256
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
)
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Join,
    Label,
    LargeBinary,
    Numeric,
    Select,
    Text,
    case,
    cast,
    func,
    inspect,
    literal,
    literal_column,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import JSON, JSONB
from sqlalchemy.orm import aliased
from sqlalchemy.sql.util import ClauseAdapter
from sqlalchemy.sql.visitors import cloned_traverse

from resolvers.selection import Selected, below

RECORDS: dict[str, type] = {}
VALUES: set[str] = set()
PLAIN: dict[str, str] = {}
"""Values that may be kept as plain text, each with the field that this text is."""
EMPTY: ColumnElement[Any] = literal_column("'[]'::json")
NOTHING: Label[Any] = literal_column("1").label(".")
LONGEST_LABEL = 63  # bytes; PostgreSQL cuts longer ones off
INSTANT = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'


def is_list(kind: Any) -> bool:
    return isinstance(kind.of_type if isinstance(kind, GraphQLNonNull) else kind, GraphQLList)


def python_name(field: GraphQLField) -> str:
    return str(field.extensions["strawberry-definition"].python_name)


class Compiler:
    """Writes the SQL for one viewer class: what depends on side and roles is decided here, once."""

    def __init__(self, selected: Selected, me: Any) -> None:
        self.selected = selected
        self.me = me
        self._long: dict[str, str] = {}

    def label(self, key: str) -> str:
        """A column's name for a response name, which may be longer than the database can hold."""
        if len(key) <= LONGEST_LABEL:
            return key
        short = sha256(key.encode()).hexdigest()[:LONGEST_LABEL]
        self._long[short] = key
        return short

    def columns(self, kind: GraphQLObjectType, row: Any, nodes: list[FieldNode]) -> Iterator[ColumnElement[Any]]:
        """The selected fields of a record, labelled with their response names."""
        for key, same in self.selected.fields(kind, below(nodes)).items():
            name = same[0].name.value
            if name == "__typename":
                yield literal(kind.name).label(self.label(key))
            else:
                yield self._field(kind, kind.fields[name], row, same).label(self.label(key))

    def _field(self, kind: GraphQLObjectType, field: GraphQLField, row: Any, nodes: list[FieldNode]) -> Any:
        model, name = RECORDS[kind.name], python_name(field)
        if name in inspect(model).relationships:
            return self._related(field, row, name, nodes)
        expression = getattr(model, name)
        value = tied(expression(row, self.me), row) if hasattr(expression, "shown") else getattr(row, name)
        if is_leaf_type(get_named_type(field.type)):
            return printed(value)
        return self.document(field.type, value, row, nodes)

    def _related(self, field: GraphQLField, row: Any, name: str, nodes: list[FieldNode]) -> Any:
        kind = get_named_type(field.type)
        assert isinstance(kind, GraphQLObjectType)
        child: Any = aliased(RECORDS[kind.name])
        on = getattr(row, name).of_type(child).__clause_element__()
        query = select(*some(self.columns(kind, child, nodes))).where(on).correlate(row)
        if hasattr(RECORDS[kind.name], "scope"):
            query = query.where(RECORDS[kind.name].scope(child, self.me))  # type: ignore[attr-defined]
        related = inspect(row).mapper.relationships[name]
        for column in related.order_by or ():
            query = query.order_by(ClauseAdapter(inspect(child).selectable).traverse(column))
        many = is_list(field.type)
        first: Any = literal_column("1")  # of many that are shown as one
        return self.as_json(query.limit(first) if related.uselist and not many else query, many=many)

    def document(self, kind: Any, value: Any, row: Any, nodes: list[FieldNode]) -> Any:
        """A part of a JSON document, projected to what was selected of it."""
        if is_list(kind):
            return self._documents(kind, value, row, nodes)
        unpacked = _whole(kind, value).op("||")(literal_column("'{}'::jsonb"))
        held = select(unpacked.label("doc")).correlate(row).offset(literal_column("0")).subquery()
        query = select(*some(self._parts(kind, held.c.doc, held, nodes)))
        return self.as_json(query.where(func.jsonb_typeof(held.c.doc) == "object"), many=False)

    def _documents(self, kind: Any, value: Any, row: Any, nodes: list[FieldNode]) -> Any:
        held = cast(value, JSONB)
        items = case((func.jsonb_typeof(held) == "array", held), else_=literal_column("'[]'::jsonb"))
        each = func.jsonb_array_elements(items).table_valued("value", joins_implicitly=True).render_derived()
        query = select(*some(self._parts(kind, each.c.value, each, nodes))).select_from(each).correlate(row)
        found = self.as_json(query, many=True)
        missing = EMPTY if isinstance(kind, GraphQLNonNull) else null()
        return case((func.jsonb_typeof(held) == "array", found), else_=missing)

    def _parts(self, kind: Any, doc: Any, holder: Any, nodes: list[FieldNode]) -> Iterator[ColumnElement[Any]]:
        named = get_named_type(kind)
        assert isinstance(named, GraphQLObjectType)
        doc = cast(doc, JSONB)
        for key, same in self.selected.fields(named, below(nodes)).items():
            name = same[0].name.value
            if name == "__typename":
                yield literal(named.name).label(self.label(key))
                continue
            field = named.fields[name]
            part = doc[literal_column(f"'{name}'", Text)]
            leaf = is_leaf_type(get_named_type(field.type))
            yield (part if leaf else self.document(field.type, part, holder, same)).label(self.label(key))

    def as_json(self, query: Select[Any], *, many: bool) -> Any:
        """The rows of a query as JSON whose keys are the response names."""
        rows = query.subquery()
        long = any(name in self._long for name, _ in rows.c.items())
        row = self._spelled_out(rows) if long else func.row_to_json(rows.table_valued())
        row = literal_column("'{}'::json") if NOTHING.name in rows.c else row
        return select(func.coalesce(func.json_agg(row), EMPTY) if many else row).select_from(rows).scalar_subquery()

    def _spelled_out(self, rows: Any) -> Any:
        """What row_to_json would write, where a name is too long to be a column's."""
        text: list[Any] = []
        for name, column in rows.c.items():
            before = "," if text else "{"
            text.append(literal_column(f"""'{before}"{self._long.get(name, name)}":'""", Text))
            text.append(func.coalesce(cast(func.to_json(column), Text), literal_column("'null'", Text)))
        return cast(reduce(lambda left, right: left.concat(right), [*text, literal_column("'}'", Text)]), JSON)


def _whole(kind: Any, value: Any) -> Any:
    """A document as JSON; where it is kept as plain text, the document that this text stands for."""
    held, field = cast(value, JSONB), PLAIN.get(get_named_type(kind).name)
    if field is None:
        return held
    alone = func.jsonb_build_object(literal_column(f"'{field}'", Text), held)
    return case((func.jsonb_typeof(held) == "string", alone), else_=held)


def some(columns: Iterable[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    """The columns, or a stand-in where directives have left none: an object without fields."""
    return [*columns] or [NOTHING]


def tied(value: Any, row: Any) -> Any:
    """An expression whose subqueries all look at this row, however deep in the statement they end up.

    By itself SQLAlchemy ties a subquery to the select just around it alone: further in it would look at every row.
    """
    own = inspect(row).selectable
    copy = cloned_traverse(value, {}, {})
    _tie(copy, (own.left, own.right) if isinstance(own, Join) else (own,))
    return copy


def _tie(element: Any, around: tuple[Any, ...]) -> None:
    """Every subquery takes what stands around it, the row included, from there."""
    inner = around
    if isinstance(element, Select):
        froms = element.get_final_froms()
        inner = (*around, *froms)
        if not set(froms) <= set(around):
            Select.correlate.non_generative(element, *around)  # type: ignore[attr-defined]
    for part in element.get_children():
        _tie(part, inner)


def printed(value: Any) -> Any:
    """The value as the scalar of the schema prints it: money as text, instants in UTC with milliseconds."""
    kind = getattr(value, "type", None)
    if isinstance(kind, Numeric) and kind.asdecimal:
        return cast(value, Text)
    if isinstance(kind, DateTime):
        return func.to_char(func.timezone("UTC", value), INSTANT)
    if isinstance(kind, LargeBinary):
        return func.encode(value, "hex")
    return value
