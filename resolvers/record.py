"""The answer of an act: its record, read as compiled SQL in the act's own transaction."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import strawberry

from resolvers.arguments import Arguments
from resolvers.compile import RECORDS
from resolvers.read import Asked, fragment, named_values, row_source
from resolvers.selection import Selected, below


@dataclass(frozen=True)
class Reference:
    """A record that an act answered with before, known by kind and id."""

    kind: str
    id: UUID


def found(kind: str, id: UUID) -> Reference:
    return Reference(kind, id)


def kind_of(record: Any) -> str:
    """The name by which `found` finds the record again."""
    return record.kind if isinstance(record, Reference) else type(record).__name__


async def shown_record(info: strawberry.Info, record: Any, field_name: str) -> Any:
    """What was selected of the record in the payload's field, as finished JSON; None where it was not selected."""
    raw: Any = info._raw_info
    payload: Any = getattr(raw.return_type, "of_type", raw.return_type)
    public = info.schema.config.name_converter.apply_naming_config(field_name)
    selected = Selected(raw.fragments, raw.variable_values)
    nodes = [
        n for same in selected.fields(payload, below(raw.field_nodes)).values() for n in same if n.name.value == public
    ]
    if not nodes:
        return None
    model = _model(record)
    viewer, now = info.context.viewer, info.context.now
    asked = Asked(nodes, payload.fields[public].type, raw.fragments, raw.variable_values)
    arguments = Arguments({"id": record.id})
    plan = info.context.shell.reader.plan(asked, viewer, row_source(model), arguments)
    connection = await info.context.session.connection()
    driver = (await connection.get_raw_connection()).driver_connection
    json = await driver.fetchval(
        f"SELECT CAST(({plan.sql}) AS text)", *plan.values(named_values(viewer, now, arguments))
    )
    return fragment(json)


def _model(record: Any) -> Any:
    if not isinstance(record, Reference):
        return type(record)
    return next(model for model in RECORDS.values() if model.__name__ == record.kind)
