"""Everybody of a world as a client that read once and then only listened: what it knows must be what there is.

State before and the events since are the state after (S-119), after every act and for every person, whoever acted.
"""

import re
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Self
from uuid import UUID, uuid4

import asyncpg
from strawberry.types import ExecutionResult

from models.lifecycle import Role, Side
from models.person import Viewer
from portal.database import asyncpg_dsn
from realtime.cursor import Cursor
from realtime.entry import Entry, Reason, Resync
from realtime.inbox import Asked, InboxLog, Standing
from realtime.listener import Listener
from realtime.ports import HUB_SETTINGS
from schema import schema
from tests.grouping import GROUPS, agree
from tests.world import AN_ORDINARY_DAY, World, as_app

SHOWN = "id no kind title reference subjectKind subjectId referralId concernsId at readAt offerChangesSince"
STATE = f"""{{ unreadNotifications notifications(first: 100) {{ totalCount nodes {{ {SHOWN} }} }}
  unread: notifications(unreadOnly: true, first: 100) {{ totalCount nodes {{ id }} }} {GROUPS}
  threads(first: 100) {{ nodes {{ id unread }} }} viewer {{ pending {{ unreadMessages unreadNotifications }} }} }}"""
MESSAGES = "query ($id: UUID!) { messages(threadId: $id, first: 100) { nodes { no isNew } } }"
BELL = f"""subscription ($after: String) {{ notifications(after: $after) {{ __typename
  ... on NotificationAdded {{ cursor after unread notification {{ {SHOWN} }} }}
  ... on OfferChanged {{ cursor after unread offerId version }}
  ... on IpaChanged {{ cursor after unread ipaId version }}
  ... on NotificationsRead {{ cursor after unread ids upTo readAt }}
  ... on NotificationsWithdrawn {{ cursor after unread ids }}
  ... on Withdrawn {{ cursor after }} ... on Resync {{ cursor reason }} }} }}"""
TALK = """subscription ($after: String) { messages(after: $after) { __typename
  ... on MessageAdded { cursor after threadId no isNew } ... on MessagesRead { cursor after threadId upTo }
  ... on ThreadOpened { cursor after threadId } ... on ThreadWithdrawn { cursor after threadId }
  ... on Withdrawn { cursor after } ... on Resync { cursor reason } } }"""
PEOPLE = """
SELECT p.id, p.organisation_id, p.roles, p.name, p.job_title, o.side, o.name AS organisation, i.head, i.oldest, i.since,
       concat_ws('|', p.roles, everywhere.moved,
         (SELECT md5(string_agg(n::text, '' ORDER BY n.no)) FROM inbox_entry n WHERE n.person_id = p.id),
         (SELECT string_agg(r::text, '' ORDER BY r::text) FROM thread_read r WHERE r.person_id = p.id)) AS touched
FROM person p JOIN organisation o ON o.id = p.organisation_id JOIN inbox i ON i.person_id = p.id,
     (SELECT concat_ws('|', (SELECT count(*) FROM message), (SELECT count(withdrawn_at) FROM delivery)) AS moved
     ) everywhere
WHERE p.status = 'ACTIVE' AND p.roles <> '{MACHINE}' ORDER BY p.id
"""
SESSIONS = """
INSERT INTO session (id, person_id, token_hash, created_at, expires_at)
SELECT id, person_id, uuid_send(id), now(), $3 FROM unnest($1::uuid[], $2::uuid[]) made (id, person_id)
ON CONFLICT (id) DO UPDATE SET revoked_at = NULL
"""
FAR = AN_ORDINARY_DAY + timedelta(days=9999)


class Log:
    """The hub of a test: the entries that were read, handed out as a hub does, and then the end."""

    def __init__(self, standing: Standing, epoch: str, rows: list[Any]) -> None:
        self._standing, self._epoch, self._rows = standing, epoch, rows

    async def listen(self, person_id: UUID, session_id: UUID, after: str, wants: Any) -> AsyncIterator[Any]:
        listener = Listener(person_id, session_id, wants)
        cursor, reason = self._standing.take_up(after)
        listener.place(cursor)
        if reason:
            yield listener.resync(reason)
            return
        listener.fill(self._epoch, cursor.no, self._rows)
        while entry := listener.take():
            assert isinstance(entry, Entry)
            yield entry


