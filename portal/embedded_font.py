"""The glyphs that one PDF uses of one face, as embedded fonts of at most 255 shapes that give their text back."""

import copy
from collections.abc import Iterable, Sequence
from typing import Any

from reportlab.pdfbase import pdfdoc

from portal.typography import Face, Glyph

SHAPES = 255
MAPPING = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <00> <FF> endcodespacerange
{blocks}
endcmap CMapName currentdict /CMap defineresource pop end end"""


class EmbeddedFont:
    """Gives each pair of shape and text a code of its own, so that copied text is the text that was set."""

    def __init__(self, face: Face, name: str) -> None:
        self._face = face
        self._name = name
        self._codes: dict[tuple[int, str], int] = {}

    def code(self, glyph: Glyph) -> tuple[str, int]:
        """The name of the font resource and the code in it that print the glyph."""
        number = self._codes.setdefault((glyph.shape, glyph.text), len(self._codes))
        return f"/{self._name}+{number // SHAPES}", number % SHAPES + 1

    def embed(self, document: Any) -> None:
        """Adds the used shapes to the document's fonts."""
        used = list(self._codes)
        fonts = document.idToObject["BasicFonts"].dict
        for number, start in enumerate(range(0, len(used), SHAPES)):
            name = f"{self._name}+{number}"
            fonts[name] = self._font(document, name, number, used[start : start + SHAPES])

    def _font(self, document: Any, name: str, number: int, used: Sequence[tuple[int, str]]) -> Any:
        codes = range(1, len(used) + 1)
        file = copy.copy(self._face.file)
        file.charToGlyph = {code: shape for code, (shape, _) in zip(codes, used, strict=True)}
        base_name = f"{chr(ord('A') + number) * 6}+{self._face.name}"
        font = pdfdoc.PDFTrueTypeFont()
        font.Name, font.BaseFont, font.FirstChar, font.LastChar = name, base_name, 0, len(used)
        font.Widths = pdfdoc.PDFArray([0, *(round(self._face.widths[shape]) for shape, _ in used)])
        font.FontDescriptor = file.addSubsetObjects(document, base_name, [0, *codes])
        mapping = pdfdoc.PDFStream(content=to_unicode(text for _, text in used))
        mapping.filters = [pdfdoc.PDFZCompress]
        font.ToUnicode = document.Reference(mapping, f"ToUnicode {name}")
        return font


def to_unicode(texts: Iterable[str]) -> str:
    """The character map that turns codes 1, 2, … back into the given texts."""
    lines = [f"<{code:02X}> <{text.encode('utf-16-be').hex().upper()}>" for code, text in enumerate(texts, 1)]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    return MAPPING.format(blocks="\n".join(f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar" for b in blocks))
