"""What people observe of a play: answers, streams, and the database as each of them is shown it."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, ClassVar
from uuid import UUID

import orjson

from models.person import Viewer
from portal.app import Portal
from tests.veil.asgi import Screen, request
from tests.veil.cast import Cast
from tests.veil.questions import Questions, streams
from tests.veil.schedule import Schedule
from tests.veil.tables import Tables
from tests.waiting import PATIENCE
from tests.world import World

WALL = re.compile(rb'"expiresAt":"[^"]*"')  # of tickets and challenges, which follow the wall's clock
WATCHERS = 4
IN_CASES = " UNION ".join(f"SELECT id FROM {table}" for table in ("referral", "thread", "message", "offer", "ipa"))


@dataclass(frozen=True)
class Seen:
    """Something that one person observed: after which step, by which way, what it was, and every byte of it."""

    step: int
    way: str
    what: str
    content: bytes


@dataclass
class Observed:
    """What everybody but the reader has observed, person by person, and what the database holds beside the reader's."""

    of: dict[str, list[Seen]] = field(default_factory=lambda: defaultdict(list))
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    hidden: tuple[str, ...] = ()

    def note(self, who: str, seen: Seen) -> None:
        self.of[who].append(replace(seen, content=WALL.sub(b'"expiresAt":"then"', seen.content)))


