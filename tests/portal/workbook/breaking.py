"""Ways to break a workbook: what a person's hands do to it, in code."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from models.registration_content import RegistrationContent
from portal.workbook import filled
from portal.workbook.column import FIRST_ROW, HEADER_ROW
from portal.workbook.table import SHEETS
from tests.portal.workbook.saying import EVERYTHING

Hand = Callable[[Workbook], None]
CLEAN = filled(EVERYTHING)


def broken(*hands: Hand, of: bytes = CLEAN) -> bytes:
    """The workbook after these changes, saved as a spreadsheet program would."""
    workbook = load_workbook(io.BytesIO(of))
    for hand in hands:
        hand(workbook)
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def said(content: RegistrationContent, *hands: Hand) -> bytes:
    return broken(*hands, of=filled(content))


def letter_of(sheet: str, column: str) -> str:
    """The letter under which the template has a column."""
    table = next(each for each in SHEETS if each.words == sheet)
    at = [each.words for each in table.columns].index(column) + 2
    return chr(ord("A") + at - 1)


def cell(sheet: str, column: str, row: int) -> str:
    return f"{letter_of(sheet, column)}{row}"


def put(sheet: str, column: str, value: Any, row: int = FIRST_ROW, number_format: str = "General") -> Hand:
    """Type a value into a cell; a text is typed as text, whatever it begins with, a formula by `formula`."""

    def hand(workbook: Workbook) -> None:
        found = workbook[sheet][cell(sheet, column, row)]
        found.value, found.number_format = value, number_format
        if isinstance(value, str):
            found.data_type = "s"

    return hand


def formula(sheet: str, column: str, words: str, row: int = FIRST_ROW) -> Hand:
    def hand(workbook: Workbook) -> None:
        workbook[sheet][cell(sheet, column, row)].value = words

    return hand


def header(sheet: str, column: str, words: str | None) -> Hand:
    return lambda workbook: workbook[sheet].__setitem__(cell(sheet, column, HEADER_ROW), words)


def without_column(sheet: str, column: str) -> Hand:
    at = ord(letter_of(sheet, column)) - ord("A") + 1
    return lambda workbook: workbook[sheet].delete_cols(at)


def without_row(sheet: str, row: int) -> Hand:
    return lambda workbook: workbook[sheet].delete_rows(row)


def emptied(sheet: str) -> Hand:
    return lambda workbook: workbook[sheet].delete_rows(FIRST_ROW, 100)


def without_sheet(sheet: str) -> Hand:
    return lambda workbook: workbook.remove(workbook[sheet])


def copied_row(sheet: str, row: int, to: int) -> Hand:
    def hand(workbook: Workbook) -> None:
        page: Worksheet = workbook[sheet]
        for at, each in enumerate(page[row], 1):
            page.cell(to, at).value = each.value

    return hand


def merged(sheet: str, area: str) -> Hand:
    return lambda workbook: workbook[sheet].merge_cells(area)


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def with_result(content: bytes, coordinate: str, result: str, sheet: int = 3) -> bytes:
    """The same workbook as Excel leaves it: the formula in that cell has its result beside it."""
    parts = parts_of(content)
    name = f"xl/worksheets/sheet{sheet}.xml"
    pattern = re.compile(rb'(<c r="' + coordinate.encode() + rb'"[^>]*>\s*<f>[^<]*</f>\s*)<v(?:\s*/>|></v>)')
    assert pattern.search(parts[name])
    parts[name] = pattern.sub(rb"\g<1><v>" + result.encode() + b"</v>", parts[name])
    if result.startswith("#"):
        plain = f'<c r="{coordinate}"'.encode()
        parts[name] = parts[name].replace(plain, plain + b' t="e"')
    return packed(parts)
