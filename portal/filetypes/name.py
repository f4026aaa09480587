"""The name under which somebody brings a file: shown to others, never used as a path."""

import unicodedata

from models.announcement import BREAKING, TURNING
from portal.filetypes.fault import Fault, NotAllowed

LONGEST = 200


def clean_name(name: str) -> str:
    """The last part of a path, composed (NFC), without space around it; any script is kept. Raises NotAllowed."""
    if any(character in TURNING or unicodedata.category(character) in BREAKING for character in name):
        raise NotAllowed(Fault.NAME_NOT_ALLOWED)
    shown = name.replace("\\", "/").rpartition("/")[2].strip()
    if len(shown) > LONGEST:
        raise NotAllowed(Fault.NAME_TOO_LONG)
    if not shown:
        raise NotAllowed(Fault.NAME_NOT_ALLOWED)
    return unicodedata.normalize("NFC", shown)
