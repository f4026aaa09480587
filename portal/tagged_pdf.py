"""A tagged PDF: pages of marked content, the structure tree over them, language, title and bookmarks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfdoc

from portal.embedded_font import EmbeddedFont
from portal.sheet import Node, Sheet, written
from portal.typography import Face, clean

BASIC_FONTS = "BasicFonts"
XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>en-GB</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{made}</xmp:CreateDate></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


@dataclass(frozen=True)
class Particulars:
    """What the file says about itself; `made` is an aware instant and is the only time in the file."""

    title: str
    author: str
    made: datetime


class TaggedPdf:
    """Collects sheets and the structure over them; the same input always gives the same bytes."""

    def __init__(self, particulars: Particulars) -> None:
        self.tree = Node("Document")
        self._particulars = particulars
        self._sheets: list[Sheet] = []
        self._fonts: dict[str, EmbeddedFont] = {}
        self._document: Any = pdfdoc.PDFDocument(compression=1, invariant=1, pdfVersion=(1, 7), lang="en-GB")

    def sheet(self) -> Sheet:
        """A new page."""
        self._sheets.append(Sheet(len(self._sheets), self._font))
        return self._sheets[-1]

    def finish(self) -> bytes:
        """The file; to be asked for once."""
        for sheet in self._sheets:
            self._add_page(sheet)
        for font in self._fonts.values():
            font.embed(self._document)
        self._add_tree()
        self._add_places()
        self._add_particulars()
        data: bytes = self._document.format()
        return data

    def _font(self, face: Face) -> EmbeddedFont:
        return self._fonts.setdefault(face.name, EmbeddedFont(face, f"F{len(self._fonts)}"))

    def _add_page(self, sheet: Sheet) -> None:
        name = f"Page{sheet.index + 1}"
        content = pdfdoc.PDFStream(content=sheet.content, filters=[pdfdoc.PDFZCompress])
        parts = {
            "Type": "/Page",
            "Parent": self._document.Reference(self._document.Pages),
            "MediaBox": f"[0 0 {A4[0]:.2f} {A4[1]:.2f}]",
            "Resources": pdfdoc.PDFDictionary({"Font": pdfdoc.PDFObjectReference(BASIC_FONTS)}),
            "Contents": self._document.Reference(content, f"Content of {name}"),
            "StructParents": sheet.index,
            "Tabs": "/S",
        }
        self._reference(pdfdoc.PDFDictionary(parts), name)
        self._document.Pages.addPage(pdfdoc.PDFObjectReference(name))
        self._document.updateSignature(sheet.content)

    def _reference(self, content: object, name: str) -> str:
        """Adds or replaces a numbered object."""
        if name not in self._document.idToObject:
            self._document.Reference(content, name)
        self._document.idToObject[name] = content
        number, generation = self._document.idToObjectNumberAndVersion[name]
        return f"{number} {generation} R"

    def _page(self, index: int) -> str:
        number, generation = self._document.idToObjectNumberAndVersion[f"Page{index + 1}"]
        return f"{number} {generation} R"

    def _add_tree(self) -> None:
        root = self._reference("", "StructTreeRoot")
        names: dict[int, str] = {}
        top = self._element(self.tree, root, names)
        marks = ([names[id(node)] for node in sheet.marks] for sheet in self._sheets)
        numbers = " ".join(f"{index} [{' '.join(found)}]" for index, found in enumerate(marks))
        parents = f"/ParentTree << /Nums [{numbers}] >> /ParentTreeNextKey {len(self._sheets)}"
        self._reference(f"<< /Type /StructTreeRoot /K [{top}] {parents} >>", "StructTreeRoot")
        catalog = self._document.Catalog
        catalog.StructTreeRoot = pdfdoc.PDFObjectReference("StructTreeRoot")
        catalog.MarkInfo = "<< /Marked true >>"
        catalog.ViewerPreferences = "<< /DisplayDocTitle true >>"

    def _element(self, node: Node, parent: str, names: dict[int, str]) -> str:
        name = f"Element{len(names)}"
        own = names[id(node)] = self._reference("", name)
        kids = " ".join(
            self._element(kid, own, names)
            if isinstance(kid, Node)
            else f"<< /Type /MCR /Pg {self._page(kid[0])} /MCID {kid[1]} >>"
            for kid in node.kids
        )
        self._reference(f"<< /Type /StructElem /S /{node.role} /P {parent} /K [{kids}] {node.attributes} >>", name)
        return own

    def _add_places(self) -> None:
        places = [(name, sheet, at) for sheet in self._sheets for name, at in sheet.places]
        named = [f"/{name} [{self._page(sheet.index)} {at}]" for name, sheet, at in places]
        if named:
            self._document.Catalog.Dests = f"<< {' '.join(named)} >>"
        marks = [(title, sheet, at) for sheet in self._sheets for title, at in sheet.bookmarks]
        self._document.Catalog.Outlines = pdfdoc.PDFObjectReference("Contents") if marks else None
        self._add_contents([(title, f"[{self._page(sheet.index)} {at}]") for title, sheet, at in marks])

    def _add_contents(self, marks: Sequence[tuple[str, str]]) -> None:
        if not marks:
            return
        root = self._reference("", "Contents")
        rows = [self._reference("", f"Entry{number}") for number in range(len(marks))]
        for number, (title, target) in enumerate(marks):
            before = f"/Prev {rows[number - 1]}" if number else ""
            after = f"/Next {rows[number + 1]}" if number + 1 < len(rows) else ""
            entry = f"<< /Title {written(title)} /Parent {root} /Dest {target} {before} {after} >>"
            self._reference(entry, f"Entry{number}")
        ends = f"/First {rows[0]} /Last {rows[-1]} /Count {len(rows)}"
        self._reference(f"<< /Type /Outlines {ends} >>", "Contents")

    def _add_particulars(self) -> None:
        told = self._particulars
        title, author = (" ".join(clean(text).split()) for text in (told.title, told.author))
        stamp = told.made.strftime("(D:%Y%m%d%H%M%SZ)")
        facts = {"Title": written(title), "Author": written(author), "CreationDate": stamp, "ModDate": stamp}
        self._document.info = pdfdoc.PDFDictionary(facts)
        xmp = XMP.format(title=escape(title), author=escape(author), made=told.made.strftime("%Y-%m-%dT%H:%M:%SZ"))
        facts_of_stream = pdfdoc.PDFDictionary({"Type": "/Metadata", "Subtype": "/XML"})
        self._document.Catalog.Metadata = pdfdoc.PDFStream(facts_of_stream, content=xmp.encode(), filters=[])
