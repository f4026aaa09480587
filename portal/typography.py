"""The shipped letters: which of them can show a text, how wide it is, and the glyphs that print it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, NamedTuple
from unicodedata import bidirectional, category, combining, normalize

import uharfbuzz as harfbuzz
from reportlab.pdfbase.ttfonts import TTFontFace

from portal.bidi import visual_runs

Script = Literal["Sans", "NaskhArabic", "SansGurmukhi"]
SCRIPTS: tuple[Script, ...] = ("Sans", "NaskhArabic", "SansGurmukhi")
FOLDER = Path(__file__).with_name("fonts")
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"


class Glyph(NamedTuple):
    """One shape on the paper and the characters it stands for; distances in thousandths of the type size."""

    shape: int
    text: str
    advance: float
    across: float = 0
    up: float = 0

    @property
    def floats(self) -> bool:
        """Whether it is moved away from where the glyph before it ended, as marks are."""
        return bool(self.across or self.up)


@dataclass(frozen=True, eq=False)
class Face:
    """One font file; `scale` evens out letters that look smaller than Latin ones of the same size."""

    name: str
    file: Any
    shaper: Any
    widths: dict[int, float]
    letters: dict[str, Glyph]
    scale: float

    def shows(self, character: str) -> bool:
        """Whether the file has a glyph for the character."""
        return character in self.letters


class Run(NamedTuple):
    """A stretch of a line in one face and one direction; `text` is in reading order."""

    text: str
    face: Face
    level: int

    @property
    def turned(self) -> bool:
        """Whether it reads from right to left."""
        return self.level % 2 == 1


@cache
def face(script: Script, bold: bool) -> Face:
    """A shipped face, read from its file once."""
    name = f"Noto{script}-{'Bold' if bold else 'Regular'}"
    shaper = harfbuzz.Face(harfbuzz.Blob.from_file_path(str(FOLDER / f"{name}.ttf")))
    file = TTFontFace(BytesIO(_without_hints(shaper)))
    widths = {shape: float(metrics[0]) for shape, metrics in enumerate(file.hmetrics)}
    letters = {chr(code): Glyph(shape, chr(code), widths[shape]) for code, shape in file.charToGlyph.items()}
    return Face(name, file, harfbuzz.Font(shaper), widths, letters, 1.2 if script == "NaskhArabic" else 1.0)


def _without_hints(shaper: Any) -> bytes:
    """The file without its programs for coarse screens, which double the size of what is embedded."""
    everything = harfbuzz.SubsetInput()
    everything.keep_everything()
    everything.flags |= harfbuzz.SubsetFlags.NO_HINTING | harfbuzz.SubsetFlags.RETAIN_GIDS
    data: bytes = harfbuzz.subset(shaper, everything).blob.data
    return data


def clean(text: str) -> str:
    """Composed characters only; control and direction marks are dropped, tabs become spaces, line ends become \\n."""
    text = normalize("NFC", LINE_ENDS.sub("\n", text.replace("\t", " ")))
    return text if text.isascii() and text.isprintable() else "".join(filter(_kept, text))


def _kept(character: str) -> bool:
    kind = category(character)
    return (
        character in "\n" + JOINERS
        or kind not in ("Cc", "Cf", "Cs", "Zl", "Zp")
        or (kind == "Cf" and bidirectional(character) == "AN")  # the signs that enclose Arabic numbers
    )


def missing_characters(text: str) -> set[str]:
    """The characters that no shipped font can show; in print each of them is spelled."""
    shown = [face(script, bold=False) for script in SCRIPTS]
    return {c for c in clean(text) if not (c.isspace() or c in JOINERS) and not any(f.shows(c) for f in shown)}


def spelled(text: str) -> str:
    """Clean text, with each character that no shipped font can show by its number: [U+4E2D], never an empty box."""
    lacking = set() if text.isascii() else missing_characters(text)
    return "".join(f"[U+{ord(c):04X}]" if c in lacking else c for c in clean(text))


def arrange(text: str, levels: list[int], *, bold: bool) -> list[Run]:
    """One line of clean text as runs in the order in which they stand from left to right."""
    if text.isascii() and not any(levels):
        return [Run(text, face("Sans", bold), 0)] if text else []
    runs: list[Run] = []
    for start, stop, level in visual_runs(levels):
        pieces = list(_by_face(text[start:stop], level, bold))
        runs += reversed(pieces) if level % 2 else pieces
    return runs


def _by_face(text: str, level: int, bold: bool) -> Iterator[Run]:
    start, current = 0, None
    for place, character in enumerate(text):
        chosen = _choose(character, current, level, bold)
        if current is not None and chosen is not current:
            yield Run(text[start:place], current, level)
            start = place
        current = chosen
    if current is not None:
        yield Run(text[start:], current, level)


def _choose(character: str, current: Face | None, level: int, bold: bool) -> Face:
    """Spaces and marks, and points in a run to the left, stay in the face of the word before where it has them."""
    follows = character.isspace() or category(character) in ("Mn", "Mc", "Me", "Cf")
    if current is not None and (follows or (level % 2 and not character.isalnum())) and current.shows(character):
        return current
    for script in SCRIPTS:
        candidate = face(script, bold)
        if candidate.shows(character):
            return candidate
    return face("Sans", bold)


def glyphs(run: Run) -> list[Glyph]:
    """The glyphs of a run from left to right; a cluster's text is carried by its first glyph that does not float."""
    letters = run.face.letters
    if run.turned or not run.face.name.startswith("NotoSans-") or any(map(combining, run.text)):
        return _shaped(run)
    return [letters.get(character) or letters[UNKNOWN]._replace(text=character) for character in run.text]


def _shaped(run: Run) -> list[Glyph]:
    shown = "".join(c if run.face.shows(c) or c in JOINERS else UNKNOWN for c in run.text)
    buffer = harfbuzz.Buffer()
    buffer.cluster_level = harfbuzz.BufferClusterLevel.MONOTONE_GRAPHEMES
    buffer.add_str(shown)
    buffer.direction = "rtl" if run.turned else "ltr"
    buffer.guess_segment_properties()
    harfbuzz.shape(run.face.shaper, buffer)
    placed = [
        Glyph(info.codepoint, "", at.x_advance, at.x_offset, at.y_offset)
        for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    ]
    return _with_text(placed, [info.cluster for info in buffer.glyph_infos], run.text)


def _with_text(placed: list[Glyph], clusters: list[int], text: str) -> list[Glyph]:
    starts = sorted(set(clusters))
    ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
    for number in sorted(range(len(placed)), key=lambda number: placed[number].floats):
        start = clusters[number]
        placed[number] = placed[number]._replace(text=text[start : ends.pop(start, start)])
    return placed


def width(text: str, *, bold: bool) -> float:
    """The width of clean text in thousandths of the type size."""
    if text.isascii():
        letters = face("Sans", bold).letters
        return sum([letters[character].advance for character in text if character in letters])
    runs = (run._replace(level=int("Arabic" in run.face.name)) for run in _by_face(text, 0, bold))
    return sum(glyph.advance * run.face.scale for run in runs for glyph in glyphs(run))
