"""Workbooks as people break them, one fault each. What they are told is in expected.md, written by

python -m tests.portal.workbook.corpus
"""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import Workbook

from models.registration_content import OrganisationFacts
from portal.workbook import Fault, template
from portal.workbook.reading import read_file
from tests.portal.workbook.breaking import (
    CLEAN,
    broken,
    copied_row,
    emptied,
    formula,
    header,
    merged,
    packed,
    parts_of,
    put,
    said,
    with_result,
    without_column,
    without_row,
    without_sheet,
)
from tests.portal.workbook.saying import EVERYTHING

EXPECTED = Path(__file__).parent / "expected.md"
HOMES, CARE, ORGANISATION = "Homes", "Categories and frameworks", "Organisation"
FAMILIES, CONTACTS, DOCUMENTS = "Fostering families", "Contacts", "Documents"
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1024)


@dataclass(frozen=True)
class Case:
    """A file that somebody brings, made when it is needed."""

    about: str
    made: Callable[[], bytes]
    name: str = "workbook.xlsx"
    sheet: str | None = None


def a_huge_cell() -> bytes:
    """Three hundred million letters in one cell, packed into little."""
    parts = parts_of(CLEAN)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if name != "xl/sharedStrings.xml":
                archive.writestr(name, content)
        with archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
            part.write(b"<sst><si><t>")
            for _ in range(300):
                part.write(b"x" * 1_000_000)
            part.write(b"</t></si></sst>")
    return made.getvalue()


def another_workbook() -> bytes:
    workbook, saved = Workbook(), io.BytesIO()
    page = workbook["Sheet"]
    page.append(["Item", "Amount"])
    workbook.save(saved)
    return saved.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    return packed(parts_of(CLEAN) | {name: content})


def many_homes(workbook: Workbook) -> None:
    for row in range(3, 5100):
        workbook[HOMES].cell(row, 3).value = f"Home {row}"


def many_columns(workbook: Workbook) -> None:
    for at in range(1, 70):
        workbook[HOMES].cell(3, at).value = "x"


def example_twice(workbook: Workbook) -> None:
    for sheet in (HOMES, CARE, ORGANISATION, CONTACTS):
        if sheet == HOMES:
            copied_row(sheet, 3, 4)(workbook)


def a_second_homes(workbook: Workbook) -> None:
    workbook.copy_worksheet(workbook[HOMES]).title = "homes "


def plain(text: str, encoding: str = "utf-8") -> bytes:
    return text.encode(encoding)


