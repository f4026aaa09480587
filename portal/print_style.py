"""The look of the house's paper: one typeface, one accent colour, headings, fields and tables on A4."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from reportlab.lib.pagesizes import A4

from portal.sheet import Colour, Ink
from portal.table_block import Cell, Entry, TableBlock, table_block
from portal.text_block import Style, TextBlock, text_block, text_width

WIDE, HIGH = A4
SIDE, ABOVE, BELOW = 54.0, 64.0, 58.0
MEASURE = WIDE - 2 * SIDE
COLUMN = HIGH - ABOVE - BELOW

ACCENT: Colour = (0.09, 0.27, 0.40)
GREY: Colour = (0.36, 0.39, 0.42)

OVERLINE = Style(Ink(8, bold=True, colour=ACCENT), 12)
TITLE = Style(Ink(21, bold=True, colour=ACCENT), 29, "H1", keep_with_next=True)
HEADING = Style(Ink(12.5, bold=True, colour=ACCENT), 17, "H2", before=17, keep_with_next=True)
SUBHEADING = Style(Ink(9.5, bold=True), 13, "H3", before=9, keep_with_next=True)
BODY = Style(Ink(9.5), 13.5, before=4)
LEAD = replace(BODY, keep_with_next=True)
SMALL = Style(Ink(8, colour=GREY), 11, before=4)

VALUE = Style(Ink(9), 12.5, "TD")
ABSENT = Style(Ink(9, colour=GREY), 12.5, "TD")
STRONG = Style(Ink(9, bold=True), 12.5, "TD")
MONEY = Style(Ink(9), 12.5, "TD", align="right")
MONEY_TOTAL = Style(Ink(9, bold=True), 12.5, "TD", align="right")
SLIM = Style(Ink(8.5), 12.5, "TD")
CODE = Style(Ink(7.5), 10.5, "TD")
LABEL = Style(Ink(8, colour=GREY), 12.5, "TH", scope="Row")
ROW_TITLE = Style(Ink(9), 12.5, "TH", scope="Row")
ROW_TOTAL = Style(Ink(9, bold=True), 12.5, "TH", scope="Row")
HEAD = Style(Ink(8, bold=True, colour=ACCENT), 11.5, "TH", scope="Column")
HEAD_RIGHT = Style(Ink(8, bold=True, colour=ACCENT), 11.5, "TH", align="right", scope="Column")

NOT_GIVEN = "Not given"
LABEL_WIDE = 102.0
FIELD_COLUMNS = (LABEL_WIDE, MEASURE / 2 - LABEL_WIDE, LABEL_WIDE, MEASURE / 2 - LABEL_WIDE)


class Column(NamedTuple):
    """A column's head, its share of the measure, and how its values are set."""

    head: str
    share: float
    style: Style = VALUE


def heading(text: str) -> TextBlock:
    """A section's heading, also in the list of contents."""
    block = text_block(text, HEADING, MEASURE)
    block.bookmark = text
    return block


def subheading(text: str) -> TextBlock:
    """A heading within a section."""
    return text_block(text, SUBHEADING, MEASURE)


def block(text: str, style: Style) -> TextBlock:
    """A paragraph over the whole measure."""
    return text_block(text, style, MEASURE)


def value(text: str, style: Style = VALUE) -> Cell:
    """A cell that says plainly when nothing was given."""
    return Cell(text, style) if text else Cell(NOT_GIVEN, replace(ABSENT, align=style.align))


def table(columns: Sequence[Column], rows: Iterable[Sequence[str] | Entry], *, form: bool = False) -> TableBlock:
    """A table over the measure whose head repeats on every page; plain texts take the style of their column.

    A form is never parted between pages, and its lines stand apart so that they can be filled.
    """
    heads = [Cell(column.head, HEAD_RIGHT if column.style.align == "right" else HEAD) for column in columns]
    body = [row if isinstance(row, Entry) else Entry([*map(_value_in, row, columns)]) for row in rows]
    wide = [column.share * MEASURE for column in columns]
    return table_block(wide, [Entry(heads), *body], heads=1, before=6, form=form)


def _value_in(text: str, column: Column) -> Cell:
    return value(text, column.style)


def fields(pairs: Sequence[tuple[str, str]], before: float = 4) -> TableBlock:
    """Labels and values, two pairs to a row where both values are short."""
    return table_block(FIELD_COLUMNS, [Entry(cells) for cells in _field_rows(pairs)], before=before)


def _field_rows(pairs: Sequence[tuple[str, str]]) -> Iterator[list[Cell]]:
    waiting: list[Cell] = []
    for label, text in pairs:
        short = "\n" not in text and text_width(text, VALUE.ink) <= FIELD_COLUMNS[1] - 10
        pair = [Cell(label, LABEL), value(text)]
        if waiting and short:
            yield waiting + pair
            waiting = []
            continue
        if waiting:
            yield _alone(waiting)
        waiting = pair if short else []
        if not short:
            yield _alone(pair)
    if waiting:
        yield _alone(waiting)


def _alone(pair: Sequence[Cell]) -> list[Cell]:
    label, cell = pair
    return [label, Cell(cell.text, cell.style, span=3)]
