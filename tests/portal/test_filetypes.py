"""What may be added to the portal, and what each other file is told."""

import random
import zipfile
from pathlib import Path

import pytest

from portal.filetypes import SENTENCES, Fault, NotAllowed, recognise
from tests.portal import corpus
from tests.portal.corpus import archive, docx, object_stream, pdf, picture

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

GOOD = [
    ("plan.pdf", pdf(), "application/pdf", "pdf"),
    ("PLAN.PDF", pdf(objects=object_stream(b"7 0 <</Type /Page>>")), "application/pdf", "pdf"),
    ("plan.pdf", pdf(objects=object_stream(b"7 0 <<>>", b"/Filter[/FlateDecode]")), "application/pdf", "pdf"),
    ("plan.pdf", pdf(b"/Title (JavaScript and Launch dates) /Launchpad 1"), "application/pdf", "pdf"),
    ("scan.png", picture("PNG"), "image/png", "png"),
    ("scan.jpg", picture("JPEG"), "image/jpeg", "jpeg"),
    ("scan.jpeg", picture("JPEG") + b"what a camera adds", "image/jpeg", "jpeg"),
    ("photo.heic", corpus.HEIC, "image/heic", "heic"),
    ("photo.heic", b"\0\0\0\x18ftypmif1\0\0\0\0miafheic" + bytes(8), "image/heic", "heic"),
    ("form.docx", corpus.DOCX, WORD, "docx"),
    ("form.docx", archive(corpus.DOCX_PARTS | {"word/media/image1.png": picture("PNG")}), WORD, "docx"),
    ("homes.xlsx", corpus.XLSX, SHEET, "xlsx"),
    ("letter.odt", corpus.ODT, "application/vnd.oasis.opendocument.text", "odt"),
]
BAD = [
    ("plan.pdf", b"", Fault.EMPTY),
    ("plan.html", b"<html></html>", Fault.KIND_NOT_ALLOWED),
    ("logo.svg", b"<svg onload='alert(1)'/>", Fault.KIND_NOT_ALLOWED),
    ("setup.exe", b"MZ", Fault.KIND_NOT_ALLOWED),
    ("plan", pdf(), Fault.KIND_NOT_ALLOWED),
    ("pdf", pdf(), Fault.KIND_NOT_ALLOWED),
    (".pdf", pdf(), Fault.KIND_NOT_ALLOWED),
    ("plan.pdf.", pdf(), Fault.KIND_NOT_ALLOWED),
    ("letter.doc", corpus.OLD_OFFICE, Fault.OLD_OFFICE),
    ("homes.xls", corpus.OLD_OFFICE, Fault.OLD_OFFICE),
    ("letter.docx", corpus.OLD_OFFICE, Fault.OLD_OFFICE),
    ("letter.docx", corpus.OLD_OFFICE + "EncryptedPackage".encode("utf-16-le"), Fault.ENCRYPTED),
    ("letter.docm", archive(corpus.DOCM_PARTS), Fault.MACROS),
    ("plan.pdf", b"<html></html>", Fault.NOT_WHAT_IT_SAYS),
    ("plan.pdf", picture("PNG"), Fault.NOT_WHAT_IT_SAYS),
    ("plan.pdf", corpus.DOCX, Fault.NOT_WHAT_IT_SAYS),
    ("scan.png", pdf(), Fault.NOT_WHAT_IT_SAYS),
    ("scan.png", picture("JPEG"), Fault.NOT_WHAT_IT_SAYS),
    ("scan.jpg", picture("PNG"), Fault.NOT_WHAT_IT_SAYS),
    ("photo.heic", picture("JPEG"), Fault.NOT_WHAT_IT_SAYS),
    ("photo.heic", b"\0\0\0\x18ftypisom\0\0\0\0mp42heic" + bytes(8), Fault.NOT_WHAT_IT_SAYS),
    ("photo.heic", b"\0\0\0\x18ftypmif1\0\0\0\0miafavif" + bytes(8), Fault.NOT_WHAT_IT_SAYS),
    ("photo.heic", corpus.HEIC[:24], Fault.DAMAGED),
    ("homes.xlsx", corpus.DOCX, Fault.NOT_WHAT_IT_SAYS),
    ("form.docx", corpus.XLSX, Fault.NOT_WHAT_IT_SAYS),
    ("form.docx", archive({"readme.txt": b"any zip"}), Fault.NOT_WHAT_IT_SAYS),
    ("letter.odt", corpus.DOCX, Fault.NOT_WHAT_IT_SAYS),
    ("form.docx", pdf(), Fault.NOT_WHAT_IT_SAYS),
    ("form.docx", b"Dear colleague", Fault.NOT_WHAT_IT_SAYS),
    ("form.docx", b"#!/bin/sh\n" + corpus.DOCX, Fault.NOT_WHAT_IT_SAYS),
    ("plan.pdf", b"\n" + pdf(), Fault.POLYGLOT),
    ("plan.pdf", pdf() + b"<script>" * 400, Fault.POLYGLOT),
    ("plan.pdf", pdf() + corpus.DOCX, Fault.POLYGLOT),
    ("scan.png", picture("PNG") + pdf(), Fault.POLYGLOT),
    ("scan.png", picture("PNG") + b"<?php ?>", Fault.POLYGLOT),
    ("scan.jpg", picture("JPEG") + corpus.DOCX, Fault.POLYGLOT),
    ("form.docx", archive({"a.txt": pdf()} | corpus.DOCX_PARTS, zipfile.ZIP_STORED), Fault.POLYGLOT),
    ("form.docx", corpus.ODT + corpus.DOCX, Fault.POLYGLOT),
    ("form.docx", archive(corpus.DOCX_PARTS, before=corpus.ODT[:-22]), Fault.POLYGLOT),
    ("form.docx", corpus.DOCX[:-22] + b"hidden" + corpus.DOCX[-22:], Fault.POLYGLOT),
    ("form.docx", corpus.DOCX + b"tail", Fault.DAMAGED),
    ("form.docx", corpus.DOCX[:-40], Fault.DAMAGED),
    ("plan.pdf", pdf()[:-7], Fault.DAMAGED),
    ("scan.png", picture("PNG")[:-30], Fault.DAMAGED),
    ("scan.png", picture("PNG").replace(b"IDAT", b"IDAX"), Fault.DAMAGED),
    ("scan.jpg", b"\xff\xd8\xff" + bytes(100), Fault.DAMAGED),
    ("plan.pdf", pdf(b"/OpenAction <</S /JavaScript /JS (app.alert())>>"), Fault.ACTIVE_CONTENT),
    ("plan.pdf", pdf(b"/OpenAction <</S/J#61vaScr#69pt>>"), Fault.ACTIVE_CONTENT),
    ("plan.pdf", pdf(b"/A <</S/Launch/F(cmd.exe)>>"), Fault.ACTIVE_CONTENT),
    ("plan.pdf", pdf(objects=object_stream(b"7 0 <</S /JavaScript>>")), Fault.ACTIVE_CONTENT),
    ("plan.pdf", pdf(objects=object_stream(b"") + object_stream(b"7 0 <</S/L#61unch>>")), Fault.ACTIVE_CONTENT),
    ("plan.pdf", pdf(trailer=b"/Encrypt 5 0 R"), Fault.ENCRYPTED),
    ("plan.pdf", pdf(objects=object_stream(b"", b"/Filter[/A85 /FlateDecode]")), Fault.UNCHECKABLE),
    ("plan.pdf", pdf(objects=object_stream(b"", b"/Filter/FlateDecode/DecodeParms 9 0 R")), Fault.UNCHECKABLE),
    ("plan.pdf", pdf(objects=object_stream(b"", b"")), Fault.UNCHECKABLE),
    ("plan.pdf", pdf(objects=b"7 0 obj <</Type/ObjStm>> endobj"), Fault.DAMAGED),
    ("plan.pdf", pdf(objects=object_stream(b"").replace(b"x\x9c", b"zz")), Fault.DAMAGED),
    ("plan.pdf", pdf(objects=object_stream(bytes(101 * 2**20))), Fault.UNPACKS_TOO_LARGE),
    ("scan.png", corpus.png_claiming(8000, 5001), Fault.TOO_MANY_PIXELS),
    ("scan.png", corpus.png_claiming(10_000, 10_000), Fault.TOO_MANY_PIXELS),
    ("scan.png", corpus.png_claiming(60_000, 60_000), Fault.TOO_MANY_PIXELS),
    ("form.docx", docx({"word/vbaProject.bin": b"x"}), Fault.MACROS),
    ("form.docx", docx({"word/VBAPROJECT.BIN": b"x"}), Fault.MACROS),
    ("form.docx", archive(corpus.DOCM_PARTS), Fault.MACROS),
    ("homes.xlsx", archive(corpus.XLSX_PARTS | {"xl/macrosheets/sheet1.xml": b"x"}), Fault.MACROS),
    ("letter.odt", archive(corpus.ODT_PARTS | {"Basic/Standard/Module1.xml": b"x"}), Fault.MACROS),
    ("letter.odt", archive(corpus.ODT_PARTS | {"META-INF/manifest.xml": b"<encryption-data/>"}), Fault.ENCRYPTED),
    ("form.docx", docx({"a.xml": b"x"}).replace(b"\x14\0\0\0\x08\0", b"\x14\0\x01\0\x08\0"), Fault.ENCRYPTED),
    ("form.docx", docx({"word/embeddings/sheet.xlsx": corpus.XLSX}), Fault.NESTED),
    ("form.docx", docx({"word/embeddings/oleObject1.bin": corpus.OLD_OFFICE}), Fault.NESTED),
    ("form.docx", docx({"word/media/image1.png": b"MZ\x90\0"}), Fault.NESTED),
    ("form.docx", docx({"../../etc/passwd": b"x"}), Fault.UNSAFE_ENTRY),
    ("form.docx", docx({"/etc/passwd": b"x"}), Fault.UNSAFE_ENTRY),
    ("form.docx", docx({"word\\evil.xml": b"x"}), Fault.UNSAFE_ENTRY),
    ("form.docx", docx({"C:evil.xml": b"x"}), Fault.UNSAFE_ENTRY),
    ("form.docx", docx({"word/evilX.xml": b"x"}).replace(b"evilX", b"evil\0"), Fault.UNSAFE_ENTRY),
    ("form.docx", docx({"WORD/document.xml": b"x"}), Fault.UNSAFE_ENTRY),
    ("form.docx", archive(corpus.DOCX_PARTS, zipfile.ZIP_LZMA), Fault.UNSAFE_ENTRY),
    ("form.docx", docx({"[Content_Types].xml": corpus.noise(2**21)}), Fault.UNSAFE_ENTRY),
    ("form.docx", docx({f"part{number}": b"" for number in range(1998)}), Fault.TOO_MANY_ENTRIES),
    ("form.docx", corpus.archive_denying(2001), Fault.TOO_MANY_ENTRIES),
    ("form.docx", docx({"word/" + "n" * 60_000 + str(number): b"" for number in range(20)}), Fault.TOO_MANY_ENTRIES),
    ("form.docx", docx({"word/blank.xml": bytes(2**20)}), Fault.UNPACKS_TOO_LARGE),
    ("form.docx", docx({"noise": corpus.noise(2**21), "blank": bytes(105 * 2**20)}), Fault.UNPACKS_TOO_LARGE),
]


