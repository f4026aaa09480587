"""Finding the columns of a sheet by the words of its header, wherever they stand and however they are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from portal.workbook.cell import Cell, quoted, simple, text_of
from portal.workbook.column import NOTES, Column, Sheet
from portal.workbook.fault import Fault, FaultCode, located
from portal.workbook.grid import Grid, Merged

SEARCHED = 12


@dataclass(frozen=True, slots=True)
class Header:
    """`at` says in which cell of a row, counted from 0, a column stands; `absent` ones are among the faults."""

    row: int
    at: Mapping[str, int]
    absent: frozenset[str] = frozenset()
    faults: tuple[Fault, ...] = ()


def words_of(sheet: Sheet) -> dict[str, Column]:
    """Every wording of a header and the column it means; a column's own words win over another's second ones."""
    known = {simple(word): column for column in reversed(sheet.columns) for word in column.also}
    return known | {simple(column.words): column for column in sheet.columns}


def find_header(sheet: Sheet, grid: Grid) -> Header | None:
    """The first of the upper rows that has most of the columns, at least two; None where there is none."""
    known = words_of(sheet)
    best, most = None, min(2, len(sheet.columns)) - 1
    for number, row in enumerate(grid.rows[:SEARCHED], 1):
        found = {known[word].key for word in map(_word, row) if word in known}
        if len(found) > most:
            best, most = number, len(found)
    return _header(sheet, grid, best) if best else None


def matches(sheet: Sheet, row: Sequence[Cell]) -> int:
    """How many different columns of the sheet a row names."""
    known = words_of(sheet)
    return len({known[word].key for word in map(_word, row) if word in known})


def _word(cell: Cell) -> str:
    return simple(text_of(cell))


def _header(sheet: Sheet, grid: Grid, row: int) -> Header:
    at, faults, strange = _placed(sheet, grid.rows[row - 1], row)
    missing = [column for column in sheet.columns if column.key not in at]
    merged = [each for each in grid.merged if each.top <= row <= each.bottom and each.left < each.right]
    twice = {fault.column for fault in faults}
    for column in missing:
        fault = None if column.words in twice else _absent(sheet, row, column, strange, merged)
        if fault:
            faults.append(fault)
    told = {fault.column for fault in faults}
    return Header(row, at, frozenset(column.key for column in missing if column.words in told), tuple(faults))


def _placed(sheet: Sheet, cells: Sequence[Cell], row: int) -> tuple[dict[str, int], list[Fault], dict[str, str]]:
    """Own words first, so that "Name" is not taken for another column that is called so elsewhere."""
    own, known = {simple(column.words): column for column in sheet.columns}, words_of(sheet)
    at: dict[str, int] = {}
    faults: list[Fault] = []
    strange: dict[str, str] = {}
    for names in (own, known):
        for place, cell in enumerate(cells):
            word = _word(cell)
            column = names.get(word)
            if not word or word == simple(NOTES) or place in at.values():
                continue
            if column is None:
                strange[word] = quoted(cell)
            elif column.key not in at:
                at[column.key] = place
            elif names is own:
                what = "the header has this column twice. Delete or rename the one that is not meant."
                faults.append(located(sheet.words, row, column.words, FaultCode.COLUMN_TWICE, what))
    for fault in faults:
        at.pop(own[simple(fault.column or "")].key, None)
    return at, faults, {word: text for word, text in strange.items() if word not in known}


def _absent(
    sheet: Sheet, row: int, column: Column, strange: Mapping[str, str], merged: Sequence[Merged]
) -> Fault | None:
    near = get_close_matches(simple(column.words), strange, 1, 0.8)
    if near:
        what = f"the header says {strange[near[0]]}. If you mean this column, write {column.words}; if not, rename it."
        return located(sheet.words, row, column.words, FaultCode.COLUMN_UNKNOWN, what)
    if merged and (column.required or column.key in CONDITIONAL):
        refs = ", ".join(each.ref for each in merged)
        what = (
            f"this column is missing, and header cells are merged ({refs}). Unmerge them; each column needs a header."
        )
        return located(sheet.words, row, column.words, FaultCode.CELLS_MERGED, what)
    if column.required:
        what = f"this column is missing. Add a column with the header {column.words}, as in the template."
        return located(sheet.words, row, column.words, FaultCode.COLUMN_MISSING, what)
    return None


CONDITIONAL = frozenset({"age_from", "age_to", "category", "genders", "places", "urn", "valid_from"})
"""Columns that not every row, but nearly every workbook needs."""
