"""The rooms in which the parties' signatures will be seen, each a named rectangle of the finished file.

What signing draws finds its room by this contract: the file's catalogue has the destinations `LOCAL_AUTHORITY` and
`PROVIDER` in its `/Dests`, each `[page /FitR left bottom right top]` in points from the page's lower left corner. The
rectangle is empty paper, both lie on one page, and each is `ROOM` points high and as wide as half the measure allows:
enough for a name, a job title, an organisation, for whom and by which authority, a time and a short digest in 8 point.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.passages import Room
from portal.print_style import HEADING_OF_ROOM, MEASURE, NOTE_OF_ROOM, PARTY_OF_ROOM
from portal.sheet import Node, Sheet
from portal.table_block import FRAME, TINT
from portal.text_block import TextBlock, text_block

ROOM = 148.0
GAP = 15.0
PAD = 8.0
INSET = 3.0


@dataclass
class SetRoom:
    """One room that was set: its texts stand above the empty rectangle."""

    place: str
    left: float
    texts: list[TextBlock]
    node: Node

    @property
    def band(self) -> float:
        """The height of the texts, padding included."""
        return sum(text.before + text.high for text in self.texts) + 2 * PAD


@dataclass
class RoomsBlock:
    """Rooms side by side; never parted between pages."""

    wide: float
    rooms: list[SetRoom]
    node: Node
    before: float = 8
    keep_with_next: bool = field(default=False, init=False)

    @property
    def band(self) -> float:
        """The height of the highest texts, so that all rooms begin at one level."""
        return max(room.band for room in self.rooms)

    @property
    def high(self) -> float:
        """The height in points."""
        return self.band + ROOM

    @property
    def least(self) -> float:
        """All of it."""
        return self.high

    def split(self, room: float) -> None:
        """Nothing of it may stand on another page."""

    def draw(self, sheet: Sheet, left: float, top: float) -> None:
        """Prints heading and frame of each room, and names the empty rectangle in it."""
        for room in self.rooms:
            start = left + room.left
            sheet.fill(start, top - self.band, self.wide, self.band, TINT)
            sheet.frame(start, top - self.high, self.wide, self.high, FRAME)
            depth = PAD
            for text in room.texts:
                depth += text.before
                text.draw(sheet, start + PAD, top - depth)
                depth += text.high
            edge = start + self.wide - INSET
            sheet.place(room.place, start + INSET, top - self.high + INSET, edge, top - self.band - INSET)


def rooms_block(rooms: Sequence[Room]) -> RoomsBlock:
    """The rooms over the measure, in their order from left to right."""
    wide = (MEASURE - GAP * (len(rooms) - 1)) / len(rooms)
    done = [_set(room, number * (wide + GAP), wide - 2 * PAD) for number, room in enumerate(rooms)]
    return RoomsBlock(wide, done, Node("Sect", [room.node for room in done]))


def _set(room: Room, left: float, wide: float) -> SetRoom:
    told = ((room.heading, HEADING_OF_ROOM), (room.name, PARTY_OF_ROOM), (room.note, NOTE_OF_ROOM))
    texts = [text_block(text, style, wide) for text, style in told]
    return SetRoom(room.place, left, texts, Node("Sect", [text.node for text in texts]))
