"""Files that somebody might bring: good ones of every kind, made here from their parts."""

import io
import struct
import zipfile
import zlib

from PIL import Image

OPEN_XML = "application/vnd.openxmlformats-officedocument."
RELATIONSHIPS = "application/vnd.openxmlformats-package.relationships+xml"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0\0\0\x08mdat"


def archive(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED, before: bytes = b"") -> bytes:
    """A zip archive, perhaps behind other bytes that its own offsets take into account; the same every time."""
    file = io.BytesIO(before)
    with zipfile.ZipFile(file, "a", method) as zipped:
        for name, content in parts.items():
            zipped.writestr(zipfile.ZipInfo(name), content, method)
    return file.getvalue()


def open_xml(main_part: str, media_type: str, **more: bytes) -> dict[str, bytes]:
    types = f'<Types><Default ContentType="{RELATIONSHIPS}"/><Override ContentType="{media_type}"/></Types>'
    return {"[Content_Types].xml": types.encode(), "_rels/.rels": b"<Relationships/>", main_part: b"<main/>"} | more


DOCX_PARTS = open_xml("word/document.xml", OPEN_XML + "wordprocessingml.document.main+xml")
XLSX_PARTS = open_xml("xl/workbook.xml", OPEN_XML + "spreadsheetml.sheet.main+xml")
DOCM_PARTS = open_xml("word/document.xml", "application/vnd.ms-word.document.macroEnabled.main+xml")
ODT_PARTS = {
    "mimetype": b"application/vnd.oasis.opendocument.text",
    "content.xml": b"<office:document-content/>",
    "META-INF/manifest.xml": b"<manifest:manifest/>",
    "Configurations2/accelerator/": b"",
}
DOCX, XLSX, ODT = archive(DOCX_PARTS), archive(XLSX_PARTS), archive(ODT_PARTS)


def docx(more: dict[str, bytes]) -> bytes:
    return archive(DOCX_PARTS | more)


def archive_denying(count: int) -> bytes:
    """An archive of many parts whose last record speaks of three."""
    honest = docx({f"part{number}": b"" for number in range(count)})
    return honest[:-14] + b"\3\0\3\0" + honest[-10:]


def noise(size: int) -> bytes:
    """Bytes that do not pack well, the same every time."""
    return b"".join(zlib.compress(str(number).encode() * 3)[2:] for number in range(size // 12))


def picture(kind: str, width: int = 8, height: int = 8) -> bytes:
    file = io.BytesIO()
    Image.new("L", (width, height)).save(file, kind)
    return file.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A small file whose header promises a large picture."""
    good = picture("PNG")
    header = b"IHDR" + struct.pack(">II", width, height) + good[24:29]
    return good[:12] + header + struct.pack(">I", zlib.crc32(header)) + good[33:]


def pdf(catalogue: bytes = b"/Type /Catalog", objects: bytes = b"", trailer: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<<" + catalogue + b">>\nendobj\n" + objects + b"trailer <<" + trailer + b">>\n%%EOF\n"


def object_stream(content: bytes, packing: bytes = b"/Filter /FlateDecode") -> bytes:
    packed = zlib.compress(content)
    return b"7 0 obj\n<</Type/ObjStm/N 1/First 4" + packing + b">>stream\r\n" + packed + b"\nendstream\nendobj\n"
