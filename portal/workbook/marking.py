"""A copy of a workbook for whoever mends it: the faulty cells in red with a note, and a first sheet that lists them."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from portal.workbook import look
from portal.workbook.cell import text_of
from portal.workbook.column import MOST_COLUMNS, MOST_ROWS, Sheet
from portal.workbook.fault import Fault, Unreadable
from portal.workbook.grid import Grid
from portal.workbook.header import SEARCHED, Header, find_header
from portal.workbook.look import put
from portal.workbook.opening import is_workbook
from portal.workbook.plain import grid_of, text_in
from portal.workbook.reading import ALONE, HOMES_ALONE, sheet_named
from portal.workbook.stable import blank, bytes_of
from portal.workbook.table import HOMES

LIST = "What to mend"
MENDER = "Registration: to mend"
HEADINGS, WIDTHS = ("Sheet", "Row", "Column", "What is wrong"), [26, 8, 26, 110]
LONGEST_NOTE = 1500
FARTHEST = MOST_ROWS + SEARCHED


def marked_copy(path: Path, name: str | None, faults: Sequence[Fault]) -> bytes:
    """The copy as .xlsx; of a file that cannot be opened only the list."""
    workbook, places = blank(), {}
    with suppress(Unreadable):
        workbook = _copied(path, name)
        places = _mark(workbook, faults)
    _list(workbook, faults, places)
    return bytes_of(workbook)


def _copied(path: Path, name: str | None) -> Workbook:
    """The workbook without macros and without links to other files; of plain text a workbook of one sheet."""
    if is_workbook(path):
        try:
            with path.open("rb") as file:
                return load_workbook(file, keep_vba=False, keep_links=False)
        except Exception:  # noqa: BLE001 - a parser of hostile bytes may raise anything; then there is only the list
            return blank()
    named = sheet_named(name) if name else None
    sheet, grid = grid_of(text_in(path), [each for each in ALONE if named is None or each.key == named.key])
    workbook = blank()
    page = workbook.create_sheet(sheet.words, 0)
    for number, row in enumerate(grid.rows, 1):
        for at, cell in enumerate(row, 1):
            put(page.cell(number, at), text_of(cell) or None)
    return workbook


def _mark(workbook: Workbook, faults: Sequence[Fault]) -> dict[Fault, tuple[str, str]]:
    """Mark the cells; answers with the sheet and cell of each fault that has one."""
    by_sheet: dict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        by_sheet[fault.sheet].append(fault)
    places: dict[Fault, tuple[str, str]] = {}
    for page in workbook.worksheets:
        named = sheet_named(page.title)
        if named is not None:
            sheet = HOMES_ALONE if named is HOMES else named
            _clear(page)
            for fault, coordinate in _mark_sheet(page, sheet, by_sheet.get(sheet.words, [])).items():
                places[fault] = (page.title, coordinate)
    return places


def _clear(page: Worksheet) -> None:
    """What was marked in an earlier copy may have been mended since."""
    last, widest = min(page.max_row, FARTHEST), min(page.max_column, MOST_COLUMNS)
    for row in page.iter_rows(max_row=last, max_col=widest):
        for cell in row:
            if cell.comment is not None and cell.comment.author == MENDER:
                cell.comment, cell.fill = None, look.NO_FILL


def _mark_sheet(page: Worksheet, sheet: Sheet, faults: Sequence[Fault]) -> dict[Fault, str]:
    upper: Any = [[cell.value for cell in row] for row in page.iter_rows(max_row=SEARCHED)]
    header = find_header(sheet, Grid(page.title, upper)) or Header(1, {})
    messages: dict[tuple[int, int], list[str]] = defaultdict(list)
    places = {}
    for fault in faults:
        at = next((header.at[c.key] + 1 for c in sheet.columns if c.words == fault.column and c.key in header.at), 1)
        place = _top_left(page, fault.row or header.row, at)
        messages[place].append(fault.message)
        places[fault] = f"{get_column_letter(place[1])}{place[0]}"
    for (row, column), told in messages.items():
        cell: Any = page.cell(row, column)
        cell.fill = look.RED
        cell.comment = look.note("\n".join(told)[:LONGEST_NOTE], MENDER)
        page.row_dimensions[row].hidden = page.column_dimensions[get_column_letter(column)].hidden = False
    if messages:
        page.sheet_state = "visible"
    return places


def _top_left(page: Worksheet, row: int, column: int) -> tuple[int, int]:
    """The cell itself, or the one that stands for it where cells are merged."""
    if isinstance(page.cell(row, column), MergedCell):
        for area in page.merged_cells.ranges:
            if area.min_row <= row <= area.max_row and area.min_col <= column <= area.max_col:
                return area.min_row, area.min_col
    return row, column


def _list(workbook: Workbook, faults: Sequence[Fault], places: dict[Fault, tuple[str, str]]) -> None:
    if LIST in workbook.sheetnames:
        del workbook[LIST]
    page: Any = workbook.create_sheet(LIST, 0)
    put(
        page.cell(1, 1),
        f"{len(faults):,} to mend. Mend each in its sheet, save, and upload the workbook again.",
        look.TITLE,
    )
    for at, words in enumerate(HEADINGS, 1):
        cell = put(page.cell(2, at), words, look.HEADER)
        cell.fill = look.REQUIRED_FILL
    for number, fault in enumerate(faults, 3):
        for at, value in enumerate((fault.sheet, fault.row, fault.column, fault.message), 1):
            put(page.cell(number, at), value, look.PLAIN).alignment = look.WRAPPED
        if fault in places:
            title, coordinate = places[fault]
            quoted = title.replace("'", "''")
            page.cell(number, 2).hyperlink = Hyperlink(ref=f"B{number}", location=f"'{quoted}'!{coordinate}")
    look.set_widths(page, WIDTHS)
    look.set_print(page, "2:2")
    page.freeze_panes = "A3"
    workbook.active = 0
    for other in workbook.worksheets:
        other.sheet_view.tabSelected = other is page
