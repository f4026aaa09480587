"""The printed Individual Placement Agreement."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import chain
from typing import Literal

from portal.agreement_money import price
from portal.agreement_parties import authority, child, opening, provider
from portal.agreement_placement import documents, outcomes, placement, terms
from portal.agreement_signatures import signatures
from portal.agreement_words import Told
from portal.printing import Frame, print_pages
from portal.tagged_pdf import Particulars

NAME = "Individual Placement Agreement"
SECTIONS = (opening, authority, provider, child, placement, outcomes, price, terms, documents, signatures)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def print_agreement(agreement: Mapping[str, object], *, mark: Literal["DRAFT", "VOID"] | None) -> bytes:
    """The agreement as a tagged A4 PDF, with the mark across every page (S-111).

    Values are plain: dates and instants in ISO form, money as decimal strings. Text is printed literally, a missing
    value as "Not given". The same agreement and mark always give the same bytes.
    """
    told = Told(agreement)
    reference = told.text("reference")
    issued = told.moment("issued") or LONG_AGO
    particulars = Particulars(f"{NAME} {reference}", told.part("authority").text("name"), issued.astimezone(UTC))
    blocks = list(chain.from_iterable(section(told) for section in SECTIONS))
    return print_pages(blocks, particulars, Frame(f"{NAME}  ·  {reference}", _foot(told), mark))


def _foot(told: Told) -> str:
    digest = told.text("contentHash")
    parts = (
        told.text("reference"),
        f"version {told.text('version')}" if told.text("version") else "",
        f"SHA-256 {digest[:12]}…" if digest else "",
    )
    return "  ·  ".join(filter(None, parts))
