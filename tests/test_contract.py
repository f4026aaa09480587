"""The contract: printed, described, free of what must never exist, and never broken by a release."""

import re
from enum import Enum
from pathlib import Path

import pytest
import strawberry
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    find_breaking_changes,
    get_named_type,
)

from portal import printouts
from schema.values import WORDS, with_words

ROOT = Path(__file__).parent.parent
CONTRACTS = {"schema.graphql": printouts.contract, "public.graphql": printouts.public_contract}
NEVER = re.compile(
    r"vacanc|auto_?decline|read_?receipt|read_?by|seen_?by|last_?seen|presence|typing|signed_?copy|reopen_?ipa|unlock"
    r"|email_?factor|sms|import_?(old|previous|legacy)|export_?offer|offer_?pdf",
    re.IGNORECASE,
)


def built(name: str) -> GraphQLSchema:
    return build_schema((ROOT / "schema" / name).read_text())


def names(schema: GraphQLSchema) -> list[str]:
    """Every name a client could use: types, fields, arguments, values."""
    found = []
    for kind in schema.type_map.values():
        if kind.name.startswith("__"):
            continue
        found.append(kind.name)
        if isinstance(kind, GraphQLEnumType):
            found += kind.values
        for name, field in getattr(kind, "fields", {}).items():
            found += [name, *getattr(field, "args", {})]
    return found


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_printed_contract_is_the_one_in_force(name: str) -> None:
    assert (ROOT / "schema" / name).read_text() == CONTRACTS[name](), "run `portal schema --write`"


@pytest.mark.parametrize("name", CONTRACTS)
def test_no_release_takes_away_what_the_last_one_gave(name: str) -> None:
    released = ROOT / "docs" / "contracts" / name
    broken = find_breaking_changes(build_schema(released.read_text()), built(name))
    assert [change.description for change in broken] == []


@pytest.mark.parametrize("name", CONTRACTS)
def test_everything_is_described(name: str) -> None:
    silent = []
    for kind in built(name).type_map.values():
        if kind.name.startswith("__") or kind.name in ("String", "Int", "Float", "Boolean", "ID"):
            continue
        silent += [] if kind.description else [kind.name]
        if isinstance(kind, GraphQLEnumType):
            silent += [f"{kind.name}.{name}" for name, value in kind.values.items() if not value.description]
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            silent += [f"{kind.name}.{name}" for name, field in kind.fields.items() if not field.description]
            for where, field in kind.fields.items():
                arguments = getattr(field, "args", {})
                silent += [f"{kind.name}.{where}({key}:)" for key, given in arguments.items() if not given.description]
    assert silent == []


def test_values_have_words_of_one_line_and_words_have_values() -> None:
    known = {kind.name: kind for name in CONTRACTS for kind in built(name).type_map.values()}
    for kind, words in WORDS.items():
        enum = known[kind]
        assert isinstance(enum, GraphQLEnumType)
        assert set(words) == set(enum.values), kind
        assert [text for text in words.values() if "\n" in text or not text.endswith(".")] == []


@strawberry.enum(description="A colour.")
class Colour(Enum):
    RED = "RED"


def test_a_value_without_words_is_an_error_that_says_where_they_go() -> None:
    @strawberry.type
    class Painting:
        colour: Colour

    with pytest.raises(TypeError, match=r"Colour\.RED\.\nAdd one line.* in schema/values/actions\.py"):
        with_words(strawberry.Schema(Painting))


# S-016, S-026, S-048, S-070, S-096, S-108, S-110
@pytest.mark.parametrize("name", CONTRACTS)
def test_what_must_never_exist_does_not(name: str) -> None:
    assert [found for found in names(built(name)) if NEVER.search(found)] == []


# S-023
def test_one_request_asks_for_one_account() -> None:
    mutation = built("schema.graphql").mutation_type
    assert mutation is not None
    given = mutation.fields["accountRequest"].args["input"].type
    assert isinstance(get_named_type(given), GraphQLInputObjectType)
    assert "[" not in str(given)


# S-072, S-073
def test_an_offer_names_exactly_one_home_or_one_family() -> None:
    placement = built("schema.graphql").type_map["PlacementInput"]
    assert isinstance(placement, GraphQLInputObjectType)
    assert placement.is_one_of
    assert all("[" not in str(field.type) for field in placement.fields.values())


# S-070
def test_no_way_leads_from_a_message_to_the_other_sides_reading() -> None:
    """What is not a fact of the message is the viewer's own; what changes by itself would show that somebody reads."""
    schema = built("schema.graphql")
    telling = re.compile("read(?!Id)|seen|new|opened|deliver|receipt|typing|fetched|download|updated|version", re.I)
    own = {
        "Message": ["isNew"],
        "Thread": ["newestAt", "newest", "unread"],
        "MessageDocument": [],
        "MessageConnection": [],
        "ThreadConnection": [],
        "MessageAdded": ["isNew", "unread"],
        "MessagesRead": ["unread"],
        "ThreadOpened": [],
        "ThreadWithdrawn": [],
    }
    for name, fields in own.items():
        kind = schema.type_map[name]
        assert isinstance(kind, GraphQLObjectType)
        assert [field for field in kind.fields if telling.search(field)] == fields, name


# S-025, S-026
def test_the_only_second_factor_is_the_authenticator() -> None:
    text = (ROOT / "schema" / "public.graphql").read_text().lower()
    assert "authenticator" in text
    assert "by e-mail" not in text


def test_anonymous_callers_meet_a_small_contract() -> None:
    schema = built("public.graphql")
    assert schema.query_type is not None
    assert schema.mutation_type is not None
    assert set(schema.query_type.fields) == {"serviceInfo", "verifyAgreement"}
    assert set(schema.mutation_type.fields) == {
        "signIn", "signInConfirm", "signInRecover", "invitationAccept", "invitationConfirm", "registrationBegin",
        "passwordForgotten", "passwordReset",
    }  # fmt: skip
    assert not {"Referral", "Offer", "Ipa", "Child", "Home", "Registration", "Message"} & set(schema.type_map)
