"""However a right workbook is written, it says the same (S-001)."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from models.provider import Gender
from models.registration_content import ContactFacts, ContactPurpose, HomeKind, RegistrationContent
from portal.workbook import Reading
from portal.workbook.column import EXAMPLE, FIRST_ROW
from portal.workbook.reading import read_file
from portal.workbook.table import SHEETS
from tests.portal.workbook.breaking import CLEAN, Hand, broken, cell, formula, header, put, with_result
from tests.portal.workbook.saying import EVERYTHING, home, said_alone

HOMES, CARE, CONTACTS, FAMILIES = "Homes", "Categories and frameworks", "Contacts", "Fostering families"


def reading_of(folder: Path, content: bytes, name: str = "workbook.xlsx", sheet: str | None = None) -> Reading:
    path = folder / name
    path.write_bytes(content)
    return read_file(path, sheet, lambda done, total: None)


def moved_column(sheet: str, at: int, to: int) -> Hand:
    def hand(workbook: Workbook) -> None:
        page = workbook[sheet]
        columns = [[page.cell(row, each).value for row in range(1, 20)] for each in range(1, page.max_column + 1)]
        columns.insert(to - 1, columns.pop(at - 1))
        for number, values in enumerate(columns, 1):
            for row, value in enumerate(values, 1):
                page.cell(row, number).value = value

    return hand


def with_examples(workbook: Workbook) -> None:
    for sheet in SHEETS:
        page = workbook[sheet.words]
        page.insert_rows(FIRST_ROW)
        page.cell(FIRST_ROW, 1).value = EXAMPLE
        for at, column in enumerate(sheet.columns, 2):
            page.cell(FIRST_ROW, at).value = column.example


def blank_rows(workbook: Workbook) -> None:
    workbook[HOMES].insert_rows(4, 3)
    workbook[CARE].insert_rows(FIRST_ROW)
    workbook[CARE]["B3"].value = " \u00a0"


def hidden(workbook: Workbook) -> None:
    workbook[HOMES].row_dimensions[4].hidden = True
    workbook[HOMES].column_dimensions["C"].hidden = True
    workbook[CONTACTS].sheet_state = "hidden"


def extras(workbook: Workbook) -> None:
    workbook.create_sheet("Shopping", 0)["A1"].value = "Milk"
    workbook[HOMES]["T2"].value = "Colour of the door"
    workbook[HOMES]["T3"].value = "Green"
    workbook[HOMES]["A3"].value = "ask Ann"


def merged_title(workbook: Workbook) -> None:
    workbook[HOMES].merge_cells("A1:F1")


def renamed_sheets(workbook: Workbook) -> None:
    workbook[HOMES].title = " HOMES "
    workbook[CARE].title = "Categories & Frameworks"


DAY = date(2025, 11, 12)
WRITINGS: list[tuple[str, Any, tuple[Any, ...]]] = [
    ("Inspected on", DAY, (
        "12/11/2025", "12.11.25", "12 November 2025", "12th Nov 2025", "Wednesday 12 November 2025",
        "November 12, 2025", "2025-11-12", "2025-11-12T00:00:00", "45973", 45973, 45973.4, DAY,
        datetime(2025, 11, 12, 9, 30),  # noqa: DTZ001 - a spreadsheet knows no zones
    )),
    ("Core weekly fee", Decimal("4100.00"), (
        4100, 4100.0, "£4,100.00", "4100", " 4,100 ", "£4100 per week", "4,100.00 pw", "GBP 4100",
    )),
    ("Kind", HomeKind.CHILDRENS_HOME, (
        "CHILDREN'S HOME", "childrens home", "Children’s  home", "CHILDRENS_HOME", "Residential",
    )),
    ("Genders", (Gender.FEMALE, Gender.MALE), (
        "Male and female", "F/M", "girls and boys", "Mixed", "male, female", "Female & Male", "Female;Male;Female",
    )),
    ("Smokers", False, ("N", "no", False, 0, "FALSE")),
    ("Ofsted URN", "SC100001", ("sc100001 ", "SC 100 001", "URN: SC100001", "\u00a0SC100001\u200b")),
    ("Ofsted URN", "1234567", (1234567, 1234567.0, "1234567")),
    ("Registered places", 4, (4, 4.0, "4", "4 beds", " 4 places")),
    ("Age from", 8, ("8 years", "8yrs", "8 years old")),
    ("Postcode", "DY1 1AA", ("dy11aa", " DY1  1AA ", "DY1 1AA.")),
    ("E-mail", "ann@avery.example", ("mailto:ann@avery.example", "Ann Avery <ann@avery.example>")),
    ("Telephone", "01214960000", ("01214960000", 1214960000)),
    ("Telephone", "+44 121 496 0000 ext 12", ("+44 121 496 0000 ext 12",)),
    ("Languages", ["English", "Punjabi"], ("English, Punjabi", "English;Punjabi;", "English\nPunjabi")),
]  # fmt: skip


@pytest.mark.parametrize(("words", "expected", "writings"), WRITINGS)
def test_a_cell_may_be_written_in_many_ways(words: str, expected: Any, writings: tuple[Any, ...]) -> None:
    form = next(each.form for sheet in SHEETS for each in sheet.columns if each.words == words)
    for writing in writings:
        assert form.read(writing) == expected, writing


VARIANTS: dict[str, tuple[Hand, ...]] = {
    "a day as text": (put(HOMES, "Inspected on", "12 November 2025"),),
    "a day as a number": (put(HOMES, "Inspected on", 45973),),
    "a fee as text": (put(HOMES, "Core weekly fee", "£4,100.00"),),
    "choices in other words": (put(HOMES, "Kind", "childrens home"), put(CARE, "Genders", "mixed"),
                               put(FAMILIES, "Smokers", "n")),
    "URN as a number": (put(HOMES, "Ofsted URN", 1234567.0, row=5),),
    "places as text": (put(HOMES, "Registered places", "4 beds"),),
    "age with its unit": (put(CARE, "Age from", "8 years"),),
    "spaces": (put(HOMES, "Name", "  Home\u00a01\u200b "), put(HOMES, "Postcode", "dy11aa")),
    "lines in a cell": (put(HOMES, "Address", "1 Long Lane,\nDudley\n"),),
    "a reference in other letters": (put(CARE, "Home or Agency", "HOME  1"),),
    "the agency by its name": (put(CARE, "Home or Agency", "avery care ltd", row=9),),
    "n/a": (put(CARE, "Lot", "n/a", row=9),),
    "service's URN once": (put(HOMES, "Ofsted URN", None, row=7),),
    "branch without URN": (put(HOMES, "Ofsted URN", None, row=8), put(HOMES, "Registered places", "", row=8)),
    "header in other letters": (header(HOMES, "Ofsted URN", " ofsted\nURN (see certificate)*"),),
    "header in other words": (header(CONTACTS, "E-mail", "Email address"), header(HOMES, "Kind", "Type of home")),
    "columns moved": (moved_column(HOMES, 3, 9), moved_column(CARE, 2, 7)),
    "no title row": (lambda workbook: workbook[HOMES].delete_rows(1),),
    "examples left as they are": (with_examples,),
    "blank rows between": (blank_rows,),
    "hidden rows, columns and sheets": (hidden,),
    "extra columns and sheets": (extras,),
    "a merged title": (merged_title,),
    "sheets renamed": (renamed_sheets,),
}  # fmt: skip


@pytest.mark.parametrize("name", VARIANTS)
def test_it_says_the_same(name: str, tmp_path: Path) -> None:
    reading = reading_of(tmp_path, broken(*VARIANTS[name]))
    assert reading.faults == ()
    assert reading.content == EVERYTHING


def test_a_formula_counts_by_its_result(tmp_path: Path) -> None:
    coordinate = cell(HOMES, "Inspected on", FIRST_ROW)
    workbook = with_result(broken(formula(HOMES, "Inspected on", "=DATE(2025,11,12)")), coordinate, "45973")
    assert reading_of(tmp_path, workbook).content == EVERYTHING


def test_columns_that_are_not_there_are_empty(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, broken(header(HOMES, "Core weekly fee", "Something else entirely")))
    assert reading.content is not None
    assert {each.default_core_fee for each in reading.content.homes or ()} == {None}


CONTACT = ContactFacts(purpose=ContactPurpose.FINANCE, name="Renée O’Hara", email="renee@avery.example")
ROWS = [["Purpose", "Name", "E-mail", "Colour"], [], ["finance", "Renée O’Hara", "renee@avery.example", "red"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("sheet", [None, "Contacts", " contacts"])
def test_a_sheet_may_come_as_plain_text(tmp_path: Path, separator: str, encoding: str, sheet: str | None) -> None:
    text = "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in ROWS)
    reading = reading_of(tmp_path, text.encode(encoding), "contacts.csv", sheet)
    assert reading == Reading(RegistrationContent(contacts=(CONTACT,)))


@pytest.mark.parametrize("first", ["sep=;\n", "Our homes\n\n", ""])
def test_homes_as_plain_text_have_their_category_beside_them(tmp_path: Path, first: str) -> None:
    titles, values = said_alone(home(1))
    text = first + ";".join(titles) + "\n" + ";".join(f'"{value}"' for value in values)
    reading = reading_of(tmp_path, text.encode(), "homes.csv")
    assert reading == Reading(RegistrationContent(homes=(home(1),)))


def test_the_agency_as_plain_text(tmp_path: Path) -> None:
    text = "Home or Agency,Category,Age from,Age to,Genders\nAgency,Fostering,0,17,Female and male\n"
    reading = reading_of(tmp_path, text.encode(), "care.csv", CARE)
    assert reading == Reading(RegistrationContent(care=EVERYTHING.care, memberships=()))
    of_a_home = reading_of(tmp_path, text.replace("Agency,Fos", "Home 1,Fos").encode(), "care.csv", CARE)
    assert [fault.code for fault in of_a_home.faults] == ["UNKNOWN_HOME"]


def test_money_is_exact(tmp_path: Path) -> None:
    given: dict[Any, str] = {4100.1: "4100.10", 0.1 + 0.2: "0.30", "1,234,5": "", "999999.99": "999999.99"}
    for value, expected in given.items():
        reading = reading_of(tmp_path, broken(put(HOMES, "Core weekly fee", value)))
        if expected:
            assert reading.content is not None
            assert (reading.content.homes or ())[0].default_core_fee == Decimal(expected)
        else:
            assert [fault.code for fault in reading.faults] == ["AMOUNT"]


def test_what_is_written_clean_is_read_clean(tmp_path: Path) -> None:
    assert reading_of(tmp_path, CLEAN) == Reading(EVERYTHING)
