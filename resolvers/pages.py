"""Keyset pages: an opaque cursor is the sort key and the id of the row it stands for."""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode, GraphQLField, GraphQLObjectType, get_named_type
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    select,
    tuple_,
)

from models.refusal import Code, Refused
from resolvers.compile import EMPTY, RECORDS, Compiler, as_json
from resolvers.selection import below

PAGES: dict[str, str] = {}
SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Page:
    """Rows to be paged by `key` (then by id), both in the same direction. `first` and `after` are the request's."""

    rows: Select[Any]
    key: Any
    id: Any
    first: Any
    after: Any = None
    descending: bool = True

    def ordered(self, cursor: tuple[Any, Any] | None) -> Select[Any]:
        sides = (self.key, self.id)
        query = self.rows.order_by(*(side.desc() if self.descending else side.asc() for side in sides))
        if cursor is not None:
            here, there = tuple_(*sides), tuple_(*cursor)
            query = query.where(here < there if self.descending else here > there)
        return query.limit(self.first + literal_column("1"))


def parse(cursor: str) -> tuple[str, str]:
    """The sort key and id in a cursor, as text."""
    try:
        key, id_ = base64.urlsafe_b64decode(cursor.encode() + b"==").decode().split(SEPARATOR)
    except (ValueError, binascii.Error, UnicodeError):
        raise Refused(Code.INVALID_INPUT, "This cursor is not one that the portal gave.", ["after"]) from None
    return key, id_


def _opaque(key: Any, id_: Any) -> ColumnElement[str]:
    joined = func.concat(cast(key, Text), SEPARATOR, cast(id_, Text))
    encoded = func.encode(func.convert_to(joined, "UTF8"), "base64")
    return func.translate(encoded, "+/=\n", "-_")


class PageCompiler:
    """A connection as one object: edges, nodes, pageInfo and totalCount, each only where selected."""

    def __init__(self, compiler: Compiler, page: Page) -> None:
        self.compiler = compiler
        self.page = page

    def sql(self, kind: GraphQLObjectType, nodes: list[FieldNode]) -> Any:
        page = self.page
        key, id_ = bindparam("after_key", type_=Text()), bindparam("after_id", type_=Text())
        cursor = None if page.after is None else (cast(key, page.key.type), cast(id_, page.id.type))
        shown = self._shown(kind, nodes)
        found = page.ordered(cursor).with_only_columns(
            *(value.label(name) for name, value in shown),
            _opaque(page.key, page.id).label("cursor"),
            func.row_number()
            .over(
                order_by=[
                    page.key.desc() if page.descending else page.key,
                    page.id.desc() if page.descending else page.id,
                ]
            )
            .label("place"),
        )
        rows = found.cte("page")
        outer = select(*self._connection(kind, rows, nodes))
        return as_json(outer, many=False)

    def _shown(self, kind: GraphQLObjectType, nodes: list[FieldNode]) -> list[tuple[str, Any]]:
        """One JSON column for each place where nodes are selected, with its own selection."""
        row = RECORDS[PAGES[kind.name]]
        node_kind = self._node_kind(kind)
        out = []
        for key, same in self.compiler.selected.fields(kind, below(nodes)).items():
            field = same[0].name.value
            if field == "nodes":
                out.append((f"n_{key}", self._object(node_kind, row, same)))
            elif field == "edges":
                edge = get_named_type(kind.fields["edges"].type)
                for inner, inner_nodes in self.compiler.selected.fields(edge, below(same)).items():
                    if inner_nodes[0].name.value == "node":
                        out.append((f"e_{key}_{inner}", self._object(node_kind, row, inner_nodes)))
        return out

    def _node_kind(self, kind: GraphQLObjectType) -> GraphQLObjectType:
        node = get_named_type(kind.fields["nodes"].type)
        assert isinstance(node, GraphQLObjectType)
        return node

    def _object(self, kind: GraphQLObjectType, row: Any, nodes: list[FieldNode]) -> Any:
        return as_json(select(*self.compiler.columns(kind, row, nodes)).correlate(*self._froms()), many=False)

    def _froms(self) -> list[Any]:
        return list(self.page.rows.get_final_froms())

    def _connection(self, kind: GraphQLObjectType, rows: Any, nodes: list[FieldNode]) -> Iterator[Any]:
        for key, same in self.compiler.selected.fields(kind, below(nodes)).items():
            field = kind.fields.get(same[0].name.value)
            yield self._part(kind, field, rows, key, same).label(key)

    def _part(
        self, kind: GraphQLObjectType, field: GraphQLField | None, rows: Any, key: str, nodes: list[FieldNode]
    ) -> Any:
        name = nodes[0].name.value
        if field is None:
            return literal(kind.name)
        if name == "totalCount":
            counted = self.page.rows.with_only_columns(self.page.id, maintain_column_froms=True).subquery()
            return select(func.count()).select_from(counted).scalar_subquery()
        kept = rows.c.place <= cast(self.page.first, BigInteger)
        if name == "nodes":
            each = func.json_agg(rows.c[f"n_{key}"].op("ORDER BY")(rows.c.place))
            return select(func.coalesce(each, EMPTY)).where(kept).scalar_subquery()
        part = get_named_type(field.type)
        assert isinstance(part, GraphQLObjectType)
        if name == "edges":
            edge = select(*self._edge(part, rows, key, nodes)).where(kept).order_by(rows.c.place)
            return as_json(edge, many=True)
        return as_json(select(*self._info(part, rows, kept, nodes)), many=False)

    def _edge(self, kind: GraphQLObjectType, rows: Any, key: str, nodes: list[FieldNode]) -> Iterator[Any]:
        for inner, same in self.compiler.selected.fields(kind, below(nodes)).items():
            name = same[0].name.value
            column = {"cursor": rows.c.cursor, "__typename": literal(kind.name)}.get(name)
            yield (rows.c[f"e_{key}_{inner}"] if column is None else column).label(inner)

    def _info(self, kind: GraphQLObjectType, rows: Any, kept: Any, nodes: list[FieldNode]) -> Iterator[Any]:
        last = select(rows.c.cursor).where(kept).order_by(rows.c.place.desc()).limit(1).scalar_subquery()
        first = select(rows.c.cursor).order_by(rows.c.place).limit(1).scalar_subquery()
        more = select(rows.c.place).where(~kept).exists()
        values = {
            "hasNextPage": more,
            "hasPreviousPage": literal(self.page.after is not None),
            "startCursor": first,
            "endCursor": last,
            "__typename": literal(kind.name),
        }
        for key, same in self.compiler.selected.fields(kind, below(nodes)).items():
            yield values[same[0].name.value].label(key)
