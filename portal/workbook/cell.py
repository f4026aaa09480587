"""What stands in a cell, as one value or as plain text."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from models.announcement import UNSEEN
from portal.workbook.fault import FaultCode, Wrong


@dataclass(frozen=True, slots=True)
class Unreckoned:
    """A formula whose result the file does not hold."""

    formula: str


Cell = str | int | float | bool | date | datetime | time | timedelta | Unreckoned | None

INVISIBLE = re.compile(f"[\u00ad{''.join(sorted(UNSEEN))}]")
SPACES = re.compile(r"[^\S\n]+")
LINES = re.compile(r"\s*\n\s*")
ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
NOTHING = frozenset({"-", "–", "n/a", "not applicable"})  # fmt: skip
LONGEST_QUOTE = 60


def text_of(cell: Cell) -> str:
    """The cell as one line of text without what cannot be seen; empty for an empty one. A number is as typed."""
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case datetime() | date():
            return f"{cell:%d/%m/%Y}"
        case Unreckoned():
            return cell.formula
    text = INVISIBLE.sub("", unicodedata.normalize("NFC", str(cell)).replace("\r\n", "\n").replace("\r", "\n"))
    printable = "".join(" " if unicodedata.category(c) == "Cc" and c != "\n" else c for c in text)
    return LINES.sub("\n", SPACES.sub(" ", printable)).strip()


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not text_of(cell))


def says_nothing(cell: Cell) -> bool:
    """Whether somebody wrote that there is nothing to write."""
    return is_blank(cell) or (isinstance(cell, str) and text_of(cell).casefold() in NOTHING)


def quoted(cell: Cell) -> str:
    text = text_of(cell).replace("\n", " ")
    return f"'{text[: LONGEST_QUOTE - 1]}…'" if len(text) > LONGEST_QUOTE else f"'{text}'"


def reckoned(cell: Cell) -> Cell:
    """The cell, unless it holds a formula that came to nothing or to an error."""
    if isinstance(cell, Unreckoned):
        what = f"the formula {quoted(cell)} has no result in the file. Type the value itself instead of the formula."
        raise Wrong(FaultCode.FORMULA, what)
    if isinstance(cell, str) and cell in ERRORS:
        raise Wrong(FaultCode.FORMULA, f"{quoted(cell)} is the error of a formula. Type the value itself.")
    return cell


def simple(text: str) -> str:
    """What is compared of words that people write in many ways: letters and digits, without case and brackets."""
    bare = re.sub(r"\([^)]*\)", "", unicodedata.normalize("NFKC", text)).casefold().replace("&", "and")
    return re.sub(r"[\W_]+", "", bare)
