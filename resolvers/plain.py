"""Inputs as plain JSON: the keys of the contract, text for money and days, nothing for what was left out."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from strawberry import UNSET
from strawberry.utils.str_converters import to_camel_case


def plain(given: Any) -> Any:
    """An input as JSON. What was not given is absent, what was given as null is None."""
    if is_dataclass(given) and not isinstance(given, type):
        named = ((f.name.rstrip("_"), getattr(given, f.name)) for f in fields(given))
        return {to_camel_case(name): plain(value) for name, value in named if value is not UNSET}
    if isinstance(given, list):
        return [plain(item) for item in given]
    return _leaf(given)


def _leaf(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal) else value


class Known:
    """A JSON document read under Python's names: `core_fee` is what stands under coreFee, or None."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return known(self._document.get(to_camel_case(name)))


def known(value: Any) -> Any:
    """JSON as objects with attributes."""
    if isinstance(value, list):
        return [known(item) for item in value]
    return Known(value) if isinstance(value, Mapping) else value


def instant_text(at: datetime) -> str:
    """An instant as the contract prints it: UTC, milliseconds, Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def spoken(code: str | None) -> str | None:
    """A code as a person reads it: CARE_ORDER as "Care order"."""
    return code.replace("_", " ").capitalize() if code else None
