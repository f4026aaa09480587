"""The section of the printed agreement in which both parties sign."""

from collections.abc import Callable, Iterator, Sequence

from portal.agreement_words import Told
from portal.page_flow import Block
from portal.print_style import CODE, LEAD, ROW_TITLE, VALUE, Column, block, heading, table, value
from portal.table_block import Cell, Entry
from portal.text_block import Style

PARTIES = ("LOCAL_AUTHORITY", "PROVIDER")
COLUMNS = (
    Column("", 0.2, ROW_TITLE),
    Column("For the placing authority", 0.4),
    Column("For the provider", 0.4),
)
LINES: tuple[tuple[str, Callable[[Told], str]], ...] = (
    ("Name", lambda given: given.text("name")),
    ("Job title", lambda given: given.text("jobTitle")),
    ("Organisation", lambda given: given.text("organisation")),
    ("On behalf of", lambda given: given.text("onBehalfOf")),
    ("By authority of", lambda given: given.text("authority")),
    ("Method", lambda given: given.choice("method")),
    ("Date and time", lambda given: given.instant("at")),
)
NOTE = (
    "This agreement is signed only within the West Midlands Placement Portal, by one person for each party who is "
    "entitled to sign. Once it is ready for signing, nothing in it can be changed."
)
SIGNING_ROOM = 50.0
LINE_ROOM = 21.0


def signatures(told: Told) -> Iterator[Block]:
    """What each party's signatory signed with; blank lines for a party that has not signed.

    The room for each party's seal is the named destination LOCAL_AUTHORITY or PROVIDER of the file.
    """
    given = [_given(told, party) for party in PARTIES]
    yield heading("10 Signatures")
    yield block(NOTE, LEAD)
    rows = [_row(label, [said(one) if one else None for one in given]) for label, said in LINES]
    yield table(COLUMNS, [_room(given), *rows, _hashes(given)], form=True)


def _given(told: Told, party: str) -> Told | None:
    return next((row for row in told.rows("signatures") if row.text("party") == party), None)


def _room(given: Sequence[Told | None]) -> Entry:
    cells = [Cell(_signed(one) if one else "", VALUE, place=party) for one, party in zip(given, PARTIES, strict=True)]
    return Entry([Cell("Signature", ROW_TITLE), *cells], floor=SIGNING_ROOM)


def _signed(given: Told) -> str:
    """Whose hand it was, and for whom, if for somebody else (S-033)."""
    said = "Signed electronically in the portal"
    behalf = given.text("onBehalfOf")
    return f"{said}: {given.text('name')} on behalf of {behalf}" if behalf else said


def _row(label: str, said: Sequence[str | None], style: Style = VALUE) -> Entry:
    cells = [Cell("", style) if text is None else value(text, style) for text in said]
    return Entry([Cell(label, ROW_TITLE), *cells], floor=LINE_ROOM)


def _hashes(given: Sequence[Told | None]) -> Entry:
    return _row("Content hash", [one.halves("contentHash") if one else None for one in given], CODE)
