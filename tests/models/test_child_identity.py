"""What tells who a child is, however it is written, and what does not."""

from datetime import date

import pytest

from models.child import Child
from models.child_identity import Identity


def child(**known: object) -> Identity:
    return Identity([Child(**{"given_names": "Zofia Siân", "family_name": "Wiśniewska-O'Brien", **known})])


NAMED = [
    "Zofia settles well.", "zofia", "ZOFIA'S school", "Sian’s carer", "Siân", "Si\u0061\u0302n", "Miss Wisniewska",
    "WIŚNIEWSKA", "the O’Brien family", "the O`Briens' house, OBrien", "Wisniewska_risk.pdf", "ZofiaRisk.pdf",
    "risk-zofia-2026.docx", "z.wisniewska@example.org", "(Zofia)", "Zofia\nlikes", "\uff3aofia",
]  # fmt: skip
UNNAMED = ["Zo", "Zofias", "siana", "She likes Zophia", "brienne", "O. B. Rien", "", "Z.W.", "Wis\u0301nie", "1 2 3"]


@pytest.mark.parametrize("text", NAMED)
def test_a_name_is_found_as_a_word_without_accents_or_case(text: str) -> None:
    assert child().told_by(text) == ["name"]


@pytest.mark.parametrize("text", UNNAMED)
def test_parts_of_words_and_initials_are_no_names(text: str) -> None:
    assert child().told_by(text) == []


def test_letters_that_have_no_accents_to_lose_are_compared_as_people_write_them() -> None:
    named = child(given_names="Łukasz Søren", family_name="Æther")
    assert all(named.told_by(text) for text in ("Lukasz", "soren", "AETHER", "łukasz", "SØREN"))


def test_what_a_child_is_called_counts_and_a_single_letter_does_not() -> None:
    called = child(known_as="Bo J", family_name=None)
    assert called.told_by("Bo is kind.") == ["name"]
    assert called.told_by("J is kind.") == []
    assert Identity([]).told_by("Zofia") == Identity([Child(given_names=" ")]).told_by("Zofia") == []


DAYS = [
    "3/4/2012", "03/04/2012", "3.4.12", "03.04.2012", "03-04-2012", "3 April 2012", "3rd of April, 2012",
    "3rd April 12", "April 3, 2012", "Apr 3rd 2012", "2012-04-03", "2012/4/3", "2012-04-03T00:00", "3Apr2012",
    "03042012", "20120403", "dob:03_04_2012.pdf", "2012 April 3", "4/3/2012", "3 / 4 / 2012",
    "3\u00a0April\u00a02012",
]  # fmt: skip
OTHER_DAYS = [
    "13/4/2012", "3/4/2013", "3/14/2012", "30 April 2012", "3 April", "April 2012", "2012", "13 April 2012",
    "3 April 20125", "3 Aprils 2012", "103/04/2012", "3 May 2012", "2012-04-30", "3042012",
]  # fmt: skip


@pytest.mark.parametrize("text", DAYS)
def test_a_date_of_birth_is_found_as_people_write_it(text: str) -> None:
    born = child(date_of_birth=date(2012, 4, 3))
    assert born.told_by(f"Born {text}.") == born.told_by(text) == ["date of birth"]


@pytest.mark.parametrize("text", OTHER_DAYS)
def test_another_day_is_nobodys(text: str) -> None:
    assert child(date_of_birth=date(2012, 4, 3)).told_by(f"Moved {text}.") == []


@pytest.mark.parametrize("text", ["9434765919", "943 476 5919", "943-476-5919", "NHS9434765919", "9 4 3 4 7 6 5 9 1 9"])
def test_an_nhs_number_is_found_with_any_spacing(text: str) -> None:
    known = child(nhs_number="9434765919")
    assert known.told_by(f"No. {text}.") == ["NHS number"]
    assert known.told_by(f"{text}0") == known.told_by(text[:-1]) == []
    assert known.told_by(text.replace("9", "19", 1)) == []


@pytest.mark.parametrize("text", ["BCT-204417", "bct 204417", "BCT204417.pdf", "BCT/204417", "bct_204417_form"])
def test_a_case_number_is_found_with_any_spacing(text: str) -> None:
    known = child(case_number="BCT-204417")
    assert known.told_by(text) == ["case number"]
    assert known.told_by(f"x{text}") == known.told_by("BCT-20441") == known.told_by("BCT-2044171") == []
    assert child(case_number="12").told_by("12 weeks") == []


def test_every_child_of_a_group_counts_and_every_kind_is_told_once() -> None:
    both = Identity([Child(given_names="Ana"), Child(given_names="Ben", date_of_birth=date(2012, 4, 3))])
    assert both.told_by("Ben, Ana and Ben, born 3/4/12 (03.04.2012)") == ["name", "date of birth"]
