"""Whatever an agreement holds, its pages are whole: nothing runs over, nothing overlaps."""

import random
from itertools import pairwise
from typing import Any

import pytest

from portal.agreement import passages
from portal.laying import laid
from portal.page_flow import Block, paginate
from portal.print_style import COLUMN, LEAD, MEASURE, SUBHEADING, VALUE
from portal.text_block import Style, TextBlock, text_block
from tests.portal.agreements import FULL, agreement


@pytest.mark.parametrize("seed", range(6))
def test_nothing_runs_over_the_foot_of_a_page_and_no_heading_stands_there(seed: int) -> None:
    dice = random.Random(seed)
    pages = paginate(laid(passages(scrambled(FULL, dice), "DRAFT" if seed % 2 else None)), COLUMN)
    for page in pages:
        last = page[-1]
        assert last.depth + last.block.high <= COLUMN + 0.01
        assert not last.block.keep_with_next
        assert all(a.depth + a.block.high <= b.depth + 0.01 for a, b in pairwise(page))


def scrambled(value: object, dice: random.Random) -> Any:
    if isinstance(value, dict):
        return {name: scrambled(kid, dice) for name, kid in value.items()}
    if isinstance(value, list):
        return [scrambled(kid, dice) for kid in value for _ in range(dice.choice([0, 1, 1, 5, 20]))]
    words = ["a", "placement", "Đặng", "محمد", "(8)", "ਸਿੰਘ", "\n", "x" * 200, "&c.", "🙂", "e\u0301", "12,5"]
    return dice.choice([value, None, "", " ".join(dice.choices(words, k=dice.choice([3, 3, 30, 30, 600])))])


def test_no_line_is_wider_than_its_column() -> None:
    told = agreement(terms={"conditions": ["wide " * 100, "و كلمة " * 100, "W" * 900, "a-b/c@d." * 90]})
    blocks = laid(passages(told, None))
    lines = [line for block in blocks for line in getattr(block, "lines", [])]
    assert len(lines) > 30
    assert max(line.wide for line in lines) <= MEASURE + 0.02


def block(text: str, style: Style) -> TextBlock:
    return text_block(text, style, MEASURE)


def test_a_heading_goes_to_the_next_page_with_what_it_introduces() -> None:
    filling: list[Block] = [block("line\n" * 58, VALUE), block("heading", SUBHEADING), block("text\n" * 9, VALUE)]
    pages = [[placed.block for placed in page] for page in paginate(filling, 60 * VALUE.leading)]
    assert pages == [filling[:1], filling[1:]]


@pytest.mark.parametrize("lines", range(40, 60))
def test_headings_in_a_row_stay_with_the_whole_of_what_they_introduce(lines: int) -> None:
    lead = block("note " * 200, LEAD)
    filling: list[Block] = [block("line\n" * lines, VALUE), block("heading", SUBHEADING), lead, block("a\nb\nc", VALUE)]
    for page in paginate(filling, 60 * VALUE.leading):
        assert not page[-1].block.keep_with_next


def test_a_long_text_continues_without_losing_a_line() -> None:
    text = block("line\n" * 150, VALUE)
    parts = [placed.block for page in paginate([text], 60 * VALUE.leading) for placed in page]
    assert [round(part.high / VALUE.leading) for part in parts] == [60, 60, 30]
    assert all(part.node is text.node for part in parts)


def test_no_text_leaves_a_single_line_behind() -> None:
    text = block("line\n" * 61, VALUE)
    parts = [placed.block for page in paginate([text], 60 * VALUE.leading) for placed in page]
    assert [round(part.high / VALUE.leading) for part in parts] == [59, 2]
