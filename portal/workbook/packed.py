"""Workbooks: their sheets as grids of values. What a formula or a macro would do is never looked at."""

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from portal.workbook.cell import Cell, Unreckoned, is_blank
from portal.workbook.column import MOST_COLUMNS, MOST_ROWS
from portal.workbook.fault import FaultCode, Unreadable
from portal.workbook.grid import Grid, Merged

SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml")
FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
MERGED = b"mergeCell "
ROW = re.compile(rb"<(?:\w+:)?row[ >]")
BLOCK = 1024 * 1024
EACH = 250
LAST_LOOKED_AT = 20_000
HEADROOM = 50  # rows of title and header that do not count
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Outline:
    """What can be seen of the sheets without parsing them."""

    rows: int
    special: bool


def outline(path: Path) -> Outline:
    """How many rows there are, and whether any sheet has formulas or merged cells."""
    rows, special = 0, False
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if SHEET_PART.fullmatch(name):
                for block in _blocks(archive, name):
                    rows += len(ROW.findall(block))
                    special = special or MERGED in block or FORMULA.search(block) is not None
    return Outline(rows, special)


def _blocks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Blocks that overlap a little, so that no word is cut in two unseen."""
    rest = b""
    with archive.open(name) as part:
        while block := part.read(BLOCK):
            yield rest + block
            rest = block[-16:]


def grids_of(path: Path, wanted: Callable[[str], bool], progress: Progress) -> list[Grid]:
    """Every wanted sheet, hidden ones too. Raises Unreadable where the file or a sheet goes beyond all limits."""
    seen = outline(path)
    total = max(seen.rows, 1)
    count = _counting(progress, total)
    found = []
    with path.open("rb") as file:
        for sheet in _opened(file, read_only=True, data_only=True).worksheets:
            if wanted(sheet.title):
                found.append(Grid(sheet.title, _rows(sheet, count)))
    progress(total, total)
    return _with_specials(path, found) if seen.special else found


def _opened(file: BinaryIO, **how: bool) -> Workbook:
    return load_workbook(file, keep_vba=False, keep_links=False, **how)


def _counting(progress: Progress, total: int) -> Callable[[], None]:
    done = 0

    def count() -> None:
        nonlocal done
        done += 1
        if done % EACH == 0 and done < total:
            progress(done, total)

    return count


def _rows(sheet: Any, count: Callable[[], None]) -> list[tuple[Cell, ...]]:
    sheet.reset_dimensions()
    rows: list[tuple[Cell, ...]] = []
    last = 0
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True), 1):
        count()
        if number > LAST_LOOKED_AT:
            _refuse_length(sheet.title)
        filled = not all(is_blank(cell) for cell in row)
        if filled:
            last = number
            _refuse_width(sheet.title, row, number)
        if filled and number > MOST_ROWS + HEADROOM:
            _refuse_length(sheet.title)
        rows.append(tuple(row) if filled else ())
    return rows[:last]


def _refuse_length(title: str) -> None:
    what = (
        f"the sheet {title} goes on beyond {MOST_ROWS:,} rows. Delete the rows below your last one, also empty ones "
        "that are only formatted."
    )
    raise Unreadable(FaultCode.TOO_MANY_ROWS, what)


def _refuse_width(title: str, row: tuple[Cell, ...], number: int) -> None:
    if len(row) > MOST_COLUMNS and not is_blank(row[MOST_COLUMNS]):
        what = f"the sheet {title} has more than {MOST_COLUMNS} columns (row {number}). Delete those you do not need."
        raise Unreadable(FaultCode.TOO_MANY_COLUMNS, what)


def _with_specials(path: Path, grids: list[Grid]) -> list[Grid]:
    """The same grids with what streaming does not show: merged cells, and formulas that have no value."""
    with path.open("rb") as file:
        whole = _opened(file)
    return [_special(grid, whole[grid.name]) for grid in grids]


def _special(grid: Grid, sheet: Worksheet) -> Grid:
    merged = tuple(
        Merged(each.min_row, each.min_col, each.max_row, each.max_col, each.coord) for each in sheet.merged_cells.ranges
    )
    rows = [list(row) for row in grid.rows]
    last, widest = min(sheet.max_row, MOST_ROWS + HEADROOM), min(sheet.max_column, MOST_COLUMNS)
    for area in merged:
        _fill_down(rows, area)
    for number, row in enumerate(sheet.iter_rows(max_row=last, max_col=widest), 1):
        for at, cell in enumerate(row, 1):
            if cell.data_type == "f":
                _mark(rows, number, at, str(getattr(cell.value, "text", cell.value)))
    return Grid(grid.name, rows, tuple(sorted(merged, key=lambda each: (each.top, each.left))))


def _fill_down(rows: list[list[Cell]], area: Merged) -> None:
    """Rows that share a cell are read as if each had its value, so that one fault is told and not one for each row."""
    if area.left == area.right and area.top <= len(rows) and len(rows[area.top - 1]) >= area.left:
        value = rows[area.top - 1][area.left - 1]
        for row in rows[area.top : area.bottom]:
            row.extend([None] * (area.left - len(row)))
            row[area.left - 1] = value


def _mark(rows: list[list[Cell]], row: int, column: int, formula: str) -> None:
    rows.extend([] for _ in range(row - len(rows)))
    cells = rows[row - 1]
    cells.extend([None] * (column - len(cells)))
    if cells[column - 1] is None:
        cells[column - 1] = Unreckoned(formula)
