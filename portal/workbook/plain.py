"""Sheets saved as plain text: .csv in whatever encoding and with whatever between the cells."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from portal.workbook.column import MOST_COLUMNS, MOST_ROWS, Sheet
from portal.workbook.fault import FaultCode, Unreadable
from portal.workbook.grid import Grid
from portal.workbook.header import SEARCHED, matches

SEPARATORS = (",", ";", "\t")
LONGEST_CELL = 100_000
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def text_in(path: Path) -> str:
    """The file as text. Raises Unreadable where it is none."""
    raw = path.read_bytes()
    if raw.startswith(UTF_16):
        return _decoded(raw, "utf-16")
    if b"\0" in raw:
        raise Unreadable(FaultCode.NOT_A_WORKBOOK, "the file is neither an Excel workbook (.xlsx) nor a .csv.")
    try:
        return _decoded(raw, "utf-8-sig")
    except Unreadable:
        return _decoded(raw, "cp1252")


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        what = "the letters in the file cannot be read. Save it as CSV UTF-8, or as Excel workbook (.xlsx)."
        raise Unreadable(FaultCode.ENCODING, what) from None
    if text.lstrip()[:1] == "<":
        what = "the file is a web page or XML, not a .csv. Save it as Excel workbook (.xlsx) or CSV."
        raise Unreadable(FaultCode.NOT_A_WORKBOOK, what)
    return text


def grid_of(text: str, sheets: Sequence[Sheet]) -> tuple[Sheet, Grid]:
    """The sheet that the text holds, of those it may be, and its rows: the one whose header it matches best."""
    best: tuple[float, Sheet, list[list[str]]] | None = None
    for separator in SEPARATORS:
        rows = _rows(text, separator)
        for sheet in sheets:
            found = max((matches(sheet, row) - len(sheet.columns) / 100 for row in rows[:SEARCHED]), default=0)
            if best is None or found > best[0]:
                best = (found, sheet, rows)
    if best is None:
        raise Unreadable(FaultCode.EMPTY_FILE, "the file is empty.")
    found, sheet, rows = best
    if found < 1 and len(sheets) > 1:
        what = "its first rows have no header of the template. Keep the template's header, or say which sheet it is."
        raise Unreadable(FaultCode.NOT_THE_TEMPLATE, what)
    _refuse_size(sheet, rows)
    return sheet, Grid(sheet.words, rows)


def _rows(text: str, separator: str) -> list[list[str]]:
    limit = csv.field_size_limit(LONGEST_CELL)
    try:
        lines = text.splitlines(keepends=True)
        if lines and lines[0].strip().casefold() in ("sep=;", "sep=,", "sep=\t"):
            lines[0] = "\n"
        return list(csv.reader(io.StringIO("".join(lines), newline=""), delimiter=separator))
    except csv.Error:
        what = "a cell has no end: a quotation mark is missing, or a cell holds more than 100,000 characters."
        raise Unreadable(FaultCode.DAMAGED, what) from None
    finally:
        csv.field_size_limit(limit)


def _refuse_size(sheet: Sheet, rows: list[list[str]]) -> None:
    filled = [number for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    if len(filled) > MOST_ROWS + 1:
        what = f"the sheet {sheet.words} has more than {MOST_ROWS:,} rows. Split your registration, or delete rows."
        raise Unreadable(FaultCode.TOO_MANY_ROWS, what)
    if any(any(cell.strip() for cell in row[MOST_COLUMNS:]) for row in rows):
        what = f"the sheet {sheet.words} has more than {MOST_COLUMNS} columns. Delete those you do not need."
        raise Unreadable(FaultCode.TOO_MANY_COLUMNS, what)
