"""One person has one address, which is an address, and not a mailbox that several people read."""

import pytest

from models.email import email_key, personal_email
from models.refusal import Code, Refused

NONE = [
    "", "@", "ada", "ada@example", "ada@example.org.", "ada@@example.org", "ada@moss@example.org", "<ada@example.org>",
    '"ada"@example.org', "ada moss@example.org", "ada@exa mple.org", "ada\t@example.org", "ada\x00@example.org",
    "ada@example.org\x7f", "ada@exa_mple.org", "ada@-example.org", "ada@example..org", ".ada@example.org",
    "ada..moss@example.org", "ada@127.0.0.1", "ada@[127.0.0.1]", "ada,bo@example.org", "ada\u200b@example.org",
    "a" * 65 + "@example.org", "ada@" + "b" * 64 + ".org", "ada@" + "b.c" * 90 + ".org",
]  # fmt: skip
WIDE = "".join(chr(ord(c) + 0xFEE0) for c in "info@EXAMPLE")
SHARED = [
    "info", "no-reply", "noreply", "donotreply", "do.not.reply", "placements.team", "referrals-team", "the.office",
    "team.placements", "Duty_Team2", "2info", "referrals.uk+ada",
]  # fmt: skip
OWN = ["office.smith", "a.manager", "hope.homes", "careless", "an.do", "no", "o'brien", "ada+info", "j-care", "siân"]


def refusal(address: str) -> Code | None:
    try:
        personal_email(address)
    except Refused as refused:
        return refused.code
    return None


@pytest.mark.parametrize("address", NONE, ids=range(len(NONE)))
def test_what_is_no_address_is_refused(address: str) -> None:
    # S-020
    assert refusal(address) is Code.INVALID_INPUT


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ("info@EXAMPLE.org", WIDE + ".org"),
        ("ada@bücher.example", "ADA@xn--bcher-kva.example"),
        ("ada@bücher.example", "ada@BU\u0308CHER.example"),
        ("ada@example.org", "ada@example\u3002org"),
    ],
)
def test_two_forms_of_one_address_are_one(one: str, same: str) -> None:
    # S-020
    assert email_key(one) == email_key(same)
    assert personal_email(same, generic=True)


def test_another_address_is_another() -> None:
    assert email_key("ada@bucher.example") != email_key("ada@bücher.example")
    assert email_key("ada+la@example.org") != email_key("ada@example.org")


@pytest.mark.parametrize("local", SHARED)
def test_a_mailbox_named_by_its_purpose_is_shared(local: str) -> None:
    # S-021
    assert refusal(f"{local}@example.org") is Code.GENERIC_EMAIL
    assert personal_email(f"{local}@example.org", generic=True) == f"{local}@example.org"


def test_a_shared_mailbox_is_one_in_full_width_letters_too() -> None:
    # S-021
    assert refusal(WIDE + ".org") is Code.GENERIC_EMAIL


@pytest.mark.parametrize("local", OWN)
def test_one_word_that_is_no_purpose_makes_it_a_persons(local: str) -> None:
    # S-021
    assert refusal(f"{local}@example.org") is None
