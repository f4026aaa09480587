"""Keyset pages: an opaque cursor is the sort key and the id of the row it stands for."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from graphql import FieldNode, GraphQLObjectType, get_named_type
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Select,
    Text,
    Uuid,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    select,
    tuple_,
)

from models.refusal import Code, Refused
from resolvers.compile import EMPTY, RECORDS, Compiler, some
from resolvers.selection import below

PAGES: dict[str, str] = {}
SEPARATOR = "\x1f"
MOST = 500
PRINTED = {
    BigInteger: re.compile(r"-?[0-9]{1,18}"),
    Date: re.compile(r"infinity|[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    DateTime: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?\+00|infinity"),
    Text: re.compile(r"[^\x00]*"),
    Uuid: re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
}


@dataclass(frozen=True)
class Page:
    """Rows to be paged by `key` (then by id), both in the same direction. `first` and `after` are the request's.

    `among` says in which rows the page is to be found, where all of them would be too many to look through; `total`
    how many there are in all, where there is a quicker way than to count them.
    """

    rows: Select[Any]
    key: Any
    id: Any
    first: Any
    after: Any = None
    descending: bool = True
    among: ColumnElement[bool] | None = None
    total: Select[Any] | None = None

    @property
    def kinds(self) -> tuple[Any, Any]:
        """What a cursor of this page holds."""
        return self.key.type, self.id.type

    @property
    def order(self) -> tuple[Any, Any]:
        sides = (self.key, self.id)
        return (sides[0].desc(), sides[1].desc()) if self.descending else sides

    def rest(self) -> Select[Any]:
        """The rows that follow the cursor, in order, and one more than was asked for."""
        rows = self.rows if self.among is None else self.rows.where(self.among)
        query = rows.order_by(*self.order)
        if self.after is not None:
            names = zip(("after_key", "after_id"), self.kinds, strict=True)
            cursor = [cast(bindparam(name, type_=Text()), kind) for name, kind in names]
            here, there = tuple_(self.key, self.id), tuple_(*cursor)
            query = query.where(here < there if self.descending else here > there)
        return query.limit(self.first + literal_column("1"))


def check_first(first: int) -> None:
    """Refuse a page of none, or of more than anybody may ask for."""
    if not 1 <= first <= MOST:
        raise Refused(Code.INVALID_INPUT, f"Ask for {MOST} at most." if first > 1 else "Ask for 1 at least.", ["first"])


def parse(cursor: str, kinds: tuple[Any, Any]) -> tuple[str, str]:
    """The sort key and id in a cursor, as text; refused unless they are what such a page would have printed."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        key, id_ = base64.b64decode(padded, b"-_", validate=True).decode().split(SEPARATOR)
        for text, kind in zip((key, id_), kinds, strict=True):
            _check(text, kind)
    except (ValueError, binascii.Error):
        raise Refused(Code.INVALID_INPUT, "This cursor is not one that the portal gave.", ["after"]) from None
    return key, id_


def _check(text: str, kind: Any) -> None:
    form = next(pattern for known, pattern in PRINTED.items() if isinstance(kind, known))
    if not form.fullmatch(text):
        raise ValueError(text)
    if text == "infinity":
        return
    if isinstance(kind, DateTime):
        datetime.fromisoformat(text[:19])
    elif isinstance(kind, Date):
        date.fromisoformat(text)


def page_values(named: Mapping[str, Any], kinds: tuple[Any, Any]) -> dict[str, Any]:
    """What the parameters of a page stand for; refused where its cursor was never given."""
    if named.get("after") is None:
        return {}
    key, id_ = parse(named["after"], kinds)
    return {"after_key": key, "after_id": id_}


def opaque(key: Any, id_: Any) -> ColumnElement[str]:
    """The cursor of a row, as text that is safe in an address."""
    joined = func.concat(cast(key, Text), SEPARATOR, cast(id_, Text))
    encoded = func.encode(func.convert_to(joined, "UTF8"), "base64")
    return func.translate(encoded, "+/=\n", "-_")


