"""From the rows of a sheet to what they say, cell by cell; whatever cannot be read becomes a fault."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.workbook.cell import Cell, is_blank, quoted, reckoned, says_nothing
from portal.workbook.column import Column, Sheet
from portal.workbook.fault import Fault, FaultCode, Wrong, located
from portal.workbook.grid import Grid, Merged
from portal.workbook.header import Header, find_header


@dataclass(frozen=True, slots=True)
class Record:
    """`values` holds what could be read; `wrong` the columns that hold something that could not."""

    row: int
    values: Mapping[str, Any]
    wrong: frozenset[str] = frozenset()

    def __getitem__(self, key: str) -> Any:
        return self.values.get(key)

    def gave(self, *keys: str) -> bool:
        """Whether anything stands in one of these columns, right or wrong."""
        return any(key in self.values or key in self.wrong for key in keys)

    def lacks(self, key: str) -> bool:
        return not self.gave(key)


@dataclass(slots=True)
class Table:
    """What one sheet says: its records, and all that is wrong with it; `absent` columns are told once only."""

    sheet: Sheet
    header_row: int | None = None
    placed: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    records: list[Record] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def wrong(self, row: int | None, key: str | None, code: FaultCode, what: str) -> None:
        """Add a fault. Where a sheet stands for two, the name of a home is its own name."""
        known = [each for each in self.sheet.columns if each.key in (key, "name")]
        column = next((each for each in known if each.key == key), known[0]).words if key else None
        self.faults.append(located(self.sheet.words, row, column, code, what))

    def require(self, record: Record, key: str, what: str) -> None:
        """Add a fault where the column of this row is empty; only one if the whole column is missing."""
        if record.gave(key) or key in self.absent:
            return
        if key in self.placed:
            self.wrong(record.row, key, FaultCode.REQUIRED, what)
            return
        self.absent |= {key}
        what = (
            f"this column is missing. Add a column with the header {self.sheet.column(key).words}, as in the template."
        )
        self.wrong(self.header_row, key, FaultCode.COLUMN_MISSING, what)


def read_table(sheet: Sheet, grid: Grid) -> Table:
    """Everything the sheet says below its header; the example row counts only where it was copied or changed."""
    table = Table(sheet)
    header = find_header(sheet, grid)
    if header is None:
        if any(not is_blank(cell) for row in grid.rows for cell in row):
            what = "no header was found. Keep the row with the names of the columns as it is in the template."
            table.wrong(None, None, FaultCode.COLUMN_MISSING, what)
        return table
    table.faults.extend(header.faults)
    table.header_row, table.placed, table.absent = header.row, frozenset(header.at), header.absent
    _read_rows(table, grid, header)
    _merged(table, grid.merged, header)
    return table


def _read_rows(table: Table, grid: Grid, header: Header) -> None:
    example = _example(table.sheet, header)
    columns = [(column, header.at[column.key]) for column in table.sheet.columns if column.key in header.at]
    examples = 0
    for number, row in grid.below(header.row):
        cells = {column.key: row[at] if at < len(row) else None for column, at in columns}
        if all(is_blank(cell) for cell in cells.values()):
            continue
        record = _record(table, number, columns, cells)
        if not record.wrong and dict(record.values) == example:
            examples += 1
            if examples > 1:
                table.wrong(number, None, FaultCode.EXAMPLE_LEFT, "this is a copy of the example row. Delete it.")
            continue
        _partly_example(table, record, example)
        table.records.append(record)


def _record(table: Table, number: int, columns: Sequence[tuple[Column, int]], cells: Mapping[str, Cell]) -> Record:
    values, wrong = {}, set()
    for column, _ in columns:
        cell = cells[column.key]
        if is_blank(cell) or (not column.required and says_nothing(cell)):
            if column.required:
                table.wrong(number, column.key, FaultCode.REQUIRED, _empty(column))
                wrong.add(column.key)
            continue
        try:
            values[column.key] = column.form.read(reckoned(cell))
        except Wrong as fault:
            table.wrong(number, column.key, fault.code, fault.what)
            wrong.add(column.key)
    return Record(number, values, frozenset(wrong))


def _empty(column: Column) -> str:
    return f"this is empty, but required. {column.about}"


def _example(sheet: Sheet, header: Header) -> dict[str, Any]:
    given = {key: cell for key, cell in sheet.example.items() if key in header.at}
    return {key: sheet.column(key).form.read(cell) for key, cell in given.items()}


def _partly_example(table: Table, record: Record, example: Mapping[str, Any]) -> None:
    for key in table.sheet.identity:
        if key in example and record[key] == example[key]:
            what = f"{quoted(str(record[key]))} is from the example row. Write your own, or delete the row."
            table.wrong(record.row, key, FaultCode.EXAMPLE_LEFT, what)


def _merged(table: Table, merged: Sequence[Merged], header: Header) -> None:
    """A merged cell says one thing for several rows or columns; which of them is meant cannot be known."""
    places = {at + 1: key for key, at in header.at.items()}
    for each in merged:
        touched = [places[at] for at in range(each.left, each.right + 1) if at in places]
        if touched and each.bottom > header.row:
            row = max(each.top, header.row + 1)
            what = f"the cells {each.ref} are merged. Unmerge them and fill in every row."
            table.wrong(row, touched[0], FaultCode.CELLS_MERGED, what)


def key_of(name: Any) -> str:
    """What makes two names the same one: neither case nor spaces count."""
    return " ".join(str(name).casefold().split())
