"""The agreement as a page for a browser: the same passages as its print, for who listens or reads on a small screen.

It has no script and nothing from elsewhere; `PAGE_POLICY` is the content security policy to serve it under, which
allows its own style alone, by its hash.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from html import escape

from portal.agreement import NAME, Mark, passages
from portal.agreement_words import Told
from portal.passages import Fields, Passage, Rooms, Table, Words, value
from portal.print_style import CODE, NOTICE, OVERLINE
from portal.table_block import Cell, Entry
from portal.text_block import Style
from portal.typography import clean

STYLE = """
:root{color-scheme:light dark;--ink:#16191d;--paper:#fff;--quiet:#565f68;--line:#d3d9df;--tint:#edf2f6;
--accent:#17456b;--alarm:#a31515}
@media(prefers-color-scheme:dark){:root{--ink:#e8ebee;--paper:#14181c;--quiet:#a3adb7;--line:#39424b;--tint:#1f2830;
--accent:#8fc4ee;--alarm:#ff9a94}}
body{font:1rem/1.55 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:56rem;margin:0 auto;
padding:1.5rem 1.1rem 3rem;overflow-wrap:anywhere}
h1,h2{color:var(--accent);line-height:1.25}
h1{font-size:1.8rem;margin:.2rem 0 .6rem}h2{font-size:1.25rem;margin:2.2rem 0 .6rem}h3{font-size:1rem;
margin:1.4rem 0 .3rem}
p,dd,td{white-space:pre-line}
.over{color:var(--accent);font-size:.8rem;font-weight:700;margin:0}
.notice{color:var(--alarm);border:2px solid;border-radius:.4rem;padding:.6rem .9rem;font-weight:700}
dl{margin:.4rem 0}dl div{display:grid;grid-template-columns:13rem 1fr;gap:.2rem 1rem;padding:.35rem 0;
border-bottom:1px solid var(--line)}
dt{color:var(--quiet)}dd{margin:0}.none{color:var(--quiet)}
.wide{overflow-x:auto;margin-top:1rem}
table{border-collapse:collapse;width:100%;overflow-wrap:normal}caption{text-align:start;font-weight:700;
padding:.3rem 0}
th,td{text-align:start;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid var(--line);font-weight:400}
thead th{background:var(--tint);color:var(--accent);font-weight:700}
.sum{text-align:end;font-variant-numeric:tabular-nums}.total>*{font-weight:700}
.code{font:.8rem/1.4 ui-monospace,monospace;overflow-wrap:anywhere}
.room{border:1px solid var(--line);border-radius:.4rem;padding:.2rem .9rem;margin:1rem 0}
@media(max-width:38rem){dl div{grid-template-columns:1fr;gap:0}}
@media print{body{max-width:none;padding:0;font-size:10pt}h2,h3,caption{break-after:avoid}
tr,dl div,.room{break-inside:avoid}.wide{overflow:visible}}
"""
PAGE_POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def agreement_page(agreement: Mapping[str, object], *, mark: Mark) -> bytes:
    """The agreement as HTML in UTF-8, with the same texts in the same order as in its print; all are escaped."""
    title = f"{NAME} {Told(agreement).text('reference')}" + (f" ({mark.lower()})" if mark else "")
    body = "\n".join(part for passage in passages(agreement, mark) for part in _written(passage))
    page = f"""<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>{_text(title)}</title><style>{STYLE}</style></head>
<body><main>
{body}
</main></body></html>
"""
    return page.encode("utf-8", "replace")


def _text(text: str) -> str:
    return escape(clean(text).strip())


def _written(passage: Passage) -> Iterator[str]:
    if isinstance(passage, Words):
        yield _words(passage)
    elif isinstance(passage, Fields):
        yield f"<dl>{''.join(_field(label, text) for label, text in passage.pairs)}</dl>"
    elif isinstance(passage, Rooms):
        for room in passage.rooms:
            told = f'<h3>{_text(room.heading)}</h3><p dir="auto">{_text(room.name)}</p><p>{_text(room.note)}</p>'
            yield f'<section class="room">{told}</section>'
    else:
        yield _table(passage)


def _words(words: Words) -> str:
    tag = words.style.role.lower()
    kind = {NOTICE: ' class="notice"', OVERLINE: ' class="over"'}.get(words.style, "")
    return f'<{tag}{kind} dir="auto">{_text(words.text)}</{tag}>'


def _field(label: str, text: str) -> str:
    missing = "" if text else ' class="none"'
    return f'<div><dt>{_text(label)}</dt><dd dir="auto"{missing}>{_text(value(text).text)}</dd></div>'


def _table(table: Table) -> str:
    rows = "\n".join(map(_row, table.rows))
    caption = _text(table.caption)
    whole = f"<caption>{caption}</caption><thead>{_row(table.head)}</thead><tbody>\n{rows}</tbody>"
    return f'<div class="wide" role="region" tabindex="0" aria-label="{caption}"><table>{whole}</table></div>'


def _row(entry: Entry) -> str:
    kind = ' class="total"' if entry.total else ""
    return f"<tr{kind}>{''.join(map(_cell, entry.cells))}</tr>"


def _cell(cell: Cell) -> str:
    tag = cell.style.role.lower()
    scope = {"Row": ' scope="row"', "Column": ' scope="col"'}.get(cell.style.scope, "")
    span = f' colspan="{cell.span}"' if cell.span > 1 else ""
    return f'<{tag} dir="auto"{scope}{span}{_kind(cell.style)}>{_text(cell.text)}</{tag}>'


def _kind(style: Style) -> str:
    if style.align == "right":
        return ' class="sum"'
    return ' class="code"' if style is CODE else ""
