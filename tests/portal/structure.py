"""What a printed file says to who listens: its elements in reading order, each with its text."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from pypdf.generic import ContentStream

from tests.portal.agreements import reader

TEXTS = {"H1", "H2", "H3", "P", "TH", "TD", "Caption"}
MAPPED = re.compile(rb"<([0-9A-F]{2})> <([0-9A-F]*)>")


class Element(NamedTuple):
    """An element of the structure: how deep it lies, what it is, and the text in it."""

    depth: int
    role: str
    text: str


def structure(pdf: bytes) -> list[Element]:
    """All elements in reading order."""
    file = reader(pdf)
    texts = {page.indirect_reference.idnum: _marked(page, file) for page in file.pages}
    return list(_elements(file.trailer["/Root"]["/StructTreeRoot"]["/K"][0].get_object(), texts, 0))


def _elements(element: Any, texts: dict[int, dict[int, str]], depth: int) -> Iterator[Element]:
    role = str(element["/S"])[1:]
    kids = [kid.get_object() for kid in element.get("/K", [])]
    own = "".join(texts[kid.raw_get("/Pg").idnum][int(kid["/MCID"])] for kid in kids if kid.get("/Type") == "/MCR")
    yield Element(depth, role, " ".join(str(element.get("/ActualText", own)).split()))
    for kid in kids:
        if kid.get("/Type") == "/StructElem":
            yield from _elements(kid, texts, depth + 1)


def _marked(page: Any, file: Any) -> dict[int, str]:
    """The text of each piece of marked content, a replacement text instead of what it replaces."""
    fonts = {name: letters(font.get_object()) for name, font in page["/Resources"]["/Font"].items()}
    found: dict[int, str] = defaultdict(str)
    stack: list[Any] = []
    font: dict[int, str] = {}
    for given, operator in ContentStream(page.get_contents(), file).operations:
        if operator in (b"BDC", b"BMC"):
            stack.append(given[1] if operator == b"BDC" else {})
            if "/ActualText" in stack[-1]:
                _add(found, stack[:-1], str(stack[-1]["/ActualText"]))
        elif operator == b"EMC":
            stack.pop()
        elif operator == b"Tf":
            font = fonts[given[0]]
        elif operator == b"TJ" and not any("/ActualText" in mark for mark in stack):
            shown = b"".join(part.original_bytes for part in given[0] if hasattr(part, "original_bytes"))
            _add(found, stack, "".join(font[code] for code in shown))
    return found


def _add(found: dict[int, str], stack: list[Any], text: str) -> None:
    number = next((mark["/MCID"] for mark in reversed(stack) if "/MCID" in mark), None)
    if number is not None:
        found[int(number)] += text


def letters(font: Any) -> dict[int, str]:
    """What each code of a font prints."""
    pairs = MAPPED.findall(font["/ToUnicode"].get_object().get_data().partition(b"beginbfchar")[2])
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}
