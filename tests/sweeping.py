"""Everything that somebody can ask, with every field of every answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from graphql import GraphQLEnumType, get_named_type, is_abstract_type, is_leaf_type, is_required_argument, parse

from models.person import Viewer
from resolvers.operation import compiled
from schema import schema
from tests.world import World

CONTRACT = schema._schema
WHOLE = compiled(schema)
DEEPEST = 2
ALIKE = ("cursor", "after")  # of one type wherever they stand, and what a stream is followed by


def selection(kind: Any, deepest: int = DEEPEST, within: tuple[str, ...] = ()) -> str:
    """All that a type has, down to where types repeat or it gets deep; of each kind where it may be several."""
    if is_abstract_type(kind):
        kinds = CONTRACT.get_possible_types(kind)
        parts = (f"... on {one.name} {_fields(one, deepest, within, one.name)}" for one in kinds)
        return f"{{ __typename {' '.join(parts)} }}"
    return _fields(kind, deepest, within)


def _fields(kind: Any, deepest: int, within: tuple[str, ...], alias: str = "") -> str:
    parts = ["__typename"]
    for name, field in kind.fields.items():
        inner = get_named_type(field.type)
        shown = f"{alias}_{name}: {name}" if alias and name not in ALIKE else name
        if is_leaf_type(inner):
            parts.append(shown)
        elif inner.name not in within and len(within) < deepest and name != "edges":
            parts.append(f"{shown} {selection(inner, deepest, (*within, kind.name))}")
    return "{ " + " ".join(parts) + " }"


@dataclass(frozen=True)
class Question:
    """A root field; asked for in full only where a first look finds anything."""

    look: str
    document: str
    values: dict[str, Any]


def questions(ids: list[str], references: list[str]) -> Iterator[Question]:
    """Every root field: without an id where it needs none, and by each of these."""
    query = CONTRACT.query_type
    assert query is not None
    for name, field in query.fields.items():
        inner = get_named_type(field.type)
        deepest = 0 if is_abstract_type(inner) else DEEPEST  # any record by its id: its fields are those of the roots
        brief, below = ("", "") if is_leaf_type(inner) else ("{ __typename }", selection(inner, deepest))
        known: dict[str, list[Any]] = {
            "UUID!": ids,
            "UUID": ids,
            "[UUID!]!": [ids],
            "String": references if name == "referral" else [],
        }
        if not any(is_required_argument(argument) for argument in field.args.values()):
            asked = f"{{ {name}{_given(field, {})} "
            yield Question(f"{asked}{brief} }}", f"{asked}{below} }}", {})
        for argument, defined in field.args.items():
            given = {argument: "$v", **_required(field, argument)}
            asked = f"query ($v: {str(defined.type).rstrip('!')}!) {{ {name}{_given(field, given)} "
            for value in known.get(str(defined.type), ()):
                yield Question(f"{asked}{brief} }}", f"{asked}{below} }}", {"v": value})


def _required(field: Any, but: str) -> dict[str, str]:
    """The same id for every other id that is asked for, and something for the rest."""
    out = {}
    for name, defined in field.args.items():
        if name != but and is_required_argument(defined):
            kind = get_named_type(defined.type)
            filled = {"UUID": "$v", "String": '""', "Int": "1", "Boolean": "true"}
            out[name] = next(iter(kind.values)) if isinstance(kind, GraphQLEnumType) else filled[kind.name]
    return out


def _given(field: Any, given: dict[str, str]) -> str:
    paged = {"first": "100"} if "first" in field.args else {}
    every = {**paged, **given}
    return f"({', '.join(f'{name}: {value}' for name, value in every.items())})" if every else ""


async def everything_told(world: World, who: Viewer, ids: list[str], references: list[str]) -> bytes:
    """All answers that there are for somebody."""
    told = []
    for question in questions(ids, references):
        found = await _answer(world, who, question.look, question.values)
        if any(orjson.loads(found).values()):
            told.append(await _answer(world, who, question.document, question.values))
    return b"\n".join(told)


async def _answer(world: World, who: Viewer, document: str, values: dict[str, Any]) -> bytes:
    lane = _lane(document)
    if lane is not None:
        return bytes(await lane.run(world.context(who), values))
    result = await schema.execute(document, values, world.context(who))
    assert not result.errors, (document, values, result.errors)
    return orjson.dumps(result.data)


@cache
def _lane(document: str) -> Any:
    """The compiled way, which is what a server goes; validated nowhere, since it is written from the contract."""
    return WHOLE(parse(document), None)


async def ids_of(world: World) -> tuple[list[str], list[str]]:
    """The ids of what there is in a case, and the references by which people name it."""
    tables = (
        "referral", "child", "referral_document", "delivery", "thread", "message", "offer", "offer_document", "ipa",
    )  # fmt: skip
    named = " UNION ALL ".join(
        f"(SELECT id::text, '{each}' AS kind FROM {each} ORDER BY id LIMIT 2)" for each in tables
    )
    rows = await world.sql(named)
    references = await world.sql("SELECT reference FROM referral")
    return [row["id"] for row in rows], [row["reference"] for row in references]
