"""Every workbook that a person breaks is answered in words that say how to mend it, all at once, and is not taken."""

from pathlib import Path

import openpyxl
import pytest

from portal.workbook import WORKBOOK, FaultCode, read
from portal.workbook.table import SHEETS
from tests.portal.workbook.corpus import CASES, expected, faults_of, told

WORDS = {sheet.words: {column.words for column in sheet.columns} for sheet in SHEETS} | {WORKBOOK: set()}


@pytest.mark.parametrize("name", CASES)
def test_a_broken_workbook_is_told_what_is_checked_in(name: str, tmp_path: Path) -> None:  # S-002
    faults = faults_of(CASES[name], tmp_path)
    assert told(name, CASES[name], faults) == expected()[name]
    for fault in faults:
        assert fault.message.startswith(fault.sheet)
        assert fault.code in FaultCode.__members__
        assert fault.column is None or fault.column in WORDS[fault.sheet] | WORDS["Categories and frameworks"]


def test_the_corpus_and_what_is_checked_in_are_of_the_same_cases() -> None:
    assert expected().keys() == CASES.keys()
    assert len(CASES) >= 40


@pytest.mark.parametrize("name", ["300 MB cell", "entity bomb", "two wrong cells"])
async def test_the_child_process_says_the_same(name: str, tmp_path: Path) -> None:  # S-002
    case = CASES[name]
    path = tmp_path / case.name
    path.write_bytes(case.made())
    reading = await read(path, sheet=case.sheet)
    assert reading.content is None
    assert told(name, case, reading.faults) == expected()[name]


def test_workbooks_are_read_by_the_parser_that_refuses_entities() -> None:
    assert (openpyxl.DEFUSEDXML, openpyxl.LXML) == (True, False)
