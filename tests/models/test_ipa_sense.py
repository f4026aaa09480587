"""What an agreement's details cannot be: forms, days in their order, shares that come to a hundred."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ipa_codes import KNOWN_AS, OF_REFERRAL, LegalStatusCode, coded_status
from models.ipa_contradiction import contradictions
from models.ipa_needed import NEEDED, filled, missing
from models.ipa_sense import UPN_LETTERS, given_faults, out_of_order, tidied, valid_time, valid_upn
from models.referral_form import LegalStatus
from models.refusal import Refused

TODAY = date(2026, 6, 15)
ASSESSED = "RESIDENTIAL_FAMILY_ASSESSMENT"


def faults(**said: Any) -> list[str]:
    return [".".join(fault.path) for fault in given_faults(said, TODAY)]


@pytest.mark.parametrize("number", ["H801200001001", " h8012 0000 1001 ", "K820200001001", "U80120000100A"])
def test_unique_pupil_numbers_have_the_letter_that_their_digits_give(number: str) -> None:
    assert valid_upn(number)[0] == number.strip()[0].upper()


@pytest.mark.parametrize("number", ["A801200001001", "H80120000100", "I801200001001", "H80120000100S", "٨801200001001"])
def test_other_pupil_numbers_are_refused(number: str) -> None:
    with pytest.raises(Refused):
        valid_upn(number)


@given(st.text("0123456789", min_size=12, max_size=12), st.sampled_from(UPN_LETTERS))
def test_of_all_letters_one_fits_and_one_wrong_digit_never_does(digits: str, letter: str) -> None:
    fitting = [each for each in UPN_LETTERS if not _refused(each + digits)]
    assert len(fitting) == 1
    other = str((int(digits[0]) + 1) % 10) + digits[1:]
    assert _refused(fitting[0] + other)
    assert _refused(letter + digits) is (letter not in fitting)


def _refused(number: str) -> bool:
    try:
        valid_upn(number)
    except Refused:
        return True
    return False


@pytest.mark.parametrize(
    ("said", "kept"), [("9:30", "09:30"), ("00:00", "00:00"), ("23.59", "23:59"), (" 14:00", "14:00")]
)
def test_a_time_of_day_is_kept_with_two_digits_each(said: str, kept: str) -> None:
    assert valid_time(said) == kept


@pytest.mark.parametrize("said", ["24:00", "9", "9:3", "14:60", "2 pm", "٩:٣٠"])
def test_what_is_no_time_of_day_is_refused(said: str) -> None:
    assert faults(placement={"startsAt": said}) == ["placement.startsAt"]


def test_days_follow_each_other() -> None:
    first = {"placement": {"startsOn": "2026-07-01"}}
    for day, wrong in (("2026-06-30", ["firstReviewOn"]), ("2026-07-01", [])):
        assert [".".join(f.path) for f in out_of_order({**first, "firstReviewOn": day})] == wrong
    for born, faulty in (("2026-07-01", 0), ("2026-07-02", 1), ("2008-07-01", 1), ("2008-07-02", 0)):
        assert len(list(out_of_order({**first, "child": {"dateOfBirth": born}}))) == faulty
    assert list(out_of_order({"child": {"dateOfBirth": "2026-07-01"}, "firstReviewOn": "2020-01-01"})) == []


@pytest.mark.parametrize(
    ("split", "wrong"),
    [
        (("100", "0", "0"), []), (("33.34", "33.33", "33.33"), []), (("50", "50.01", "0"), ["fundingSplit"]),
        (("99", "0", "0"), ["fundingSplit"]), (("110", "-10", "0"), ["fundingSplit.education"]),
        (("99.999", "0.001", "0"), ["fundingSplit.socialCare", "fundingSplit.education"]),
    ],
)  # fmt: skip
def test_the_parts_of_the_funding_come_to_a_hundred(split: tuple[str, str, str], wrong: list[str]) -> None:
    assert faults(fundingSplit=dict(zip(("socialCare", "education", "health"), split, strict=True))) == wrong


def test_texts_and_lists_have_an_end() -> None:
    assert faults(child={"familyName": "x" * 300}, terms={"retainer": "x" * 2_000}) == []
    assert faults(child={"familyName": "x" * 301}, terms={"retainer": "x" * 2_001}) == [
        "child.familyName", "terms.retainer",
    ]  # fmt: skip
    assert faults(outcomes=[{"outcome": "One more"}] * 51) == ["outcomes"]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_out_of_all_bounds_is_one_fault(day: str) -> None:
    placement = {"startsOn": "2026-07-01"}
    assert faults(placement=placement, firstReviewOn=day) == ["firstReviewOn"]
    assert faults(placement=placement, child={"dateOfBirth": day}) == ["child.dateOfBirth"]
    assert faults(placement={"startsOn": day}, firstReviewOn="2026-07-01") == ["placement.startsOn"]


@pytest.mark.parametrize("number", ["0121 496 0000", "+44 (0)121-496 0000", "0121 496 0000 ext. 12", "111"])
def test_a_telephone_number_can_be_dialled(number: str) -> None:
    assert faults(authority={"outOfHours": number}) == []


@pytest.mark.parametrize("number", ["call 123 Sam", "12", "9" * 16])
def test_what_nobody_can_dial_is_refused(number: str) -> None:
    assert faults(authority={"outOfHours": number}) == ["authority.outOfHours"]


def test_numbers_of_one_digit_alone_and_print_letters_that_cannot_be_printed_are_refused() -> None:
    assert faults(child={"nhsNumber": "1111111111"}) == ["child.nhsNumber"]
    assert faults(child={"namesInPrintLetters": "小明"}) == ["child.namesInPrintLetters"]


@pytest.mark.parametrize(
    ("child", "category", "wrong"),
    [
        ({"expectedOn": "2027-02-20", "dateOfBirth": "2013-01-01"}, "RESIDENTIAL", ["child.expectedOn"]),
        ({"expectedOn": "2027-02-20", "dateOfBirth": "2026-01-01"}, ASSESSED, ["child.expectedOn"]),
        ({"expectedOn": "2027-02-20"}, "FOSTERING", ["child.expectedOn"]),
        ({"expectedOn": "2027-02-20"}, ASSESSED, []),
        ({"expectedOn": "2027-02-20", "nhsNumber": "9434765919"}, ASSESSED, ["child.nhsNumber"]),
    ],
)
def test_nobody_is_born_and_expected(child: dict[str, str], category: str, wrong: list[str]) -> None:
    assert [".".join(fault.path) for fault in contradictions({"child": child}, category)] == wrong


def test_only_fostering_has_a_type_of_fostering() -> None:
    said = {"placement": {"fosteringType": "FOR_ADOPTION", "providerSector": "PRIVATE"}}
    assert list(contradictions(said, "FOSTERING")) == []
    assert [list(fault.path) for fault in contradictions(said, "RESIDENTIAL")] == [["placement", "fosteringType"]]


def test_the_details_in_their_one_form_are_that_form_already() -> None:
    said: dict[str, Any] = {
        "child": {"knownAs": " e\u0301 ", "nhsNumber": "943 476 5919", "upn": "wrong"},
        "terms": None,
        "outcomes": [],
    }
    kept = tidied(said)
    assert kept == {"child": {"knownAs": "é", "nhsNumber": "9434765919", "upn": "wrong"}, "terms": None, "outcomes": []}
    assert tidied(kept) == kept


def test_every_legal_status_of_a_referral_has_a_code_in_its_name_and_in_its_words() -> None:
    assert set(OF_REFERRAL) == set(LegalStatus)
    for status, code in OF_REFERRAL.items():
        assert coded_status(status.replace("_", " ").capitalize()) == code
    assert set(KNOWN_AS.values()) == {code.value for code in LegalStatusCode}
    assert coded_status("as discussed") is coded_status("") is coded_status(None) is None


def test_what_is_missing_is_everything_of_nothing_and_nothing_of_everything() -> None:
    assert list(missing({}, "RESIDENTIAL")) == list(NEEDED)
    whole: dict[str, Any] = {}
    for need in NEEDED:
        part = whole
        for name in need.path[:-1]:
            part = part.setdefault(name, {})
        part[need.path[-1]] = [{"outcome": "x"}] if need.part == "outcomes" else "x"
    assert list(missing(whole, "RESIDENTIAL")) == []
    whole["placement"]["emergency"] = False
    assert list(missing(whole, "RESIDENTIAL")) == []
    values: list[Any] = [0, False, "x", None, "", " \n", [], {}]
    assert [filled(value) for value in values] == [True] * 3 + [False] * 5
