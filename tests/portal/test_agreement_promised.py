"""Whatever is signed is printed: every value of the canonical form stands in the agreement."""

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from portal.agreement import passages, print_agreement
from portal.agreement_promised import legal_status
from portal.agreement_words import Told
from tests.portal.agreements import squeezed, whole_text

VECTORS = Path(__file__).parents[1] / "vectors"
SPOKEN = {
    "kind", "category", "unit", "by", "gender", "regulator", "legalStatus", "fosteringType", "providerSector",
    "emergency", "nonFrameworkHome",
}  # fmt: skip
"""What is said in other words than it is kept in."""
DAYS = ("On", "From", "OfBirth", "from", "until")


def said(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else [(name, inner) for inner in value]
        for inner_name, inner in pairs:
            yield from said(inner, inner_name)
    elif value is not None and name not in SPOKEN and not name.endswith(DAYS):
        yield name, str(value)


def texts(passage: Any) -> Iterator[str]:
    """Every text of a passage, however deep."""
    if isinstance(passage, str):
        yield passage
    elif isinstance(passage, list | tuple):
        for inner in passage:
            yield from texts(inner)
    elif is_dataclass(passage):
        for field in fields(passage):
            yield from texts(getattr(passage, field.name))


@pytest.mark.parametrize("name", ["arabic", "family", "welsh"])
def test_every_value_that_is_signed_stands_in_print(name: str) -> None:
    content = json.loads((VECTORS / f"{name}.json").read_text())
    whole = "\n".join(text for passage in passages(content, None) for text in texts(passage)).replace(",", "")
    plain = squeezed(whole)
    unsaid = ("firstYear", "quantity")  # a part of a total that is printed, and a number of ones
    for field, text in said(content):
        bare = text.replace(",", "")
        shown = bare.removesuffix(".00"), bare, f"{bare[:32]}\n{bare[32:]}"
        assert field in unsaid or any(squeezed(form) in plain for form in shown), (field, text)


def test_the_accepted_offer_its_promises_and_who_decides_stand_in_the_file() -> None:
    content = json.loads((VECTORS / "family.json").read_text())
    text = whole_text(print_agreement(content, mark=None))
    for words in ("Promised in the accepted offer", "Who decides what", "Łucja Nowak", "Jan Żółkiewski", "Long term"):
        assert squeezed(words) in squeezed(text)
    assert squeezed("66.67 %, £2,776.81 a week") in squeezed(text)


@pytest.mark.parametrize(
    ("kept", "printed"),
    [("C2", "C2 – Full care order"), ("NOT_LOOKED_AFTER", "Not looked after"), ("Section 20", "Section 20"), ("", "")],
)
def test_a_legal_status_is_printed_with_its_meaning(kept: str, printed: str) -> None:
    assert legal_status(Told({"legalStatus": kept})) == printed
