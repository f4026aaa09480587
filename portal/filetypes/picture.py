"""Pictures: of the kind their name says, whole, and small enough to be opened."""

import struct
import zipfile
from pathlib import Path

from PIL import Image

from portal.filetypes.fault import Fault, NotAllowed

MOST_PIXELS = 40_000_000
PNG_END = b"\0\0\0\0IEND\xaeB`\x82"
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis"}


def check_png(path: Path) -> None:
    content = path.read_bytes()
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        raise NotAllowed(Fault.NOT_WHAT_IT_SAYS)
    _check_picture(path, "PNG")
    if not content.endswith(PNG_END):
        raise NotAllowed(Fault.POLYGLOT if PNG_END in content else Fault.DAMAGED)


def check_jpeg(path: Path) -> None:
    """Cameras write other things after the picture; only an archive there makes it two files in one."""
    with path.open("rb") as file:
        if not file.read(3) == b"\xff\xd8\xff":
            raise NotAllowed(Fault.NOT_WHAT_IT_SAYS)
    _check_picture(path, "JPEG")
    if zipfile.is_zipfile(path):
        raise NotAllowed(Fault.POLYGLOT)


def check_heic(path: Path) -> None:
    """By its brands only: nothing here decodes this format."""
    with path.open("rb") as file:
        size, box, brand, _ = struct.unpack(">I4s4s4s", file.read(16).ljust(16, b"\0"))
        others = file.read(min(max(size - 16, 0), 256))
    also = {others[at : at + 4] for at in range(0, len(others), 4)}
    if box != b"ftyp" or not (brand in HEIC_BRANDS or (brand == b"mif1" and also & HEIC_BRANDS)):
        raise NotAllowed(Fault.NOT_WHAT_IT_SAYS)
    if path.stat().st_size <= size:
        raise NotAllowed(Fault.DAMAGED)


def _check_picture(path: Path, kind: str) -> None:
    try:
        with Image.open(path, formats=[kind]) as picture:
            width, height = picture.size
            if width * height <= MOST_PIXELS:
                picture.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NotAllowed(Fault.TOO_MANY_PIXELS) from None
    except Exception as fault:  # a reader of hostile bytes may raise anything; whatever it was, the file is at fault
        raise NotAllowed(Fault.DAMAGED) from fault
    if width * height > MOST_PIXELS:
        raise NotAllowed(Fault.TOO_MANY_PIXELS)
