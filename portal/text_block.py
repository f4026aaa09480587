"""Text broken into lines of a given width, splittable between pages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple
from unicodedata import combining

from portal.bidi import base_level, levels
from portal.sheet import Ink, Node, Sheet, written
from portal.typography import Run, arrange, clean, spelled, width

LONGEST_PIECE = 500


class Line(NamedTuple):
    """A broken line: its runs from left to right, its width in points, whether it belongs at the right edge."""

    runs: list[Run]
    wide: float
    right: bool


@dataclass
class TextBlock:
    """Lines of text under one element of the structure; `bookmark` also puts it into the list of contents."""

    lines: list[Line]
    ink: Ink
    leading: float
    wide: float
    node: Node
    before: float = 0
    keep_with_next: bool = False
    bookmark: str | None = None

    @property
    def high(self) -> float:
        """The height in points."""
        return self.leading * len(self.lines)

    @property
    def least(self) -> float:
        """The smallest height of a first part that may stand alone at the foot of a page."""
        return self.leading * (2 if len(self.lines) > 3 else len(self.lines))

    def split(self, room: float) -> "tuple[TextBlock, TextBlock] | None":
        """The lines that fit into the room and the rest; never a single line on either side."""
        fitting = min(int(room / self.leading + 0.001), len(self.lines) - 2)
        if fitting < 2:
            return None
        return self.parts(fitting)

    def parts(self, lines: int) -> "tuple[TextBlock, TextBlock]":
        """The first lines and the rest, both content of the same element."""
        return replace(self, lines=self.lines[:lines]), replace(self, lines=self.lines[lines:], bookmark=None)

    def draw(self, sheet: Sheet, left: float, top: float) -> None:
        """Prints the block as content of its element."""
        if self.bookmark:
            sheet.bookmark(self.bookmark, top + self.leading)
        with sheet.marked(self.node):
            self.draw_lines(sheet, left, top)

    def draw_lines(self, sheet: Sheet, left: float, top: float) -> None:
        """Prints the lines alone; the caller marks what they are."""
        for number, line in enumerate(self.lines):
            base = top - self.leading * (number + 0.76)
            indent = self.wide - line.wide if line.right else 0
            sheet.text((left + indent, base), line.runs, self.ink)


@dataclass(frozen=True)
class Style:
    """How a kind of text is set; sizes in points, `scope` for a cell that heads its row or column."""

    ink: Ink
    leading: float
    role: str = "P"
    before: float = 0
    align: Literal["left", "right"] = "left"
    keep_with_next: bool = False
    scope: Literal["", "Row", "Column"] = ""


def text_block(text: str, style: Style, wide: float, attributes: str = "") -> TextBlock:
    """The text set in a style over a width in points; everything in it is printed literally."""
    lines = [
        line._replace(right=line.right or style.align == "right")
        for paragraph in _paragraphs(text)
        for line in _lines(paragraph, style.ink, wide)
    ]
    turned = any(run.turned for line in lines for run in line.runs)
    # the glyphs of a turned run stand the other way round than they are read
    spoken = f" /ActualText {written(clean(text))}" if turned else ""
    node = Node(style.role, attributes=attributes + spoken)
    return TextBlock(lines, style.ink, style.leading, wide, node, style.before, style.keep_with_next)


def text_width(text: str, ink: Ink) -> float:
    """The width in points of a text on one line."""
    return _measure(spelled(text), ink)


def _paragraphs(text: str) -> list[str]:
    squeezed = [" ".join(paragraph.split()) for paragraph in spelled(text).strip().split("\n")]
    return [p for p, before in zip(squeezed, ["", *squeezed], strict=False) if p or before]


def _lines(paragraph: str, ink: Ink, wide: float) -> Iterator[Line]:
    base = base_level(paragraph)
    deep = levels(paragraph, base) if not paragraph.isascii() else [0] * len(paragraph)
    stretches = list(_break(paragraph, ink, wide))
    for start, stop in stretches:
        shown = paragraph[start:stop]
        runs = arrange(shown, deep[start:stop], bold=ink.bold)
        if not base and paragraph[stop : stop + 1] == " ":  # so that copied lines do not run together
            runs += arrange(" ", [0], bold=ink.bold)
        yield Line(runs, _measure(shown, ink), right=bool(base) and len(stretches) > 1)


def _break(paragraph: str, ink: Ink, wide: float) -> Iterator[tuple[int, int]]:
    """Where each line starts and stops: at spaces, and inside a word only when it is wider than a line."""
    space = _measure(" ", ink)
    start, end, used = 0, 0, 0.0
    for first, last in _pieces(paragraph, ink, wide):
        gap = space if end < first else 0.0
        piece = _measure(paragraph[first:last], ink)
        if end > start and used + gap + piece > wide + 0.01:
            yield start, end
            start, used, gap = first, 0.0, 0.0
        end, used = last, used + gap + piece
    yield start, end


def _pieces(paragraph: str, ink: Ink, wide: float) -> Iterator[tuple[int, int]]:
    for word in re.finditer(r"\S+", paragraph):
        start, stop = word.span()
        while _measure(paragraph[start : min(stop, start + LONGEST_PIECE)], ink) > wide:
            cut = _cut(paragraph, start, min(stop, start + LONGEST_PIECE), ink, wide)
            yield start, cut
            start = cut
        yield start, stop


def _cut(paragraph: str, start: int, stop: int, ink: Ink, wide: float) -> int:
    """The last place where a word too wide for the line may break: after a sign if possible."""
    low, high = start + 1, stop
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _measure(paragraph[start:middle], ink) <= wide else (low, middle - 1)
    signs = [m.end() for m in re.finditer(r"[-/@._:,]", paragraph[start:low]) if m.end() > 3]
    cut = start + signs[-1] if signs else low
    while cut < stop and combining(paragraph[cut]):
        cut += 1
    return cut


def _measure(text: str, ink: Ink) -> float:
    return width(text, bold=ink.bold) * ink.size / 1000
