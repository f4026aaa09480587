"""Whatever is done to a sealed file afterwards is found."""

from collections.abc import Callable
from random import Random

import pytest
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.sign.fields import SigFieldSpec, append_signature_field, enumerate_sig_fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from portal.seal_fields import opened
from portal.seal_work import Signing, close, fill, fix, signer_of
from tests.portal.sealing import CANONICAL, a_print, is_found_out, is_sound, some_means, stranger
from tests.portal.sealing import opened as read

FLIPS = 5


MADE: dict[tuple[str, ...], bytes] = {}
BOTH = ("LOCAL_AUTHORITY", "PROVIDER")


async def sealed(*parties: str) -> bytes:
    """A file that these parties have signed, made once."""
    if parties not in MADE:
        MADE[parties] = await newly_sealed(*parties)
    return MADE[parties]


async def newly_sealed(*parties: str) -> bytes:
    pdf = (await fix(a_print(), CANONICAL, some_means())).content
    for party in parties:
        pdf = (await fill(pdf, Signing(party, ("Ruth Adeyemi",), "Signed"), some_means())).content
    return pdf


async def with_more(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """The file with a revision behind it that somebody else has made."""
    writer = opened(pdf)
    change(writer)
    stream = writer.prev.stream
    writer.write_in_place()
    stream.seek(0)
    return bytes(stream.read())


def text(writer: IncrementalPdfFileWriter) -> None:
    writer.add_stream_to_page(0, writer.add_object(StreamObject(stream_data=b"0 0 200 200 re f")))


def rotation(writer: IncrementalPdfFileWriter) -> None:
    page = writer.find_page_for_modification(0)[0].get_object()
    page["/Rotate"] = NumberObject(90)
    writer.update_container(page)


def signature_field(writer: IncrementalPdfFileWriter) -> None:
    append_signature_field(writer, SigFieldSpec("ANOTHER", box=(10, 10, 90, 50)))


def text_field(writer: IncrementalPdfFileWriter) -> None:
    page = writer.find_page_for_modification(0)[0]
    box = ArrayObject(map(NumberObject, (10, 10, 300, 60)))
    entries = {"/FT": NameObject("/Tx"), "/Subtype": NameObject("/Widget"), "/T": pdf_string("PRICE"), "/Rect": box}
    field = writer.add_object(DictionaryObject({NameObject(key): value for key, value in entries.items()}))
    writer.root["/AcroForm"]["/Fields"].append(field)
    writer.update_container(writer.root["/AcroForm"]["/Fields"])
    writer.register_annotation(page, field)


def attachment(writer: IncrementalPdfFileWriter) -> None:
    file = writer.root["/AF"][0]["/EF"].raw_get("/F")
    changed = StreamObject(stream_data=b"something else was agreed")
    writer.objects[file.generation, file.idnum] = changed


def appearance(writer: IncrementalPdfFileWriter) -> None:
    """Another name over a signature that was given."""
    (widget,) = (ref.get_object() for name, _, ref in enumerate_sig_fields(writer) if name == "LOCAL_AUTHORITY")
    drawn = RawContent(b"0 0 90 40 re f", box=BoxConstraints(90, 40)).as_form_xobject()
    widget["/AP"] = DictionaryObject({NameObject("/N"): writer.add_object(drawn)})
    writer.update_container(widget)


Change = Callable[[IncrementalPdfFileWriter], None]
CHANGES = (text, rotation, signature_field, text_field, attachment)


@pytest.mark.parametrize("change", [*CHANGES, appearance])
async def test_an_appended_change_of_what_both_signed_is_found(
    change: Callable[[IncrementalPdfFileWriter], None],
) -> None:
    # S-115
    pdf = await sealed(*BOTH)
    assert await is_found_out(await with_more(pdf, change), 3)


@pytest.mark.parametrize("change", CHANGES)
async def test_an_appended_change_of_what_is_ready_to_sign_is_found(
    change: Callable[[IncrementalPdfFileWriter], None],
) -> None:
    # S-106
    assert await is_found_out(await with_more(await sealed(), change), 1)


async def test_what_nobody_touched_passes() -> None:
    assert await is_sound(await sealed(), 1)
    assert await is_sound(await sealed(*BOTH), 3)


async def test_bytes_appended_to_the_end_are_found() -> None:
    pdf = await sealed(*BOTH)
    assert await is_found_out(pdf + b"\n% more\n", 3)


async def test_a_signature_of_somebody_else_does_not_count() -> None:
    # S-109
    pdf = await sealed("LOCAL_AUTHORITY")
    signer = PdfSigner(PdfSignatureMetadata("PROVIDER"), signer_of(stranger()))
    forged = (await signer.async_sign_pdf(opened(pdf), existing_fields_only=True)).getvalue()
    assert await is_found_out(forged, 3)


@pytest.mark.parametrize("closing", [False, True])
async def test_a_flipped_bit_is_found(closing: bool) -> None:
    # S-106
    pdf = (await close(a_print(), some_means())).content if closing else await sealed(*BOTH)
    count = 1 if closing else 3
    (_, end, start, _) = read(pdf).embedded_signatures[-1].byte_range
    dice = Random(6)
    for _ in range(FLIPS):
        place = dice.choice([*range(0, end, 97), *range(start, len(pdf), 7)])
        flipped = bytearray(pdf)
        flipped[place] ^= 1 << dice.randrange(8)
        assert await is_found_out(bytes(flipped), count), place


@pytest.mark.long
async def test_any_flipped_bit_is_found() -> None:
    pdf = await sealed(*BOTH)
    (_, end, start, _) = read(pdf).embedded_signatures[-1].byte_range
    dice = Random(7)
    for place in dice.sample([*range(end), *range(start, len(pdf))], 400):
        flipped = bytearray(pdf)
        flipped[place] ^= 1 << dice.randrange(8)
        assert await is_found_out(bytes(flipped), 3), place