@pytest.mark.parametrize(("name", "content", "media_type", "extension"), GOOD, ids=range(len(GOOD)))
def test_a_file_whose_name_and_content_agree_is_taken(
    tmp_path: Path, name: str, content: bytes, media_type: str, extension: str
) -> None:
    (tmp_path / "file").write_bytes(content)

    recognised = recognise(tmp_path / "file", name)

    assert (recognised.media_type, recognised.extension, recognised.name) == (media_type, extension, name)


@pytest.mark.parametrize(("name", "content", "fault"), BAD, ids=range(len(BAD)))
def test_any_other_file_is_refused_by_the_name_of_its_fault(
    tmp_path: Path, name: str, content: bytes, fault: Fault
) -> None:
    (tmp_path / "file").write_bytes(content)

    with pytest.raises(NotAllowed) as refusal:
        recognise(tmp_path / "file", name)

    assert refusal.value.code is fault
    assert refusal.value.sentence == SENTENCES[fault]


def test_what_a_header_says_of_a_size_is_not_believed(tmp_path: Path) -> None:
    lying = bytearray(docx({"word/blank.xml": bytes(2**20)}))
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = lying.rfind(signature) + offset
        lying[at : at + 4] = b"\x10\0\0\0"
    (tmp_path / "file").write_bytes(lying)

    with pytest.raises(NotAllowed) as refusal:
        recognise(tmp_path / "file", "form.docx")

    assert refusal.value.code is Fault.DAMAGED


@pytest.mark.parametrize("name", ["plan.pdf", "scan.png", "scan.jpg", "photo.heic", "form.docx", "letter.odt"])
def test_bytes_changed_at_random_are_taken_or_refused_and_nothing_else(tmp_path: Path, name: str) -> None:
    chance, good = random.Random(name), next(content for known, content, *_ in GOOD if known == name)
    for _ in range(150):
        changed = bytearray(good)
        for _ in range(chance.randint(1, 8)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        (tmp_path / "file").write_bytes(
            changed[: chance.randint(0, len(changed))] if chance.random() < 0.2 else changed
        )
        try:
            assert recognise(tmp_path / "file", name).name == name
        except NotAllowed:
            continue


def test_every_fault_has_a_sentence_and_an_example() -> None:
    shown_by_names = {Fault.NAME_NOT_ALLOWED, Fault.NAME_TOO_LONG}

    assert set(SENTENCES) == set(Fault)
    assert {fault for *_, fault in BAD} | shown_by_names == set(Fault)
