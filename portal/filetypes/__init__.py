"""What a file is, decided by what is in it. Its name, its first bytes and its inner structure have to agree.

This keeps out the careless and the ordinary attack; it is no scanner for malware. What passes is still only ever
served as a download, under the type decided here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from portal.filetypes.fault import SENTENCES, Fault, NotAllowed
from portal.filetypes.name import clean_name
from portal.filetypes.office import check_docx, check_odt, check_xlsx
from portal.filetypes.pdf import check_pdf
from portal.filetypes.picture import check_heic, check_jpeg, check_png
from portal.filetypes.table import check_csv

__all__ = ["KINDS", "SENTENCES", "TABLES", "Fault", "Kinds", "NotAllowed", "Recognised", "clean_name", "recognise"]

HEAD = 1024
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PROTECTED = "EncryptedPackage".encode("utf-16-le")  # a .docx or .xlsx with a password, wrapped in the old format


@dataclass(frozen=True, slots=True)
class Recognised:
    """The type to serve the file as, the ending without dot that belongs to it, and its name as it may be shown."""

    media_type: str
    extension: str
    name: str


OPEN_XML = "application/vnd.openxmlformats-officedocument"
Kinds = Mapping[str, tuple[str, Callable[[Path], None]]]
KINDS: Kinds = {
    "pdf": ("application/pdf", check_pdf),
    "png": ("image/png", check_png),
    "jpeg": ("image/jpeg", check_jpeg),
    "heic": ("image/heic", check_heic),
    "docx": (f"{OPEN_XML}.wordprocessingml.document", check_docx),
    "xlsx": (f"{OPEN_XML}.spreadsheetml.sheet", check_xlsx),
    "odt": ("application/vnd.oasis.opendocument.text", check_odt),
}
TABLES: Kinds = {"xlsx": KINDS["xlsx"], "csv": ("text/csv", check_csv)}
"""What a registration is uploaded as, and nothing else is."""
ENDINGS_WITH_MACROS = {"docm", "dotm", "xlsm", "xltm", "xlam", "xlsb"}


def recognise(path: Path, name: str, kinds: Kinds = KINDS) -> Recognised:
    """The kind of the file at `path`, brought under this name. Raises NotAllowed. It unpacks: call it in a thread."""
    shown = clean_name(name)
    extension = _announced(shown, kinds)
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise NotAllowed(Fault.EMPTY)
    if head.startswith(OLD_OFFICE):
        raise NotAllowed(Fault.ENCRYPTED if PROTECTED in path.read_bytes() else Fault.OLD_OFFICE)
    if b"%PDF-" in head and not (head.startswith(b"%PDF-") and extension == "pdf"):
        raise NotAllowed(Fault.NOT_WHAT_IT_SAYS if head.startswith(b"%PDF-") else Fault.POLYGLOT)
    media_type, check = kinds[extension]
    check(path)
    return Recognised(media_type, extension, shown)


def _announced(name: str, kinds: Kinds) -> str:
    stem, _, ending = name.lower().rpartition(".")
    if ending in {"doc", "xls"}:
        raise NotAllowed(Fault.OLD_OFFICE)
    if ending in ENDINGS_WITH_MACROS:
        raise NotAllowed(Fault.MACROS)
    extension = "jpeg" if ending == "jpg" else ending
    if extension not in kinds or not stem.strip(". "):
        raise NotAllowed(Fault.KIND_NOT_ALLOWED)
    return extension
