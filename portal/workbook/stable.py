"""Workbooks as bytes that are the same whenever they are made from the same."""

import io
import re
import zipfile

from openpyxl import Workbook

ALWAYS = (2026, 1, 1, 0, 0, 0)
TIMES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:(?:created|modified)>)")
SAVED = rb"\g<1>2026-01-01T00:00:00Z\g<3>"
AUTHOR = "West Midlands Placement Portal"


def blank() -> Workbook:
    """A workbook without any sheet yet."""
    workbook = Workbook()
    for sheet in workbook.worksheets:
        workbook.remove(sheet)
    return workbook


def bytes_of(workbook: Workbook) -> bytes:
    """The workbook without any trace of when it was saved."""
    workbook.properties.creator = AUTHOR
    saved, stable = io.BytesIO(), io.BytesIO()
    workbook.save(saved)
    with zipfile.ZipFile(saved) as before, zipfile.ZipFile(stable, "w") as after:
        for name in before.namelist():
            entry = zipfile.ZipInfo(name, ALWAYS)
            entry.compress_type = zipfile.ZIP_DEFLATED
            content = before.read(name)
            after.writestr(entry, TIMES.sub(SAVED, content) if name == "docProps/core.xml" else content)
    return stable.getvalue()
