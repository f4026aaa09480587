"""Names in the scripts of the region are shown joined, in their order, and can be copied out again."""

from unicodedata import normalize

import pytest

from portal.agreement import print_agreement
from portal.bidi import base_level, levels, visual_runs
from portal.print_style import BODY, MEASURE
from portal.text_block import text_block
from portal.typography import Run, arrange, clean, face, glyphs, missing_characters, spelled, width
from tests.portal.agreements import agreement, page_texts, reader, squeezed, whole_text
from tests.portal.structure import letters

NAMES = {
    "Welsh": "Siân Llŷr-Prŷs o Wŷr",
    "Polish": "Zażółć Gęślą-Jaźń",
    "Vietnamese": "Nguyễn Thị Đặng Quỳnh",
    "Arabic": "محمد عبد الرحمن الأحمدي",
    "Arabic with vowels": "مُحَمَّد",
    "Urdu": "پروین گل ڑاٹھور",
    "Kurdish": "ئاراس ڕەشید",
    "Punjabi": "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ ਕੌਰ",
    "Ukrainian": "Їжаченко Ґалина",
    "Yoruba": "Adébáyọ̀ Ọlá",
}


def shown(text: str) -> str:
    """The text as it stands on the line from left to right, glyph by glyph."""
    text = clean(text)
    line = arrange(text, levels(text, base_level(text)), bold=False)
    return "".join(glyph.text for run in line for glyph in glyphs(run))


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_name_can_be_shown_and_read_back_from_the_print(name: str) -> None:
    pdf = print_agreement(agreement(child={"givenNames": name, "knownAs": f"{name} (Sam)"}), mark=None)
    assert missing_characters(name) == set()
    assert whole_text(pdf).count(squeezed(normalize("NFC", name))) >= 3


def test_arabic_letters_are_joined_and_run_from_right_to_left() -> None:
    naskh = face("NaskhArabic", bold=False)
    joined = glyphs(Run("محمد", naskh, 1))
    alone = [glyphs(Run(letter, naskh, 1))[0].shape for letter in "محمد"]
    assert "".join(glyph.text for glyph in joined) == "دمحم"
    assert all(glyph.shape != shape for glyph, shape in zip(reversed(joined[1:]), alone, strict=False))


def test_a_vowel_sign_written_before_its_letter_is_shown_before_it_and_read_after_it() -> None:
    gurmukhi = face("SansGurmukhi", bold=False)
    sign = gurmukhi.letters["ਿ"].shape
    joined = glyphs(Run("ਸਿੰਘ", gurmukhi, 0))
    assert joined[0].shape == sign
    assert "".join(glyph.text for glyph in joined) == "ਸਿੰਘ"


@pytest.mark.parametrize(
    ("read", "seen"),
    [
        ("Amina الأحمدي, aged", "Amina يدمحألا, aged"),
        ("Amina الأحمدي, 8", "Amina 8 ,يدمحألا"),
        ("(محمد علي)", ")يلع دمحم("),
        ("call محمد علي today", "call يلع دمحم today"),
        ("محمد Smith علي", "يلع Smith دمحم"),
        ("born سنة 2011 in", "born 2011 ةنس in"),
        ("a 12,5 b", "a 12,5 b"),
        ("شارع ١٢، دبي", "يبد ،١٢ عراش"),
        ("ਸਿੰਘ and محمد", "ਸਿੰਘ and دمحم"),
    ],
)
def test_words_of_both_directions_stand_in_their_order(read: str, seen: str) -> None:
    assert shown(read) == seen


def test_a_line_break_inside_arabic_keeps_the_first_words_on_the_first_line() -> None:
    words = [f"كلمة{letter}" for letter in "ابتثجحخدذرزسشصضطظعغف"]
    lines = text_block(" ".join(words), BODY, MEASURE).lines
    read = ["".join(run.text for run in reversed(line.runs)) for line in lines]
    assert len(lines) > 1
    assert " ".join(read) == " ".join(words)


