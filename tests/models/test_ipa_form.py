"""The canonical form of an agreement: checked-in examples, and what holds of every content."""

import hashlib
import json
import unicodedata
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ipa_form import PREFIX, SAFE, canonical_form, read_form

VECTORS = Path(__file__).parents[1] / "vectors"
LINES = [line.split() for line in (VECTORS / "SHA256SUMS").read_text().splitlines()]
SUMS = {name: digest for digest, name in LINES}
NAMES = sorted(name.removesuffix(".form") for name in SUMS)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
KEYS = TEXTS.map(lambda text: unicodedata.normalize("NFC", text))
LEAVES = TEXTS | st.booleans() | st.integers(-SAFE + 1, SAFE - 1)


def objects(inner: Any) -> Any:
    return st.dictionaries(KEYS, inner, max_size=4)


CONTENTS = objects(st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | objects(inner), max_leaves=12))


def content(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((VECTORS / f"{name}.json").read_text())
    return found


def by_hand(value: Any) -> Any:
    """The rules of docs/canonical-form.md, said once more and without the portal's code."""
    if isinstance(value, dict):
        return {name: by_hand(inner) for name, inner in sorted(value.items()) if inner is not None}
    if isinstance(value, list):
        return [by_hand(inner) for inner in value]
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where the single values of a content stand."""
    if isinstance(value, dict | list):
        each = value.items() if isinstance(value, dict) else enumerate(value)
        return [place for name, inner in each for place in places(inner, (*path, name))]
    return [path]


def changed(content: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    """The same but for one value."""
    other = deepcopy(content)
    holder: Any = other
    for name in path[:-1]:
        holder = holder[name]
    before = holder[path[-1]]
    holder[path[-1]] = f"{before}." if isinstance(before, str) else not before if isinstance(before, bool) else "new"
    return other


@pytest.mark.parametrize("name", NAMES)
def test_checked_in_examples_have_the_bytes_and_the_digest_that_they_had(name: str) -> None:
    form = canonical_form(content(name))
    assert form == (VECTORS / f"{name}.form").read_bytes()
    assert hashlib.sha256(form).hexdigest() == SUMS[f"{name}.form"]
    text = json.dumps(by_hand(content(name)), separators=(",", ":"), ensure_ascii=False)
    assert form == b"wmpp/ipa/1\n" + text.encode()
    assert canonical_form(read_form(form)) == form


def test_every_example_is_listed_and_none_is_missing() -> None:
    assert {path.name for path in VECTORS.glob("*.form")} == set(SUMS)
    assert {path.stem for path in VECTORS.glob("*.json")} == set(NAMES)


def test_texts_that_read_alike_have_one_digest_however_their_accents_are_written() -> None:
    assert content("decomposed") != content("welsh")
    assert SUMS["decomposed.form"] == SUMS["welsh.form"]
    assert len(set(SUMS.values())) == len(SUMS) - 1


@pytest.mark.parametrize("name", ["family", "welsh"])
def test_whichever_value_is_changed_the_digest_is_another(name: str) -> None:
    before = content(name)
    forms = {canonical_form(changed(before, path)) for path in places(before)}
    assert len(forms) == len(places(before))
    assert canonical_form(before) not in forms


@given(CONTENTS)
def test_what_is_read_of_a_form_is_what_was_put_into_it(content: dict[str, Any]) -> None:
    form = canonical_form(content)
    assert form.startswith(PREFIX.encode())
    assert canonical_form(read_form(form)) == form
    assert read_form(form) == by_hand(content)


@given(CONTENTS, st.randoms(use_true_random=False))
def test_the_order_of_names_does_not_matter(content: dict[str, Any], chance: Any) -> None:
    names = list(content)
    chance.shuffle(names)
    assert canonical_form({name: content[name] for name in names}) == canonical_form(content)


@given(CONTENTS, CONTENTS)
def test_other_content_has_another_form(one: dict[str, Any], other: dict[str, Any]) -> None:
    same = json.dumps(by_hand(one)) == json.dumps(by_hand(other))
    assert (canonical_form(one) == canonical_form(other)) is same


def test_what_is_null_is_as_if_it_had_never_been_filled_in() -> None:
    assert canonical_form({"a": None, "b": [{"c": None}]}) == canonical_form({"b": [{}]})


@pytest.mark.parametrize("value", [1.5, float("nan"), {1, 2}, b"x", Path(), [1.0], {"x": {"y": object()}}])
def test_what_has_no_one_form_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="canonical form"):
        canonical_form({"value": value})


@pytest.mark.parametrize("value", [SAFE, -SAFE, "\ud800"])
def test_numbers_and_texts_that_programs_read_differently_are_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"number|surrogates"):
        canonical_form({"value": value})


def test_two_names_that_are_one_are_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        canonical_form({"é": 1, "e\u0301": 2})


def test_another_form_is_not_read_as_this_one() -> None:
    with pytest.raises(ValueError, match="begin"):
        read_form(b"wmpp/ipa/2\n{}")
