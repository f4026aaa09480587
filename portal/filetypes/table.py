"""One sheet of a workbook, as text with a separator between its cells."""

import codecs
from pathlib import Path

from portal.filetypes.fault import Fault, NotAllowed

BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-", b"\x7fELF", b"MZ\x90\x00", b"{\\rtf")
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def check_csv(path: Path) -> None:
    """Text in any of the ways that spreadsheets save it; what its cells say is for its reader."""
    content = path.read_bytes()
    if content.startswith(BINARY) or (b"\0" in content and not content.startswith(WIDE)):
        raise NotAllowed(Fault.NOT_WHAT_IT_SAYS)
