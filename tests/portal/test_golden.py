"""Printed papers are what was looked at and found right, in text, structure and picture, and the same every time."""

from typing import Any

import pytest
from PIL import Image

from portal.agreement import print_agreement
from tests.portal.agreements import reader, unsigned
from tests.portal.golden import CASES, FOLDER, differs, outline, picture


@pytest.mark.parametrize("name", CASES)
def test_a_paper_says_and_looks_as_it_did_when_somebody_looked_at_it(name: str) -> None:  # S-111
    pdf = CASES[name]()
    assert outline(pdf) == (FOLDER / f"{name}.txt").read_text()
    assert not differs(picture(pdf), Image.open(FOLDER / f"{name}.png").convert("L"))


@pytest.mark.parametrize("name", CASES)
def test_a_paper_is_tagged_titled_in_a_language_and_the_same_every_time(name: str) -> None:
    pdf = CASES[name]()
    assert CASES[name]() == pdf
    catalog = reader(pdf).trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "en-GB"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader(pdf).metadata.title
    assert all(page["/Tabs"] == "/S" for page in reader(pdf).pages)


PLANTED: dict[str, dict[str, Any]] = {
    "a missing line": {"child": {"siblings": None}},
    "another value": {"placement": {"dentist": "Kinver Smiles"}},
    "a condition less": {"terms": {"conditions": ["A bed check plan is agreed."]}},
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_difference_is_found_in_the_picture_and_in_the_text(planted: str) -> None:
    right, wrong = CASES["short"](), print_agreement(unsigned(**PLANTED[planted]), mark=None)
    assert differs(picture(right), picture(wrong))
    assert outline(right) != outline(wrong)


def test_another_digit_is_found_in_the_text() -> None:
    wrong = print_agreement(unsigned(price={"weeklyTotal": "5118.60"}), mark=None)
    assert outline(CASES["short"]()) != outline(wrong)


@pytest.mark.parametrize("down", [2, 4, -3])
def test_a_line_that_moved_is_found_in_the_picture(down: int) -> None:
    right = picture(CASES["short"]())
    line = (30, 180, 290, 186)
    moved = right.copy()
    moved.paste(255, line)
    moved.paste(right.crop(line), (line[0], line[1] + down))
    assert differs(right, moved)
    assert not differs(right, right.copy())


def test_pages_that_are_marked_differ_from_those_that_are_not() -> None:
    assert differs(picture(print_agreement(unsigned(), mark=None)), picture(print_agreement(unsigned(), mark="DRAFT")))
