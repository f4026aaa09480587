"""Reads the slow way, to compare with: graphql-core runs the document, and every field is a query of its own."""

import asyncio
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import strawberry
from graphql import (
    GraphQLEnumType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    execute,
    get_named_type,
    get_nullable_type,
    is_list_type,
    parse,
)
from sqlalchemy import Select, inspect, select
from sqlalchemy.orm import load_only, selectinload
from strawberry.types.arguments import convert_arguments

from models.person import Viewer
from resolvers.arguments import Arguments
from resolvers.compile import RECORDS
from resolvers.pages import Page, opaque
from resolvers.read import Me, Within, named_values
from schema import CONFIG, built, schema
from tests.world import World

Key = tuple[Any, ...]


def _bare() -> GraphQLSchema:
    """The contract's own types and scalars, without any of its resolvers."""
    bare = built(strawberry.Schema)._schema
    for kind in bare.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            kind.is_type_of = None
            for field in kind.fields.values():
                field.resolve = None
    return bare


BARE = _bare()


@dataclass(frozen=True)
class Row:
    """One record, known by its key alone."""

    model: Any
    key: Key

    def only(self, *columns: Any) -> Select[Any]:
        conditions = zip(inspect(self.model).primary_key, self.key, strict=True)
        return select(*columns).select_from(self.model).where(*(column == value for column, value in conditions))


