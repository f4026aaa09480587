"""The canonical form that an agreement carries: the bytes whose SHA-256 both parties sign (TRUST H3)."""

import hashlib
import json
import unicodedata
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader

ATTACHED, PREFIX = "agreement.json", b"wmpp/ipa/1\n"
MOST_NODES = 200


class Unreadable(Exception):
    """Nothing can be said of this file; the message says why, in a sentence."""


def carried(reader: PdfFileReader, certification: Any) -> tuple[str | None, list[str]]:
    """The digest of the form that was there when the portal certified, if any, and what is wrong with it.

    Nothing may have taken its place since.
    """
    forms, faults = attached(reader.get_historical_root(certification.signed_revision)), []
    if attached(reader.root) != forms:
        faults.append(f"What is attached to it is not what the portal attached ({ATTACHED}).")
    if len(forms) > 1:
        faults.append(f"It carries {ATTACHED} more than once.")
    if len(forms) != 1:
        return None, faults
    if canonical(forms[0]) != forms[0]:
        faults.append(f"Its {ATTACHED} is not in the canonical form.")
    return hashlib.sha256(forms[0]).hexdigest(), faults


def attached(root: Any) -> list[bytes]:
    """The contents of every attachment of that name in one revision."""
    found: list[bytes] = []
    nodes = [entry(entry(root, "/Names", {}), "/EmbeddedFiles", {})]
    for _ in range(MOST_NODES):
        if not nodes:
            return found
        node = nodes.pop()
        nodes += [kid.get_object() for kid in entry(node, "/Kids", ())]
        named = [each.get_object() for each in list(entry(node, "/Names", ()))[1::2]]
        found += [file["/EF"]["/F"].data for file in named if ATTACHED in (entry(file, "/UF"), entry(file, "/F"))]
    raise Unreadable("It has more attachments than can be looked at.")


def entry(holder: Any, name: str, default: Any = None) -> Any:
    """What a dictionary of the file has under this name; one that it refers to elsewhere is looked up."""
    try:
        return holder[name]
    except KeyError:
        return default


def canonical(form: bytes) -> bytes | None:
    """The same content, written anew as the portal writes it: sorted keys, no spaces, NFC, behind its first line."""
    if not form.startswith(PREFIX):
        return None
    try:
        said = json.loads(form.removeprefix(PREFIX), parse_constant=_refused)
    except (ValueError, RecursionError):
        return None
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return PREFIX + unicodedata.normalize("NFC", text).encode()


def _refused(name: str) -> Any:
    raise ValueError(name)
