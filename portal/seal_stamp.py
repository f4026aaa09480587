"""What is seen where a party has signed: lines in any script that the house's typography knows, as large as fits."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.generic import ArrayObject, FloatObject
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.stamp import StaticStampStyle

from portal.print_style import ACCENT
from portal.sheet import Ink
from portal.tagged_pdf import Particulars, TaggedPdf
from portal.text_block import Style, TextBlock, text_block

LARGEST, STEP = 9.5, 0.94
LEADING = 1.28
BAR, GAP = 1.6, 5.0
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def stamp_style(lines: Sequence[str], wide: float, high: float) -> StaticStampStyle:
    """A stamp of this size with these lines, the first of them bold."""
    whole = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID, Margins.uniform(0))
    drawn = Drawn(stamp_page(lines, wide, high), wide, high)
    return StaticStampStyle(border_width=0, background=drawn, background_layout=whole)


def stamp_page(lines: Sequence[str], wide: float, high: float) -> bytes:
    """A PDF whose one page has the stamp in its lower left corner."""
    pdf = TaggedPdf(Particulars("Signature", "", LONG_AGO))
    sheet = pdf.sheet()
    blocks = _fitting(lines, wide - BAR - GAP, high)
    top = high
    for block in blocks:
        block.draw_lines(sheet, BAR + GAP, top)
        top -= block.high
    sheet.fill(0, top, BAR, high - top, ACCENT)
    return pdf.finish()


def _fitting(lines: Sequence[str], wide: float, high: float) -> list[TextBlock]:
    """All the lines, none cut, in the largest type in which they have room."""
    size = LARGEST
    while True:
        blocks = [text_block(line, _style(size, bold=not number), wide) for number, line in enumerate(lines)]
        if sum(block.high for block in blocks) <= high or size < 1:
            return blocks
        size *= STEP


def _style(size: float, *, bold: bool) -> Style:
    return Style(Ink(size, bold=bold), size * LEADING)


class Drawn(PdfContent):
    """The lower left corner of a drawn page, taken over into another file."""

    def __init__(self, page: bytes, wide: float, high: float) -> None:
        super().__init__(box=BoxConstraints(wide, high))
        self._page = page
        self._size = (wide, high)

    def render(self) -> bytes:
        """The operator that shows it."""
        writer: Any = self.writer
        drawing = writer.import_page_as_xobject(PdfFileReader(BytesIO(self._page)))
        drawing.get_object()["/BBox"] = ArrayObject(map(FloatObject, (0, 0, *self._size)))
        self.resources.xobject["/Stamp"] = drawing
        return b"/Stamp Do"
