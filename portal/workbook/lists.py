"""Drop-down lists and input hints. They only warn: reading knows other ways to write the same."""

from collections.abc import Sequence
from typing import Literal

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from portal.workbook.column import DAY, FIRST_ROW, MOST_ROWS, Column, Sheet
from portal.workbook.look import put
from portal.workbook.table import HOMES

LONGEST_PROMPT = 250
LAST_ROW = FIRST_ROW + MOST_ROWS - 1


class Lists:
    """A hidden sheet holds the choices; the columns refer to it, and those that name a home to the sheet with them."""

    def __init__(self, page: Worksheet, sheets: Sequence[Sheet]) -> None:
        page.sheet_state = "hidden"
        self.ranges: dict[tuple[str, ...], str] = {}
        self.homes = HOMES in sheets
        for choices in dict.fromkeys(column.form.choices for sheet in sheets for column in sheet.columns):
            if choices:
                letter = get_column_letter(len(self.ranges) + 1)
                for row, words in enumerate(choices, 1):
                    put(page[f"{letter}{row}"], words)
                self.ranges[choices] = f"Lists!${letter}$1:${letter}${len(choices)}"

    def offer(self, page: Worksheet, sheet: Sheet) -> None:
        """Add the list, or the hint, of each column of this sheet."""
        for at, column in enumerate(sheet.columns, 2):
            rule = self._rule(column)
            if rule is not None:
                letter = get_column_letter(at)
                rule.add(f"{letter}{FIRST_ROW}:{letter}{LAST_ROW}")
                page.add_data_validation(rule)

    def _rule(self, column: Column) -> DataValidation | None:
        if column.form.choices:
            return _warning(column, "list", self.ranges[column.form.choices])
        if column.key == "home" and self.homes:
            letter = get_column_letter(HOMES.columns.index(HOMES.column("name")) + 2)
            rule = _warning(column, "list", f"{HOMES.words}!${letter}${FIRST_ROW}:${letter}${LAST_ROW}")
            rule.showErrorMessage = False
            return rule
        if column.form is DAY:
            return _warning(column, "date", "DATE(1990,1,1)")
        return None


def _warning(column: Column, kind: Literal["list", "date"], formula: str) -> DataValidation:
    rule = DataValidation(type=kind, formula1=formula, allow_blank=True, errorStyle="warning")
    if kind == "date":
        rule.operator = "greaterThan"
    rule.showErrorMessage = rule.showInputMessage = True
    rule.errorTitle = rule.promptTitle = column.words
    rule.error = f"This is not as expected: {column.form.words[0].lower()}{column.form.words[1:]}. Keep it anyway?"
    rule.prompt = column.about[:LONGEST_PROMPT]
    return rule
