"""What a printed file says about itself: structure, language, fonts, contents, and where the seals go."""

from collections.abc import Iterator
from typing import Any

import pytest
from pypdf.generic import ArrayObject

from portal.agreement import print_agreement
from tests.portal.agreements import FULL, agreement, reader, unsigned


def test_the_structure_names_headings_tables_and_their_heads() -> None:
    file = reader(print_agreement(FULL, mark="DRAFT"))
    catalog = file.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "en-GB"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert file.metadata is not None
    assert file.metadata.title == "Individual Placement Agreement WM-7KD4-RES-A1"
    assert "Ahmadi" not in str(file.metadata)
    found = list(elements(catalog["/StructTreeRoot"]["/K"][0]))
    roles = [str(element["/S"]) for element in found]
    assert roles.count("/H1") == 1
    assert roles.count("/H2") == 10
    assert {"/Table", "/TR", "/TD", "/P", "/H3"} <= set(roles)
    heads = [element["/A"]["/Scope"] for element in found if element["/S"] == "/TH"]
    assert set(heads) == {"/Row", "/Column"}
    for row in (element for element in found if element["/S"] == "/TR"):
        cells = [kid.get_object().get("/A", {}) for kid in row["/K"]]
        assert sum(cell.get("/ColSpan", 1) for cell in cells) in {3, 4, 5, 7}


def test_all_content_belongs_to_the_structure_and_the_parent_tree_agrees() -> None:
    file = reader(print_agreement(agreement(terms={"conditions": ["A long one. " * 300] * 3}), mark=None))
    root = file.trailer["/Root"]["/StructTreeRoot"]
    of_tree = sorted(
        (file.get_page_number(kid["/Pg"].get_object()), int(kid["/MCID"]))
        for element in elements(root["/K"][0])
        for kid in element["/K"]
        if kid.get_object().get("/Type") == "/MCR"
    )
    numbers = root["/ParentTree"]["/Nums"]
    of_parents = [
        (int(page), mark)
        for page, marks in zip(numbers[::2], numbers[1::2], strict=True)
        for mark in range(len(marks.get_object()))
    ]
    of_pages = [
        (page.page_number, mark)
        for page in file.pages
        for mark in range(page.get_contents().get_data().count(b"/MCID"))
    ]
    assert of_tree == of_parents == of_pages


def elements(element: Any) -> Iterator[Any]:
    element = element.get_object()
    if element.get("/Type") == "/StructElem":
        yield element
        kids = element.get("/K", ArrayObject())
        for kid in kids:
            yield from elements(kid)


def test_every_font_is_embedded() -> None:
    file = reader(print_agreement(FULL, mark="VOID"))
    fonts = [font.get_object() for page in file.pages for font in page["/Resources"]["/Font"].values()]
    assert {str(font["/BaseFont"])[8:] for font in fonts} == {
        "NotoSans-Regular",
        "NotoSans-Bold",
        "NotoNaskhArabic-Regular",
        "NotoSansGurmukhi-Regular",
    }
    assert all("/FontFile2" in font["/FontDescriptor"] and "/ToUnicode" in font for font in fonts)


def test_the_contents_list_the_ten_sections() -> None:
    outline = reader(print_agreement(FULL, mark=None)).outline
    titles = [str(getattr(entry, "title", "")) for entry in outline]
    assert titles[0] == "1 Agreement"
    assert titles[-1] == "10 Signatures"
    assert len(titles) == 10


def rooms(pdf: bytes) -> dict[str, tuple[int, list[float]]]:
    """The page and the rectangle of each party's room, as who seals reads them."""
    file = reader(pdf)
    return {
        name: (
            file.get_destination_page_number(file.named_destinations[f"/{name}"]),
            [float(file.named_destinations[f"/{name}"][f"/{edge}"]) for edge in ("Left", "Bottom", "Right", "Top")],
        )
        for name in ("LOCAL_AUTHORITY", "PROVIDER")
    }


@pytest.mark.parametrize("mark", [None, "DRAFT"])
@pytest.mark.parametrize("lines", range(0, 70, 7))
def test_the_rooms_are_on_one_page_and_wide_enough_however_long_the_rest_is(mark: Any, lines: int) -> None:
    long = unsigned(placement={"purpose": "line\n" * lines}, provider={"legalName": "Ashgrove " * (lines + 1)})
    (page, ours), (other, theirs) = rooms(print_agreement(long, mark=mark)).values()
    assert page == other
    for left, bottom, right, top in (ours, theirs):
        assert right - left > 220
        assert top - bottom > 140
        assert left > 50
        assert bottom > 50
        assert right < 545
    assert ours[2] < theirs[0]
    assert (ours[1], ours[3]) == (theirs[1], theirs[3])


def test_a_print_that_lists_signatures_has_no_room_to_sign_in() -> None:
    for pdf in (print_agreement(FULL, mark=None), print_agreement(unsigned(), mark="VOID")):
        assert reader(pdf).named_destinations == {}
