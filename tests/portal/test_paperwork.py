"""Small documents that look like those which organisations attach."""

from datetime import date

from portal.paperwork import print_document
from tests.portal.agreements import page_texts, reader

LINES = [
    "This is to certify that Ashgrove Care (Midlands) Limited is insured as follows.",
    "Policy number: WMI/2025/004512 & schedule <2>",
    "Public liability: £10,000,000 any one occurrence",
    "Employers’ liability: £10,000,000 any one occurrence",
    "Professional indemnity: £5,000,000 in the aggregate",
]


def certificate(expires: date | None = date(2026, 9, 30)) -> bytes:
    return print_document("Insurance", LINES, organisation="Severn Mutual", issued=date(2025, 10, 1), expires=expires)


def test_a_document_is_one_small_page_that_says_what_it_was_given() -> None:
    pdf = certificate()
    (text,) = page_texts(pdf)
    assert len(pdf) < 15_000
    assert [line for line in [*LINES, "Severn Mutual", "1 October 2025", "30 September 2026"] if line not in text] == []


def test_the_same_document_is_the_same_bytes() -> None:
    assert certificate() == certificate()


def test_a_document_without_an_end_names_none() -> None:
    (text,) = page_texts(certificate(expires=None))
    assert "Valid until" not in text


def test_a_document_is_tagged_and_names_its_author() -> None:
    file = reader(certificate())
    assert file.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert file.metadata is not None
    assert file.metadata.author == "Severn Mutual"