class PageCompiler:
    """A connection as one object: edges, nodes, pageInfo and totalCount, each only where selected."""

    def __init__(self, compiler: Compiler, page: Page) -> None:
        self.compiler = compiler
        self.page = page
        self.froms = list(page.rows.get_final_froms())

    def sql(self, kind: GraphQLObjectType, nodes: list[FieldNode]) -> Any:
        page = self.page
        rows = page.rest().with_only_columns(
            *self._shown(kind, nodes),
            opaque(page.key, page.id).label("cursor"),
            func.row_number().over(order_by=page.order).label("place"),
            maintain_column_froms=True,
        )
        outer = select(*some(self._connection(kind, rows.cte("page"), nodes)))
        return self.compiler.as_json(outer, many=False)

    def _shown(self, kind: GraphQLObjectType, nodes: list[FieldNode]) -> Iterator[Any]:
        """One JSON column for each place where nodes are selected, with its own selection."""
        shown = _named(kind, "nodes")
        for key, same in self._selected(kind, nodes):
            field = same[0].name.value
            if field == "nodes":
                yield self._object(shown, same).label(self._place(key))
            elif field == "edges":
                for inner, inner_nodes in self._selected(_named(kind, "edges"), same):
                    if inner_nodes[0].name.value == "node":
                        yield self._object(shown, inner_nodes).label(self._place(key, inner))

    def _place(self, *keys: str) -> str:
        """A column's name that no response name can be, since it has a full stop."""
        return self.compiler.label(".".join(("at", *keys)))

    def _selected(self, kind: GraphQLObjectType, nodes: list[FieldNode]) -> Iterator[tuple[str, list[FieldNode]]]:
        yield from self.compiler.selected.fields(kind, below(nodes)).items()

    def _object(self, kind: GraphQLObjectType, nodes: list[FieldNode]) -> Any:
        columns = self.compiler.columns(kind, RECORDS[kind.name], nodes)
        return self.compiler.as_json(select(*some(columns)).correlate(*self.froms), many=False)

    def _connection(self, kind: GraphQLObjectType, rows: Any, nodes: list[FieldNode]) -> Iterator[Any]:
        for key, same in self._selected(kind, nodes):
            yield self._part(kind, rows, key, same).label(self.compiler.label(key))

    def _part(self, kind: GraphQLObjectType, rows: Any, key: str, nodes: list[FieldNode]) -> Any:
        name = nodes[0].name.value
        if name == "__typename":
            return literal(kind.name)
        if name == "totalCount" and self.page.total is not None:
            return self.page.total.scalar_subquery()
        if name == "totalCount":
            counted = self.page.rows.with_only_columns(self.page.id, maintain_column_froms=True).subquery()
            return select(func.count()).select_from(counted).scalar_subquery()
        kept = rows.c.place <= cast(self.page.first, BigInteger)
        if name == "nodes":
            each = func.json_agg(rows.c[self._place(key)].op("ORDER BY")(rows.c.place))
            return select(func.coalesce(each, EMPTY)).where(kept).scalar_subquery()
        if name == "edges":
            edge = select(*some(self._edge(_named(kind, name), rows, key, nodes))).where(kept).order_by(rows.c.place)
            return self.compiler.as_json(edge, many=True)
        info = select(*some(self._info(_named(kind, name), rows, kept, nodes)))
        return self.compiler.as_json(info, many=False)

    def _edge(self, kind: GraphQLObjectType, rows: Any, key: str, nodes: list[FieldNode]) -> Iterator[Any]:
        for inner, same in self._selected(kind, nodes):
            known = {"cursor": rows.c.cursor, "__typename": literal(kind.name)}
            column = known.get(same[0].name.value)
            yield (rows.c[self._place(key, inner)] if column is None else column).label(self.compiler.label(inner))

    def _info(self, kind: GraphQLObjectType, rows: Any, kept: Any, nodes: list[FieldNode]) -> Iterator[Any]:
        cursors = select(rows.c.cursor).where(kept).limit(1)
        values = {
            "hasNextPage": select(rows.c.place).where(~kept).exists(),
            "hasPreviousPage": literal(self.page.after is not None),
            "startCursor": cursors.order_by(rows.c.place).scalar_subquery(),
            "endCursor": cursors.order_by(rows.c.place.desc()).scalar_subquery(),
            "__typename": literal(kind.name),
        }
        for key, same in self._selected(kind, nodes):
            yield values[same[0].name.value].label(self.compiler.label(key))


def _named(kind: GraphQLObjectType, field: str) -> GraphQLObjectType:
    named = get_named_type(kind.fields[field].type)
    assert isinstance(named, GraphQLObjectType)
    return named
