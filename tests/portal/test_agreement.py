"""What the printed agreement says, and what every page of it carries."""

from collections.abc import Iterator
from typing import Any

import pytest

from portal.agreement import print_agreement
from tests.portal.agreements import FULL, HASH, SCANT, agreement, page_texts, squeezed, unsigned, whole_text

OTHERWISE = {
    "SPOT": "Spot purchase",
    "MALE": "Male",
    "HOME": "A home",
    "NIGHT": "Night",
    "ONCE": "Once",
    "CARE_PLAN": "Care plan",
    "LOCAL_AUTHORITY": "For the placing authority",
    "PROVIDER": "For the provider",
    "AUTHENTICATOR_CODE": "Authenticator code",
    "True": "Yes: this home is not on the framework",
    "False": "Planned",
    "2026-05-04T09:30:00.000Z": "4 May 2026 at 10:30 BST",
    "2026-01-06T10:02:11.120Z": "6 January 2026 at 10:02 GMT",
    "2026-05-06T12:44:59.003Z": "6 May 2026 at 13:44 BST",
    "2011-09-17": "17 September 2011",
    "2026-05-11": "11 May 2026",
    "2026-05-12": "12 May 2026",
    "2026-05-13": "13 May 2026",
    "2026-06-08": "8 June 2026",
    "2026-07-17": "17 July 2026",
    "2026-08-03": "3 August 2026",
    "2026-09-09": "9 Sep 2026",
    "4100.00": "£4,100.00",
    "145.50": "£145.50",
    "1018.50": "£1,018.50",
    "250.00": "£250.00",
    "5118.50": "£5,118.50",
    "266412.00": "£266,412.00",
    "78.50": "78.5 %",
    "13.50": "13.5 %",
    "8.00": "8 %",
}


def leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for kid in value.values():
            yield from leaves(kid)
    elif isinstance(value, list):
        for kid in value:
            yield from leaves(kid)
    elif value is not None:
        yield str(value)


def test_every_value_of_an_agreement_is_in_its_print() -> None:  # S-111
    text = whole_text(print_agreement(FULL, mark=None))
    told = {name: value for name, value in FULL.items() if name != "version"}
    assert [leaf for leaf in leaves(told) if squeezed(OTHERWISE.get(leaf, leaf)) not in text] == []


def test_every_page_says_which_it_is_of_how_many_and_of_which_agreement() -> None:
    pages = page_texts(print_agreement(FULL, mark=None))
    assert len(pages) > 2
    for number, text in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in text
        assert f"WM-7KD4-RES-A1 · SHA-256 {HASH[:12]}…" in text
    draft = page_texts(print_agreement(unsigned(contentHash=None), mark="DRAFT"))
    assert all("WM-7KD4-RES-A1 · draft, version 3" in text for text in draft)


@pytest.mark.parametrize("mark", ["DRAFT", "VOID"])
def test_a_mark_stands_large_and_small_on_every_page(mark: Any) -> None:  # S-111
    pages = page_texts(print_agreement(FULL, mark=mark))
    assert [text.count(mark) for text in pages] == [2] * len(pages)


def test_without_a_mark_no_page_carries_one() -> None:
    text = whole_text(print_agreement(FULL, mark=None))
    assert "DRAFT" not in text
    assert "VOID" not in text


def test_the_same_agreement_gives_the_same_bytes_whatever_was_printed_between() -> None:  # S-111
    first = print_agreement(FULL, mark=None)
    print_agreement(agreement(child={"givenNames": "سارة ਹਰਪ੍ਰੀਤ Đặng"}), mark="DRAFT")
    assert print_agreement(FULL, mark=None) == first
    assert print_agreement(agreement(reference="WM-2"), mark=None) != first


def test_a_scant_agreement_says_plainly_what_was_not_given() -> None:
    text = whole_text(print_agreement(SCANT, mark=None))
    assert text.count("Notgiven") > 40
    assert "None" not in text
    assert "£912.34" in text
    assert "Nodocumentsareattached." in text


def test_the_bytes_that_are_signed_say_nothing_that_signing_or_voiding_makes_untrue() -> None:  # S-106
    fixed = print_agreement(unsigned(), mark=None)
    for changes in ({"version": 9}, {"state": "SIGNED"}, {"voidedAt": "2026-07-01T09:00:00.000Z", "voidReason": "x"}):
        assert print_agreement(unsigned(**changes), mark=None) == fixed
    text = whole_text(fixed)
    for word in ("Version", "State", "Notsigned", "Readytosign"):
        assert word not in text


