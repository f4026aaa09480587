"""A sheet as it was brought: its rows, and the rectangles of cells merged in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from portal.workbook.cell import Cell, is_blank


@dataclass(frozen=True, slots=True)
class Merged:
    """All four are counted from 1 and included."""

    top: int
    left: int
    bottom: int
    right: int
    ref: str


@dataclass(frozen=True, slots=True)
class Grid:
    """`rows` are the sheet's rows from the first one on, as long as they are; empty ones are there, too."""

    name: str
    rows: Sequence[Sequence[Cell]]
    merged: tuple[Merged, ...] = field(default=())

    def below(self, header: int) -> Iterator[tuple[int, Sequence[Cell]]]:
        """The rows under the header that hold anything, with their numbers."""
        for number, row in enumerate(self.rows[header:], header + 1):
            if not all(is_blank(cell) for cell in row):
                yield number, row
