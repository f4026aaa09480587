"""One page being filled: text, tints and rules, each marked with what it is in the structure of the document."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from portal.embedded_font import EmbeddedFont
from portal.typography import Face, Glyph, Run, glyphs

Colour = tuple[float, float, float]
Slope = tuple[float, float]  # cosine and sine
LEVEL: Slope = (1, 0)
BLACK: Colour = (0.07, 0.07, 0.07)


@dataclass(eq=False)
class Node:
    """An element of the structure: its kids are elements, or (page index, mark number) of content on a page."""

    role: str
    kids: list["Node | tuple[int, int]"] = field(default_factory=list)
    attributes: str = ""


class Ink(NamedTuple):
    """How a piece of text is set; sizes in points."""

    size: float
    bold: bool = False
    colour: Colour = BLACK


class Sheet:
    """The content of page `index`; distances in points from the lower left corner."""

    def __init__(self, index: int, font: Callable[[Face], EmbeddedFont]) -> None:
        self.index = index
        self.marks: list[Node] = []
        self.places: list[tuple[str, str]] = []
        self.bookmarks: list[tuple[str, str]] = []
        self._font = font
        self._code: list[str] = []

    @property
    def content(self) -> str:
        """The page's content stream."""
        return "\n".join(self._code) + "\n"

    @contextmanager
    def marked(self, node: Node) -> Iterator[None]:
        """What is drawn inside is content of the element."""
        number = len(self.marks)
        self.marks.append(node)
        node.kids.append((self.index, number))
        self._code.append(f"/{node.role} <</MCID {number}>> BDC")
        yield
        self._code.append("EMC")

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """What is drawn inside is decoration or repetition, not content."""
        self._code.append("/Artifact BMC")
        yield
        self._code.append("EMC")

    def fill(self, left: float, bottom: float, wide: float, high: float, colour: Colour) -> None:
        """A tinted rectangle."""
        with self.artifact():
            self._code.append(f"{_numbers(*colour)} rg {_numbers(left, bottom, wide, high)} re f")

    def rule(self, left: float, right: float, height: float, colour: Colour, weight: float) -> None:
        """A horizontal line."""
        with self.artifact():
            line = f"{_numbers(left, height)} m {_numbers(right, height)} l S"
            self._code.append(f"{_numbers(*colour)} RG {_numbers(weight)} w {line}")

    def frame(self, left: float, bottom: float, wide: float, high: float, colour: Colour) -> None:
        """The outline of a rectangle."""
        with self.artifact():
            self._code.append(f"{_numbers(*colour)} RG 0.5 w {_numbers(left, bottom, wide, high)} re S")

    def text(self, start: tuple[float, float], runs: Sequence[Run], ink: Ink, *, slope: Slope = LEVEL) -> None:
        """A line of text from the start of its base line on."""
        self._code.append(f"BT {_numbers(*ink.colour)} rg")
        for run in runs:
            placed = glyphs(run)
            pen = Pen(self._font(run.face), run.face, ink.size * run.face.scale, start, slope)
            spoken = not run.turned and any(len(glyph.text) != 1 for glyph in placed)
            if spoken:
                self._code.append(f"/Span <</ActualText {written(run.text)}>> BDC")
            self._code += pen.write(placed)
            if spoken:
                self._code.append("EMC")
            start = pen.at(sum(glyph.advance for glyph in placed), 0)
        self._code.append("ET")

    def place(self, name: str, left: float, bottom: float, right: float, top: float) -> None:
        """Names a rectangle of this page, so that it can be found in the finished file."""
        self.places.append((name, f"/FitR {_numbers(left, bottom, right, top)}"))

    def bookmark(self, title: str, top: float) -> None:
        """An entry in the list of contents that leads here."""
        self.bookmarks.append((title, f"/XYZ 0 {_numbers(top)} null"))


class Pen(NamedTuple):
    """Writes one run: first the glyphs that follow each other, then the marks that float on them."""

    font: EmbeddedFont
    face: Face
    size: float
    start: tuple[float, float]
    slope: Slope

    def write(self, placed: Sequence[Glyph]) -> Iterator[str]:
        """The operators that show the glyphs from the start on."""
        across = 0.0
        rows: list[tuple[float, float, list[Glyph]]] = [(0.0, 0.0, [])]
        marks: list[tuple[float, float, list[Glyph]]] = []
        for glyph in placed:
            if glyph.floats:
                marks.append((across + glyph.across, glyph.up, [glyph]))
            else:
                rows[-1][2].append(glyph)
            across += glyph.advance
            if glyph.floats and glyph.advance:
                rows.append((across, 0.0, []))
        for start, up, row in [*rows, *marks]:
            yield self._move(start, up)
            yield from self._row(row)

    def at(self, across: float, up: float) -> tuple[float, float]:
        """The place on the page so many thousandths of the type size from the start, along and above the line."""
        cosine, sine = self.slope
        x, y = across * self.size / 1000, up * self.size / 1000
        return self.start[0] + cosine * x - sine * y, self.start[1] + sine * x + cosine * y

    def _move(self, across: float, up: float) -> str:
        cosine, sine = self.slope
        return f"{cosine:.4g} {sine:.4g} {-sine:.4g} {cosine:.4g} {_numbers(*self.at(across, up))} Tm"

    def _row(self, placed: Sequence[Glyph]) -> Iterator[str]:
        coded = [(*self.font.code(glyph), glyph) for glyph in placed]
        for name, group in groupby(coded, key=itemgetter(0)):
            shown = "".join([f"<{code:02X}>{self._correction(glyph)}" for _, code, glyph in group])
            yield f"{name} {_numbers(self.size)} Tf [{shown.replace('><', '')}] TJ"

    def _correction(self, glyph: Glyph) -> str:
        surplus = self.face.widths[glyph.shape] - glyph.advance
        return _numbers(surplus) if surplus and not glyph.floats else ""


def written(text: str) -> str:
    """A text as an object of the file."""
    return f"<FEFF{text.encode('utf-16-be', 'replace').hex().upper()}>"


def _numbers(*values: float) -> str:
    return " ".join(f"{round(value, 2):g}" for value in values)