@dataclass
class Known:
    """What one client knows, by what it read first and by what it has been told since."""

    cursor: str
    notifications: dict[str, dict[str, Any]] = field(default_factory=dict)
    new: dict[str, set[int]] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)

    @property
    def unread(self) -> int:
        return sum(each["readAt"] is None for each in self.notifications.values())

    def hears(self, item: dict[str, Any]) -> str | None:
        """Take in one item; the id of a conversation that must be read afresh."""
        kind = re.sub(r"(?=[A-Z])", "_", item["__typename"]).lower()
        again: str | None = getattr(self, kind)(item)
        return again

    def _notification_added(self, item: dict[str, Any]) -> None:
        shown = item["notification"]
        assert shown["id"] not in self.told, "told twice"
        assert shown["no"] > max((each["no"] for each in self.notifications.values()), default=0)
        self.told.add(shown["id"])
        self.notifications[shown["id"]] = shown

    def _offer_changed(self, item: dict[str, Any]) -> None:
        """No bell: an offer is to be read again."""

    def _ipa_changed(self, item: dict[str, Any]) -> None:
        """No bell: an agreement is to be read again."""

    def _notifications_read(self, item: dict[str, Any]) -> None:
        assert (item["upTo"] is None) == bool(item["ids"])
        for id, shown in self.notifications.items():
            if shown["readAt"] is None and (id in item["ids"] or shown["no"] <= (item["upTo"] or 0)):
                self.notifications[id] = {**shown, "readAt": item["readAt"]}

    def _notifications_withdrawn(self, item: dict[str, Any]) -> None:
        for id in item["ids"]:
            self.notifications.pop(id, None)

    def _message_added(self, item: dict[str, Any]) -> None:
        if item["isNew"]:
            self.new.setdefault(item["threadId"], set()).add(item["no"])

    def _messages_read(self, item: dict[str, Any]) -> None:
        known = self.new.get(item["threadId"], set())
        self.new[item["threadId"]] = {no for no in known if no > item["upTo"]}

    def _thread_opened(self, item: dict[str, Any]) -> str:
        return str(item["threadId"])

    def _thread_withdrawn(self, item: dict[str, Any]) -> None:
        self.new.pop(item["threadId"], None)

    def _withdrawn(self, item: dict[str, Any]) -> None:
        """Something stood here."""

    def is_like(self, other: "Known") -> None:
        assert self.notifications == other.notifications
        assert {thread: nos for thread, nos in self.new.items() if nos} == other.new


