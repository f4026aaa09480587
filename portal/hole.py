"""Text that is the same for many but for a few values: rendered once, and filled for each."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from realtime.entry import PERSONAL


class Touched(Exception):
    """What was to be rendered once depends on a value that is another for each."""


class Hole:
    """Stands for a value that each is told their own of. It can be passed on; looking into it raises `Touched`."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def _touched(self, *_: Any) -> Any:
        raise Touched(self.name)

    __bool__ = __eq__ = __hash__ = __lt__ = __le__ = __gt__ = __ge__ = __add__ = __radd__ = __sub__ = _touched
    __rsub__ = __int__ = __index__ = __str__ = __len__ = __iter__ = __contains__ = __getitem__ = __format__ = _touched


HOLES: dict[str, Any] = {name: Hole(name) for name in PERSONAL}
WHOLE = ("no", "unread")
"""The holes that are whole numbers; the others are texts that need no escape in JSON."""


Pieces = list[str | Hole]
"""JSON as it is written, with its holes."""


@dataclass(frozen=True, slots=True)
class Template:
    """Finished JSON but for its holes."""

    text: str
    pick: Callable[[tuple[Any, ...]], Any]

    @classmethod
    def of(cls, pieces: Pieces) -> "Template":
        text = "".join(_piece(piece) for piece in pieces)
        names = [PERSONAL.index(piece.name) for piece in pieces if isinstance(piece, Hole)]
        return cls(text, itemgetter(*names) if names else _nothing)

    def filled(self, values: tuple[Any, ...]) -> str:
        """With these values, in the order of `PERSONAL`."""
        return str(self.text % self.pick(values))


def _piece(piece: str | Hole) -> str:
    if isinstance(piece, str):
        return piece.replace("%", "%%")
    return "%d" if piece.name in WHOLE else '"%s"'


def _nothing(_: tuple[Any, ...]) -> tuple[()]:
    return ()
