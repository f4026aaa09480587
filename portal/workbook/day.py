"""Days, in the ways in which people and spreadsheets write them; the day always before the month."""

import re
from datetime import date, datetime, time, timedelta

from portal.workbook.cell import Cell, quoted, text_of
from portal.workbook.fault import FaultCode, Wrong

FIRST, LAST = date(1990, 1, 1), date(2099, 12, 31)
SERIAL_ZERO = date(1899, 12, 30)
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
NUMBERS = re.compile(r"(\d{1,2}) ?[/.\- ] ?(\d{1,2}) ?[/.\- ] ?(\d{4}|\d{2})")
YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ][\d:.]+z?)?")
DAY_MONTH = re.compile(r"(?:[a-z]+,? )?(\d{1,2})(?:st|nd|rd|th)?(?: of)?[ \-/]?([a-z]{3,9})\.?,?[ \-/]?(\d{4}|\d{2})")
MONTH_DAY = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
HOW = "Write a day such as 01/04/2026 or 1 April 2026."


def day(cell: Cell) -> date:
    """The day in the cell, between 1990 and 2099. Raises Wrong."""
    found = _of_spreadsheet(cell) or _of_text(cell, text_of(cell).casefold())
    if not FIRST <= found <= LAST:
        hint = "An empty or mistyped cell often shows the year 1900. " if found.year in (1899, 1900, 1904) else ""
        what = f"{found:%d/%m}/{found.year} cannot be right: the year is {found.year}. {hint}{HOW}"
        raise Wrong(FaultCode.DATE_OUT_OF_RANGE, what)
    return found


def _of_spreadsheet(cell: Cell) -> date | None:
    match cell:
        case datetime():
            return cell.date()
        case date():
            return cell
        case bool() | time() | timedelta():
            raise Wrong(FaultCode.DATE, f"{quoted(cell)} is not a day. {HOW}")
        case int() | float():
            return _of_number(cell)
    return None


def _of_number(number: float) -> date | None:
    """A spreadsheet's count of days; any other number is looked at as text."""
    if 0 <= number < 100_000 and not 1900 <= number <= 2099:
        return SERIAL_ZERO + timedelta(days=int(number))
    return None


def _of_text(cell: Cell, text: str) -> date:
    for pattern, order in (
        (YEAR_FIRST, (2, 1, 0)),
        (NUMBERS, (0, 1, 2)),
        (DAY_MONTH, (0, 1, 2)),
        (MONTH_DAY, (1, 0, 2)),
    ):
        found = pattern.fullmatch(text)
        if found:
            return _made(cell, *(found.groups()[at] for at in order))
    if re.fullmatch(r"\d{5}", text):
        return SERIAL_ZERO + timedelta(days=int(text))
    if re.fullmatch(r"(19|20)\d{2}", text):
        raise Wrong(FaultCode.DATE, f"{quoted(cell)} is a year without day and month. {HOW}")
    raise Wrong(FaultCode.DATE, f"{quoted(cell)} is not a day. {HOW}")


def _made(cell: Cell, d: str, m: str, y: str) -> date:
    year = int(y) + (2000 if len(y) == 2 else 0)
    month = int(m) if m.isdigit() else next((n for n, name in enumerate(MONTHS, 1) if m.startswith(name)), 0)
    try:
        return date(year, month, int(d))
    except ValueError:
        pass
    if month > 12 and int(d) <= 12:
        what = f"{quoted(cell)} has no month {month}: write the day first, then the month, as in 25/04/2026."
        raise Wrong(FaultCode.DATE, what)
    raise Wrong(FaultCode.DATE, f"{quoted(cell)} is not a day in the calendar. {HOW}")
