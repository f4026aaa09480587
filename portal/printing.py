"""Pages printed from passages: running head, footer with "Page x of y", and a mark across each page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from portal.laying import laid
from portal.page_flow import Placed, paginate
from portal.passages import Passage
from portal.print_style import ABOVE, ALARM, BELOW, COLUMN, GREY, HIGH, SIDE, WIDE
from portal.sheet import Colour, Ink, Sheet
from portal.table_block import RULE
from portal.tagged_pdf import Particulars, TaggedPdf
from portal.text_block import text_width
from portal.typography import arrange, spelled

SLOPE = radians(55)
PALE: Colour = (0.925, 0.93, 0.945)


@dataclass(frozen=True)
class Frame:
    """What stands on every page around its content."""

    head: str
    foot: str
    mark: str | None = None


def print_pages(passages: Iterable[Passage], particulars: Particulars, frame: Frame) -> bytes:
    """The passages as a tagged PDF; the same input always gives the same bytes."""
    pdf, blocks = TaggedPdf(particulars), laid(passages)
    pdf.tree.kids.extend(block.node for block in blocks if block.node.role != "Caption")  # that is its table's own
    pages = paginate(blocks, COLUMN)
    for number, page in enumerate(pages, 1):
        sheet = pdf.sheet()
        _draw_frame(sheet, frame, number, len(pages))
        _draw(sheet, page)
    return pdf.finish()


def _draw(sheet: Sheet, page: Sequence[Placed]) -> None:
    for block, depth in page:
        block.draw(sheet, SIDE, HIGH - ABOVE - depth)


def _draw_frame(sheet: Sheet, frame: Frame, number: int, pages: int) -> None:
    with sheet.artifact():
        if frame.mark:
            _draw_mark(sheet, frame.mark)
        if number > 1:
            _line(sheet, SIDE, HIGH - 42, frame.head, Ink(8, colour=GREY))
        _line(sheet, SIDE, BELOW - 26, frame.foot, Ink(8, colour=GREY))
        counter = f"Page {number} of {pages}"
        _line(sheet, WIDE - SIDE - text_width(counter, Ink(8)), BELOW - 26, counter, Ink(8, colour=GREY))
    sheet.rule(SIDE, WIDE - SIDE, BELOW - 14, RULE, 0.5)


def _draw_mark(sheet: Sheet, mark: str) -> None:
    small, large = Ink(11, bold=True, colour=ALARM), Ink(170, bold=True, colour=PALE)
    _line(sheet, WIDE - SIDE - text_width(mark, small), HIGH - 42, mark, small)
    half, drop = text_width(mark, large) / 2, large.size * 0.36
    left = WIDE / 2 - half * cos(SLOPE) + drop * sin(SLOPE)
    height = HIGH / 2 - half * sin(SLOPE) - drop * cos(SLOPE)
    sheet.text((left, height), arrange(mark, [0] * len(mark), bold=True), large, slope=(cos(SLOPE), sin(SLOPE)))


def _line(sheet: Sheet, left: float, height: float, text: str, ink: Ink) -> None:
    shown = " ".join(spelled(text).split())
    sheet.text((left, height), arrange(shown, [0] * len(shown), bold=ink.bold), ink)
