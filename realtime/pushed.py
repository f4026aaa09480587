"""Somebody who is handed the entries of a log as they are read, by way of a sink."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from realtime.eager import begun
from realtime.entry import Heartbeat, Resync
from realtime.inbox import Standing
from realtime.place import Place
from realtime.ports import Frame, LookAt, Sink

log = logging.getLogger("portal.hub")

Rest = Awaitable[None] | Callable[[], Awaitable[str]]
TURN = 32
SOONER = 0.92


class Pushed(Place):
    """Renders and sends at once, without a task of its own, as long as the sink takes it.

    What the sink cannot take yet is carried on by a task, one frame at a time, while the others are served. After 32
    frames in a row the others have their turn. `lost` is told when it must be placed anew, `wants_more` when there is
    room for what is known to be there.
    """

    __slots__ = ("_after", "_beat", "_look", "_lost", "_opening", "_sink", "_task", "_wants_more")

    def __init__(
        self, who: tuple[UUID, UUID], after: str | None, sink: Sink, beat: float, look: LookAt[bool] | None = None
    ) -> None:
        super().__init__(*who)
        self._after = after
        self._sink = sink
        self._beat = beat * SOONER
        self._look = look
        self._opening: Heartbeat | Resync | None = None
        self._task: asyncio.Task[None] | None = None
        self._lost: Callable[[Place], None] = _nothing
        self._wants_more: Callable[[Place], None] = _nothing

    def served_by(self, lost: Callable[[Place], None], wants_more: Callable[[Place], None]) -> None:
        self._lost, self._wants_more = lost, wants_more

    @property
    def at_rest(self) -> bool:
        """Whether all that was handed out has been sent."""
        return self._task is None and not self._queue and self._opening is None

    @property
    def due(self) -> bool:
        """Whether it is time for a heartbeat."""
        return self._placed and self._task is None and self.quiet_for >= self._beat

    def open(self, standing: Standing) -> None:
        self._opening = self.take_up(standing, self._after)
        look, self._look = self._look, None
        if look:
            self._task = asyncio.create_task(self._begin(look(str(standing.now))), name="portal-look")
        else:
            self.awake()

    def beat(self) -> None:
        """Tell where it is, as nothing else was told for long."""
        self._opening = self.heartbeat()
        self.awake()

    def awake(self) -> None:
        """Hand out what there is, unless a task is at it."""
        if self._task is not None or self.ended:
            return
        try:
            self._hand_out()
        except Exception as fault:  # noqa: BLE001
            self.fail(fault)

    def end(self) -> None:
        super().end()
        if self._task:
            self._task.cancel()

    def complete(self) -> None:
        """End it, and say so."""
        if not self.ended:
            self.end()
            _told(self._sink.complete)

    def fail(self, fault: Exception) -> None:
        """End it, and say why: the sink gets no more."""
        self.end()
        _told(partial(self._sink.failed, fault))

    def _hand_out(self) -> None:
        left = TURN
        while (frame := self._next()) is not None:
            if not isinstance(frame, str):
                return self._carry_on(frame)
            if (sending := self._sink.send(frame)) and (rest := begun(sending)):
                return self._carry_on(rest)
            left -= 1
            if not left:
                return self._go_on()
        if self.behind:
            self._wants_more(self)
        return None

    def _go_on(self) -> None:
        """When the others have had their turn."""
        asyncio.get_running_loop().call_soon(self.awake)

    def _next(self) -> Frame | None:
        if self._opening or self.fault:
            return self._first()
        while self._queue and (row := self.pop()):
            frame = self._sink.tells(row, self)
            if frame is not None:
                self.spoke()
                return frame
        return None

    def _first(self) -> Frame | None:
        """What is to be told before any entry; None where it has to be placed anew."""
        if opening := self._opening:
            self._opening = None
            return None if self.ended else self._sink.says(opening)
        if not self.ended:
            self._lost(self)
        return None

    def _carry_on(self, rest: Rest) -> None:
        self._task = asyncio.create_task(self._finish(rest), name="portal-push")

    async def _begin(self, look: Awaitable[bool]) -> None:
        there = False
        try:
            there = await look
        except Exception as fault:  # noqa: BLE001
            self._task = None
            self.fail(fault)
        self._task = None
        if there:
            self.awake()
        else:
            self.complete()

    async def _finish(self, rest: Rest) -> None:
        try:
            if callable(rest):
                if sending := self._sink.send(await rest()):
                    await sending
            else:
                await rest
        except Exception as fault:  # noqa: BLE001
            self.fail(fault)
        finally:
            self._task = None
        self.awake()


def _told(says: Callable[[], None]) -> None:
    """A sink that cannot even be told of its end is no reason to keep anything from the others."""
    try:
        says()
    except Exception:
        log.exception("a subscription ended without its sink")


def _nothing(_: Place) -> None:
    """Before it is served there is nobody to tell."""
