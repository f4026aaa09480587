"""Naming, column kinds and the marks that models use to declare what a client may read of them."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Date, DateTime, Enum, MetaData, Numeric, Text, case, literal_column, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
LAST = "(\nCASE\n    WHEN {0} IS NULL THEN 'infinity'::{1}\n    ELSE {0}\nEND)"  # as the database prints it
NEEDED = text(LAST.format("date_required", "date"))
DEADLINE = text(LAST.format("response_deadline", "timestamp with time zone"))
"""What lists are sorted by, in the words of their indexes; `or_never` gives the same of a column."""
Json = dict[str, Any]
E = TypeVar("E", bound=StrEnum)
F = TypeVar("F", bound=Callable[..., Any])


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        str: Text(),
        int: BigInteger(),
        Decimal: Numeric(10, 2),
        Json: JSONB(),
        list[Json]: JSONB(),
        list[str]: ARRAY(Text()),
    }


class Identified:
    """A record with a random id: an id tells nothing about order or number."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)


def coded(codes: type[E], **options: Any) -> MappedColumn[E]:
    """A column of one of the codes, as text with a CHECK: native enums cannot be index conditions behind the wall."""
    kind = Enum(codes, native_enum=False, create_constraint=True, length=60, name=codes.__name__.lower())
    return mapped_column(kind, **options)


def shown(expression: F) -> F:
    """Marks a static method (row, me, **arguments) -> SQL that a GraphQL type may show as a field."""
    expression.__dict__["shown"] = True
    return staticmethod(expression)  # type: ignore[return-value]


def or_never(column: Any) -> Any:
    """A day or an instant to sort by, after all others where there is none.

    Not by COALESCE, which the database evaluates behind the wall only after the wall: no index would find the page.
    """
    kind = "date" if isinstance(column.type, Date) else "timestamptz"
    return case((column.is_(None), literal_column(f"'infinity'::{kind}", column.type)), else_=column)
