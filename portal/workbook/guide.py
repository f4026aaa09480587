"""The first sheet of the workbook: how to fill it in, and what every column is for."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from portal.workbook import look
from portal.workbook.column import MOST_ROWS, Column, Sheet
from portal.workbook.look import put
from portal.workbook.table import AGENCY

STEPS = (
    "Fill in the sheets from left to right; each row is one thing. Sheets that do not concern you stay empty.",
    "The grey row on each sheet is an example. Delete it or write over it; left as it is, it is not read.",
    "Columns with a star and a dark header are required. Rest the mouse on a header to see what belongs there.",
    "Homes come first; then Categories and frameworks says what each home is registered for, one row for each home "
    f"and category. Fostering agencies write {AGENCY} there instead of a home.",
    "A home on two frameworks has a second row there, with only its name and the framework columns filled in.",
    "Supported accommodation is for 16 and 17 only. The premises of one service share its URN: write the same name "
    "under Service.",
    "You may move columns, add your own, hide rows and add sheets. Leave the words of the headers as they are.",
    f"Days as 01/04/2026 or 1 April 2026, the day first. At most {MOST_ROWS:,} rows a sheet. No macros, no password.",
    "Upload the workbook in the portal. If anything is wrong nothing is stored: you are told everything at once, and "
    "can download a copy in which it is marked in red.",
)
HEADINGS = ("Sheet", "Column", "Required", "How to write it", "What it is", "Example")
WIDTHS = [24, 26, 10, 34, 76, 30]


def write_guide(page: Worksheet, sheets: Sequence[Sheet]) -> None:
    put(page.cell(1, 1), "Registration of a provider with the West Midlands Placement Portal", look.TITLE)
    for number, step in enumerate(STEPS, 1):
        put(page.cell(number + 2, 1), f"{number}.  {step}", look.PLAIN)
    top = len(STEPS) + 4
    for at, words in enumerate(HEADINGS, 1):
        cell = put(page.cell(top, at), words, look.HEADER)
        cell.fill, cell.alignment = look.REQUIRED_FILL, look.CENTRED
    row = top
    for sheet in sheets:
        for column in sheet.columns:
            row += 1
            _explain(page, row, sheet, column)
    look.set_widths(page, WIDTHS)
    look.set_print(page, f"{top}:{top}")
    page.sheet_view.showGridLines = False


def _explain(page: Worksheet, row: int, sheet: Sheet, column: Column) -> None:
    choices = f": {', '.join(column.form.choices)}" if column.form.choices else ""
    values = (
        sheet.words, column.words, "Yes" if column.required else "", f"{column.form.words}{choices}", column.about,
        shown(column.example),
    )  # fmt: skip
    for at, value in enumerate(values, 1):
        cell = put(page.cell(row, at), value, look.PLAIN)
        cell.alignment, cell.border = look.WRAPPED, look.LINE
    lines = max(1 + len(str(value or "")) // width for value, width in zip(values, WIDTHS, strict=True))
    page.row_dimensions[row].height = 15.5 * lines


def shown(value: Any) -> str | None:
    """An example as its cell shows it."""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return None if value is None else str(value)
