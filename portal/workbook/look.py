"""How the workbook looks, and how a text is put into a cell so that it stays text."""

from typing import Any

from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

INK, GREY, LIGHT, BLUE = "FF1F2937", "FF6B7280", "FFF3F4F6", "FF1D4E89"
TITLE = Font(name="Calibri", size=12, bold=True, color=INK)
HEADER = Font(name="Calibri", size=11, bold=True, color="FFFFFFFF")
REQUIRED_FILL, OPTIONAL_FILL = PatternFill("solid", BLUE), PatternFill("solid", "FF5B7FA6")
PLAIN, EXAMPLE_FONT = Font(name="Calibri", size=11, color=INK), Font(name="Calibri", size=11, italic=True, color=GREY)
EXAMPLE_FILL, RED, MISSING = (
    PatternFill("solid", LIGHT),
    PatternFill("solid", "FFFFC7CE"),
    PatternFill(bgColor="FFFFF3C4"),
)
NO_FILL = PatternFill()
LEFT = Alignment(horizontal="left")
WRAPPED = Alignment(horizontal="left", wrap_text=True, vertical="top")
CENTRED = Alignment(wrap_text=True, vertical="center")
LINE = Border(bottom=Side("thin", "FFD1D5DB"))
A4 = 9
NOTE_WIDTH, NOTE_LINE = 320, 18
LETTERS_A_LINE = 46


def put(cell: Any, value: Any, font: Font | None = None) -> Any:
    """Write a value; a text that begins as a formula does stays text."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        if value[:1] in ("=", "+", "-", "@", "\t"):
            cell.quotePrefix = True
    if font is not None:
        cell.font = font
    return cell


def note(words: str, author: str) -> Comment:
    """A note that is large enough for its words."""
    lines = sum(1 + len(line) // LETTERS_A_LINE for line in words.split("\n"))
    return Comment(words, author, height=NOTE_LINE * (lines + 1), width=NOTE_WIDTH)


def set_widths(sheet: Worksheet, widths: list[int]) -> None:
    for at, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width


def set_print(sheet: Worksheet, repeated: str) -> None:
    """On A4 across, one page wide, the header on every page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = repeated
    footer = HeaderFooterItem()
    footer.left.text, footer.right.text = "&A", "Page &P of &N"
    sheet.HeaderFooter.oddFooter = footer
    sheet.page_margins.left = sheet.page_margins.right = 0.4
