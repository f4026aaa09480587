"""A table: cells of text in columns, heads that repeat on each page, rows that may split when taller than a page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from portal.sheet import Colour, Node, Sheet
from portal.text_block import Style, TextBlock, text_block

RULE: Colour = (0.80, 0.83, 0.86)
FRAME: Colour = (0.55, 0.58, 0.61)
TINT: Colour = (0.925, 0.945, 0.96)
PlacedCell = tuple[float, TextBlock]
PAD_ACROSS = 5.0
PAD_DOWN = 3.5
TALL = 250.0


@dataclass(frozen=True)
class Cell:
    """What a cell says, over how many columns."""

    text: str
    style: Style
    span: int = 1


@dataclass(frozen=True)
class Entry:
    """The cells of a row, and whether it is set apart as a total."""

    cells: Sequence[Cell]
    total: bool = False


@dataclass
class Row:
    """A row that was set: each cell with its left edge."""

    cells: list[PlacedCell]
    node: Node
    total: bool = False

    @cached_property
    def high(self) -> float:
        """The height in points, padding included."""
        return max(block.high for _, block in self.cells) + 2 * PAD_DOWN

    def split(self, room: float) -> "tuple[Row, Row] | None":
        """The lines of each cell that fit, and the rest."""
        fitting = [int((room - 2 * PAD_DOWN) / block.leading) for _, block in self.cells]
        if min(fitting) < 2:
            return None
        parts = [block.parts(min(n, len(block.lines))) for n, (_, block) in zip(fitting, self.cells, strict=True)]
        upper = [(left, part[0]) for part, (left, _) in zip(parts, self.cells, strict=True)]
        lower = [(left, part[1]) for part, (left, _) in zip(parts, self.cells, strict=True)]
        return Row(upper, self.node, total=self.total), Row(lower, self.node)


@dataclass
class TableBlock:
    """A table under one element of the structure; its head is content once and repetition on later pages."""

    wide: float
    node: Node
    head: list[Row]
    rows: list[Row]
    before: float = 0
    keep_with_next: bool = field(default=False, init=False)
    continued: bool = False

    @cached_property
    def high(self) -> float:
        """The height in points."""
        return sum(row.high for row in [*self.head, *self.rows])

    @cached_property
    def least(self) -> float:
        """The head and the first two rows."""
        return sum(row.high for row in self.head) + sum(min(row.high, 60) for row in self.rows[:2])

    def split(self, room: float) -> "tuple[TableBlock, TableBlock] | None":
        """The rows that fit and the rest under the same head; a row is parted only if it cannot stand on a page."""
        left = room - sum(row.high for row in self.head)
        fitting = 0
        while fitting < len(self.rows) and self.rows[fitting].high <= left:
            left -= self.rows[fitting].high
            fitting += 1
        upper, lower = self.rows[:fitting], self.rows[fitting:]
        if lower and (lower[0].high > TALL or not upper) and (parts := lower[0].split(left)):
            upper, lower = [*upper, parts[0]], [parts[1], *lower[1:]]
        while len(upper) > 2 and lower and (lower[0].total or len(lower) == 1):  # no total and no last row stands alone
            upper, lower = upper[:-1], [upper[-1], *lower]
        return (replace(self, rows=upper), replace(self, rows=lower, continued=True)) if upper and lower else None

    def draw(self, sheet: Sheet, left: float, top: float) -> None:
        """Prints the rows with their rules."""
        for row in self.head:
            sheet.fill(left, top - row.high, self.wide, row.high, TINT)
            self._draw_row(sheet, row, left, top, repeated=self.continued)
            top -= row.high
        for row in self.rows:
            if row.total:
                sheet.rule(left, left + self.wide, top, (0.35, 0.4, 0.45), 0.8)
            self._draw_row(sheet, row, left, top, repeated=False)
            top -= row.high
            sheet.rule(left, left + self.wide, top, RULE, 0.5)

    def _draw_row(self, sheet: Sheet, row: Row, left: float, top: float, *, repeated: bool) -> None:
        for across, block in row.cells:
            x, y = left + across + PAD_ACROSS, top - PAD_DOWN
            if block.lines and repeated:
                with sheet.artifact():
                    block.draw_lines(sheet, x, y)
            elif block.lines:
                block.draw(sheet, x, y)


def table_block(columns: Sequence[float], rows: Sequence[Entry], *, heads: int = 0, before: float = 0) -> TableBlock:
    """A table over columns of given widths in points; the first `heads` rows head it on every page."""
    node = Node("Table")
    done = [_row(entry, columns) for entry in rows]
    node.kids.extend(row.node for row in done)
    return TableBlock(sum(columns), node, done[:heads], done[heads:], before)


def _row(entry: Entry, columns: Sequence[float]) -> Row:
    node = Node("TR")
    done: list[PlacedCell] = [
        (left, text_block(cell.text, cell.style, wide - 2 * PAD_ACROSS, _attributes(cell)))
        for cell, left, wide in _placed(entry.cells, columns)
    ]
    node.kids.extend(block.node for _, block in done)
    return Row(done, node, entry.total)


def _placed(cells: Sequence[Cell], columns: Sequence[float]) -> Iterator[tuple[Cell, float, float]]:
    at, left = 0, 0.0
    for cell in cells:
        wide = sum(columns[at : at + cell.span])
        yield cell, left, wide
        at, left = at + cell.span, left + wide


def _attributes(cell: Cell) -> str:
    scope = f" /Scope /{cell.style.scope}" if cell.style.scope else ""
    span = f" /ColSpan {cell.span}" if cell.span > 1 else ""
    return f"/A << /O /Table{scope}{span} >>" if scope or span else ""
