"""Everybody who read everything once and reads again only what they are told has changed: what they have is what is.

State before, and the events since, are the state after (S-028, S-119), for every act that a test takes and everybody in
its world: whatever changed on somebody's screen must have been named to them, by the contract's own words for it.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any, Self
from uuid import UUID, uuid4

import asyncpg
import orjson
from graphql import parse

from models.lifecycle import Role, Side
from models.person import Viewer
from portal.database import asyncpg_dsn
from realtime.inbox import InboxLog
from realtime.polling import Polled, polled
from realtime.ports import HUB_SETTINGS
from resolvers.operation import CompiledOperation, compiled
from schema import schema
from tests.cases import everything
from tests.listening import SESSIONS
from tests.world import AN_ORDINARY_DAY, World, as_app

FAR = AN_ORDINARY_DAY + timedelta(days=9999)
LISTS = {
    "referrals": "Referral", "offers": "Offer", "ipas": "Ipa", "uplifts": "Uplift", "delegations": "Delegation",
    "documents": "Document", "homes": "Home", "accounts": "Person", "registrationImports": "RegistrationImport",
    "threads": "Thread",
}  # fmt: skip
NAMES = {
    "REFERRAL": "Referral", "OFFER": "Offer", "IPA": "Ipa", "UPLIFT": "Uplift", "DELEGATION": "Delegation",
    "DOCUMENT": "Document", "PERSON": "Person", "REGISTRATION_IMPORT": "RegistrationImport", "THREAD": "Thread",
    "PROVIDER": "Registration",
}  # fmt: skip
BESIDE: dict[str, set[str]] = {
    "REFERRAL": {"Offer", "Ipa", "Uplift", "Thread"},
    "OFFER": {"Referral", "Ipa"},
    "IPA": {"Referral", "Offer", "Uplift"},
    "UPLIFT": {"Ipa"},
    "THREAD": {"Referral", "Offer"},
}
"""What else of the same case is to be read again when something of this kind has changed, as docs/live.md says."""
OF_NO_CASE = {"PROVIDER": {"Registration", "Home"}, "DELEGATION": {"Ipa"}}
LOG = """query ($after: String!) { log(after: $after, first: 500) { remaining resync { reason } entries { events {
  __typename ... on Changed { subjectKind subjectId referralId } ... on MessagesRead { threadId }
  ... on ThreadOpened { threadId } ... on Withdrawn { cursor } } } } }"""
PEOPLE = """
SELECT p.id, p.organisation_id, p.roles, p.name, p.job_title, o.side, o.name AS organisation
FROM person p JOIN organisation o ON o.id = p.organisation_id WHERE p.status = 'ACTIVE' ORDER BY p.name, p.id
"""


@cache
def question() -> CompiledOperation:
    """All lists with all fields of what is in them, each thing in its own list: one snapshot, kept compiled."""
    apart = (*LISTS.values(), "Registration")
    lists = (f"{name}(first: 100) {{ nodes {{ {everything(kind, apart)} }} }}" for name, kind in LISTS.items())
    document = f"{{ cursor registration {{ {everything('Registration', apart)} }} {' '.join(lists)} }}"
    lane = compiled(schema)(parse(document), None)
    assert lane is not None
    return lane


@dataclass(frozen=True)
class Screen:
    """Everything that somebody read in one query, and the cursor that came with it."""

    cursor: str
    things: dict[tuple[str, str], dict[str, Any]]

    @classmethod
    def of(cls, found: dict[str, Any]) -> Self:
        things = {(kind, node["id"]): node for name, kind in LISTS.items() for node in found[name]["nodes"]}
        if found["registration"]:
            things["Registration", found["registration"]["id"]] = found["registration"]
        return cls(found["cursor"], things)

    def differing(self, other: "Screen") -> Iterator[tuple[str, str]]:
        for key in {**self.things, **other.things}:
            if self.things.get(key) != other.things.get(key):
                yield key

    def case(self, key: tuple[str, str]) -> str | None:
        """The referral that a thing belongs to."""
        kind, id = key
        return id if kind == "Referral" else self.things.get(key, {}).get("referralId")


class Untold(AssertionError):
    """Something is another on somebody's screen, and nothing that they were told names it."""


@dataclass
class Polling:
    """The hub of a test for those who ask."""

    log: InboxLog

    async def poll(self, person_id: UUID, after: str, first: int) -> Polled:
        return await polled(self.log, person_id, after, first)


