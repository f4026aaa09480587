"""One schedule played in one world, step by step."""

import asyncio
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import pyotp

from realtime.cursor import Cursor, numbering
from tests.deciding import confirming
from tests.veil.asgi import request
from tests.veil.cast import PASSWORD
from tests.veil.dice import Dice
from tests.veil.questions import act, streams
from tests.veil.schedule import Step
from tests.veil.watching import Observed, Watch
from tests.waiting import PATIENCE

TABLE_OF = {"referral": "referral", "offer": "offer", "ipa": "ipa"}
SIGN_IN = """mutation ($input: SignInInput!) { signIn(input: $input) { challenge problems { code } } }"""
CONFIRM = """mutation ($input: SignInConfirmInput!) { signInConfirm(input: $input) { token problems { code } } }"""
LOOK = (
    "query ($id: UUID!) { messages(threadId: $id, first: 100) { nodes { no isNew } } thread(id: $id) { unread }"
    " viewer { pending { unreadMessages } } }"
)
BELLS = "{ notifications(first: 100, unreadOnly: true) { nodes { id kind } } }"


@dataclass
class Play(Watch):
    """Plays the steps of a schedule, and lets everybody look after each."""

    dice: Dice = field(kw_only=True)

    # ── the schedule ─────────────────────────────────────────────────────────
    async def through(self, *, reading: bool) -> Observed:
        """All of it, or all but the reader's readings, each of which is replaced by nothing."""
        self.dice.throw(f"{self.schedule.seed} before")
        for name in (*self.watchers, self.schedule.reader):
            self.follow(name, {})
        await self.settled()
        for number, step in enumerate(self.schedule.steps):
            self.number = number
            if reading or not step.reading:
                self.dice.throw(f"{self.schedule.seed} {self.number}")
                await self.step(step)
            await self.settled()
            await self.glance()
        await self.look_round()
        return self.observed

    async def step(self, step: Step) -> None:
        before = await self.marks() if step.reading else None
        self.observed.counts[step.act] += 1
        if step.act == "clock":
            self.world.clock.goes_on(**step.given)
        elif step.act in ERRANDS:
            await ERRANDS[step.act](self, step)
        else:
            await self.act(step)
        if step.reading and before != await self.marks():
            self.observed.counts["marks"] += 1

    async def act(self, step: Step) -> None:
        given = {"file": "AGREEMENT"} | await self.given(step)  # which of its files is opened, where one is
        status, headers, body = await self.ask(step.who, act(step.act), given)
        self.told(step.who, str(step), status, headers, body)
        (payload,) = (orjson.loads(body).get("data") or {"": None}).values()
        self.observed.counts["refused"] += bool(payload is None or payload["problems"])
        if step.act.endswith("Create") and payload and not payload["problems"]:
            record = next(value for value in payload.values() if isinstance(value, dict))
            (self.unknown if step.reading else self.ids)[step.of] = record["id"]
        if step.act == "ipaOpen" and payload and payload["download"]:
            path = payload["download"]["url"].removeprefix(self.world.shell.address)
            self.told(step.who, f"{step}: the PDF", *await self.fetched(path))

    async def fetched(self, path: str) -> tuple[int, bytes, bytes]:
        status, headers, body = await request(self.portal.asgi, "GET", path)
        self.observed.counts["pdf"] += body.startswith(b"%PDF")
        return status, headers, body

    async def marks(self) -> list[dict[str, Any]]:
        """How far the reader has read each conversation."""
        mine = "SELECT thread_id, last_read_no FROM thread_read WHERE person_id = $1 ORDER BY 1"
        return await self.tables.sql(mine, self.cast.people[self.schedule.reader].person_id)

    # ── what an act is given ─────────────────────────────────────────────────
    async def given(self, step: Step) -> dict[str, Any]:
        """Its arguments by the labels of the schedule, with the version that stands in the database now."""
        given = {} if step.act == "messageSend" else dict(step.given)
        noun = re.match("[a-z]+", step.act)[0]  # type: ignore[index]
        if step.act in ("messageSend", "referralCreate", "offerCreate", "ipaCreate", "ipaSign"):
            given["idempotencyKey"] = str(UUID(int=self.number + 1))
        if step.act == "messageSend":
            return {**await self.words(step), "threadId": await self.thread(step.of), **given}
        if step.act == "threadRead":
            return await self.up_to(step)
        if step.act.endswith("Create"):
            return {**given, **await self.made_from(step)}
        if noun in TABLE_OF:
            given["id"] = id_ = self.id(step.of)
            rows = await self.tables.sql(f"SELECT * FROM {TABLE_OF[noun]} WHERE id = $1", UUID(id_))
            given["expectedVersion"] = rows[0]["version"] if rows else 1
            if step.act == "ipaSign":
                given |= await self.signature(step.who, rows)
            if step.act == "offerAccept":
                told = {"acknowledgedConditions": await self.conditions(rows)}
                given["input"] = await confirming(self.world, self.cast.people[step.who], **told)
        return given

    async def words(self, step: Step) -> dict[str, Any]:
        """What is said, with a document of the writer's organisation where the schedule wants one."""
        words = {name: value for name, value in step.given.items() if name != "paper"}
        if step.given.get("paper"):
            of_writer = "SELECT id FROM document WHERE organisation_id = $1 ORDER BY id LIMIT 1"
            (paper,) = await self.tables.sql(of_writer, self.cast.people[step.who].organisation_id)
            words["attachments"] = [{"documentId": str(paper["id"])}]
        return {"input": words}

    async def conditions(self, offers: list[dict[str, Any]]) -> list[str]:
        """The conditions told of an offer, which whoever accepts it names."""
        told = "SELECT id FROM message WHERE referral_id = $1 AND provider_id = $2 AND tag = 'CONDITION' ORDER BY no"
        return [
            str(row["id"])
            for offer in offers
            for row in await self.tables.sql(told, offer["referral_id"], offer["provider_id"])
        ]

    async def made_from(self, step: Step) -> dict[str, Any]:
        case = step.of.split(" ")[0]
        if step.act == "ipaCreate":
            return {"offerId": self.id(f"{case} offer")}
        if step.act == "offerCreate":
            placement = {"homeId": str(self.cast.homes[step.who.split(" ")[0]])}
            return {"referralId": self.id(case), "input": {**step.given["input"], "placement": placement}}
        return {}

    async def signature(self, who: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
        code = await self.code(who)
        content_hash = rows[0]["content_hash"] if rows else None
        return {"contentHash": content_hash or "", "input": {"code": code, "consent": True}}

    async def code(self, who: str) -> str:
        """A code that nobody has used: those follow the wall's clock."""
        person = self.cast.people[who].person_id
        await self.tables.sql("UPDATE credential SET last_step = 0 WHERE person_id = $1", person)
        return pyotp.TOTP(self.cast.secrets[who]).at(datetime.now(UTC))

    async def thread(self, label: str) -> str:
        case, provider = label.split(" ")
        rows = await self.tables.sql(
            "SELECT id FROM thread WHERE referral_id = $1 AND provider_id = $2",
            UUID(self.id(case)), self.cast.organisations[provider],
        )  # fmt: skip
        return str(rows[0]["id"]) if rows else str(UUID(int=0))

    async def up_to(self, step: Step) -> dict[str, Any]:
        thread = await self.thread(step.of)
        rows = await self.tables.sql("SELECT head FROM thread WHERE id = $1", UUID(thread))
        head = rows[0]["head"] if rows else 0
        where = {"head": head, "middle": (head + 1) // 2, "first": min(1, head), "beyond": head + 1, "below": -1}
        if step.given["upTo"] == "nowhere":
            return {"id": str(UUID(int=1)), "upTo": 0}
        return {"id": thread, "upTo": where[step.given["upTo"]]}

    def id(self, label: str) -> str:
        return self.unknown.get(label) or self.ids.get(label, str(UUID(int=0)))

    # ── errands ──────────────────────────────────────────────────────────────
    async def bell(self, step: Step) -> None:
        """Marks the oldest unread notification of a message as read, or the oldest of any kind."""
        told = orjson.loads((await self.ask(step.who, BELLS, {}))[2])
        nodes = told["data"]["notifications"]["nodes"] if told["data"] else []  # who has signed out finds none
        ids = [node["id"] for node in nodes if node["kind"] == "MESSAGE_RECEIVED"] or [node["id"] for node in nodes]
        id_ = str(UUID(int=2)) if step.given or not ids else ids[-1]
        self.told(step.who, str(step), *await self.ask(step.who, act("notificationRead"), {"id": id_}))

    async def bells(self, step: Step) -> None:
        (row,) = await self.tables.sql(
            "SELECT epoch, head FROM portal_epoch, inbox WHERE person_id = $1", self.cast.people[step.who].person_id
        )
        up_to = str(Cursor(numbering(row["epoch"], self.cast.people[step.who].person_id), row["head"]))
        for only in ({"kinds": ["MESSAGE_RECEIVED", "REFERRAL_UPDATED"]}, None):
            given = {"upTo": up_to, "filter": only}
            self.told(step.who, str(step), *await self.ask(step.who, act("notificationsRead"), given))

    async def look(self, step: Step) -> None:
        self.told(step.who, str(step), *await self.ask(step.who, LOOK, {"id": await self.thread(step.of)}))

    async def sign_out(self, step: Step) -> None:
        self.told(step.who, str(step), *await self.ask(step.who, act("signOut"), {}))
        if screen := self.screens.get(step.who):
            await asyncio.wait_for(screen.task, PATIENCE)

    async def sign_in(self, step: Step) -> None:
        """Anew, going on with the streams where they were."""
        email = f"{step.who.replace(' ', '.').lower()}@example.org"
        first = await self.ask(None, SIGN_IN, {"input": {"email": email, "password": PASSWORD}})
        challenge = orjson.loads(first[2])["data"]["signIn"]["challenge"]
        given = {"challenge": challenge, "code": await self.code(step.who)}
        second = await self.ask(None, CONFIRM, {"input": given})
        self.tokens[step.who] = str(orjson.loads(second[2])["data"]["signInConfirm"]["token"])
        self.told(step.who, str(step), second[0], first[1] + second[1], first[2] + second[2])
        if screen := self.screens.get(step.who):
            self.kept_frames(step.who)
            self.follow(step.who, {name: screen.cursor(name) for name in streams()})


ERRANDS = {
    "bell": Play.bell, "bells": Play.bells, "look": Play.look, "signOut": Play.sign_out, "signIn": Play.sign_in,
}  # fmt: skip
