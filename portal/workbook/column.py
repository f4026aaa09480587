"""What a sheet and a column are: everything that template, reading, explanation and faults say comes from here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from models.provider import Gender
from portal.workbook import choice, number, wording
from portal.workbook.cell import Cell
from portal.workbook.choice import Choice
from portal.workbook.day import day

TITLE_ROW, HEADER_ROW, FIRST_ROW = 1, 2, 3
MOST_ROWS, MOST_COLUMNS = 5000, 60
NOTES = "Your notes"
EXAMPLE = "EXAMPLE – delete or overwrite"


@dataclass(frozen=True)
class Form:
    """How a column is filled in, in words; how its cells are read (raises Wrong) and written; what a list offers."""

    words: str
    read: Callable[[Cell], Any]
    write: Callable[[Any], Any] = lambda value: value
    number_format: str = "@"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Column:
    """`also` are other words for its header, `example` is the cell of the example row."""

    key: str
    words: str
    form: Form
    about: str
    example: Any = None
    required: bool = False
    also: tuple[str, ...] = ()
    width: int = 18

    @property
    def title(self) -> str:
        return f"{self.words} *" if self.required else self.words


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One row of it is one thing; `identity` are the columns by which a row is known to be about the same thing."""

    key: str
    words: str
    about: str
    columns: tuple[Column, ...]
    identity: tuple[str, ...]
    required: bool = False
    most_rows: int = MOST_ROWS
    also: tuple[str, ...] = field(default=())

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)

    @property
    def example(self) -> Mapping[str, Any]:
        return {column.key: column.example for column in self.columns if column.example is not None}


def _chosen(of: Choice[Any], words: str = "One of the list") -> Form:
    return Form(words, of, lambda value: of.words[value], choices=tuple(of.words.values()))


def _genders(value: Any) -> str:
    ordered = tuple(gender for gender in Gender if gender in value)
    return choice.GENDERS.words.get(ordered) or ", ".join(choice.GENDER.words[gender] for gender in ordered)


def _names(value: list[str]) -> str:
    joined = "; ".join(value)
    return f"{joined};" if "," in joined and ";" not in joined else joined


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _pounds(value: Decimal | str) -> Decimal:
    return Decimal(value)


def words(longest: int) -> Form:
    return Form(f"Text, up to {longest:,} characters", wording.text(longest))


NAME, LINE, STORY = words(200), words(500), words(2000)
NAMES = Form("Names, with commas or semicolons between", wording.several, _names)
POSTCODE = Form("A UK postcode", wording.postcode)
COMPANY = Form("6 to 8 digits, or two letters and six digits", wording.company_number)
URN = Form("SC and six digits, or six to seven digits", wording.urn)
EMAIL = Form("An e-mail address", wording.email)
PHONE = Form("A telephone number", wording.phone)
FILE = Form("A file name with its ending", wording.file_name)
DAY = Form("A day, such as 01/04/2026", day, _day, "dd/mm/yyyy")
AGE = Form("A whole number, 0 to 17", number.age, number_format="0")
PLACES = Form("A whole number, 1 or more", number.whole(1, 500, "a number"), number_format="0")
FOSTERED = Form("A whole number, 1 to 20", number.whole(1, 20, "a number"), number_format="0")
CHILDREN = Form("A whole number, 0 or more", number.whole(0, 20, "a number"), number_format="0")
POUNDS = Form("Pounds a week", number.amount, _pounds, "£#,##0.00")
KIND, CATEGORY = _chosen(choice.KIND), _chosen(choice.CATEGORY)
REGULATOR, GRADE = _chosen(choice.REGULATOR), _chosen(choice.GRADE)
PURPOSE, DOCUMENT = _chosen(choice.PURPOSE), _chosen(choice.DOCUMENT)
YES_OR_NO = _chosen(choice.YES_OR_NO)
GENDERS = Form(
    "One of the list, or several genders with commas between", choice.genders, _genders,
    choices=tuple(choice.GENDERS.words.values()),
)  # fmt: skip
