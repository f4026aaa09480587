"""Those who are told the same in the same words: one document, its variables, and one kind of person."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final

import orjson

from models.lifecycle import Role, Side
from models.person import Viewer
from portal.hole import HOLES, Pieces, Template, Touched
from portal.selection import Selection
from realtime.entry import Entry, Heartbeat, Resync, Row, Told
from realtime.ports import At
from resolvers.stream import Interest

Item = Entry | Heartbeat | Resync
MOST_WHOLE: Final = 2**31 - 1
"""Whole numbers beyond it are not plain: the contract's are of 32 bits."""


class Personal(Exception):
    """A stream asked who exactly listens."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What several people have in common. A stream that is made with it cannot depend on anything else about them."""

    side: Side
    roles: frozenset[Role]

    @property
    def sign_only(self) -> bool:
        return self.side is Side.PROVIDER and self.roles == {Role.SIGNATORY}

    def __getattr__(self, name: str) -> Any:
        raise Personal(name)


class Left(Enum):
    """What is left to do where an event has no template."""

    NOTHING = "it is not wanted"
    ONE_BY_ONE = "it is another for each"
    EXECUTOR = "it is not plain"


Rendering = Template | Left
MakeInterest = Callable[[Any], Interest]


class Audience:
    """Renders each event once for all of them. `rendered` counts how often that was."""

    rendered = 0

    def __init__(self, key: str, shown: Any, selection: Selection, make: MakeInterest, interest: Interest) -> None:
        self._before = '{"data":{' + orjson.dumps(key).decode() + ":"
        self._shown = shown
        self._selection = selection
        self._interest = interest
        self.make = make
        self._common: dict[Any, Rendering] = {}

    def of(self, told: Told) -> Rendering:
        """What all of them are told of this event, but for their own values."""
        rendering = told.rendered.get(self)
        if rendering is None:
            rendering = told.rendered[self] = self._rendering(told)
        return rendering

    def common(self, item: Heartbeat | Resync) -> Rendering:
        """The same of what is no event."""
        reason = item.reason if isinstance(item, Resync) else None
        key = (type(item), reason)
        if key not in self._common:
            self._common[key] = self._shown_as(replace(item, cursor=HOLES["cursor"]))
        return self._common[key]

    def alone(self, viewer: Viewer, row: Row, at: At) -> str | Left:
        """What this one is told of it, where it cannot be told to all alike."""
        interest = self.make(viewer)
        entry = row.entry(at.cursor, at.last)
        if not interest.wants(entry):
            return Left.NOTHING
        found = self._template(interest, entry, row.told.visible)
        return found.text % () if isinstance(found, Template) else Left.EXECUTOR

    def _rendering(self, told: Told) -> Rendering:
        entry = told.to(**HOLES)
        try:
            wanted = self._interest.wants(entry)
            return self._template(self._interest, entry, told.visible) if wanted else Left.NOTHING
        except (Touched, Personal):
            return Left.ONE_BY_ONE

    def _template(self, interest: Interest, entry: Entry, visible: bool) -> Rendering:
        return self._shown_as(interest.tells(entry if visible else entry.tombstone()))

    def _shown_as(self, event: object) -> Rendering:
        self.rendered += 1
        try:
            pieces: Pieces = [self._before, *self._selection.pieces(self._shown, event), "}}}"]
            return Template.of(pieces)
        except Exception:  # noqa: BLE001  # whatever is the matter, the executor meets it too, and tells it the client
            return Left.EXECUTOR
