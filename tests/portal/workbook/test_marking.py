"""What was wrong comes back in a copy of the same workbook, in red, with the words beside it."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from portal.workbook import WORKBOOK, Fault, marked
from portal.workbook.marking import LIST, MENDER, marked_copy
from portal.workbook.reading import read_file
from tests.portal.workbook.breaking import CLEAN, broken, cell, formula, merged, parts_of, put
from tests.portal.workbook.corpus import CASES
from tests.portal.workbook.saying import EVERYTHING

HOMES, CARE, CONTACTS = "Homes", "Categories and frameworks", "Contacts"
RED = "FFFFC7CE"


def mend(folder: Path, content: bytes, name: str = "workbook.xlsx", sheet: str | None = None) -> tuple[Workbook, Any]:
    path = folder / name
    path.write_bytes(content)
    faults = read_file(path, sheet, lambda done, total: None).faults
    return load_workbook(io.BytesIO(marked_copy(path, sheet, faults))), faults


def listed(workbook: Workbook) -> list[str]:
    return [str(row[3]) for row in workbook[LIST].iter_rows(min_row=3, values_only=True)]


def reds(workbook: Workbook) -> set[tuple[str, str]]:
    pages = [page for page in workbook.worksheets if page.title != LIST]
    cells = [(page.title, each) for page in pages for row in page.iter_rows() for each in row]
    return {(title, str(each.coordinate)) for title, each in cells if each.fill.fgColor.rgb == RED}


def test_the_faulty_cells_are_red_and_say_why(tmp_path: Path) -> None:  # S-002
    hands = put(HOMES, "Ofsted URN", "SC12345", row=4), put(CARE, "Age to", 18)
    workbook, faults = mend(tmp_path, broken(*hands))
    assert workbook.sheetnames[0] == LIST
    assert workbook.active is workbook[LIST]
    assert listed(workbook) == [fault.message for fault in faults]
    places = {(HOMES, cell(HOMES, "Ofsted URN", 4)), (CARE, cell(CARE, "Age to", 3))}
    assert reds(workbook) == places
    for (title, coordinate), fault in zip(sorted(places, reverse=True), faults, strict=True):
        comment = workbook[title][coordinate].comment
        assert comment is not None
        assert comment.text == fault.message
    link = workbook[LIST]["B3"].hyperlink
    assert link is not None
    assert link.location == f"'Homes'!{cell(HOMES, 'Ofsted URN', 4)}"


def test_the_rest_of_the_workbook_stays(tmp_path: Path) -> None:
    hands = put(HOMES, "Ofsted URN", "SC12345"), formula(HOMES, "Registered places", "=2+2", row=4)
    workbook, _ = mend(tmp_path, broken(*hands))
    assert workbook[HOMES][cell(HOMES, "Registered places", 4)].value == "=2+2"
    assert workbook[HOMES][cell(HOMES, "Name", 5)].value == "Canal Centre"
    assert workbook[HOMES].data_validations.dataValidation
    assert workbook["Lists"].sheet_state == "hidden"


def test_a_mended_copy_is_taken_and_no_longer_red(tmp_path: Path) -> None:
    workbook, _ = mend(tmp_path, broken(put(HOMES, "Ofsted URN", "SC12345")))
    workbook[HOMES][cell(HOMES, "Ofsted URN", 3)].value = "SC100001"
    workbook[HOMES][cell(HOMES, "Postcode", 4)].value = "Dudley"
    saved = io.BytesIO()
    workbook.save(saved)
    again, faults = mend(tmp_path, saved.getvalue())
    assert [fault.column for fault in faults] == ["Postcode"]
    assert reds(again) == {(HOMES, cell(HOMES, "Postcode", 4))}
    assert again.sheetnames.count(LIST) == 1
    again[HOMES][cell(HOMES, "Postcode", 4)].value = "DY1 1AA"
    again.save(tmp_path / "right.xlsx")
    assert read_file(tmp_path / "right.xlsx", None, lambda done, total: None).content == EVERYTHING


def test_what_is_hidden_and_wrong_is_shown(tmp_path: Path) -> None:
    def hide(workbook: Workbook) -> None:
        workbook[HOMES].row_dimensions[4].hidden = True
        workbook[HOMES].sheet_state = "hidden"

    workbook, _ = mend(tmp_path, broken(put(HOMES, "Postcode", "Dudley", row=4), hide))
    assert workbook[HOMES].sheet_state == "visible"
    assert not workbook[HOMES].row_dimensions[4].hidden


def test_merged_cells_are_marked_where_they_begin(tmp_path: Path) -> None:
    workbook, _ = mend(tmp_path, broken(merged(CARE, "B5:B6")))
    assert reds(workbook) == {(CARE, "B5")}


def test_text_that_begins_like_a_formula_stays_text(tmp_path: Path) -> None:  # G6
    hands = put(HOMES, "Postcode", "=HYPERLINK(1)"), put(HOMES, "Name", "=1+1", row=4)
    workbook, faults = mend(tmp_path, broken(*hands))
    assert "'=HYPERLINK(1)'" in faults[0].message
    types = {each.data_type for row in workbook[HOMES].iter_rows() for each in row if each.value is not None}
    assert "f" not in types


def test_plain_text_comes_back_as_a_workbook(tmp_path: Path) -> None:
    text = 'Purpose,Name,E-mail\nReferrals,"=cmd|x",jo at home\nFinance,+44,@a\n'
    workbook, faults = mend(tmp_path, text.encode(), "contacts.csv", "contacts")
    assert [fault.row for fault in faults] == [2, 3]
    assert reds(workbook) == {(CONTACTS, "C2"), (CONTACTS, "C3")}
    for coordinate, value in (("B2", "=cmd|x"), ("B3", "+44"), ("C3", "@a")):
        found: Any = workbook[CONTACTS][coordinate]
        assert (found.value, found.data_type, found.quotePrefix) == (value, "s", True)


async def test_of_what_cannot_be_opened_only_the_list_comes_back(tmp_path: Path) -> None:
    for name in ("macros", "password", "300 MB cell", "cut off"):
        path = tmp_path / "workbook.xlsx"
        path.write_bytes(CASES[name].made())
        faults = read_file(path, None, lambda done, total: None).faults
        copy = await marked(path, faults)
        assert load_workbook(io.BytesIO(copy)).sheetnames == [LIST]
        assert not any("vba" in part.lower() for part in parts_of(copy))


async def test_a_marked_copy_is_made_in_the_child_process_too(tmp_path: Path) -> None:
    path = tmp_path / "workbook.xlsx"
    path.write_bytes(CLEAN)
    fault = Fault(HOMES, 3, "Name", "DUPLICATE", "Homes, row 3, Name: twice.")
    elsewhere = replace(fault, sheet=WORKBOOK, row=None, column=None)
    workbook = load_workbook(io.BytesIO(await marked(path, [fault, elsewhere])))
    assert reds(workbook) == {(HOMES, cell(HOMES, "Name", 3))}
    comment = workbook[HOMES][cell(HOMES, "Name", 3)].comment
    assert comment is not None
    assert comment.author == MENDER
    assert len(listed(workbook)) == 2
