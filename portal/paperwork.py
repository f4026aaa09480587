"""Small one-page documents as organisations attach them: certificates, statements, forms."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from portal.agreement_words import long_date
from portal.passages import Fields, Passage, Words
from portal.print_style import ACCENT, BODY, SMALL, TITLE
from portal.printing import Frame, print_pages
from portal.sheet import Ink
from portal.tagged_pdf import Particulars

LIGHT_TITLE = replace(TITLE, ink=Ink(19, colour=ACCENT))  # one face instead of two keeps the file small


def print_document(title: str, lines: Sequence[str], *, organisation: str, issued: date, expires: date | None) -> bytes:
    """The document as a tagged PDF under its organisation's name; the same input always gives the same bytes."""
    dates = [("Issued", long_date(issued)), *([("Valid until", long_date(expires))] if expires else [])]
    passages: list[Passage] = [
        Words(organisation, SMALL),
        Words(title, LIGHT_TITLE),
        Fields(dates),
        *(Words(line, BODY) for line in lines),
    ]
    particulars = Particulars(title, organisation, datetime.combine(issued, time(), UTC))
    return print_pages(passages, particulars, Frame(title, organisation))
