"""Blocks laid out over pages: nothing overlaps, no heading stands alone, and the number of pages is known first."""

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple, Protocol

from portal.sheet import Node, Sheet


class Block(Protocol):
    """Something printed in the column of text; heights in points."""

    node: Node
    before: float
    keep_with_next: bool

    @property
    def high(self) -> float:
        """The height."""

    @property
    def least(self) -> float:
        """The smallest height of a first part that may stand at the foot of a page."""

    def split(self, room: float, /) -> "tuple[Block, Block] | None":
        """A part that fits into the room and the rest."""

    def draw(self, sheet: Sheet, left: float, top: float, /) -> None:
        """Prints the block."""


class Placed(NamedTuple):
    """A block and its distance from the top of the column."""

    block: Block
    depth: float


def paginate(blocks: Sequence[Block], room: float) -> list[list[Placed]]:
    """The blocks on pages with `room` points each; what cannot be parted and is taller than a page stands alone."""
    queue = deque(blocks)
    pages: list[list[Placed]] = [[]]
    while queue:
        block = queue.popleft()
        page = pages[-1]
        start = page[-1].depth + page[-1].block.high + block.before if page else 0.0
        first, rest = _fit(block, room - start, _companions(block, queue))
        if first is None and page:
            queue.appendleft(block)
            pages.append([])
            continue
        page.append(Placed(first or block, start))
        if rest is not None:
            queue.appendleft(rest)
            pages.append([])
    return pages


def _fit(block: Block, room: float, companions: float) -> tuple[Block | None, Block | None]:
    if block.high <= room:
        return (block, None) if block.high + companions <= room else (None, None)
    if block.least > room:
        return None, None
    return block.split(room) or (None, None)


def _companions(block: Block, following: Iterable[Block]) -> float:
    """The room that must remain below a block so that it does not stand apart from what it introduces."""
    high = 0.0
    for current, after in zip(chain([block], following), following, strict=False):
        if not current.keep_with_next:
            break
        high += after.before + (after.high if after.keep_with_next else after.least)
    return high
