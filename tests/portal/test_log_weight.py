"""Whoever asks for the log instead of listening can have all of it: 50 entries at once, a case system 500."""

from typing import Any

import pytest
from graphql import GraphQLObjectType, OperationDefinitionNode, get_named_type, is_abstract_type, is_leaf_type, parse

from models.lifecycle import Role, Side
from portal.answers import RequestRefused
from portal.body import Call
from portal.scales import Scales
from portal.weights import Cost, Weight, Wish
from tests.portal.happening import OPERATIONS, SCHEMA, listener

PERSON, MACHINE = listener(), listener(Side.LOCAL_AUTHORITY, Role.MACHINE)


def everything(name: str) -> str:
    """Every field of a type and of what hangs on it; of several types, each under a name of its own."""
    kind: Any = SCHEMA.graphql.get_type(name)
    if is_abstract_type(kind):
        members = SCHEMA.graphql.get_possible_types(kind)
        return "__typename " + " ".join(f"... on {member.name} {{ {everything(member.name)} }}" for member in members)
    return " ".join(field(kind, name) for name in kind.fields)


def field(kind: GraphQLObjectType, name: str) -> str:
    of = get_named_type(kind.fields[name].type)
    return f"{kind.name}_{name}: {name}" + ("" if is_leaf_type(of) else f" {{ {everything(of.name)} }}")


LOG = "query ($after: String!, $first: Int!) {{ log(after: $after, first: $first) {{ {} }} }}"
WHOLE = LOG.format(everything("Log"))
PLAIN = (
    LOG.format("cursor remaining resync { reason } entries { cursor after no events { ...E } }")
    + """
  fragment E on LogEvent { __typename ... on Changed { cursor after subjectKind subjectId referralId version }
    ... on NotificationAdded { notification { id kind title reference subjectKind subjectId } } }"""
)


# S-119, TRUST F1
@pytest.mark.parametrize(
    ("viewer", "document", "first"), [(PERSON, WHOLE, 50), (PERSON, PLAIN, 100), (MACHINE, WHOLE, 500)]
)
def test_the_log_can_be_asked_for_in_pages_as_long_as_the_documentation_says(
    viewer: Any, document: str, first: int
) -> None:
    assert OPERATIONS.prepare(Call(document, {"after": "x", "first": first}, None), viewer).name is None


@pytest.mark.parametrize(("viewer", "first"), [(PERSON, 101), (MACHINE, 501)])
def test_a_longer_page_is_refused(viewer: Any, first: int) -> None:
    with pytest.raises(RequestRefused) as refusal:
        OPERATIONS.prepare(Call(PLAIN, {"after": "x", "first": first}, None), viewer)
    assert (refusal.value.errors[0].extensions or {})["limit"] == "page"


@pytest.mark.parametrize(
    ("selected", "cost"),
    [
        ("... on Changed { cursor after }", 2),
        ("... on Changed { cursor after } ... on Withdrawn { cursor }", 2),
        ("__typename ... on Changed { cursor } ... on Withdrawn { cursor after }", 3),
        ("... on Changed { cursor } ... on Changed { after } ... on Withdrawn { cursor }", 2),
        ("... on Changed { cursor } ...C ... on Withdrawn { cursor }", 3),
        ("...E ... on Changed { cursor }", 3),
    ],
)
def test_of_what_an_event_may_be_the_dearest_counts(selected: str, cost: int) -> None:
    fragments = " fragment C on Changed { cursor at } fragment E on ChangeEvent { __typename ... on Changed { at }"
    document = parse(f"subscription {{ changes {{ {selected} }} }}{fragments} ... on NotThere {{ cursor }} }}")
    (operation, *_) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    assert Scales(SCHEMA.graphql, document).weigh(operation).cost.under({}) == 1 + cost


def test_a_choice_is_made_anew_for_the_variables_of_each_request() -> None:
    one, other, level = Weight(), Weight(), Weight()
    inner = Weight(cost=Cost(fixed=2))
    one.nest("nodes", (Wish("first", 1),), inner)
    other.nest("fixed", (7,), inner)
    level.choose([one, other])
    assert [level.cost.under({"first": first}) for first in (1, 7, 10)] == [15, 15, 21]
    assert level.wishes == {Wish("first", 1)}