def test_levels_follow_the_standard_for_numbers_and_signs() -> None:
    assert levels("abc", 0) == [0, 0, 0]
    assert levels("אב 12", 0) == [1, 1, 1, 2, 2]
    assert levels("اب 12", 0) == [1, 1, 1, 2, 2]
    assert levels("اب a", 1) == [1, 1, 1, 2]
    assert levels("£5 اب", 0) == [0, 0, 0, 1, 1]
    assert visual_runs([0, 1, 1, 2, 2, 1, 0]) == [(0, 1, 0), (5, 6, 1), (3, 5, 2), (1, 3, 1), (6, 7, 0)]
    assert visual_runs([]) == []


def test_characters_that_no_font_can_show_are_reported() -> None:
    assert missing_characters("Đặng 王小明 محمد 🙂 ਸਿੰਘ") == {"王", "小", "明", "🙂"}
    assert missing_characters("ሰላም") == {"ሰ", "ላ", "ም"}
    assert missing_characters("\ue000") == {"\ue000"}
    assert missing_characters("Ann-Marie O’Neill\n\tJr.\u200d\u200e\u00ad ") == set()


def test_a_character_that_cannot_be_shown_is_spelled_wherever_it_stands() -> None:
    odd = "小 Ann 🙂"
    everywhere = agreement(
        child={"givenNames": odd, "knownAs": odd}, authority={"name": odd, "socialWorker": {"name": odd}},
        placement={"name": odd, "purpose": f"{odd} محمد"}, outcomes=[{"outcome": odd}], reference=f"WM-{odd}",
        terms={"conditions": [odd]},
    )  # fmt: skip
    for mark in (None, "DRAFT"):
        pdf = print_agreement(everywhere, mark=mark)
        assert "[U+5C0F]Ann[U+1F642]" in whole_text(pdf)
        assert shapes(pdf).isdisjoint({"\N{REPLACEMENT CHARACTER}", "小", "🙂"})
    assert spelled("小") == "[U+5C0F]"
    assert spelled("Siân Wiśniewski محمد ਕੌਰ") == "Siân Wiśniewski محمد ਕੌਰ"


def shapes(pdf: bytes) -> set[str]:
    """Every character that a font of the file prints."""
    fonts = [font.get_object() for page in reader(pdf).pages for font in page["/Resources"]["/Font"].values()]
    return {text for font in fonts for text in letters(font).values()}


def test_printing_does_not_change_what_is_reported_missing() -> None:
    before = missing_characters("\ue000\ue001\uf000 王")
    print_agreement(agreement(child={"givenNames": "مُحَمَّد ਗੁਰਪ੍ਰੀਤ"}), mark="DRAFT")
    assert missing_characters("\ue000\ue001\uf000 王") == before


def test_marks_of_direction_and_control_are_dropped_and_line_ends_kept() -> None:
    assert clean("a\u202eb\u2066c\x00\x07d\ufeff") == "abcd"
    assert clean("a\r\nb\rc\u2028d\te") == "a\nb\nc\nd e"
    assert clean("e\u0301") == "é"
    assert clean("\ud800x") == "x"


def test_a_decomposed_name_is_as_wide_as_a_composed_one() -> None:
    assert width(clean("Nguye\u0302\u0303n"), bold=False) == width("Nguyễn", bold=False) > 0
    assert width("", bold=True) == 0


def test_more_letters_than_a_font_holds_are_still_read_back() -> None:
    many = "".join(chr(code) for code in range(0xC0, 0x24F) if chr(code).isalpha()) + "абвгдежзийклмнопрстуфхцчшщ"
    many = "".join(letter for letter in normalize("NFC", many) if not missing_characters(letter))
    assert len(set(many)) > 300
    text = squeezed("".join(page_texts(print_agreement(agreement(placement={"purpose": many}), mark=None))))
    assert many in text
