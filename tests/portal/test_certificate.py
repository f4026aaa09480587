"""What the certificate of signing says."""

from typing import Any

import pytest

from portal.certificate import print_certificate
from tests.portal.agreements import HASH, page_texts, reader, squeezed, whole_text
from tests.portal.certificates import CERTIFICATE, RECORD, file


def certificate(**changes: object) -> bytes:
    return print_certificate({**CERTIFICATE, **changes})


@pytest.mark.parametrize(
    "said",
    [
        "WM-7KD4-RES-A1",
        "Birmingham City Council",
        "Ashgrove Care (Midlands) Limited",
        "Signed by Siân Llŷr-Prŷs",
        "On behalf of Harpreet",
        "By authority of DA-7Q2X, given on 2 March 2026, until 1 March 2027",
        "6 May 2026 at 13:44:59 BST (12:44:59 UTC)",
        "6 January 2026 at 10:02:11 GMT (10:02:11 UTC)",
        "One-time code from the signatory’s authenticator",
        "I have read this agreement and sign it on behalf of my organisation.",
        "Drawn up from the accepted offer",
        "Signed on behalf of another",
        "Sealed by the portal The portal",
        "2 Sealed for the provider 81,236 bytes",
        "wmpp/ipa/1",
        HASH,
        RECORD,
        "1" * 64,
        "2" * 64,
        "portal verify-pdf",
    ],
)
def test_the_certificate_says_who_signed_by_which_authority_when_and_every_hash(said: str) -> None:  # H4
    assert squeezed(said) in whole_text(certificate())


def test_for_whom_somebody_signed_is_told_only_where_it_was_for_another() -> None:  # S-033
    assert whole_text(certificate()).count("Byauthorityof") == 1


def test_it_says_where_to_ask_when_the_address_is_known() -> None:
    text = whole_text(certificate(verifyAt="https://portal.example/verify"))
    assert squeezed("Ask the portal at https://portal.example/verify with that SHA-256") in text


def test_a_long_one_repeats_the_heads_of_its_tables_and_counts_its_pages() -> None:
    events: list[Any] = CERTIFICATE["events"] * 14
    files = [file(number % 10, "TIMESTAMPED", None, "2026-05-06T12:45:00.000Z") for number in range(9)]
    pages = page_texts(certificate(events=events, files=files))
    assert len(pages) > 3
    assert all(f"Page {number} of {len(pages)}" in text for number, text in enumerate(pages, 1))
    holding = [text for text in pages if "Drawn up from" in text]
    assert all(text.count("What happened") >= 1 for text in holding)


def test_it_is_tagged_titled_in_a_language_and_the_same_every_time() -> None:
    file = reader(certificate())
    assert certificate() == certificate()
    assert file.trailer["/Root"]["/Lang"] == "en-GB"
    assert file.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert file.metadata.title == "Certificate of signing WM-7KD4-RES-A1"
    assert [entry.title for entry in file.outline][-1] == "5 How to verify"


def test_what_is_not_known_is_left_out_or_said_plainly() -> None:
    text = whole_text(certificate(signatures=[], events=[], files=[], record=None, issued="sometime"))
    assert "Nobodyhassigned." in text
    assert "sometime" in text
    assert "Recordofevents" not in text
