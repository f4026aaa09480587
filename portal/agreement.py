"""The printed Individual Placement Agreement."""

from collections.abc import Mapping
from datetime import UTC
from itertools import chain
from typing import Literal

from portal.agreement_money import price
from portal.agreement_parties import authority, child, opening, provider
from portal.agreement_placement import documents, outcomes, placement, terms
from portal.agreement_signatures import signatures
from portal.agreement_words import LONG_AGO, Told
from portal.passages import Passage
from portal.printing import Frame, print_pages
from portal.tagged_pdf import Particulars

Mark = Literal["DRAFT", "VOID"] | None
NAME = "Individual Placement Agreement"
SECTIONS = (opening, authority, provider, child, placement, outcomes, price, terms, documents, signatures)


def passages(agreement: Mapping[str, object], mark: Mark) -> list[Passage]:
    """What the agreement says, in reading order; the print and the page are both made of this."""
    told = Told({**agreement, "mark": mark})
    return list(chain.from_iterable(section(told) for section in SECTIONS))


def print_agreement(agreement: Mapping[str, object], *, mark: Mark) -> bytes:
    """The agreement as a tagged A4 PDF, with the mark across every page (S-111).

    Values are plain: dates and instants in ISO form, money as decimal strings. Text is printed literally, a missing
    value as "Not given". The same agreement and mark always give the same bytes. Without a mark nothing is printed
    that signing or voiding would make untrue: these bytes are kept and signed.
    """
    told = Told({**agreement, "mark": mark})
    reference = told.text("reference")
    issued = told.moment("issued") or LONG_AGO
    particulars = Particulars(f"{NAME} {reference}", told.part("authority").text("name"), issued.astimezone(UTC))
    return print_pages(passages(agreement, mark), particulars, Frame(f"{NAME}  ·  {reference}", _foot(told), mark))


def _foot(told: Told) -> str:
    digest, version = told.text("contentHash"), told.text("version")
    parts = (
        told.text("reference"),
        f"draft, version {version}" if version and told.text("mark") == "DRAFT" else "",
        f"SHA-256 {digest[:12]}…" if digest else "",
    )
    return "  ·  ".join(filter(None, parts))
