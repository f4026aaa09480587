"""PDF: one document from its first byte to its last, open to everybody, without scripts and without programs.

Names are looked for as they stand and spelt with #xx escapes, in the file and inside its compressed object streams;
an object stream packed in any other way than the usual one cannot be looked into and is refused.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from portal.filetypes.fault import Fault, NotAllowed

UNPACKED = 100 * 1024 * 1024


def _name(*texts: str) -> re.Pattern[bytes]:
    """A pattern for these PDF names in all their spellings, up to where a name ends."""
    spelt = "|".join("".join(f"(?:{letter}|#(?i:{ord(letter):02x}))" for letter in text) for text in texts)
    return re.compile(f"/(?:{spelt})(?![^\\x00\\t\\n\\f\\r ()<>\\[\\]{{}}/%])".encode())


ENCRYPTED = _name("Encrypt")
ACTIVE = _name("JavaScript", "Launch")
OBJECT_STREAM = _name("ObjStm")
PACKING = _name("Filter", "DecodeParms")
USUAL_PACKING = re.compile(rb"/Filter\s*(?:/FlateDecode|\[\s*/FlateDecode\s*\])")
STREAM = re.compile(rb"stream\r?\n")


def check_pdf(path: Path) -> None:
    content = path.read_bytes()
    if not content.startswith(b"%PDF-"):
        raise NotAllowed(Fault.NOT_WHAT_IT_SAYS)
    if b"%%EOF" not in content[-2048:]:
        raise NotAllowed(Fault.POLYGLOT if b"%%EOF" in content else Fault.DAMAGED)
    if zipfile.is_zipfile(path):
        raise NotAllowed(Fault.POLYGLOT)
    if ENCRYPTED.search(content):
        raise NotAllowed(Fault.ENCRYPTED)
    if ACTIVE.search(content) or any(ACTIVE.search(objects) for objects in _object_streams(content)):
        raise NotAllowed(Fault.ACTIVE_CONTENT)


def _object_streams(content: bytes) -> Iterator[bytes]:
    """The packed objects of the document, in one pass from front to back."""
    at, left = 0, UNPACKED
    while found := OBJECT_STREAM.search(content, at):
        begins = STREAM.search(content, found.end())
        ends = content.find(b"endstream", begins.end()) if begins else -1
        if begins is None or ends < 0:
            raise NotAllowed(Fault.DAMAGED)
        dictionary = content[max(content.rfind(b"obj", at, found.start()), at) : begins.start()]
        objects = _unpacked(content[begins.end() : ends], dictionary, left)
        yield objects
        at, left = ends, left - len(objects)


def _unpacked(packed: bytes, dictionary: bytes, most: int) -> bytes:
    if len(PACKING.findall(dictionary)) != 1 or not USUAL_PACKING.search(dictionary):
        raise NotAllowed(Fault.UNCHECKABLE)
    try:
        objects = zlib.decompressobj().decompress(packed, most + 1)
    except zlib.error:
        raise NotAllowed(Fault.DAMAGED) from None
    if len(objects) > most:
        raise NotAllowed(Fault.UNPACKS_TOO_LARGE)
    return objects
