"""A registration goes into a workbook and comes out as it was."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from portal.workbook import TEMPLATE_NAME, WORKBOOK, filled, read, template
from tests.portal.workbook.saying import EVERYTHING, read_bytes


async def test_a_filled_workbook_reads_back_as_what_was_written(tmp_path: Path) -> None:  # S-001
    reading = await read_bytes(tmp_path, filled(EVERYTHING))
    assert reading.faults == ()
    assert reading.content == EVERYTHING


async def test_a_sheet_that_was_not_given_says_nothing(tmp_path: Path) -> None:
    content = replace(EVERYTHING, documents=None)
    reading = await read_bytes(tmp_path, filled(content))
    assert reading.content == content
    emptied = replace(EVERYTHING, documents=())
    assert (await read_bytes(tmp_path, filled(emptied))).content == emptied


async def test_the_empty_template_names_the_sheets_to_fill_in(tmp_path: Path) -> None:
    reading = await read_bytes(tmp_path, template())
    assert reading.content is None
    assert {(fault.sheet, fault.code) for fault in reading.faults} == {
        (sheet, "SHEET_EMPTY") for sheet in ("Organisation", "Homes", "Categories and frameworks", "Contacts")
    }


def test_the_template_is_always_the_same_bytes() -> None:
    printing = "import sys; from portal.workbook import template; sys.stdout.buffer.write(template())"
    again = subprocess.run([sys.executable, "-c", printing], capture_output=True, check=True)
    assert again.stdout == template()
    assert TEMPLATE_NAME.endswith(".xlsx")


async def test_progress_is_told_and_ends_with_all_rows(tmp_path: Path) -> None:
    path = tmp_path / "workbook.xlsx"
    path.write_bytes(filled(EVERYTHING))
    told: list[tuple[int, int]] = []
    await read(path, progress=lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] > 0
    assert told == sorted(told)


async def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    reading = await read(tmp_path / "missing.xlsx")
    assert [fault.sheet for fault in reading.faults] == [WORKBOOK]
    assert reading.content is None
