"""Where the log, the sessions and the listeners of this process meet."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from realtime.arrivals import Arrivals
from realtime.cursor import Cursor
from realtime.entry import Entry, Item
from realtime.hints import Hints
from realtime.inbox import InboxLog, LogClosed, Standing
from realtime.listener import Listener
from realtime.polling import Polled, polled
from realtime.ports import Clock, LookAt, OpenPool, Sink
from realtime.pushed import TURN, Pushed
from realtime.reader import Reader
from realtime.sessions import Sessions

log = logging.getLogger("portal.hub")

HEARTBEAT = 25.0
BETWEEN_SWEEPS = 0.1
BETWEEN_BEATS = 0.04
AFTER_A_BUG = 1.0
T = TypeVar("T")


class Hub:
    """Hands every listener the entries of its person's log in order, each once, none left out, whatever fails.

    The log decides what is delivered and hints only when it is looked at, so a lost hint costs time, never an entry.
    Nothing is handed to a session that has ended. One hub a process; its hints are started by whoever made them.
    """

    def __init__(self, hints: Hints, open_pool: OpenPool, clock: Clock, *, heartbeat: float = HEARTBEAT) -> None:
        self._open_pool = open_pool
        self._clock = clock
        self._heartbeat = heartbeat
        self.ear = hints.ear
        self._ear, self._door = hints.ear(), hints.ear()
        self._sessions = Sessions(clock)
        self._tasks: list[asyncio.Task[None]] = []
        self._log: InboxLog
        self._reader: Reader
        self._arrivals: Arrivals

    @property
    def listening(self) -> int:
        """How many subscriptions there are."""
        return len(self._reader.listeners)

    @property
    def watching(self) -> int:
        """How many sessions they and the sockets belong to."""
        return len(self._sessions.watched)

    async def start(self) -> None:
        """Open the pool, which may fail as the factory does; from then on failures of the database are waited out."""
        self._log = InboxLog(await self._open_pool(), self._clock)
        self._reader = Reader(self._log, self._ear, self._sessions)
        self._arrivals = Arrivals(self._log, self._sessions, self._reader.add)
        works = (self._reader.turn, self._sweep, self._arrivals.turn, self._beat)
        self._tasks = [asyncio.create_task(_forever(work), name="portal-hub") for work in works]

    async def stop(self) -> None:
        """End every subscription; their clients go on from their cursors elsewhere."""
        for listener in self._reader.listeners:
            listener.complete()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._log.close()

    def watch_session(self, session_id: UUID, expires_at: datetime, close: Callable[[], None]) -> Callable[[], None]:
        """Call `close` once: within 250 ms of the session's revocation being announced, or when it expires.

        A revocation whose hint is lost is found at the next poll. Calling what is returned gives up the watch.
        """
        self._door.nudge()
        return self._sessions.watch(session_id, close, expires_at)

    async def listen(
        self, person_id: UUID, session_id: UUID, after: str | None, wants: Callable[[Entry], bool],
        place: str | None = None,
    ) -> AsyncGenerator[Item, None]:  # fmt: skip
        """What follows `after` in this person's log, then what happens, until the session ends.

        Without `after` it starts from now, or from a `place` that was now, with a heartbeat that tells where that is. A
        heartbeat comes whenever nothing else did for 25 s. `wants` chooses, and sees entries before they are made
        tombstones; cursors pass the rest by.
        """
        listener = Listener(person_id, session_id, wants)
        unwatch = self._sessions.watch(session_id, listener.end)
        self._door.nudge()
        try:
            item = await self._take_up(listener, place if after is None else after)
            if item is None and after is None and not listener.ended:
                item = listener.heartbeat()
            item = item or await self._next(listener)
            while item:
                yield item
                item = await self._next(listener)
        except LogClosed:
            return
        finally:
            unwatch()
            self._reader.discard(listener)

    async def look(self, who: tuple[UUID, UUID], look: LookAt[T]) -> tuple[str, T] | None:
        """The cursor of everything that a person has been told by now, and what is found by who looks after that.

        None where the session has ended.
        """
        place = str((await self._standing(who[0])).now)
        if ended := await self._log.ended({who[1]}):
            self._sessions.end(ended)
            return None
        return place, await look(place)

    async def lost(self, person_id: UUID, after: str, referral_id: UUID) -> str | None:
        """The cursor at which somebody who has seen everything up to `after` is told that they lost a referral."""
        cursor, reason = (await self._standing(person_id)).take_up(after)
        no = None if reason else await self._log.lost(person_id, cursor.no, referral_id)
        return str(Cursor(cursor.epoch, no)) if no else None

    async def poll(self, person_id: UUID, after: str, first: int) -> Polled:
        """What follows `after` in this person's log, once: for those who ask instead of listening."""
        return await polled(self._log, person_id, after, first)

    def push(
        self, who: tuple[UUID, UUID], after: str | None, sink: Sink, look: LookAt[bool] | None = None
    ) -> Callable[[], None]:
        """Hand the same to a sink, which chooses for itself: who listens is a person and their session.

        Nothing is handed out before this returns. Calling what it returns ends it; its session's end does so too, and
        silently, for then the sink's socket is closed. With a `look`, nothing is handed out before that is done, once
        the place is taken; where it gives False the stream is complete.
        """
        listener = Pushed(who, after, sink, self._heartbeat, look)
        listener.served_by(self._arrivals.add, self._reader.wanted_by)
        unwatch = self._sessions.watch(listener.session_id, listener.end)
        self._door.nudge()
        self._arrivals.add(listener)

        def leave() -> None:
            unwatch()
            self._arrivals.forget(listener)
            self._reader.discard(listener)
            listener.end()

        return leave

    async def _take_up(self, listener: Listener, after: str | None) -> Item | None:
        standing = await self._standing(listener.person_id)
        if ended := await self._log.ended({listener.session_id}):
            self._sessions.end(ended)
            listener.end()
            return None
        item = listener.take_up(standing, after)
        self._reader.add(listener)
        return item

    async def _standing(self, person_id: UUID) -> Standing:
        return (await self._log.standings({person_id}))[person_id]

    async def _next(self, listener: Listener) -> Item | None:
        while not listener.ended:
            if listener.fault:
                return await self._take_up(listener, listener.last)
            if listener.quiet_for >= self._heartbeat:
                return listener.heartbeat()
            entry = listener.take()
            self._reader.wanted_by(listener)
            if entry:
                return await _in_turn(entry)
            await listener.news(self._heartbeat - listener.quiet_for)
        return None

    async def _beat(self) -> None:
        """One look at all, rather than a timer for each."""
        await asyncio.sleep(self._heartbeat * BETWEEN_BEATS)
        for listener in self._reader.listeners:
            if isinstance(listener, Pushed) and listener.due:
                listener.beat()

    async def _sweep(self) -> None:
        """Look at all watched sessions, ten times a second at most, and not before those who are told something are."""
        await self._door.wait()
        await asyncio.sleep(BETWEEN_SWEEPS / 2)
        if watched := self._sessions.watched:
            self._sessions.end(await self._log.ended(watched))
        await asyncio.sleep(BETWEEN_SWEEPS / 2)


async def _in_turn(entry: Entry) -> Entry:
    """A long replay lets others run in between."""
    if entry.no % TURN == 0:
        await asyncio.sleep(0)
    return entry


async def _forever(work: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await work()
        except LogClosed:
            return
        except Exception:
            log.exception("the hub goes on after a fault of its own")
            await asyncio.sleep(AFTER_A_BUG)