@dataclass
class Watch:
    """Everything about one play that is observed; its own look at the database is the superuser's, through `tables`."""

    portal: Portal
    world: World
    cast: Cast
    questions: Questions
    schedule: Schedule
    tables: Tables
    observed: Observed = field(default_factory=Observed)
    ids: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    screens: dict[str, Screen] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    number: int = -1
    not_compared: ClassVar[Mapping[str, set[str]]] = {}

    def __post_init__(self) -> None:
        self.tokens.update(self.cast.tokens)

    async def ask(self, who: str | None, query: str, variables: dict[str, Any]) -> tuple[int, bytes, bytes]:
        body = orjson.dumps({"query": query, "variables": variables})
        headers = {"authorization": f"Bearer {self.tokens[who]}"} if who else {}
        return await request(self.portal.asgi, "POST", "/graphql", body, **headers)

    def told(self, who: str, what: str, status: int, headers: bytes, body: bytes) -> None:
        self.observed.counts["answers"] += 1
        assert b'"INTERNAL"' not in body, f"{self.number} {who}: {what}"
        if who not in self.schedule.unobserving:
            self.note(who, "answer", what, b"%d\n%b\n\n%b" % (status, headers, body))

    def note(self, who: str, way: str, what: str, content: bytes) -> None:
        self.observed.note(who, Seen(self.number, way, what, content))

    def follow(self, who: str, after: dict[str, str | None]) -> None:
        self.screens[who] = Screen(self.portal.asgi, self.tokens[who], streams(), after)

    def kept_frames(self, who: str) -> None:
        """Each stream of a screen as a whole: how they alternate is the scheduler's chance."""
        frames = self.screens[who].frames
        self.observed.counts["frames"] += len(frames)
        if who in self.schedule.unobserving:
            return
        for name in (*streams(), "closed"):
            mine = [f for f in frames if f'"id":"{name}"' in f or (name == "closed" and f.startswith(name))]
            self.note(who, "stream", name, "\n".join(mine).encode())

    @property
    def others(self) -> list[str]:
        return [name for name in self.cast.people if name not in self.schedule.unobserving]

    @property
    def watchers(self) -> list[str]:
        """Those who look at everything: a colleague of the reader, somebody of the other side, and two others."""
        chance, reader = Random(self.schedule.seed), self.schedule.reader
        near = [name for name in self.others if name.split(" ")[0] == reader.split(" ")[0]]
        far = [name for name in self.others if name.split(" ")[0] == self.schedule.opposite]
        chosen = [chance.choice(near), chance.choice(far)]
        return [*chosen, *chance.sample([name for name in self.others if name not in chosen], WATCHERS - 2)]

    async def settled(self) -> None:
        """Wait until every stream has brought everything there is, and look at what nobody but the reader may write."""
        heads = {row["person_id"]: row["head"] for row in await self.tables.sql("SELECT person_id, head FROM inbox")}
        hub = self.world.shell.hub
        async with asyncio.timeout(PATIENCE):
            while not self._all_heard(hub, heads):
                await asyncio.sleep(0.001)
        for _ in range(6):
            await asyncio.sleep(0)
        await self.look_at_everything()

    async def look_at_everything(self) -> None:
        beside = await self.tables.beside(self.cast.people[self.schedule.reader].person_id)
        self.note("nobody", "database", "all rows but the reader's own", beside)

    def _all_heard(self, hub: Any, heads: dict[UUID, int]) -> bool:
        awake = sum(not screen.task.done() for screen in self.screens.values())
        listeners = hub._reader.listeners
        return len(listeners) == awake * len(streams()) and all(
            listener._placed and listener._no >= heads[listener.person_id] and listener.at_rest
            for listener in listeners
        )

    async def glance(self) -> None:
        """After each step one of the others looks at something: chosen alike in both worlds."""
        chance = Random(f"{self.schedule.seed} {self.number}")
        who = chance.choice(self.watchers)
        await self.looks(who, [chance.choice(self.questions.lists)])
        await self.looks_at(who, chance.choice([*self.ids]) if self.ids else "", some=chance)

    async def looks(self, who: str, documents: list[str], **variables: Any) -> None:
        for document in documents:
            self.told(who, document, *await self.ask(who, document, variables))

    async def looks_at(self, who: str, label: str, some: Random) -> None:
        """Some of what can be asked of one case, or of what belongs to it."""
        for name, documents in self.questions.of_case.items():
            for id_ in await self.ids_of(name, label):
                if some.random() < 0.25:
                    await self.looks(who, [some.choice(documents)], id=id_)

    async def ids_of(self, question: str, label: str) -> list[str]:
        if question in ("thread", "messages"):
            rows = await self.tables.sql("SELECT id FROM thread ORDER BY id")
            return [str(row["id"]) for row in rows if label == "r0"]
        kind = {"referral": "", "timeline": "", "offer": "offer", "ipa": "agreement"}[question]
        return [self.ids[label]] if label and label.partition(" ")[2] == kind else []

    async def look_round(self) -> None:
        """At the end the watchers look at much, everybody asks in SQL, and streams are followed from the beginning."""
        self.number += 1
        ids = await self.all_ids()
        chance = Random(f"{self.schedule.seed} the end")
        for who in self.watchers:
            await self.looks(who, chance.sample(self.questions.lists, len(self.questions.lists) // 2))
            await self.looks(who, [self.questions.anything], ids=ids)
            for label in self.ids:
                await self.looks_at(who, label, some=chance)
        for who in self.others:
            self.note(who, "tables", "all rows behind the wall", await self.in_sql(self.cast.people[who]))
        await self.follow_again()

    async def all_ids(self) -> list[str]:
        return [str(row["id"]) for row in await self.tables.sql(f"{IN_CASES} ORDER BY id LIMIT 100")]

    async def in_sql(self, viewer: Viewer) -> bytes:
        (row,) = await self.tables.sql(
            "SELECT id FROM session WHERE person_id = $1 ORDER BY revoked_at IS NULL DESC LIMIT 1", viewer.person_id
        )
        return await self.tables.seen_by(replace(viewer, session_id=row["id"]), self.not_compared)

    async def follow_again(self) -> None:
        for name, screen in self.screens.items():
            self.kept_frames(name)
            if not screen.task.done():
                first = {stream: _first(screen, stream) for stream in streams()}
                await screen.close()
                self.follow(name, first)
        await self.settled()
        for name, screen in self.screens.items():
            self.kept_frames(name)
            await screen.close()


def _first(screen: Screen, stream: str) -> str | None:
    for frame in screen.frames:
        if f'"id":"{stream}"' in frame:
            return str(orjson.loads(frame)["payload"]["data"][stream]["cursor"])
    return None
