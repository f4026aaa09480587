"""Arguments of a read: their shape decides the SQL, their values are bound to it."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import SimpleNamespace
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, Date, DateTime, Numeric, Text, Uuid, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import NULLTYPE
from strawberry import UNSET

KINDS: dict[type, Any] = {
    UUID: Uuid(),
    str: Text(),
    int: BigInteger(),
    Decimal: Numeric(),
    datetime: DateTime(timezone=True),
    date: Date(),
}
LISTS = {kind: ARRAY(kind) for kind in KINDS.values()}


class Place(NamedTuple):
    """Where a value goes in a statement: the name and type of its parameter."""

    path: str
    kind: Any


class Arguments:
    """The given arguments, flattened: `shape` is what may decide the SQL, `values` what is bound to it."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.values: dict[str, Any] = {}
        self.shape: list[Any] = []
        self._template = {name: self._take(name, value) for name, value in given.items()}

    def _take(self, path: str, value: Any) -> Any:
        if value is None or value is UNSET:
            self.shape.append((path, None))
            return None
        if isinstance(value, bool | Enum):
            self.shape.append((path, value))
            return value
        if is_dataclass(value):
            return {f.name: self._take(f"{path}_{f.name}", getattr(value, f.name)) for f in fields(value)}
        plain = [item.value if isinstance(item, Enum) else item for item in value] if isinstance(value, list) else value
        self.values[path] = plain
        place = Place(path, _kind(plain))
        self.shape.append(place)
        return place

    def bound(self) -> dict[str, Any]:
        """The arguments as a source receives them: parameters where there were values, None where there were none."""
        return {name: _namespace(value) for name, value in self._template.items()}


def _namespace(value: Any) -> Any:
    if isinstance(value, dict):
        return SimpleNamespace(**{name: _namespace(inner) for name, inner in value.items()})
    return bindparam(value.path, type_=value.kind) if isinstance(value, Place) else value


def _kind(value: Any) -> Any:
    """One and the same object for values of the same type, so that it can stand for their type in a shape.

    Of what an empty list would be one is known by what it is compared with alone: the database says.
    """
    if isinstance(value, list):
        return LISTS[_kind(value[0])] if value else NULLTYPE
    if type(value) in KINDS:
        return KINDS[type(value)]
    return next(kind for given, kind in KINDS.items() if isinstance(value, given))
