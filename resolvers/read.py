"""The one way to read: a validated selection becomes one statement of finished JSON (no loaders)."""

import inspect as signatures
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any

import orjson
import strawberry
from graphql import FieldNode, GraphQLError, GraphQLObjectType, get_named_type
from sqlalchemy import ColumnElement, Date, DateTime, Select, Uuid, bindparam, case, func, null, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.engine import Dialect

from models.deadline import AHEAD, calendar_at
from models.lifecycle import Role, Side
from models.person import Viewer
from models.refusal import Refused
from resolvers.arguments import Arguments
from resolvers.compile import RECORDS, Compiler, is_list, some
from resolvers.pages import PAGES, Page, PageCompiler, check_first, page_values
from resolvers.ports import Busy, SignedOut
from resolvers.selection import Selected, deciding

UNSTORABLE = {"22021", "22P05"}
MOST_PLANS = 4_000
TOO_LONG = "57014"
AGAIN = "Nothing was done; please try again in a few seconds."
DIALECT: Dialect = PGDialect_asyncpg()  # type: ignore[no-untyped-call]
Source = Callable[..., Any]


@dataclass(frozen=True)
class Me:
    """A viewer class: side and roles decide the SQL; who, for whom and when are parameters of it."""

    side: Side
    roles: frozenset[Role]

    @cached_property
    def sign_only(self) -> bool:
        return self.side is Side.PROVIDER and self.roles == {Role.SIGNATORY}

    person_id = bindparam("me_person", type_=Uuid())
    organisation_id = bindparam("me_organisation", type_=Uuid())
    session_id = bindparam("me_session", type_=Uuid())
    now = bindparam("me_now", type_=DateTime(timezone=True))
    today = bindparam("me_today", type_=Date())
    bank_holidays = bindparam("me_bank_holidays", type_=ARRAY(Date()))
    begins = MappingProxyType(
        {due: bindparam(f"me_begins_{due.lower()}", type_=DateTime(timezone=True)) for due in AHEAD}
    )


@dataclass(frozen=True)
class Plan:
    """Finished SQL, for each of its parameters the name of a value or the value itself, and what a cursor holds."""

    sql: str
    parameters: tuple[tuple[str, Any], ...]
    cursor: tuple[Any, Any] | None = None

    def values(self, named: Mapping[str, Any]) -> list[Any]:
        """What to bind; refused where a page is asked for that there cannot be."""
        if self.cursor is not None:
            named = {**named, **page_values(named, self.cursor)}
        return [named.get(name, constant) for name, constant in self.parameters]


@dataclass(frozen=True)
class Asked:
    """One field of a request: its nodes, its type, and the document's fragments and variables."""

    nodes: list[FieldNode]
    return_type: Any
    fragments: Mapping[str, Any]
    variables: Mapping[str, Any]


@dataclass(frozen=True)
class Within:
    """Rows of something that may not be there: null, rather than none of them, where it is not."""

    rows: Select[Any]
    there: ColumnElement[bool]


class Reader:
    """Compiles and keeps plans: one for a selection, a viewer class, and the shape of its arguments.

    Nodes are known by identity, so each is kept as long as anything is kept under it.
    """

    def __init__(self) -> None:
        self._plans: dict[tuple[Any, ...], Plan] = {}
        self._decided_by: dict[tuple[int, ...], tuple[list[FieldNode], tuple[str, ...]]] = {}

    def plan(self, asked: Asked, viewer: Viewer, source: Source, arguments: Arguments) -> Plan:
        nodes = tuple(map(id, asked.nodes))
        if nodes not in self._decided_by:
            self._decided_by[nodes] = asked.nodes, deciding(asked.nodes, asked.fragments)
        decided = tuple([asked.variables.get(name) for name in self._decided_by[nodes][1]])
        key = nodes, id(asked.return_type), viewer.side, viewer.roles, tuple(arguments.shape), decided
        plan = self._plans.get(key)
        if plan is None:
            if len(self._plans) >= MOST_PLANS:
                self._plans.clear()
                self._decided_by = {nodes: self._decided_by[nodes]}
            compiler = Compiler(Selected(asked.fragments, asked.variables), Me(viewer.side, viewer.roles))
            plan = self._plans[key] = written(asked, compiler, source, arguments)
        return plan


