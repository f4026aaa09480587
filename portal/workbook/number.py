"""Whole numbers and amounts of money, in the ways in which people write them."""

import re
from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation

from models.money import MOST, pounds
from portal.workbook.cell import Cell, quoted, text_of
from portal.workbook.fault import FaultCode, Wrong

UNIT = re.compile(r"\s*(years?( old)?|yrs?|y/?o|places?|beds?|children)\.?$", re.IGNORECASE)
PER_WEEK = re.compile(r"\s*(per|a|/|p)\s*/?\s*(week|wk|w)\.?$", re.IGNORECASE)
AMOUNT = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")


def whole(least: int, most: int, noun: str, *, shown: int | None = None) -> Callable[[Cell], int]:
    """A reader of whole numbers between both, named so in sentences, which may show another upper one."""
    hint = f"Write {noun} from {least} to {shown or most}."

    def read(cell: Cell) -> int:
        _refuse_dates(cell)
        text = UNIT.sub("", text_of(cell)).replace(",", "")
        if not re.fullmatch(r"[+-]?\d{1,9}(\.0+)?", text):
            raise Wrong(FaultCode.NUMBER, f"{quoted(cell)} is not a whole number. {hint}")
        number = int(Decimal(text))
        if not least <= number <= most:
            raise Wrong(FaultCode.NUMBER, f"{number} is not possible. {hint}")
        return number

    return read


OLDEST = 17
AGE = whole(0, 120, "an age", shown=OLDEST)


def age(cell: Cell) -> int:
    """An age in whole years, 0 to 17."""
    years = AGE(cell)
    if years > OLDEST:
        what = f"{years} is too old: children are placed until their 18th birthday, so the oldest age is 17."
        raise Wrong(FaultCode.NUMBER, what)
    return years


def amount(cell: Cell) -> Decimal:
    """Pounds and whole pence, above zero, at most a million."""
    _refuse_dates(cell)
    text = PER_WEEK.sub("", text_of(cell)).replace("GBP", "").replace("£", "").replace(" ", "")
    if isinstance(cell, float):
        text = format(Decimal(f"{cell:.15g}"), "f")
    if not AMOUNT.fullmatch(text):
        raise Wrong(
            FaultCode.AMOUNT, f"{quoted(cell)} is not an amount of money. Write pounds, such as 4100 or £4,100.00."
        )
    return _in_pounds(cell, text.replace(",", ""))


def _in_pounds(cell: Cell, text: str) -> Decimal:
    try:
        value = Decimal(text)
        exact = value == value.quantize(Decimal("0.01"))
    except InvalidOperation:
        raise Wrong(FaultCode.AMOUNT, f"{quoted(cell)} is over a million pounds.") from None
    if not exact:
        raise Wrong(FaultCode.AMOUNT, f"{quoted(cell)} has more than two decimals. Round it to whole pence.")
    if value <= 0:
        raise Wrong(
            FaultCode.AMOUNT, f"{quoted(cell)} is not above zero. Leave the cell empty if there is no usual fee."
        )
    if value > MOST:
        raise Wrong(FaultCode.AMOUNT, f"{quoted(cell)} is over a million pounds.")
    return pounds(value)


def _refuse_dates(cell: Cell) -> None:
    if isinstance(cell, date | time | timedelta):
        what = f"the spreadsheet has made {quoted(cell)} of it. Format the cell as a number and type it again."
        raise Wrong(FaultCode.EXCEL_MADE_A_DATE, what)
    if isinstance(cell, bool):
        raise Wrong(FaultCode.NUMBER, f"{quoted(cell)} is not a number.")
