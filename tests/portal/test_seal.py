"""Sealed files: what two programs that are not ours say of them, and how tampering is found."""

from hashlib import sha256
from pathlib import Path

import pytest
from pyhanko.sign.fields import MDPPerm

from portal.seal_means import FieldFilled
from portal.seal_work import Signing, close, fill, fix
from tests.portal.sealing import CANONICAL, a_print, is_sound, judged, opened, poppler_says, some_means

AUTHORITY = Signing("LOCAL_AUTHORITY", ("Ruth Adeyemi", "Head of Placements", "Birmingham City Council"), "Signed")
PROVIDER = Signing("PROVIDER", ("Llŷr Brzęczyszczykiewicz", "Director", "Harbour Homes Ltd"), "Signed")


async def fixed() -> bytes:
    return (await fix(a_print(), CANONICAL, some_means())).content


async def both(first: Signing = AUTHORITY, second: Signing = PROVIDER) -> bytes:
    return await filled(await filled(await fixed(), first), second)


async def filled(pdf: bytes, signing: Signing) -> bytes:
    return (await fill(pdf, signing, some_means())).content


async def test_an_enabled_file_is_certified_and_can_only_be_signed() -> None:
    # S-106
    pdf = await fixed()
    assert pdf.startswith(a_print())
    (seal,) = await judged(pdf)
    assert seal.bottom_line
    assert seal.docmdp_ok
    (signature,) = opened(pdf).embedded_signatures
    assert signature.field_name == "PORTAL"
    assert signature.docmdp_level == MDPPerm.FILL_FORMS


@pytest.mark.parametrize("order", [(AUTHORITY, PROVIDER), (PROVIDER, AUTHORITY)])
async def test_both_parties_sign_in_either_order(order: tuple[Signing, Signing], tmp_path: Path) -> None:
    # S-116
    pdf = await both(*order)
    assert await is_sound(pdf, 3)
    assert poppler_says(pdf, tmp_path) in (None, ["Signature is Valid."] * 3)
    assert [each.field_name for each in opened(pdf).embedded_signatures] == ["PORTAL", *(each.party for each in order)]


async def test_each_revision_begins_with_the_one_before() -> None:
    # S-111
    first = await fixed()
    second = await filled(first, AUTHORITY)
    assert second.startswith(first)
    assert (await filled(second, PROVIDER)).startswith(second)


async def test_a_party_signs_once() -> None:
    # S-116
    signed = await filled(await fixed(), AUTHORITY)
    with pytest.raises(FieldFilled):
        await filled(signed, AUTHORITY)


async def test_a_file_of_an_earlier_release_is_given_what_it_lacks() -> None:
    signed = await filled(a_print(), PROVIDER)
    assert signed.startswith(a_print())
    assert await is_sound(signed, 2)
    assert await is_sound(await filled(signed, AUTHORITY), 3)


async def test_a_closed_file_takes_nothing_more() -> None:
    closed = (await close(a_print(), some_means())).content
    assert await is_sound(closed, 1)
    (signature,) = opened(closed).embedded_signatures
    assert signature.docmdp_level == MDPPerm.NO_CHANGES


async def test_the_canonical_form_is_in_the_file() -> None:
    root = opened(await fixed()).root
    (relation,) = (each.get_object() for each in root["/AF"])
    assert relation["/AFRelationship"] == "/Data"
    assert relation["/UF"] == "agreement.json"
    content: bytes = relation["/EF"]["/F"].data
    assert sha256(content).digest() == sha256(CANONICAL).digest()