def test_an_unsigned_agreement_has_a_room_for_each_party_and_no_blank_lines() -> None:
    last = squeezed(page_texts(print_agreement(unsigned(), mark=None))[-1])
    assert last.count("Roomfortheelectronicsignatureofthisparty.") == 2
    assert squeezed("For the placing authority Birmingham City Council") in last
    assert squeezed("For the provider Ashgrove Care (Midlands) Limited") in last
    assert "Dateandtime" not in last


def test_one_signature_alone_stands_under_its_own_party() -> None:  # S-116
    text = whole_text(print_agreement(agreement(signatures=FULL["signatures"][1:]), mark=None))
    assert text.count("Signedelectronicallyintheportal") == 1
    assert squeezed("For the placing authority Not signed. For the provider Signed") in text
    assert squeezed("Rhodri ap Llywelyn") in text
    assert squeezed("Helen Marchetti") not in text


def test_a_draft_says_in_words_that_it_cannot_be_signed() -> None:  # S-111
    text = whole_text(print_agreement(unsigned(contentHash=None, issued=None), mark="DRAFT"))
    assert squeezed("This is a draft. It may still change, and it cannot be signed.") in text
    assert squeezed("Version of the draft 3") in text
    assert "Contenthash" not in text


def test_a_void_one_says_on_its_first_page_since_when_and_why() -> None:  # S-108, S-111
    why = {"voidedAt": "2026-07-01T09:00:00.000Z", "voidReason": "The child goes to an aunt."}
    first, *_ = page_texts(print_agreement(agreement(**why), mark="VOID"))
    assert squeezed("This agreement is void since 1 July 2026 at 10:00 BST. It has no effect.") in squeezed(first)
    assert squeezed("Reason: The child goes to an aunt.") in squeezed(first)


def test_a_void_one_that_nobody_signed_says_so_instead_of_leaving_rooms() -> None:
    text = whole_text(print_agreement(unsigned(), mark="VOID"))
    assert text.count("Notsigned.") == 2
    assert "Roomfor" not in text
    assert squeezed("Reason: not given") in text


def test_text_that_looks_like_markup_is_printed_literally() -> None:
    odd = "<b>not bold</b> & <para>&amp; \\n (brackets) %s {0} </font>"
    text = whole_text(print_agreement(agreement(placement={"purpose": odd}, provider={"legalName": odd}), mark=None))
    assert text.count(squeezed(odd)) == 3


def test_words_wider_than_the_page_are_broken_and_complete() -> None:
    word, mail = "Llanfairpwllgwyngyll" * 60, "first.last@" + "very-long-department." * 9 + "example"
    changed = agreement(placement={"address": word}, authority={"socialWorker": {"email": mail}})
    text = whole_text(print_agreement(changed, mark=None))
    assert word in text
    assert mail in text


def test_a_table_of_three_pages_repeats_its_head_on_each() -> None:
    costs = [
        {"description": f"Support worker, weekend number {n}", "amount": f"{n}.25", "unit": "HOUR", "quantity": "2"}
        for n in range(110)
    ]
    pages = page_texts(print_agreement(agreement(price={"additionalCosts": costs}), mark=None))
    holding = [text for text in pages if "Support worker" in text]
    assert len(holding) >= 3
    assert [text.count("Amount Per Quantity From Until A week") for text in holding] == [1] * len(holding)
    assert "Weekly total" in holding[-1]


@pytest.mark.parametrize(
    "changes",
    [
        {"issued": "0001-01-01T00:00:00Z"},
        {"issued": "yesterday"},
        {"price": {"weeklyTotal": "about £5,000"}},
        {"placement": {"startsOn": "2026-02-30"}},
        {"child": {"siblings": "two\u2028of them"}},
    ],
)
def test_values_of_another_form_are_printed_literally(changes: dict[str, object]) -> None:
    text = whole_text(print_agreement(agreement(**changes), mark=None))
    (given,) = leaves(changes)
    assert squeezed(given) in text


def test_groups_and_lists_that_are_something_else_are_taken_as_not_given() -> None:
    odd = {
        **SCANT,
        "child": "a child",
        "outcomes": None,
        "documents": "none",
        "terms": ["28 days"],
        "signatures": [None],
    }
    text = whole_text(print_agreement(odd, mark=None))
    assert "Outcomes:Notgiven" in text
    assert "achild" not in text


def test_lists_and_truths_are_put_into_words() -> None:
    changed = agreement(child={"siblings": ["Ann, 8", "Ben, 9"], "ehcp": True, "disability": {"hearing": "left ear"}})
    text = whole_text(print_agreement(changed, mark=None))
    assert "Ann,8;Ben,9" in text
    assert "leftear" in text


def test_a_signature_longer_than_a_page_is_still_printed_whole() -> None:
    wordy = FULL["signatures"][0] | {"authority": "delegation " * 900}
    text = whole_text(print_agreement(agreement(signatures=[wordy]), mark=None))
    assert text.count("delegation") == 900
