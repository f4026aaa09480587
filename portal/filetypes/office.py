"""Documents and spreadsheets that are zip archives of plain parts: no macros, no passwords, no files in files."""

import os
import re
import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

from portal.filetypes.fault import Fault, NotAllowed

MOST_ENTRIES = 2000
MOST_UNPACKED = 100 * 1024 * 1024
MOST_RATIO = 100
LONGEST_DIRECTORY = MOST_ENTRIES * 512
BLOCK = 1024 * 1024
ENCRYPTED_BITS = 0x1 | 0x40
EMBEDDED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"MZ", b"\x7fELF", b"%PDF-")
MACRO_PARTS = re.compile(r"(?:.*/)?vba[^/]*\.(?:bin|xml)|xl/macrosheets/.*|(?:basic|scripts)/.*", re.IGNORECASE)
UNSAFE_NAME = re.compile(r"[\\\x00-\x1f:]|^/|(?:^|/)\.\.?(?:/|$)|//")
CONTENT_TYPES = "[Content_Types].xml"
MANIFEST = "META-INF/manifest.xml"
DESCRIBING = {CONTENT_TYPES, MANIFEST, "mimetype"}
OPEN_XML = b"application/vnd.openxmlformats-officedocument."
DOCUMENT = OPEN_XML + b"wordprocessingml.document.main+xml"
WORKBOOK = OPEN_XML + b"spreadsheetml.sheet.main+xml"
ODT = b"application/vnd.oasis.opendocument.text"


def check_docx(path: Path) -> None:
    _check_open_xml(_parts(path), "word/document", DOCUMENT)


def check_xlsx(path: Path) -> None:
    _check_open_xml(_parts(path), "xl/workbook", WORKBOOK)


def check_odt(path: Path) -> None:
    parts = _parts(path)
    if b"encryption-data" in parts.get(MANIFEST, b""):
        raise NotAllowed(Fault.ENCRYPTED)
    if parts.get("mimetype") != ODT or "content.xml" not in parts:
        raise NotAllowed(Fault.NOT_WHAT_IT_SAYS)


def _check_open_xml(parts: dict[str, bytes], main_part: str, media_type: bytes) -> None:
    types = parts.get(CONTENT_TYPES, b"")
    plain = types.replace(b"\0", b"").lower()  # in whatever encoding
    if b"macroenabled" in plain or b"vbaproject" in plain:
        raise NotAllowed(Fault.MACROS)
    if b'"' + media_type + b'"' not in types or not any(name.startswith(main_part) for name in parts):
        raise NotAllowed(Fault.NOT_WHAT_IT_SAYS)


def _parts(path: Path) -> dict[str, bytes]:
    """Everything is unpacked and counted, because what the archive says of itself may be untrue."""
    _check_ending(path)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_entries(archive.infolist())
            return _unpack(archive, most=min(MOST_UNPACKED, MOST_RATIO * path.stat().st_size))
    except NotAllowed:
        raise
    except Exception as fault:  # a reader of hostile bytes may raise anything; whatever it was, the file is at fault
        raise NotAllowed(Fault.DAMAGED) from fault


def _check_ending(path: Path) -> None:
    """The directory is read whole by whoever opens the archive: it must be short and reach exactly to the end."""
    with path.open("rb") as file:
        if file.read(4) != b"PK\x03\x04":
            raise NotAllowed(Fault.NOT_WHAT_IT_SAYS)
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - 22, 0))
        ending = file.read().rjust(22, b"\0")
    signature, entries, length, begins = struct.unpack("<4s6xHLL2x", ending)
    if signature != b"PK\x05\x06":
        raise NotAllowed(Fault.DAMAGED)
    if entries > MOST_ENTRIES or length > LONGEST_DIRECTORY:
        raise NotAllowed(Fault.TOO_MANY_ENTRIES)
    if begins + length + 22 != size:
        raise NotAllowed(Fault.POLYGLOT)


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise NotAllowed(Fault.TOO_MANY_ENTRIES)
    names = [entry.orig_filename for entry in entries]
    if any(entry.flag_bits & ENCRYPTED_BITS for entry in entries):
        raise NotAllowed(Fault.ENCRYPTED)
    if len({name.lower() for name in names}) < len(names) or any(map(_unsafe, entries)):
        raise NotAllowed(Fault.UNSAFE_ENTRY)
    if any(MACRO_PARTS.fullmatch(name) for name in names):
        raise NotAllowed(Fault.MACROS)
    if min((entry.header_offset for entry in entries), default=0):
        raise NotAllowed(Fault.POLYGLOT)


def _unsafe(entry: zipfile.ZipInfo) -> bool:
    method = entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    return method or stat.S_ISLNK(entry.external_attr >> 16) or bool(UNSAFE_NAME.search(entry.orig_filename))


def _unpack(archive: zipfile.ZipFile, most: int) -> dict[str, bytes]:
    """The names of all parts, with the content of those that say what the document is. Checksums are checked."""
    parts: dict[str, bytes] = {}
    for entry in archive.infolist():
        begins, size = b"", 0
        for block in _blocks(archive, entry):
            begins = begins or block
            size += len(block)
            if size > most:
                raise NotAllowed(Fault.UNPACKS_TOO_LARGE)
        if begins.startswith(EMBEDDED):
            raise NotAllowed(Fault.NESTED)
        if entry.filename in DESCRIBING and size > len(begins):
            raise NotAllowed(Fault.UNSAFE_ENTRY)
        parts[entry.filename] = begins if entry.filename in DESCRIBING else b""
        most -= size
    return parts


def _blocks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as part:
        while block := part.read(BLOCK):
            yield block
