"""What can be asked for in the landscape: values for arguments of every kind."""

from typing import Any
from uuid import uuid4

from graphql import get_named_type, is_leaf_type

from resolvers.pages import PAGES
from schema import schema
from tests.reading.landscape import Landscape

DEEPEST = 4


async def known_to(land: Landscape, who: str, order: str) -> dict[str, list[Any]]:
    """Values that arguments may take: ids of everything there is and of nothing, cursors given out in that order."""
    known: dict[str, list[Any]] = {
        "UUID": [*land.ids.values(), str(uuid4())],
        "threadId": [land.ids["talk with alpha"], land.ids["talk with beta"]],
        "registrationFaults.id": [land.ids["workbook"]],
        "registrationImport.id": [land.ids["workbook"], str(uuid4())],
        "referral.id": [land.ids["busy"], land.ids["placed"], land.ids["foreign"], land.ids["draft"]],
        "Int": [1, 2, 3, 50],
        "String": ["", "WM-22222-RES"],
        "Boolean": [True, False],
        "Date": ["2026-06-15", "2030-01-01"],
        "DateTime": ["2026-06-15T10:10:00+01:00", "2030-01-01T00:00:00Z"],
        "referrals.orderBy": [order],
    }
    which = {
        "messages": f'(threadId: "{land.ids["talk with alpha"]}")',
        "registrationFaults": f'(id: "{land.ids["workbook"]}")',
        "referrals": f"(orderBy: {order})",
    }
    for root in paged():
        data = await land.world.gql(land.viewers[who], f"{{ {root}{which.get(root, '')} {{ edges {{ cursor }} }} }}")
        known[f"{root}.after"] = [edge["cursor"] for edge in data[root]["edges"]] or [None]
    return known


def everything(kind: Any, within: tuple[str, ...] = ()) -> str:
    """A selection of all that a type has, down to where types repeat or it gets deep."""
    parts = ["__typename"]
    for name, field in kind.fields.items():
        inner = get_named_type(field.type)
        if is_leaf_type(inner):
            parts.append(name)
        elif name != "edges" and inner.name not in within and len(within) < DEEPEST:
            parts.append(f"{name} {everything(inner, (*within, kind.name))}")
    return "{ " + " ".join(parts) + " }"


def paged() -> list[str]:
    """The root fields that answer page by page."""
    assert schema._schema.query_type is not None
    fields = schema._schema.query_type.fields
    return [name for name, field in fields.items() if get_named_type(field.type).name in PAGES]
