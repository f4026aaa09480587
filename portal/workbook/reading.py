"""Reading a registration out of a file. It runs in a process of its own: see child.py."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from portal.workbook.cell import is_blank, simple
from portal.workbook.column import Sheet
from portal.workbook.content import said_by
from portal.workbook.fault import WORKBOOK, Fault, FaultCode, Reading, Unreadable, located
from portal.workbook.grid import Grid
from portal.workbook.opening import is_workbook
from portal.workbook.packed import Progress, grids_of
from portal.workbook.plain import grid_of, text_in
from portal.workbook.record import Table, read_table
from portal.workbook.table import CARE, HOMES, ORGANISATION, SHEETS

MOST_FAULTS = 5000
HOMES_ALONE = replace(HOMES, columns=HOMES.columns + CARE.columns[1:], identity=(*HOMES.identity, "lot"))
"""In a .csv, homes have their category and framework in the same row."""
ALONE = tuple(HOMES_ALONE if sheet is HOMES else sheet for sheet in SHEETS)


def read_file(path: Path, sheet: str | None, progress: Progress) -> Reading:
    """What the file says, or all its faults; `sheet` is the name of the one sheet that a .csv holds, if it is known."""
    try:
        reading = _whole(path, progress) if is_workbook(path) else _alone(path, sheet, progress)
    except Unreadable as unreadable:
        reading = Reading(None, (unreadable.fault,))
    except MemoryError:
        what = "the file needs too much memory. Copy your rows into a new template."
        reading = Reading(None, (located(WORKBOOK, None, None, FaultCode.TOO_LARGE, what),))
    return Reading(reading.content, _bounded(reading.faults))


def _bounded(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    if len(faults) <= MOST_FAULTS:
        return tuple(faults)
    more = f"there are {len(faults) - MOST_FAULTS:,} more faults. Mend these first and upload the workbook again."
    return (*faults[:MOST_FAULTS], located(WORKBOOK, None, None, FaultCode.MORE_FAULTS, more))


def sheet_named(title: str) -> Sheet | None:
    """The sheet of the template that a title means, however it is written."""
    words = simple(title)
    return next((sheet for sheet in SHEETS if words in map(simple, (sheet.words, sheet.key, *sheet.also))), None)


def _whole(path: Path, progress: Progress) -> Reading:
    grids = _grids(path, progress)
    if not grids:
        names = ", ".join(sheet.words for sheet in SHEETS)
        what = f"this is not the registration workbook: it has none of the sheets {names}. Use the template."
        raise Unreadable(FaultCode.NOT_THE_TEMPLATE, what)
    faults, tables = _tables(grids)
    absent = [fault for sheet in SHEETS for fault in _absence(sheet, tables)]
    known = not any(fault.sheet == HOMES.words for fault in absent) and _names_known(tables)
    reading = said_by(tables, homes_known=known)
    faults = [*faults, *absent, *reading.faults]
    return Reading(None if faults else reading.content, tuple(faults))


def _grids(path: Path, progress: Progress) -> list[Grid]:
    try:
        return grids_of(path, lambda title: sheet_named(title) is not None, progress)
    except (Unreadable, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - a parser of hostile bytes may raise anything; the file is at fault
        what = "the workbook cannot be opened. Open it in your spreadsheet program and save it as .xlsx again."
        raise Unreadable(FaultCode.DAMAGED, what) from None


def _tables(grids: Sequence[Grid]) -> tuple[list[Fault], dict[str, Table]]:
    faults, tables = [], {}
    for sheet in SHEETS:
        same = [grid for grid in grids if sheet_named(grid.name) is sheet]
        if len(same) > 1:
            same, fault = _chosen(sheet, same)
            faults += fault
        if same:
            tables[sheet.key] = read_table(sheet, same[0])
    return faults, tables


def _chosen(sheet: Sheet, same: list[Grid]) -> tuple[list[Grid], list[Fault]]:
    """Of two sheets that could be meant, the one that holds anything; it is a fault if both do."""
    filled = [grid for grid in same if any(not is_blank(cell) for row in grid.rows for cell in row)]
    if len(filled) < 2:
        return filled or same[:1], []
    names = " and ".join(f"'{grid.name}'" for grid in filled)
    what = f"several sheets could be this one: {names}. Rename or delete those that are not meant."
    return filled, [located(sheet.words, None, None, FaultCode.SHEET_TWICE, what)]


def _absence(sheet: Sheet, tables: dict[str, Table]) -> list[Fault]:
    """Organisation, categories and contacts are always needed, homes by everybody but a fostering agency."""
    table = tables.get(sheet.key)
    if not (sheet.required or (sheet is HOMES and not _agency(tables))) or (table and (table.records or table.faults)):
        return []
    if table is None:
        what = "this sheet is missing. Copy it from the template, or give your sheet this name."
        return [located(sheet.words, None, None, FaultCode.SHEET_MISSING, what)]
    what = f"nothing is filled in on this sheet. {sheet.about}"
    return [located(sheet.words, None, None, FaultCode.SHEET_EMPTY, what)]


def _names_known(tables: dict[str, Table]) -> bool:
    table = tables.get(HOMES.key)
    if table is None:
        return True
    read = not any("name" in record.wrong for record in table.records)
    return read and "name" not in table.absent and bool(table.records or not table.faults)


def _agency(tables: dict[str, Table]) -> bool:
    table = tables.get(ORGANISATION.key)
    return table is not None and any(record.gave("agency_urn") for record in table.records)


def _alone(path: Path, name: str | None, progress: Progress) -> Reading:
    """One sheet as .csv: what its name says it is, or its header."""
    text = text_in(path)
    if not text.strip():
        raise Unreadable(FaultCode.EMPTY_FILE, "the file is empty.")
    named = sheet_named(name) if name else None
    candidates = [sheet for sheet in ALONE if named is None or sheet.key == named.key]
    sheet, grid = grid_of(text, candidates)
    table = read_table(sheet, grid)
    progress(len(grid.rows), len(grid.rows))
    if not table.records and not table.faults:
        table.wrong(None, None, FaultCode.SHEET_EMPTY, f"nothing is filled in. {sheet.about}")
    tables = {sheet.key: table}
    if sheet is HOMES_ALONE:
        tables[CARE.key] = table
    return said_by(tables, homes_known=sheet in (HOMES_ALONE, CARE))
