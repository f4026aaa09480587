"""What kind of file was brought, and whether it may be opened at all: looked at before anything is parsed."""

from pathlib import Path

from portal.filetypes import Fault as FileFault
from portal.filetypes import NotAllowed, recognise
from portal.workbook.fault import FaultCode, Unreadable

PACKED = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
OTHER_KINDS = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"{\\rtf", "a text document"),
)
LARGEST = 25 * 1024 * 1024
SAVE = "Open it in your spreadsheet program and save it as Excel workbook (.xlsx)."
SENTENCES = {
    FileFault.DAMAGED: (FaultCode.DAMAGED, f"the file is damaged or incomplete. {SAVE}"),
    FileFault.ENCRYPTED: (FaultCode.ENCRYPTED, "the file is protected by a password. Save it without one."),
    FileFault.MACROS: (FaultCode.MACROS, "the workbook contains macros. Save it as .xlsx, without them."),
    FileFault.NESTED: (
        FaultCode.UNSAFE, "the workbook has another document or program embedded in it. Delete it and save again.",
    ),
    FileFault.NOT_WHAT_IT_SAYS: (FaultCode.NOT_A_WORKBOOK, f"the file is not an Excel workbook (.xlsx). {SAVE}"),
    FileFault.OLD_OFFICE: (
        FaultCode.OLD_EXCEL, f"the file is an old Excel workbook (.xls), whatever its name says. {SAVE}",
    ),
    FileFault.POLYGLOT: (FaultCode.UNSAFE, f"something stands in the file beside the workbook. {SAVE}"),
    FileFault.TOO_MANY_ENTRIES: (FaultCode.TOO_LARGE, "the workbook has over 2,000 parts. Start from a new template."),
    FileFault.UNPACKS_TOO_LARGE: (
        FaultCode.TOO_LARGE,
        "the workbook unpacks to far more than its size: one sheet or cell is huge. Start from a new template.",
    ),
    FileFault.UNSAFE_ENTRY: (FaultCode.UNSAFE, f"the file has parts that no spreadsheet program writes. {SAVE}"),
}  # fmt: skip


def is_workbook(path: Path) -> bool:
    """Whether it is an .xlsx that may be opened, or else plain text. Raises Unreadable for anything that is neither."""
    with path.open("rb") as file:
        head = file.read(1024)
        size = file.seek(0, 2)
    if not size:
        raise Unreadable(FaultCode.EMPTY_FILE, "the file is empty.")
    if size > LARGEST:
        raise Unreadable(FaultCode.TOO_LARGE, "the file is larger than 25 MiB. Copy your rows into a new template.")
    for begins, kind in OTHER_KINDS:
        if head.startswith(begins):
            raise Unreadable(FaultCode.NOT_A_WORKBOOK, f"the file is {kind}. Upload the template, filled in.")
    if not head.startswith((PACKED, OLD_OFFICE)):
        return False
    try:
        recognise(path, "workbook.xlsx")
    except NotAllowed as fault:
        unsafe = SENTENCES[FileFault.UNSAFE_ENTRY]
        raise Unreadable(*SENTENCES.get(fault.code, unsafe)) from None
    return True
