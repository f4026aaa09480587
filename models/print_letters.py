"""Which characters the portal's fonts can print, so that names in other scripts are asked for in print letters.

It is known here without the fonts, for acts and statements; a test holds it against what the fonts show.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, text

PRINTED = """
    1-377 37A-37F 384-38A 38C 38E-3A1 3A3-3E1 3F0-52F 600-604 606-61C 61E-6FF 70F 750-77F 8A0 8A2-8AC 8E4-8FE
    951-952 964-965 A01-A03 A05-A0A A0F-A10 A13-A28 A2A-A30 A32-A33 A35-A36 A38-A39 A3C A3E-A42 A47-A48 A4B-A4D
    A51 A59-A5C A5E A66-A76 1680 180E 1AB0-1AC0 1C80-1C88 1D00-1DF9 1DFB-1F15 1F18-1F1D 1F20-1F45 1F48-1F4D
    1F50-1F57 1F59 1F5B 1F5D 1F5F-1F7D 1F80-1FB4 1FB6-1FC4 1FC6-1FD3 1FD6-1FDB 1FDD-1FEF 1FF2-1FF4 1FF6-1FFE
    2000-2064 2066-2071 2074-208E 2090-209C 20A0-20BF 20F0 2100-215F 2184 2189 2212 25CC 262C 2C60-2C7F
    2DE0-2E52 3000 A640-A69F A700-A7BF A7C2-A7CA A7F5-A7FF A830-A839 A92E AB30-AB6B FB00-FB06 FB50-FBC1
    FBD3-FD3F FD50-FD8F FD92-FDC7 FDF0-FDFD FE00 FE20-FE2F FE70-FE74 FE76-FEFC FEFF FFF9-FFFD FFFF 110BD 110CD
    13430-13438 1BCA0-1BCA3 1D173-1D17A E0001 E0020-E007F
"""
"""Code points in ranges; those that are never printed, such as marks of direction, count as well."""


def _escaped(point: str) -> str:
    return rf"\u{int(point, 16):04X}" if len(point) <= 4 else rf"\U{int(point, 16):08X}"


UNSHOWN = f"[^{''.join('-'.join(map(_escaped, span.split('-'))) for span in PRINTED.split())}]"
"""A pattern of any other character, for Python and for the database alike."""


def unshown(texts: Iterable[str]) -> list[str]:
    """The characters that no font of the portal can show, each once, in the order in which they occur."""
    found = (c for one in texts for c in re.findall(UNSHOWN, unicodedata.normalize("NFC", one.replace("\0", ""))))
    return list(dict.fromkeys(found))


CHILD = tuple(("child", name) for name in ("givenNames", "familyName", "knownAs"))
"""The child's names, beside which they may be given in print letters."""
OTHERS = (
    *(("authority", who, "name") for who in (
        "commissioningOfficer", "socialWorker", "teamManager", "reviewingOfficer", "financeContact",
    )),
    *(("placement", who, "name") for who in ("gp", "dentist")),
)  # fmt: skip
CONTACTS = tuple((who, "name") for who in ("keyContact", "keyWorker", "emergencyContact", "financeContact"))
"""Names of other people in an agreement: the authority's part, and the provider's own."""


def lacks_print_letters(details: Any, contacts: Any) -> ColumnElement[bool]:
    """Whether a name holds such a character: the child's, not given in print letters either, or somebody else's."""
    letters = func.coalesce(details["child"]["namesInPrintLetters"].astext, "")
    others = [*(_text(details, path) for path in OTHERS), *(_text(contacts, path) for path in CONTACTS)]
    childs = and_(letters == "", _shows_not([_text(details, path) for path in CHILD]))
    return or_(childs, _shows_not(others))


def unprintable_names(details: Mapping[str, Any], contacts: Mapping[str, Any]) -> list[str]:
    """The same for values: the fields in which such names stand."""
    childs = () if (details.get("child") or {}).get("namesInPrintLetters") else CHILD
    named = [(".".join(path), _value(details, path)) for path in (*childs, *OTHERS)]
    named += [(".".join(("contacts", *path)), _value(contacts, path)) for path in CONTACTS]
    return [field for field, name in named if unshown([name])]


def _text(holder: Any, path: Iterable[str]) -> Any:
    for name in path:
        holder = holder[name]
    return holder.astext


def _value(holder: Any, path: Iterable[str]) -> str:
    for name in path:
        holder = holder.get(name) if isinstance(holder, Mapping) else None
    return holder if isinstance(holder, str) else ""


def _shows_not(names: Iterable[Any]) -> ColumnElement[bool]:
    return func.normalize(func.concat_ws(" ", *names), text("NFC")).op("~")(UNSHOWN)
