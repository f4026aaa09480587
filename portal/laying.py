"""Sets passages in type: each becomes the blocks that are laid out over pages."""

from collections.abc import Iterable, Iterator, Sequence

from portal.page_flow import Block
from portal.passages import Fields, Passage, Rooms, Table, Words, value
from portal.print_style import CAPTION, FIELD_COLUMNS, HEADING, LABEL, MEASURE, VALUE
from portal.room_block import rooms_block
from portal.table_block import Cell, Entry, TableBlock, table_block
from portal.text_block import TextBlock, text_block, text_width


def laid(passages: Iterable[Passage]) -> list[Block]:
    """The blocks of the passages, in their order."""
    return [block for passage in passages for block in _blocks(passage)]


def _blocks(passage: Passage) -> Iterator[Block]:
    if isinstance(passage, Words):
        yield _words(passage)
    elif isinstance(passage, Fields):
        yield _fields(passage)
    elif isinstance(passage, Rooms):
        yield rooms_block(passage.rooms)
    else:
        yield from _table(passage)


def _words(words: Words) -> TextBlock:
    block = text_block(words.text, words.style, MEASURE)
    if words.style is HEADING:
        block.bookmark = words.text
    return block


def _table(table: Table) -> Iterator[Block]:
    """The caption is printed above its table and is part of it in the structure."""
    wide = [share * MEASURE for share in table.shares]
    body = table_block(wide, [table.head, *table.rows], heads=1, before=3)
    caption = text_block(table.caption, CAPTION, MEASURE)
    body.node.kids.insert(0, caption.node)
    yield caption
    yield body


def _fields(fields: Fields) -> TableBlock:
    """Two pairs to a row where both values are short."""
    return table_block(FIELD_COLUMNS, [Entry(cells) for cells in _field_rows(fields.pairs)], before=fields.before)


def _field_rows(pairs: Sequence[tuple[str, str]]) -> Iterator[list[Cell]]:
    waiting: list[Cell] = []
    for label, text in pairs:
        short = "\n" not in text and text_width(text, VALUE.ink) <= FIELD_COLUMNS[1] - 10
        pair = [Cell(label, LABEL), value(text)]
        if waiting and short:
            yield waiting + pair
            waiting = []
            continue
        if waiting:
            yield _alone(waiting)
        waiting = pair if short else []
        if not short:
            yield _alone(pair)
    if waiting:
        yield _alone(waiting)


def _alone(pair: Sequence[Cell]) -> list[Cell]:
    label, cell = pair
    return [label, Cell(cell.text, cell.style, span=3)]
