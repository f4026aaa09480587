"""The one form in which an agreement is signed: the same content gives the same bytes, anywhere and in any language.

docs/canonical-form.md describes it for those who recompute it; tests/vectors/ holds examples with their digests.
"""

import json
import unicodedata
from collections.abc import Mapping
from typing import Any

from models.base import Json

PREFIX = "wmpp/ipa/1\n"
"""Names the form. Content that is put otherwise into bytes needs another number."""
SAFE = 2**53
"""Whole numbers beyond this are not the same in every program, so they are written as text."""


def canonical_form(content: Mapping[str, Any]) -> bytes:
    """The bytes whose SHA-256 is signed: the prefix, then RFC 8785 over texts in NFC, without what is not given.

    TypeError for what has no one form, as a float has none; ValueError for what is no text or no such number.
    """
    composed = _composed(content)
    text = json.dumps(composed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return (PREFIX + text).encode()


def read_form(form: bytes | str) -> Json:
    """What a canonical form says; ValueError where it is of another form than this."""
    text = form.decode() if isinstance(form, bytes) else form
    if not text.startswith(PREFIX):
        raise ValueError("This does not begin like the canonical form of an agreement.")
    said: Json = json.loads(text.removeprefix(PREFIX))
    return said


def _composed(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return _object(value)
    if isinstance(value, list | tuple):
        return [_composed(inner) for inner in value]
    if isinstance(value, int):
        if not -SAFE < value < SAFE:
            raise ValueError(f"{value} is too large a number for the canonical form: write it as text.")
        return value
    raise TypeError(f"The canonical form has no {type(value).__name__}: {value!r}.")


def _object(given: Mapping[str, Any]) -> Json:
    """What is null is not given, and is left out: cleared and never filled in are one."""
    found: Json = {}
    for name, value in given.items():
        key = unicodedata.normalize("NFC", name)
        if key in found:
            raise ValueError(f"{key!r} is named twice.")
        if value is not None:
            found[key] = _composed(value)
    return found
