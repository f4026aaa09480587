"""Every question of the contract with every field of its answer, found in the contract itself."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from graphql import GraphQLObjectType, GraphQLUnionType, get_named_type, is_leaf_type, is_required_argument

from models.person import Viewer
from portal.answers import RequestRefused
from portal.body import Call
from portal.operations import Operations
from resolvers.node import NODES
from tests.cases import CONTRACT, PROBLEMS

DEEPEST = 6
WAYS = ((100, 6), (40, 6), (20, 6), (20, 4), (20, 3), (20, 2), (10, 2))  # how long a page, how deep an answer
MOST_AT_ONCE = 8
LEFT_OUT = {"registrationTemplate", "serviceInfo"}  # the same for everybody at any time
OF_CASE = {
    "referral": ("referral", "id"), "thread": ("thread", "id"), "messages": ("thread", "threadId"),
    "offer": ("offer", "id"), "ipa": ("ipa", "id"), "timeline": ("referral", "referralId"),
}  # fmt: skip


def shown(kind: str, deepest: int = DEEPEST, above: tuple[str, ...] = ()) -> str:
    """Every field of a type and of what hangs on it, each kind once on the way down."""
    whole: Any = CONTRACT.type_map[kind]
    if isinstance(whole, GraphQLUnionType):
        parts = (f"... on {one.name} {{ {shown(one.name, deepest, above)} }}" for one in whole.types)
        return " ".join(["__typename", *parts])
    return " ".join(fields(whole, deepest, (*above, kind)))


def fields(whole: GraphQLObjectType, deepest: int, above: tuple[str, ...]) -> Iterator[str]:
    for name, field in whole.fields.items():
        inner = get_named_type(field.type)
        known = inner.name in above or (name == "nodes" and "edges" in whole.fields)
        if known or any(is_required_argument(argument) for argument in field.args.values()):
            continue
        if is_leaf_type(inner):
            yield name
        elif inner.name == "Problem":
            yield PROBLEMS
        elif len(above) < deepest and (below := shown(inner.name, deepest, above)):
            yield f"{name} {{ {below} }}"


def lists(first: int, deepest: int) -> dict[str, str]:
    """Each question that needs nothing to be named, asked for its first page."""
    assert CONTRACT.query_type
    out = {}
    for name, field in CONTRACT.query_type.fields.items():
        inner = get_named_type(field.type)
        named = any(is_required_argument(argument) for argument in field.args.values())
        if named or name in LEFT_OUT or (name in OF_CASE and name != "timeline"):
            continue
        paged = f"(first: {first})" if "first" in field.args else ""
        out[name] = name + paged + ("" if is_leaf_type(inner) else f" {{ {shown(inner.name, deepest)} }}")
    return out


def anything() -> str:
    """Records by their ids, whatever they are, with their plain fields."""
    parts = []
    for name in NODES:
        whole: Any = CONTRACT.type_map[name]
        plain = (f"{name}_{n}: {n}" for n, f in whole.fields.items() if is_leaf_type(get_named_type(f.type)))
        parts.append(f"... on {name} {{ {' '.join(plain)} }}")
    return f"query ($ids: [UUID!]!) {{ nodes(ids: $ids) {{ __typename id {' '.join(parts)} }} }}"


@cache
def streams() -> dict[str, str]:
    assert CONTRACT.subscription_type
    of = {
        name: get_named_type(field.type).name
        for name, field in CONTRACT.subscription_type.fields.items()
        if not any(is_required_argument(argument) for argument in field.args.values())
    }
    return {n: f"subscription ($after: String) {{ {n}(after: $after) {{ {shown(kind)} }} }}" for n, kind in of.items()}


@cache
def act(name: str, deepest: int = 3) -> str:
    """The request for one act with every argument it has, and its answer."""
    assert CONTRACT.mutation_type
    field = CONTRACT.mutation_type.fields[name]
    variables = ", ".join(
        f"${n}: {a.type}{' = false' if a.default_value is False else ''}" for n, a in field.args.items()
    )
    variables, given = f"({variables})" if variables else "", ", ".join(f"{n}: ${n}" for n in field.args)
    payload = shown(get_named_type(field.type).name, deepest)
    return f"mutation {variables} {{ {name}{f'({given})' if given else ''} {{ {payload} }} }}"


@dataclass(frozen=True)
class Questions:
    """What an observer asks: in as few requests as the portal takes from a person, on the longest pages it gives."""

    lists: list[str]
    of_case: dict[str, list[str]]
    anything: str

    @classmethod
    def taken_by(cls, operations: Operations, viewer: Viewer) -> "Questions":
        taken = Taken(operations, viewer)
        allowed: dict[str, str] = {}
        for way in WAYS:
            for name, text in lists(*way).items():
                if name not in allowed and taken(f"{{ {text} }}"):
                    allowed[name] = text
        assert allowed.keys() == lists(1, 2).keys()
        return cls(
            taken.packed("{ ", allowed.values(), " }"), {name: _of_case(taken, name) for name in OF_CASE}, anything()
        )


@dataclass(frozen=True)
class Taken:
    """Whether the portal takes a request of this size from a person."""

    operations: Operations
    viewer: Viewer

    def __call__(self, document: str) -> bool:
        try:
            self.operations.prepare(Call(document, {}, None), self.viewer)
        except RequestRefused as refused:
            if (refused.errors[0].extensions or {})["code"] != "OPERATION_TOO_LARGE":
                raise
            return False
        return True

    def packed(self, before: str, parts: Iterable[str], after: str) -> list[str]:
        groups: list[list[str]] = [[]]
        for part in parts:
            more = [*groups[-1], part]
            if len(more) > MOST_AT_ONCE or not self(before + " ".join(more) + after):
                groups.append(more := [part])
                assert self(before + part + after), part
            groups[-1] = more
        return [before + " ".join(group) + after for group in groups if group]


def _of_case(taken: Taken, name: str) -> list[str]:
    """One record by its id, or the page of what belongs to it; a large record in several requests."""
    assert CONTRACT.query_type
    field, argument = CONTRACT.query_type.fields[name], OF_CASE[name][1]
    paged = ", first: 100" if "first" in field.args else ""
    kind: Any = get_named_type(field.type)
    before = f"query ($id: UUID!) {{ {name}({argument}: $id{paged}) {{ "
    for deepest in range(DEEPEST, 1, -1):
        parts = list(fields(kind, deepest, (kind.name,)))
        if all(taken(before + part + " } }") for part in parts):
            return taken.packed(before, parts, " } }")
    raise AssertionError(f"{name} cannot be asked")