@dataclass
class Listening:
    """Everybody who may sign in, each as they knew things at every moment that was looked at.

    Who was told nothing, read nothing and lost nothing since knows what they knew, and is not asked again.
    """

    world: World
    log: InboxLog
    database: "asyncpg.Connection[asyncpg.Record]"
    epoch: str
    every: int = 1
    acts: int = 0
    done: set[str] = field(default_factory=set)
    kept: dict[UUID, list[Known]] = field(default_factory=dict)
    sessions: dict[UUID, UUID] = field(default_factory=dict)
    touched: dict[UUID, str] = field(default_factory=dict)

    @classmethod
    @asynccontextmanager
    async def to(cls, world: World, every: int = 1) -> AsyncIterator[Self]:
        """Listens to every act of the world from now on, or from one of so many to the next; looks back at the end."""
        given: Any = {"min_size": 1, "max_size": 1, "server_settings": HUB_SETTINGS}
        database = await asyncpg.connect(asyncpg_dsn(world.dsn))
        async with asyncpg.create_pool(asyncpg_dsn(as_app(world.dsn)), **given) as pool:
            epoch = await database.fetchval("SELECT epoch FROM portal_epoch")
            made = cls(world, InboxLog(pool, world.clock), database, epoch, every)
            world.after_act = made.acted
            await made.agrees()
            yield made
            world.after_act = None
            await made.agrees()
            await made.agrees_from_everywhere()
        await database.close()

    async def acted(self, answer: dict[str, Any]) -> None:
        """Looks in after an act; `done` keeps the names of those that were not refused."""
        self.done |= {act for act, payload in answer.items() if not payload["problems"]}
        self.acts += 1
        if self.acts % self.every == 0:
            await self.agrees()

    async def agrees(self) -> None:
        """What each client knew, and what it was told since, is what it can read now."""
        for viewer, standing in await self._moved():
            now = await self._read(viewer, standing)
            if viewer.person_id in self.kept:
                before = deepcopy(self.kept[viewer.person_id][-1])
                now.told = await self._follow(viewer, before, now, standing, live=True)
            self.kept.setdefault(viewer.person_id, []).append(now)

    async def agrees_from_everywhere(self, every: int = 4) -> None:
        """From what a client knew at any cursor, a replay leads to what there is now."""
        self.touched.clear()
        for viewer, standing in await self._moved():
            now = await self._read(viewer, standing)
            for before in self.kept[viewer.person_id][::every]:
                await self._follow(viewer, deepcopy(before), now, standing, live=False)

    async def _follow(self, viewer: Viewer, known: Known, now: Known, standing: Standing, *, live: bool) -> set[str]:
        """Everything is heard in order and leads to `now`; the ids of what has been told by then."""
        (rows,) = (await self.log.entries([Asked.of(viewer.person_id, no_of(known.cursor))])).rows
        for document in (BELL, TALK) if rows else ():
            if await self._hear(viewer, known, Log(standing, self.epoch, rows), document, live=live):
                return known.told | set(now.notifications)
        known.is_like(now)
        return known.told

    async def _hear(self, viewer: Viewer, known: Known, log: Log, document: str, *, live: bool) -> bool:
        """Whether the client must read everything afresh, for which only a change of what it may see is a reason."""
        last = known.cursor
        context = self.world.context(viewer)
        context.shell = replace(context.shell, hub=log)
        source: Any = await schema.subscribe(document, {"after": last}, context)
        async with aclosing(source):
            async for result in source:
                item = the_item(result)
                if item["__typename"] == Resync.__name__:
                    assert item["reason"] == Reason.ACCESS_CHANGED
                    return True
                assert item["after"] == last, "something lies between"
                last = item["cursor"]
                if thread := known.hears(item):
                    known.new[thread] = await self._new(viewer, thread)
                assert not live or item.get("unread", known.unread) == known.unread
        return False

    async def _read(self, viewer: Viewer, standing: Standing) -> Known:
        """What a client finds that reads everything now; every way to count agrees."""
        found = await self.world.gql(viewer, STATE)
        nodes, unread = found["notifications"]["nodes"], found["unread"]
        known = Known(str(standing.now), {each["id"]: each for each in nodes})
        assert [each["no"] for each in nodes] == sorted((each["no"] for each in nodes), reverse=True)
        assert len(nodes) == found["notifications"]["totalCount"] == len(known.notifications)
        assert known.unread == found["unreadNotifications"] == unread["totalCount"] == len(unread["nodes"])
        agree(found, nodes)
        pending = found["viewer"]["pending"]
        assert pending["unreadNotifications"] == known.unread
        for thread in found["threads"]["nodes"]:
            if thread["unread"]:
                known.new[thread["id"]] = await self._new(viewer, thread["id"])
                assert len(known.new[thread["id"]]) == thread["unread"]
        assert pending["unreadMessages"] == sum(map(len, known.new.values()))
        return known

    async def _new(self, viewer: Viewer, thread: str) -> set[int]:
        shown = await self.world.gql(viewer, MESSAGES, id=thread)
        return {message["no"] for message in shown["messages"]["nodes"] if message["isNew"]}

    async def _moved(self) -> list[tuple[Viewer, Standing]]:
        """Whoever may see something else than when last looked at, with a session of their own that no act ends."""
        found = [row for row in await self.database.fetch(PEOPLE) if self.touched.get(row["id"]) != row["touched"]]
        self.touched |= {row["id"]: row["touched"] for row in found}
        sessions = [self.sessions.setdefault(row["id"], uuid4()) for row in found]
        await self.database.execute(SESSIONS, sessions, [row["id"] for row in found], FAR)
        return [(self._viewer(row), Standing.of({**row, "epoch": self.epoch}, row["id"])) for row in found]

    def _viewer(self, row: Any) -> Viewer:
        return Viewer(
            row["id"], row["organisation_id"], Side(row["side"]), frozenset(map(Role, row["roles"])),
            self.sessions[row["id"]], row["name"], row["job_title"], row["organisation"], FAR,
        )  # fmt: skip


def the_item(result: Any) -> dict[str, Any]:
    assert isinstance(result, ExecutionResult)
    assert result.errors is None
    (item,) = (result.data or {}).values()
    return dict(item)


def no_of(cursor: str) -> int:
    parsed = Cursor.parse(cursor)
    assert isinstance(parsed, Cursor)
    return parsed.no
