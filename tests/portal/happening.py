"""Events by chance, as a log tells them, and those who listen to them in one process without a database."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Self
from uuid import UUID, uuid4

import orjson
from strawberry.types import ExecutionResult

import schema
from models.event import BELLS_READ, READING, WITHDRAWING
from models.lifecycle import Role, Side
from models.notification import NotificationKind
from models.person import Viewer
from portal.audience import Audience
from portal.audiences import Audiences
from portal.body import Call
from portal.operations import Operation, Operations
from portal.outlet import Outlet
from portal.served import ServedSchema
from realtime.entry import SHARED, Heartbeat, Row, Told
from resolvers.context import Context

SCHEMA = schema.built(ServedSchema)
JULY = datetime(2026, 7, 1, tzinfo=UTC)
EXPIRES = datetime(2099, 1, 1, tzinfo=UTC)
KINDS = ("offer.submit", "message.send", "ipa.share", READING, WITHDRAWING, BELLS_READ, "notification.read")
SUBJECTS = ("REFERRAL", "OFFER", "IPA", "THREAD", "DOCUMENT")
ASKING = (NotificationKind.OFFER_UPDATED, NotificationKind.IPA_UPDATED)
NOTICES = (None, *(kind.value for kind in NotificationKind))
WITHOUT_DATABASE = tuple(notice for notice in NOTICES if notice not in ASKING)
"""Those of which a selection that is not plain can be answered here, too."""


def listener(side: Side = Side.PROVIDER, role: Role = Role.MEMBER) -> Viewer:
    return Viewer(uuid4(), uuid4(), side, frozenset({role}), uuid4(), "Ann", None, "Testford", EXPIRES)


def told(chance: Random, *, visible: bool | None = None, **given: Any) -> Told:
    """Anything that a log may hold, with text that JSON and templates must take care of."""
    some = dict.fromkeys(SHARED) | {
        "event_id": _id(chance), "at": JULY + timedelta(milliseconds=chance.getrandbits(30)),
        "kind": chance.choice(KINDS), "notice": chance.choice(NOTICES), "subject_kind": chance.choice(SUBJECTS),
        "subject_id": _id(chance), "referral_id": _id(chance), "version": chance.randint(1, 9),
        "ids": tuple(_id(chance) for _ in range(chance.randint(0, 3))), "from_others": chance.random() < 0.5,
        "thread_id": chance.choice((None, _id(chance))), "actor_id": _id(chance),
        "reference": chance.choice((None, "WM-7KD4-RES", '50 %s "é" \\ {0} %% \u2028')),
    }  # fmt: skip
    return Told({**some, **given}, chance.random() < 0.9 if visible is None else visible)


def _id(chance: Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)


@dataclass(frozen=True)
class Where:
    cursor: str
    last: str


class Listens:
    """One who has subscribed, and found `found`: their outlet, and what the executor would have told them."""

    websocket: Any = None

    def __init__(
        self, viewer: Viewer, document: str, variables: dict[str, Any], audiences: Audiences, found: Any = None
    ) -> None:
        self.viewer: Viewer | None = viewer
        self.executed = 0
        self.variables = variables
        self.operation: Operation = OPERATIONS.prepare(Call(document, variables, None), viewer)
        asked = audiences.of(self.operation, variables, viewer)
        assert asked, document
        self.found = found
        self.audience: Audience = asked.audience(found)
        self.after = asked.after
        self._looks_first = asked.look is not None
        asked = replace(asked, look=self._look) if asked.look else asked
        self.outlet = Outlet("1", asked, self, (self.operation, variables), lambda _: None)

    @property
    def says_at_once(self) -> Any:
        return lambda _: False

    def fresh_context(self) -> Any:
        self.executed += 1
        return Context(_shell(), self.viewer)

    async def looks(self) -> Self:
        """As a stream of one thing does before it is told anything; the others have nothing to look for."""
        if self._looks_first:
            assert await self.outlet.look("begin")
            self.executed = 0
        return self

    async def _look(self, *_: Any) -> Any:
        return self.found

    async def frame(self, row: Row, at: Where) -> str | None:
        frame = self.outlet.tells(row, at)
        return await frame() if callable(frame) else frame

    async def by_executor(self, row: Row, at: Where) -> str | None:
        """The frame as graphql-core gives it, of a hub that has this one entry."""
        async for result in self.results(row, at):
            assert isinstance(result, ExecutionResult)
            assert not result.errors, result.errors
            return '{"id":"1","type":"next","payload":' + orjson.dumps({"data": result.data}).decode() + "}"
        return None

    def results(self, row: Row, at: Where) -> AsyncGenerator[ExecutionResult, None]:
        context = Context(_shell(_Log(row, at, self.found)), self.viewer)
        return SCHEMA.follow(self.operation, self.variables, context)


class _Log:
    def __init__(self, row: Row, at: Where, found: Any) -> None:
        self._row, self._at, self._found = row, at, found

    async def look(self, *_: Any) -> tuple[str, Any]:
        return self._at.last, self._found

    async def listen(self, _person: object, _session: object, _after: object, wants: Any, *_: Any) -> Any:
        entry = self._row.entry(self._at.cursor, self._at.last)
        if wants(entry):
            yield entry if self._row.told.visible else entry.tombstone()


@dataclass(frozen=True)
class _Shell:
    hub: Any


def _shell(hub: Any = None) -> Any:
    return _Shell(hub)


OPERATIONS = Operations(SCHEMA)
BEAT = Heartbeat("a cursor")