@dataclass
class Mirror:
    """Looks over the shoulders of some, chosen by `chance`, after each act, and over everybody's at the end.

    Where it `leaves_nothing`, nobody finds a session by which it looked.
    """

    world: World
    hub: Polling
    chance: Random
    at_once: int
    leaves_nothing: bool = False
    screens: dict[UUID, Screen] = field(default_factory=dict)
    sessions: dict[UUID, UUID] = field(default_factory=dict)
    acts: int = 0

    @classmethod
    @asynccontextmanager
    async def of(cls, world: World, seed: int, at_once: int, *, leaves_nothing: bool = False) -> AsyncIterator[Self]:
        given: Any = {"min_size": 1, "max_size": 1, "server_settings": HUB_SETTINGS}
        async with asyncpg.create_pool(asyncpg_dsn(as_app(world.dsn)), **given) as pool:
            made = cls(world, Polling(InboxLog(pool, world.clock)), Random(seed), at_once, leaves_nothing)
            await made.look(len(await made.people()))
            world.after_act = made.acted
            yield made
            world.after_act = None
            await made.look(len(await made.people()))

    async def acted(self, answer: dict[str, Any]) -> None:
        self.acts += any(not payload["problems"] for payload in answer.values())
        await self.look(self.at_once)

    async def look(self, many: int) -> None:
        people = await self.people()
        for viewer in self.chance.sample(people, min(many, len(people))):
            await self.agrees(viewer)
        if self.leaves_nothing:
            await self.world.sql("DELETE FROM session WHERE id = ANY ($1)", list(self.sessions.values()))

    async def agrees(self, viewer: Viewer) -> None:
        before = self.screens.get(viewer.person_id)
        now = self.screens[viewer.person_id] = Screen.of(await self.read(viewer))
        if before is None:
            return
        page = (await self.ask(viewer, LOG, after=before.cursor))["log"]
        if page["resync"]:
            assert page["resync"]["reason"] == "ACCESS_CHANGED"
            return
        assert page["remaining"] == 0
        told = [event for entry in page["entries"] for event in entry["events"]]
        for key in before.differing(now):
            if not any(_names(event, key, before, now) for event in told):
                what = f"{key}: {_difference(before, now, key)}; but of {told}"
                raise Untold(f"{viewer.name} ({viewer.side}, {sorted(viewer.roles)}) was not told of {what}")

    async def read(self, viewer: Viewer) -> dict[str, Any]:
        found = await question().run(self.world.context(viewer), {})
        assert found is not None
        return dict(orjson.loads(found))

    async def ask(self, viewer: Viewer, document: str, **variables: Any) -> dict[str, Any]:
        shell, hub = self.world.shell, self.world.shell.hub
        self.world.shell = replace(shell, hub=self.hub)
        try:
            return await self.world.gql(viewer, document, **variables)
        finally:
            self.world.shell = replace(self.world.shell, hub=hub)

    async def people(self) -> list[Viewer]:
        """Everybody who is active, each with a session of their own that no act ends."""
        rows = await self.world.sql(PEOPLE)
        sessions = [self.sessions.setdefault(row["id"], uuid4()) for row in rows]
        await self.world.sql(SESSIONS, sessions, [row["id"] for row in rows], FAR)
        return [
            Viewer(
                row["id"], row["organisation_id"], Side(row["side"]), frozenset(map(Role, row["roles"])),
                self.sessions[row["id"]], row["name"], row["job_title"], row["organisation"], FAR,
            )
            for row in rows
        ]  # fmt: skip


def _names(event: dict[str, Any], key: tuple[str, str], before: Screen, now: Screen) -> bool:
    """Whether somebody who is told this reads that thing again."""
    kind, id = key
    if event["__typename"] in ("MessagesRead", "ThreadOpened"):
        return key == ("Thread", event["threadId"]) or kind == "Referral"
    if event["__typename"] != "Changed":
        return False
    subject, about = event["subjectKind"], event["subjectId"]
    if NAMES.get(subject) == kind and about == id:
        return True
    if subject in OF_NO_CASE:
        return kind in OF_NO_CASE[subject]
    case = event["referralId"]
    return kind in BESIDE.get(subject, ()) and case is not None and case in (before.case(key), now.case(key))


def _difference(before: Screen, now: Screen, key: tuple[str, str]) -> Any:
    one, other = before.things.get(key), now.things.get(key)
    if one is None or other is None:
        return "new" if one is None else "gone"
    return {name: (one[name], other[name]) for name in one if one[name] != other[name]}