def written(asked: Asked, compiler: Compiler, source: Source, arguments: Arguments) -> Plan:
    """The plan for rows, or for a page of them, that a source names."""
    kind = get_named_type(asked.return_type)
    rows = source(compiler.me, **arguments.bound())
    if isinstance(rows, Within):
        assert isinstance(kind, GraphQLObjectType)
        columns = compiler.columns(kind, RECORDS[kind.name], asked.nodes)
        return _finished(case((rows.there, compiler.as_json(_only(rows.rows, some(columns)), many=True)), else_=null()))
    if isinstance(rows, Page):
        assert isinstance(kind, GraphQLObjectType)
        assert kind.name in PAGES
        return _finished(PageCompiler(compiler, rows).sql(kind, asked.nodes), rows.kinds)
    if isinstance(kind, GraphQLObjectType) and kind.name in RECORDS:
        columns = compiler.columns(kind, RECORDS[kind.name], asked.nodes)
        return _finished(compiler.as_json(_only(rows, some(columns)), many=is_list(asked.return_type)))
    if isinstance(kind, GraphQLObjectType):
        row = rows.subquery() if is_list(asked.return_type) else rows
        return _finished(compiler.document(asked.return_type, rows.scalar_subquery(), row, asked.nodes))
    return _finished(func.to_json(rows.scalar_subquery()))


def _finished(json: Any, cursor: tuple[Any, Any] | None = None) -> Plan:
    compiled = select(json).compile(dialect=DIALECT)
    parameters = tuple((name, compiled.binds[name].effective_value) for name in compiled.positiontup or ())
    return Plan(str(compiled), parameters, cursor)


def _only(rows: Select[Any], columns: list[Any]) -> Select[Any]:
    return rows.with_only_columns(*columns, maintain_column_froms=True)


def named_values(viewer: Viewer, now: datetime, arguments: Arguments) -> dict[str, Any]:
    check_first(arguments.values.get("first", 1))
    return {
        "me_person": viewer.person_id,
        "me_organisation": viewer.organisation_id,
        "me_session": viewer.session_id,
        "me_now": now,
        **calendar_at(now).values,
        **arguments.values,
    }


def reading(source: Source) -> Callable[..., Any]:
    """The resolver of a compiled read, with the arguments of its source (all but `me`)."""

    async def resolve(info: strawberry.Info, **arguments: Any) -> Any:
        return await info.context.read(info, source, arguments)

    given = signatures.signature(source)
    info = signatures.Parameter("info", signatures.Parameter.POSITIONAL_OR_KEYWORD, annotation=strawberry.Info)
    others = [p for name, p in given.parameters.items() if name != "me"]
    resolve.__signature__ = given.replace(  # type: ignore[attr-defined]
        parameters=[info, *others], return_annotation=Any
    )
    resolve.__annotations__ = {"info": strawberry.Info, **{p.name: p.annotation for p in others}, "return": Any}
    resolve.__module__, resolve.__name__ = source.__module__, source.__name__
    return resolve


@contextmanager
def told_to_client() -> Iterator[None]:
    """What a read can be refused for, as an error that the client may see."""
    try:
        yield
    except Refused as refused:
        raise GraphQLError(refused.message, extensions={"code": "BAD_REQUEST", "path": refused.path}) from None
    except Busy as busy:
        raise GraphQLError(f"{busy} {AGAIN}", extensions={"code": "BUSY"}) from None
    except SignedOut as over:
        raise GraphQLError("Sign in again.", extensions={"code": over.code}) from None
    except Exception as fault:
        if getattr(fault, "sqlstate", None) in UNSTORABLE:
            raise GraphQLError("Text may not hold the character NUL.", extensions={"code": "BAD_REQUEST"}) from None
        if getattr(fault, "sqlstate", None) == TOO_LONG:
            raise GraphQLError(f"The portal is very busy. {AGAIN}", extensions={"code": "BUSY"}) from None
        raise


def fragment(json: str | bytes | None) -> orjson.Fragment | None:
    """Finished JSON that the executor passes on untouched; a JSON null is None."""
    return None if json is None or json in ("null", b"null") else orjson.Fragment(json)


def row_source(model: Any) -> Source:
    """The one record an act answers with, as its viewer may see it."""
    return lambda me, id: model.visible_to(me).where(model.id == id)
