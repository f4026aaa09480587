"""The page at the front of an archive: which offer its documents belong to, and what each of them is (S-082)."""

from collections.abc import Sequence
from datetime import date, datetime
from html import escape
from urllib.parse import quote

from models.age import london_day
from models.offer_parts import OfferDocument
from models.rollout import LONDON
from resolvers.document_archive import Archive

STYLE = """
:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;margin:2rem}
dl{display:grid;grid-template-columns:max-content auto;gap:.25rem 1.5rem}
dt{font-weight:600}dd{margin:0}
table{border-collapse:collapse;margin-top:1.5rem}
caption{font-weight:600;text-align:start;padding-bottom:.5rem}
th,td{border:1px solid #8888;padding:.4rem .6rem;text-align:start;vertical-align:top}
code{font:.85rem ui-monospace,monospace;overflow-wrap:anywhere}
"""
HEADINGS = ("Document", "What it is", "Size", "Valid until", "Attached", "SHA-256")


def page(archive: Archive, named: Sequence[tuple[str, OfferDocument]]) -> str:
    """HTML without scripts or anything from elsewhere, marked up for those who hear it read. No child's data."""
    offer = archive.offer
    facts = {
        "Referral": offer.reference,
        "Offer": str(offer.id),
        "Provider": archive.provider,
        "Home" if offer.home_id else "Family": offer.placement["name"],
        "Version of the offer": str(offer.version),
        "State of the offer": offer.status.capitalize(),
        "Fetched": f"{_instant(archive.at)} by {archive.reader.name}, {archive.reader.organisation_name}",
    }
    listed = "\n".join(f"<dt>{term}</dt><dd>{escape(told)}</dd>" for term, told in facts.items())
    heads = "".join(f'<th scope="col">{heading}</th>' for heading in HEADINGS)
    rows = "\n".join(_row(name, document, archive) for name, document in named)
    return f"""<!doctype html>
<html lang="en-GB">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Documents of an offer on {escape(offer.reference)}</title><style>{STYLE}</style></head>
<body><main>
<h1>Documents of an offer on {escape(offer.reference)}</h1>
<dl>
{listed}
</dl>
<table>
<caption>{_counted(len(named))}, as attached to the offer</caption>
<thead><tr>{heads}</tr></thead>
<tbody>
{rows}
</tbody>
</table>
</main></body>
</html>
"""


def _row(name: str, document: OfferDocument, archive: Archive) -> str:
    standing = "compulsory" if document.compulsory else "further document"
    attached = f"{_instant(archive.told_at(document))} by {document.attached_by_name}"
    cells = (
        f"{document.kind.spoken}, {standing}",
        _size(document.byte_size),
        _last_day(document, archive.at),
        attached,
    )
    link = f'<th scope="row"><a href="{quote(name)}">{escape(name)}</a></th>'
    told = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f"<tr>{link}{told}<td><code>{document.sha256}</code></td></tr>"


def _counted(documents: int) -> str:
    return "1 document" if documents == 1 else f"{documents} documents"


def _size(count: int) -> str:
    return f"{count:,} bytes" if count < 1024 else f"{count / 1024:,.0f} KiB ({count:,} bytes)"


def _last_day(document: OfferDocument, at: datetime) -> str:
    if document.expires_on is None:
        return "no last day"
    expired = "" if document.valid_on(london_day(at)) else " (over)"
    return f"{_day(document.expires_on)}{expired}"


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"


def _instant(at: datetime) -> str:
    here = at.astimezone(LONDON)
    return f"{_day(here)}, {here:%H:%M}"
