"""What a paper of the house says, passage by passage: set in type as a PDF, or written as a page for a browser."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from portal.print_style import ABSENT, HEAD, HEAD_RIGHT, HEADING, SUBHEADING, VALUE
from portal.table_block import Cell, Entry
from portal.text_block import Style

NOT_GIVEN = "Not given"


@dataclass(frozen=True)
class Words:
    """A heading or a paragraph; what it is says the role of its style."""

    text: str
    style: Style


@dataclass(frozen=True)
class Fields:
    """Labels, each with its value or with nothing."""

    pairs: Sequence[tuple[str, str]]
    before: float = 4


@dataclass(frozen=True)
class Table:
    """A table with its caption; the shares of its columns come to 1."""

    caption: str
    shares: Sequence[float]
    head: Entry
    rows: Sequence[Entry]


@dataclass(frozen=True)
class Room:
    """Where one party's signature will be seen: who the party is, and what stands there then."""

    place: str
    heading: str
    name: str
    note: str


@dataclass(frozen=True)
class Rooms:
    """The rooms for the signatures, side by side on one page."""

    rooms: Sequence[Room]


Passage = Words | Fields | Table | Rooms


class Column(NamedTuple):
    """A column's head, its share of the measure, and how its values are set."""

    head: str
    share: float
    style: Style = VALUE


def heading(text: str) -> Words:
    """A section's heading, also in the list of contents."""
    return Words(text, HEADING)


def subheading(text: str) -> Words:
    """A heading within a section."""
    return Words(text, SUBHEADING)


def value(text: str, style: Style = VALUE) -> Cell:
    """A cell that says plainly when nothing was given."""
    return Cell(text, style) if text else Cell(NOT_GIVEN, replace(ABSENT, align=style.align))


def table(caption: str, columns: Sequence[Column], rows: Iterable[Sequence[str] | Entry]) -> Table:
    """A table over the measure whose head repeats on every page; plain texts take the style of their column."""
    heads = [Cell(column.head, HEAD_RIGHT if column.style.align == "right" else HEAD) for column in columns]
    body = [row if isinstance(row, Entry) else Entry([*map(_value_in, row, columns)]) for row in rows]
    return Table(caption, [column.share for column in columns], Entry(heads), body)


def _value_in(text: str, column: Column) -> Cell:
    return value(text, column.style)
