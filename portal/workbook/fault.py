"""What can be wrong with a workbook, told to the person who filled it in."""

from dataclasses import dataclass
from enum import StrEnum

from models.registration_content import RegistrationContent

WORKBOOK = "Workbook"
"""The sheet that a fault names when it concerns the file as a whole."""


class FaultCode(StrEnum):
    """One name for each kind of fault; names stay as they are, new ones may come."""

    AGES_REVERSED = "AGES_REVERSED"
    AGENCY_MISSING = "AGENCY_MISSING"
    AMOUNT = "AMOUNT"
    CARE_MISSING = "CARE_MISSING"
    CELLS_MERGED = "CELLS_MERGED"
    CHOICE = "CHOICE"
    COLUMN_MISSING = "COLUMN_MISSING"
    COLUMN_TWICE = "COLUMN_TWICE"
    COLUMN_UNKNOWN = "COLUMN_UNKNOWN"
    COMPANY_NUMBER = "COMPANY_NUMBER"
    CONTACT_UNREACHABLE = "CONTACT_UNREACHABLE"
    DAMAGED = "DAMAGED"
    DATE = "DATE"
    DATE_OUT_OF_RANGE = "DATE_OUT_OF_RANGE"
    DATES_REVERSED = "DATES_REVERSED"
    DUPLICATE = "DUPLICATE"
    EMAIL = "EMAIL"
    EMPTY_FILE = "EMPTY_FILE"
    ENCODING = "ENCODING"
    ENCRYPTED = "ENCRYPTED"
    EXAMPLE_LEFT = "EXAMPLE_LEFT"
    EXCEL_MADE_A_DATE = "EXCEL_MADE_A_DATE"
    FILE_NAME = "FILE_NAME"
    FORMULA = "FORMULA"
    KIND_AND_CATEGORY = "KIND_AND_CATEGORY"
    MACROS = "MACROS"
    MORE_FAULTS = "MORE_FAULTS"
    NOT_A_WORKBOOK = "NOT_A_WORKBOOK"
    NOT_THE_TEMPLATE = "NOT_THE_TEMPLATE"
    NUMBER = "NUMBER"
    OLD_EXCEL = "OLD_EXCEL"
    PHONE = "PHONE"
    POSTCODE = "POSTCODE"
    REQUIRED = "REQUIRED"
    SERVICE = "SERVICE"
    SHEET_EMPTY = "SHEET_EMPTY"
    SHEET_MISSING = "SHEET_MISSING"
    SHEET_TWICE = "SHEET_TWICE"
    SUPPORTED_IS_16_AND_17 = "SUPPORTED_IS_16_AND_17"
    TOO_LARGE = "TOO_LARGE"
    TOO_LONG = "TOO_LONG"
    TOO_MANY_COLUMNS = "TOO_MANY_COLUMNS"
    TOO_MANY_ROWS = "TOO_MANY_ROWS"
    TOO_SLOW = "TOO_SLOW"
    UNKNOWN_HOME = "UNKNOWN_HOME"
    UNSAFE = "UNSAFE"
    URN = "URN"
    URN_DIFFERS = "URN_DIFFERS"


@dataclass(frozen=True, slots=True)
class Fault:
    """`row` counts as a spreadsheet shows it, `column` has the words of the template's header, `code` is a FaultCode.

    `message` stands alone: it says where, what is wrong and what would be right.
    """

    sheet: str
    row: int | None
    column: str | None
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says, or everything that is wrong with it: `content` is None exactly where there are faults."""

    content: RegistrationContent | None
    faults: tuple[Fault, ...] = ()


class Wrong(Exception):
    """A cell that cannot be meant as it stands; whoever knows its place makes a Fault of it."""

    def __init__(self, code: FaultCode, what: str) -> None:
        super().__init__(what)
        self.code = code
        self.what = what


class Unreadable(Exception):
    """A file of which nothing can be read."""

    def __init__(self, code: FaultCode, what: str) -> None:
        super().__init__(what)
        self.fault = located(WORKBOOK, None, None, code, what)


def located(sheet: str, row: int | None, column: str | None, code: FaultCode, what: str) -> Fault:
    """A fault whose message begins with its place."""
    place = [sheet, f"row {row}" if row else None, column]
    return Fault(sheet, row, column, code, f"{', '.join(each for each in place if each)}: {what}")