class OneByOne:
    """Answers a document as one viewer, field by field, behind the same wall."""

    def __init__(self, world: World, viewer: Viewer) -> None:
        self.world = world
        self.viewer = viewer
        self.me = Me(viewer.side, viewer.roles)
        self.turn = asyncio.Lock()
        self.session: Any = None
        self.arguments = Arguments({})

    async def answer(self, document: str, variables: dict[str, Any]) -> Any:
        async with self.world.shell.database.acting(self.viewer, self.world.clock()) as session:
            self.session = session
            running: Any = execute(BARE, parse(document), None, None, variables, field_resolver=self._field)
            result = await running
            async with self.turn:
                for error in result.errors or ():
                    raise AssertionError(f"{error}\n{document}\n{variables}") from error.original_error
            return result.data

    async def _field(self, parent: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        """One after the other on one connection, and to the end even when an error elsewhere calls everything off."""
        return await asyncio.shield(self._in_turn(parent, info, arguments))

    async def _in_turn(self, parent: Any, info: GraphQLResolveInfo[Any], arguments: dict[str, Any]) -> Any:
        async with self.turn:
            return await self._value(parent, info, arguments)

    async def _value(self, parent: Any, info: GraphQLResolveInfo[Any], arguments: dict[str, Any]) -> Any:
        if parent is None:
            return await self._root(info, arguments)
        if isinstance(parent, Row):
            return await self._of(parent, info)
        value = parent.get(info.field_name)
        return value() if callable(value) else _coded(info, value)

    async def _run(self, query: Any) -> Any:
        named = named_values(self.viewer, self.world.clock(), self.arguments)
        return await self.session.execute(query, named)

    async def _root(self, info: GraphQLResolveInfo[Any], given: dict[str, Any]) -> Any:
        field = schema._schema.query_type.fields[info.field_name].extensions["strawberry-definition"]  # type: ignore[union-attr]
        scalars = schema.schema_converter.scalar_registry
        self.arguments = Arguments(convert_arguments(given, field.arguments, scalars, CONFIG))
        rows = field.metadata["source"](self.me, **self.arguments.bound())
        if isinstance(rows, Page):
            return await self._page(rows, given)
        if isinstance(rows, Within):
            if not (await self._run(select(rows.there))).scalar_one():
                return None
            rows = rows.rows
        kind = get_named_type(info.return_type)
        if kind.name not in RECORDS:
            return (await self._run(rows)).scalar_one_or_none()
        found = await self._keys(rows, RECORDS[kind.name])
        return found if _many(info) else next(iter(found), None)

    async def _keys(self, rows: Select[Any], model: Any) -> list[Row]:
        keys = rows.with_only_columns(*inspect(model).primary_key, maintain_column_froms=True)
        return [Row(model, tuple(row)) for row in await self._run(keys)]

    async def _page(self, page: Page, given: dict[str, Any]) -> dict[str, Any]:
        """All rows, sorted and cut here rather than by the database."""
        model = page.rows.column_descriptions[0]["entity"]
        told = page.key.label("k"), page.id.label("i"), opaque(page.key, page.id).label("c")
        every = page.rows.with_only_columns(*inspect(model).primary_key, *told, maintain_column_froms=True)
        found = (await self._run(every)).all()
        found.sort(key=lambda row: (row.k, row.i.bytes), reverse=page.descending)
        after = given.get("after")
        start = sum(not _follows(row, after, page.descending) for row in found) if after else 0
        kept = found[start : start + given["first"]]
        edges = [{"cursor": row.c, "node": Row(model, tuple(row[:-3]))} for row in kept]
        return {
            "edges": edges,
            "nodes": [edge["node"] for edge in edges],
            "totalCount": len(found),
            "pageInfo": {
                "hasNextPage": len(found) > start + len(kept),
                "hasPreviousPage": after is not None,
                "startCursor": edges[0]["cursor"] if edges else None,
                "endCursor": edges[-1]["cursor"] if edges else None,
            },
        }

    async def _of(self, row: Row, info: GraphQLResolveInfo[Any]) -> Any:
        name = info.parent_type.fields[info.field_name].extensions["strawberry-definition"].python_name
        if name in inspect(row.model).relationships:
            return await self._related(row, name, info)
        expression = getattr(row.model, name)
        shown = expression(row.model, self.me) if hasattr(expression, "shown") else expression
        return _coded(info, (await self._run(row.only(shown))).scalar_one())

    async def _related(self, row: Row, name: str, info: GraphQLResolveInfo[Any]) -> Any:
        """By SQLAlchemy's own loading of the relationship, then one look at each row's scope."""
        child = RECORDS[get_named_type(info.return_type).name]
        loading = selectinload(getattr(row.model, name)).load_only(*_keys_of(child))
        query = row.only(row.model).options(load_only(*_keys_of(row.model)), loading)
        parent = (await self.session.execute(query.execution_options(populate_existing=True))).scalar_one()
        related = getattr(parent, name)
        several = related if isinstance(related, list) else [related]
        rows = [Row(child, inspect(one).identity) for one in several if one is not None]
        seen = [one for one in rows if await self._in_scope(one)]
        return seen if _many(info) else next(iter(seen), None)

    async def _in_scope(self, row: Row) -> bool:
        if not hasattr(row.model, "scope"):
            return True
        seen = row.only(*inspect(row.model).primary_key).where(row.model.scope(row.model, self.me))
        return (await self._run(seen)).first() is not None


def _follows(row: Any, cursor: str, descending: bool) -> bool:
    """Whether a row comes after a cursor, which may be that of a row of another list."""
    key, id_ = b64decode(cursor + "=" * (-len(cursor) % 4), b"-_").decode().split("\x1f")
    read: dict[type, Callable[[str], Any]] = {
        int: int,
        str: str,
        UUID: UUID,
        datetime: datetime.fromisoformat,
        date: lambda text: date.max if text == "infinity" else date.fromisoformat(text),
    }
    there: Any = (next(form for kind, form in read.items() if isinstance(row.k, kind))(key), UUID(id_))
    follows: bool = (row.k, row.i) < there if descending else (row.k, row.i) > there
    return follows


def _keys_of(model: Any) -> list[Any]:
    return [inspect(model).get_property_by_column(column).class_attribute for column in inspect(model).primary_key]


def _many(info: GraphQLResolveInfo[Any]) -> bool:
    return is_list_type(get_nullable_type(info.return_type))


def _coded(info: GraphQLResolveInfo[Any], value: Any) -> Any:
    """Codes kept as text, as the members that an enum of the contract prints."""
    kind = get_named_type(info.return_type)
    if not isinstance(kind, GraphQLEnumType) or value is None:
        return value
    members: Any = kind.wrapped_cls  # type: ignore[attr-defined]
    return [members(item) for item in value] if isinstance(value, list) else members(value)
