"""The digests that a file prints, read from its pages as the portal's own typography writes them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from portal.verifying_form import entry

FONT_OR_TEXT = re.compile(rb"/(\S+) [\d.]+ Tf|<([0-9A-Fa-f]*)>")
MEANING = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>")
DIGESTS = re.compile(r"[0-9a-f]{64,}")
MOST_PAGES, MOST_DIGESTS = 100, 200


def printed(root: Any) -> list[str]:
    """Every run of at least 64 hexadecimal digits on its pages, with blanks and ends of lines taken out."""
    found: list[str] = []
    for page in list(root["/Pages"]["/Kids"])[:MOST_PAGES]:
        text = "".join("".join(_words(page.get_object())).split())
        found += DIGESTS.findall(text)
    return found[:MOST_DIGESTS]


def _words(page: Any) -> Iterator[str]:
    meanings = {name.removeprefix("/"): _meanings(page["/Resources"]["/Font"][name])
                for name in entry(page["/Resources"], "/Font", {})}  # fmt: skip
    known: Mapping[int, str] = {}
    for font, shown in FONT_OR_TEXT.findall(_content(page)):
        if font:
            known = meanings.get(font.decode("latin-1"), {})
        else:
            yield "".join(known.get(code, "?") for code in bytes.fromhex(shown.decode()))


def _content(page: Any) -> bytes:
    content = entry(page, "/Contents", ())
    parts = [each.get_object() for each in content] if isinstance(content, list) else [content]
    return b"\n".join(part.data for part in parts)


def _meanings(font: Any) -> dict[int, str]:
    """What each code of a font stands for; the house's fonts have codes of one byte."""
    table = entry(font, "/ToUnicode")
    pairs = MEANING.findall(table.data.partition(b"beginbfchar")[2]) if table is not None else []
    return {int(code, 16): bytes.fromhex(letters.decode()).decode("utf-16-be", "replace") for code, letters in pairs}
