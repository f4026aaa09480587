"""The workbook that providers are given: made for people, with everything in it taken from the table."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from portal.workbook import look
from portal.workbook.column import EXAMPLE, FIRST_ROW, HEADER_ROW, MOST_ROWS, NOTES, TITLE_ROW, Column, Sheet
from portal.workbook.guide import write_guide
from portal.workbook.lists import Lists
from portal.workbook.look import put
from portal.workbook.stable import AUTHOR, blank, bytes_of
from portal.workbook.table import SHEETS

TEMPLATE_NAME = "west-midlands-provider-registration.xlsx"
Row = Mapping[str, Any]
NOTES_WIDTH = 30


@cache
def template() -> bytes:
    """The empty registration workbook, with an example on every sheet; always the same bytes."""
    return made({sheet.key: [] for sheet in SHEETS}, examples=True)


def made(rows: Mapping[str, Sequence[Row]], *, examples: bool = False) -> bytes:
    """A workbook with these rows, by sheet and column; sheets that are not named are left out."""
    workbook = blank()
    sheets = [sheet for sheet in SHEETS if sheet.key in rows]
    write_guide(workbook.create_sheet("Read me"), sheets)
    pages = [(sheet, workbook.create_sheet(sheet.words)) for sheet in sheets]
    lists = Lists(workbook.create_sheet("Lists"), sheets)
    for sheet, page in pages:
        _head(page, sheet)
        if examples:
            _row(page, sheet, FIRST_ROW, sheet.example, example=True)
        for number, row in enumerate(rows[sheet.key], FIRST_ROW):
            _row(page, sheet, number, row)
        lists.offer(page, sheet)
    return bytes_of(workbook)


def place(sheet: Sheet, column: Column) -> int:
    """Where a column stands in the template, counted from 1; the person's own notes come first."""
    return sheet.columns.index(column) + 2


def _head(page: Worksheet, sheet: Sheet) -> None:
    put(page.cell(TITLE_ROW, 1), f"{sheet.words}: {sheet.about}", look.TITLE)
    page.row_dimensions[TITLE_ROW].height = 24
    page.row_dimensions[HEADER_ROW].height = 34
    _title(page, 1, NOTES, "For yourself. This column is not read.", required=False)
    for column in sheet.columns:
        _title(page, place(sheet, column), column.title, explained(column), required=column.required)
        dimension = page.column_dimensions[get_column_letter(place(sheet, column))]
        dimension.number_format, dimension.alignment = column.form.number_format, look.LEFT
    look.set_widths(page, [NOTES_WIDTH, *(column.width for column in sheet.columns)])
    named = max((place(sheet, sheet.column(key)) for key in sheet.identity[:1]), default=1)
    page.freeze_panes = page.cell(FIRST_ROW, named + 1).coordinate
    look.set_print(page, f"{TITLE_ROW}:{HEADER_ROW}")
    _show_gaps(page, sheet)


def _title(page: Worksheet, at: int, words: str, about: str, *, required: bool) -> None:
    cell = put(page.cell(HEADER_ROW, at), words, look.HEADER)
    cell.fill = look.REQUIRED_FILL if required else look.OPTIONAL_FILL
    cell.alignment = look.CENTRED
    cell.comment = look.note(about, AUTHOR)


def explained(column: Column) -> str:
    needed = "Required in every row." if column.required else "May be empty, where nothing else is said."
    return f"{column.about}\n{column.form.words}.\n{needed}"


def _show_gaps(page: Worksheet, sheet: Sheet) -> None:
    """Required cells that are still empty are yellow as soon as their row has anything."""
    last = get_column_letter(len(sheet.columns) + 1)
    for column in sheet.columns:
        if column.required:
            at = get_column_letter(place(sheet, column))
            begun = f'AND(COUNTA($B{FIRST_ROW}:${last}{FIRST_ROW})>0,{at}{FIRST_ROW}="")'
            rule = Rule("expression", dxf=DifferentialStyle(fill=look.MISSING), formula=[begun])
            page.conditional_formatting.add(f"{at}{FIRST_ROW}:{at}{FIRST_ROW + MOST_ROWS - 1}", rule)


def _row(page: Worksheet, sheet: Sheet, number: int, row: Row, *, example: bool = False) -> None:
    if example:
        _example(put(page.cell(number, 1), EXAMPLE))
    for column in sheet.columns:
        value = row.get(column.key)
        if value is None and not example:
            continue
        written = value if example or value is None else column.form.write(value)
        cell = put(page.cell(number, place(sheet, column)), written)
        cell.number_format, cell.alignment = column.form.number_format, look.LEFT
        if example:
            _example(cell)


def _example(cell: Any) -> None:
    cell.font, cell.fill = look.EXAMPLE_FONT, look.EXAMPLE_FILL