CSV_CONTACTS = "Purpose,Name,Job title,E-mail,Telephone\nReferrals,Jo,,{email},\n"
CSV_HOMES = (
    "Kind;Name;Address;Postcode;Ofsted URN;Registered manager;Registered places\n"
    "Children's home;Home 1;1 Lane, Dudley;DY1 1AA;SC100001;Ann;4\n"
)
CSV_OPEN = 'Purpose,Name\nReferrals,"' + "x" * 200_000
NO_AGENCY = replace(
    EVERYTHING, organisation=OrganisationFacts(legal_name="Avery Care Ltd", address="1 Long Lane", postcode="DY1 1AA"),
    homes=(), care=(), memberships=(), families=(), documents=(),
)  # fmt: skip
CASES: dict[str, Case] = {
    # files
    "empty file": Case("A file without any content.", lambda: b""),
    "old Excel": Case("An .xls whose name was changed to .xlsx.", lambda: OLD_EXCEL),
    "password": Case(
        "A workbook that was saved with a password.", lambda: OLD_EXCEL + "EncryptedPackage".encode("utf-16-le")
    ),
    "macros": Case("A workbook with macros.", lambda: with_part("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + bytes(64))),
    "embedded file": Case(
        "A document was dropped into a sheet.", lambda: with_part("xl/embeddings/oleObject1.bin", b"%PDF-1.7 x")
    ),
    "300 MB cell": Case("One cell holds three hundred million letters.", a_huge_cell),
    "many parts": Case(
        "An archive of thousands of parts.", lambda: packed({f"xl/media/{n}.txt": b"" for n in range(2100)})
    ),
    "cut off": Case("It was not downloaded to its end.", lambda: CLEAN[: len(CLEAN) // 2]),
    "broken XML": Case(
        "Some program wrote a sheet that is not XML.", lambda: with_part("xl/worksheets/sheet3.xml", b"<worksheet><row")
    ),
    "entity bomb": Case(
        "A sheet that defines its words by each other, over and over.",
        lambda: with_part(
            "xl/worksheets/sheet3.xml", b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
        ),
    ),
    "a PDF": Case("The template, printed to a PDF and uploaded.", lambda: b"%PDF-1.7\n%%EOF"),
    "a Word document": Case("A zip archive that is no workbook.", lambda: packed({"word/document.xml": b"<x/>"})),
    "a web page": Case("A web page saved as .xls.", lambda: b"<html><table></table></html>", "homes.xls"),
    "another workbook": Case("Somebody's accounts.", another_workbook),
    # sheets and headers
    "untouched template": Case("The template as it was downloaded.", template),
    "empty required sheet": Case("Nobody is named on Contacts.", lambda: broken(emptied(CONTACTS))),
    "missing sheet": Case("The sheet Organisation was deleted.", lambda: broken(without_sheet(ORGANISATION))),
    "two sheets of one name": Case("Homes was copied within the workbook.", lambda: broken(a_second_homes)),
    "missing column": Case("The column Name was deleted.", lambda: broken(without_column(HOMES, "Name"))),
    "misspelt column": Case("A header was typed anew.", lambda: broken(header(CARE, "Member until", "Memeber until"))),
    "missing column of some rows": Case(
        "The column Genders was deleted.", lambda: broken(without_column(CARE, "Genders"))
    ),
    "homes without header": Case("The header of Homes was deleted.", lambda: broken(without_row(HOMES, 2))),
    "column twice": Case("Two columns have one header.", lambda: broken(header(HOMES, "Service", "Address"))),
    "merged header": Case(
        "The headers of both ages were merged.", lambda: broken(header(CARE, "Age to", None), merged(CARE, "D2:E2"))
    ),
    "no header": Case("The header row was deleted.", lambda: broken(without_row(CONTACTS, 2))),
    "merged cells": Case("One name for two rows.", lambda: broken(merged(CARE, "B5:B6"))),
    "too many rows": Case("More than five thousand homes.", lambda: broken(many_homes)),
    "too many columns": Case("A row of seventy columns.", lambda: broken(many_columns)),
    # the example row
    "example copied": Case(
        "The example row was copied down to try it.", lambda: broken(copied_row(HOMES, 3, 4), of=template())
    ),
    "example half overwritten": Case(
        "The example row was overwritten, but its URN stayed.", lambda: broken(put(HOMES, "Ofsted URN", "SC000002"))
    ),
    # URNs
    "URN too short": Case("A digit is missing.", lambda: broken(put(HOMES, "Ofsted URN", "SC12345"))),
    "URN too long": Case("A digit too many.", lambda: broken(put(HOMES, "Ofsted URN", 12345678))),
    "URN in words": Case("No number at all.", lambda: broken(put(HOMES, "Ofsted URN", "applied for"))),
    "URN missing": Case("A home without its URN.", lambda: broken(put(HOMES, "Ofsted URN", None))),
    "two homes with one URN": Case("Copied down.", lambda: broken(put(HOMES, "Ofsted URN", "sc100002"))),
    "the agency's URN on a home": Case("The wrong one.", lambda: broken(put(HOMES, "Ofsted URN", "SC999999"))),
    "premises with two URNs": Case(
        "One service, two numbers.", lambda: broken(put(HOMES, "Ofsted URN", "765433", row=7))
    ),
    "service without URN": Case(
        "Neither of its premises has it.",
        lambda: broken(put(HOMES, "Ofsted URN", None, row=6), put(HOMES, "Ofsted URN", " ", row=7)),
    ),
    "branch with a URN of its own": Case("It has none.", lambda: broken(put(HOMES, "Ofsted URN", "SC999998", row=8))),
    "fostering without agency URN": Case(
        "Families are listed, the agency has no URN.",
        lambda: broken(put(ORGANISATION, "Agency Ofsted URN", None), put(HOMES, "Ofsted URN", None, row=8)),
    ),
    # homes
    "a formula as a name": Case(
        "What it comes to is not in the file, so its rows elsewhere are not at fault.",
        lambda: broken(formula(HOMES, "Name", "=Old!B4")),
    ),
    "no number of a company": Case(
        "Words instead of one.", lambda: broken(put(ORGANISATION, "Company or charity number", "ask accountant"))
    ),
    "two homes of one name": Case("In other letters.", lambda: broken(put(HOMES, "Name", " HOME  1", row=4))),
    "unknown kind": Case("A word of one's own.", lambda: broken(put(HOMES, "Kind", "Chidrens hme"))),
    "postcode": Case("The letter O for a nought.", lambda: broken(put(HOMES, "Postcode", "DY1 OAA"))),
    "no places": Case("Nought places.", lambda: broken(put(HOMES, "Registered places", 0))),
    "places in words": Case("A word for a number.", lambda: broken(put(HOMES, "Registered places", "four"))),
    "fee below zero": Case("A minus before it.", lambda: broken(put(HOMES, "Core weekly fee", -4100))),
    "fee with three decimals": Case("Divided by seven.", lambda: broken(put(HOMES, "Core weekly fee", 4100.125))),
    "fee in words": Case("Depends.", lambda: broken(put(HOMES, "Core weekly fee", "on request"))),
    "service of a home": Case("Only SA has services.", lambda: broken(put(HOMES, "Service", "Next Step"))),
    "grade before inspection": Case(
        "Not yet inspected, on a day.", lambda: broken(put(HOMES, "Ofsted grade", "Not yet inspected"))
    ),
    "two wrong cells": Case(
        "Every fault is told at once.",
        lambda: broken(put(HOMES, "Postcode", "Dudley"), put(HOMES, "Ofsted URN", "none", row=5)),
    ),
    # days
    "formula for a day": Case(
        "Its result was never reckoned.", lambda: broken(formula(HOMES, "Inspected on", "=TODAY()"))
    ),
    "error of a formula": Case(
        "A reference to a deleted sheet.",
        lambda: with_result(broken(formula(HOMES, "Registered places", "=Old!B4")), "J3", "#REF!"),
    ),
    "1900": Case(
        "A nought shown as a day.",
        lambda: broken(put(HOMES, "Inspected on", date(1900, 1, 4), number_format="dd/mm/yyyy")),
    ),
    "a time": Case("A time for a day.", lambda: broken(put(HOMES, "Inspected on", time(9, 30), number_format="hh:mm"))),
    "American day": Case("The month first.", lambda: broken(put(HOMES, "Inspected on", "04/25/2025"))),
    "no such day": Case("The 31st of June.", lambda: broken(put(HOMES, "Inspected on", "31/06/2025"))),
    "a year for a day": Case("Only the year.", lambda: broken(put(HOMES, "Inspected on", 2025))),
    "age became a day": Case(
        "'10-12' was typed, and Excel made the tenth of December of it.",
        lambda: broken(put(CARE, "Age from", date(2026, 12, 10), number_format="dd-mmm")),
    ),
    # care and frameworks
    "ages reversed": Case("From 17 to 8.", lambda: broken(put(CARE, "Age from", 17), put(CARE, "Age to", 8))),
    "18": Case("One year too old.", lambda: broken(put(CARE, "Age to", 18))),
    "supported from 15": Case("It is for 16 and 17 only.", lambda: broken(put(CARE, "Age from", 15, row=7))),
    "no genders": Case("A category without genders.", lambda: broken(put(CARE, "Genders", None))),
    "unknown gender": Case("A word for something else.", lambda: broken(put(CARE, "Genders", "children"))),
    "unknown home": Case("A name that is not on Homes.", lambda: broken(put(CARE, "Home or Agency", "Home 3"))),
    "home without category": Case("Its row is missing.", lambda: broken(without_row(CARE, 4))),
    "category and kind": Case(
        "Supported accommodation in a children's home.",
        lambda: broken(put(CARE, "Category", "Supported accommodation"), put(CARE, "Age from", 16)),
    ),
    "fostering in a home": Case("Fostering is the agency's.", lambda: broken(put(CARE, "Category", "Fostering"))),
    "agency without category": Case("No row registers the agency.", lambda: broken(without_row(CARE, 9))),
    "residential agency": Case("A category of homes.", lambda: broken(put(CARE, "Category", "Residential", row=9))),
    "membership reversed": Case("Until before from.", lambda: broken(put(CARE, "Member until", "31/03/2024"))),
    "membership without beginning": Case("No first day.", lambda: broken(put(CARE, "Member from", None))),
    "lot without framework": Case("The framework is missing.", lambda: broken(put(CARE, "Framework", None))),
    "row twice": Case("The same row again.", lambda: broken(copied_row(CARE, 7, 10))),
    # families, contacts, documents
    "two families of one name": Case("The same name.", lambda: broken(put(FAMILIES, "Name", "family 1", row=4))),
    "family ages reversed": Case("From 12 to 10.", lambda: broken(put(FAMILIES, "Age from", 12))),
    "smokers perhaps": Case("Neither yes nor no.", lambda: broken(put(FAMILIES, "Smokers", "sometimes"))),
    "e-mail": Case("Without its @.", lambda: broken(put(CONTACTS, "E-mail", "placements.avery.example"))),
    "two e-mails": Case(
        "Two in one cell.", lambda: broken(put(CONTACTS, "E-mail", "a@avery.example; b@avery.example"))
    ),
    "telephone": Case("Letters.", lambda: broken(put(CONTACTS, "Telephone", "ask reception"))),
    "contact out of reach": Case("No e-mail, no telephone.", lambda: broken(put(CONTACTS, "E-mail", None))),
    "document of an unknown home": Case("No such home.", lambda: broken(put(DOCUMENTS, "Home", "Home 9"))),
    "insurance without end": Case("No last day.", lambda: broken(put(DOCUMENTS, "Expires on", None, row=4))),
    "file of another kind": Case("An old Word file.", lambda: broken(put(DOCUMENTS, "File name", "home-1.doc"))),
    "file with folders": Case("A path.", lambda: broken(put(DOCUMENTS, "File name", "C:\\scans\\home-1.pdf"))),
    "certificate twice": Case("Two for one home.", lambda: broken(copied_row(DOCUMENTS, 3, 5))),
    "two organisations": Case("One workbook registers one.", lambda: broken(copied_row(ORGANISATION, 3, 4))),
    "long text": Case("A page in a cell.", lambda: broken(put(HOMES, "Registered manager", "Ann " * 60))),
    "no address": Case("A required cell is empty.", lambda: broken(put(ORGANISATION, "Registered address", "  "))),
    "residential without homes": Case("No agency, and no homes.", lambda: said(NO_AGENCY)),
    # plain text
    "csv with a wrong e-mail": Case(
        "One sheet as .csv.", lambda: plain(CSV_CONTACTS.format(email="jo at home")), "contacts.csv"
    ),
    "csv of something else": Case("A list of prices.", lambda: plain("Item,Price\nBed,4\n"), "prices.csv", CONTACTS),
    "csv of no sheet": Case(
        "A list of prices, of nobody knows what.", lambda: plain("Item,Price\nBed,4\n"), "prices.csv"
    ),
    "csv of homes without care": Case(
        "Homes alone, as saved from the workbook.", lambda: plain(CSV_HOMES), "homes.csv", HOMES
    ),
    "csv in no letters": Case(
        "Bytes that are no text.", lambda: b"Purpose,Name\nReferrals,\x81\x8d\xff\n", "contacts.csv"
    ),
    "csv without an end": Case("A quotation mark opens and never closes.", lambda: plain(CSV_OPEN), "contacts.csv"),
}


def faults_of(case: Case, folder: Path) -> tuple[Fault, ...]:
    path = folder / case.name
    path.write_bytes(case.made())
    return read_file(path, case.sheet, lambda done, total: None).faults


def told(name: str, case: Case, faults: tuple[Fault, ...]) -> str:
    lines = [f"- `{fault.code}` {fault.message}" for fault in faults]
    return "\n".join([f"## {name}", case.about, "", *lines])


def expected() -> dict[str, str]:
    """What is checked in, by the name of the case."""
    sections = EXPECTED.read_text().split("\n## ")[1:]
    return {section.split("\n")[0]: f"## {section.strip()}" for section in sections}


def main() -> None:
    with TemporaryDirectory() as folder:
        sections = [told(name, case, faults_of(case, Path(folder))) for name, case in CASES.items()]
    title = "# What people are told of the workbooks that they break"
    EXPECTED.write_text("\n\n".join([title, *sections]) + "\n")


if __name__ == "__main__":
    main()
