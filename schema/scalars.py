"""Scalars as the contract prints them: money as decimal text, instants in UTC with milliseconds."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import strawberry
from graphql import GraphQLError

from resolvers.plain import instant_text

AMOUNT = re.compile(r"-?[0-9]+(\.[0-9]+)?")
NOT_FINITE = re.compile(r"[+-]?(NaN|Infinity)", re.IGNORECASE)
"""No amounts either, but numbers that programs write: acts refuse them as data, where they stand."""


def _instant(value: datetime | str) -> str:
    return value if isinstance(value, str) else instant_text(value)


def _parse_instant(text: Any) -> datetime:
    try:
        at = datetime.fromisoformat(_text(text))
        if at.tzinfo is None:
            raise GraphQLError("An instant needs its time zone, like 2026-04-28T09:00:00+01:00.")
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise GraphQLError("An instant is written like 2026-04-28T09:00:00+01:00.") from None


def _parse_money(text: Any) -> Decimal:
    if not AMOUNT.fullmatch(_text(text)) and not NOT_FINITE.fullmatch(text):
        raise GraphQLError('A number is written as text in digits, like "7.5"; an amount in pounds, like "4100.00".')
    return Decimal(text)


def _parse_day(text: Any) -> date:
    try:
        return date.fromisoformat(_text(text))
    except ValueError:
        raise GraphQLError("A day is written like 2026-04-28.") from None


def _parse_id(text: Any) -> UUID:
    try:
        return UUID(_text(text))
    except ValueError:
        raise GraphQLError("This is not an id that the portal gave.") from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise GraphQLError("This is sent as text.")
    return value


SCALARS: dict[Any, Any] = {
    UUID: strawberry.scalar(name="UUID", serialize=str, parse_value=_parse_id, description="A UUID, RFC 9562."),
    datetime: strawberry.scalar(
        name="DateTime", serialize=_instant, parse_value=_parse_instant,
        description="An instant, RFC 3339; answered in UTC with milliseconds.",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time",
    ),
    date: strawberry.scalar(
        name="Date", serialize=str, parse_value=_parse_day, description="A calendar day, YYYY-MM-DD.",
        specified_by_url="https://scalars.graphql.org/andimarek/local-date",
    ),
    Decimal: strawberry.scalar(
        name="Decimal", serialize=str, parse_value=_parse_money,
        description="A decimal number as text. Money is pounds sterling with two places.",
    ),
}  # fmt: skip
