"""What is seen where a party has signed."""

from typing import Any

import pypdfium2 as pdfium
import pytest

from portal.seal_fields import INSET, opened, room_of
from portal.seal_stamp import stamp_page
from portal.seal_work import Signing, close, fill, fix
from portal.typography import missing_characters
from tests.portal.sealing import CANONICAL, a_print, some_means
from tests.portal.sealing import opened as read

TELLING = ("Director of Operations", "Harbour Homes Ltd", "22 November 2026 at 17:43 GMT", "9f86d081884c7d65")
NAMES = {
    "Welsh": "Llŷr ap Gwŷn o Fôn",
    "Polish": "Grzegorz Brzęczyszczykiewicz-Żółć",
    "Arabic": "سارة الأحمد",
    "Punjabi": "ਹਰਪ੍ਰੀਤ ਕੌਰ",
}
ENDLESS = ("A" * 190, "Head of " + "Placements and " * 12, "on behalf of " + "ਹਰਪ੍ਰੀਤ ਕੌਰ " * 9, *TELLING)


async def signed(*lines: str) -> bytes:
    fixed = (await fix(a_print(), CANONICAL, some_means())).content
    return (await fill(fixed, Signing("PROVIDER", lines, "Signed"), some_means())).content


def ink(pdf: bytes, party: str) -> int:
    """How many dark dots a party's room has when the page is shown."""
    page, (left, bottom, right, top) = room_of(opened(pdf), party)
    document: Any = pdfium.PdfDocument(pdf)
    document.init_forms()
    sheet = document[page]
    high = sheet.get_height()
    crop = (left + 3, bottom + 1, sheet.get_width() - right + 1, high - top + 1)
    picture = sheet.render(scale=2, crop=crop, may_draw_forms=True).to_pil().convert("L")
    document.close()
    return sum(picture.histogram()[:128])


@pytest.mark.parametrize("script", NAMES)
async def test_a_name_in_any_script_is_shown(script: str) -> None:
    # S-109
    pdf = await signed(NAMES[script], *TELLING)
    assert missing_characters(NAMES[script]) == set()
    assert ink(pdf, "PROVIDER") > 400
    assert ink(pdf, "LOCAL_AUTHORITY") == 0


def drawn(lines: tuple[str, ...], wide: float, high: float) -> Any:
    document: Any = pdfium.PdfDocument(stamp_page(lines, wide, high))
    picture = document[0].render(scale=2).to_pil().convert("L").point(lambda grey: 255 if grey < 200 else 0)
    left, _, right, bottom = picture.getbbox()
    top = picture.getbbox()[1]
    sheet = picture.size[1]
    document.close()
    return left / 2, (sheet - bottom) / 2, right / 2, (sheet - top) / 2


@pytest.mark.parametrize("lines", [(NAMES["Punjabi"], *TELLING), ENDLESS])
def test_everything_stays_inside_the_room(lines: tuple[str, ...]) -> None:
    left, bottom, right, top = drawn(lines, 190, 47)
    assert left >= 0
    assert right <= 191
    assert bottom >= -1
    assert top <= 48


async def test_nothing_of_what_is_said_is_cut_off() -> None:
    document: Any = pdfium.PdfDocument(stamp_page(ENDLESS, 190, 47))
    said = "".join(document[0].get_textpage().get_text_range().split())
    document.close()
    for line in (ENDLESS[0], *TELLING):
        assert "".join(line.split()) in said.replace("\ufffe", "")


async def test_fields_stand_where_the_print_has_room_for_them() -> None:
    pdf = (await fix(a_print(), CANONICAL, some_means())).content
    for party in ("LOCAL_AUTHORITY", "PROVIDER"):
        place = read(pdf).root["/Dests"]["/" + party]
        named = [float(place[number]) for number in range(2, 6)]
        room = room_of(opened(pdf), party)
        assert read(pdf).root["/Pages"]["/Kids"].raw_get(room.page).idnum == place.raw_get(0).idnum
        inset = (INSET, INSET, -INSET, -INSET)
        assert room.box == pytest.approx([at + by for at, by in zip(named, inset, strict=True)], abs=0.02)


async def test_a_print_without_named_rooms_is_signed_on_its_last_page() -> None:
    plain = stamp_page(("Nothing is named here",), 200, 40)
    pdf = (await fill(plain, Signing("PROVIDER", ("Ruth Adeyemi",), "Signed"), some_means())).content
    assert room_of(opened(pdf), "PROVIDER").page == 0
    assert ink(pdf, "PROVIDER") > 100


async def test_fields_are_elements_of_the_structure_and_named_aloud() -> None:
    root = read((await fix(a_print(), CANONICAL, some_means())).content).root
    before = read(a_print()).root["/StructTreeRoot"]["/K"][0]["/K"]
    after = root["/StructTreeRoot"]["/K"][0]["/K"]
    assert len(after) == len(before) + 2
    forms = [each.get_object() for each in list(after)[-2:]]
    assert [form["/S"] for form in forms] == ["/Form", "/Form"]
    widgets = [form["/K"]["/Obj"] for form in forms]
    assert [widget["/TU"] for widget in widgets] == [form["/Alt"] for form in forms]
    tree = root["/StructTreeRoot"]
    numbers = list(tree["/ParentTree"]["/Nums"])
    assert numbers[::2] == sorted(numbers[::2])
    assert [widget["/StructParent"] for widget in widgets] == numbers[::2][-2:]
    assert [each.idnum for each in numbers[1::2][-2:]] == [each.idnum for each in list(after)[-2:]]
    assert tree["/ParentTreeNextKey"] == numbers[-2] + 1


async def test_a_file_that_is_closed_keeps_its_structure() -> None:
    closed = read((await close(a_print(), some_means())).content).root
    assert closed["/MarkInfo"]["/Marked"]
    assert closed["/Lang"] == read(a_print()).root["/Lang"]
