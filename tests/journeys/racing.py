"""Two requests at one moment, again and again: what came of each round, and what must hold after any of them."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, ClassVar
from uuid import UUID

import asyncpg

from tests.journeys.asking import PROBLEMS, Asking, Somebody, new_key
from tests.journeys.placing import OFFER, SUBMIT, Placing
from tests.journeys.town import Town

EDIT = f"""mutation ($id: UUID!, $version: Int!, $fee: Decimal!) {{
  offerUpdate(id: $id, expectedVersion: $version, input: {{fees: [{{coreFeeWeekly: $fee}}]}}) {{
    offer {{ id version }} {PROBLEMS} }} }}"""
WITHDRAW = f"""mutation ($id: UUID!, $version: Int!) {{
  offerWithdraw(id: $id, expectedVersion: $version, reason: "The place is taken.") {{
    offer {{ id version }} {PROBLEMS} }} }}"""
CLOSE = f"""mutation ($id: UUID!, $version: Int!) {{
  referralClose(id: $id, expectedVersion: $version, reason: WITHDRAWN) {{ referral {{ id version }} {PROBLEMS} }} }}"""
LIVE = "status IN ('DRAFT', 'SUBMITTED', 'ACCEPTED')"
LONGEST = 0.2
Racer = Callable[[], Awaitable[dict[str, Any]]]


@dataclass
class HeadStart:
    """Lets two go nearly at once. Whoever has just been second is given more of a start, until it is first."""

    chance: Random
    lead: float = 0.0
    step: float = 0.004

    async def let_go(self, first: Racer, second: Racer) -> tuple[dict[str, Any], dict[str, Any]]:
        lead = self.lead + self.chance.uniform(-0.001, 0.001)
        one, other = await asyncio.gather(_after(max(-lead, 0), first), _after(max(lead, 0), second))
        return one, other

    def learns(self, first_won: bool) -> None:
        """A lead above zero is the first one's. It swings around the point at which both are as likely to win."""
        towards = -1 if first_won else 1
        overshot = (self.lead > 0) == first_won and self.lead
        self.step = min(self.step * 1.5, LONGEST / 4) if not overshot else max(self.step / 2, 0.002)
        self.lead = max(-LONGEST, min(LONGEST, self.lead + towards * self.step))


async def _after(seconds: float, racer: Racer) -> dict[str, Any]:
    await asyncio.sleep(seconds)
    return await racer()


@dataclass
class Racing:
    """Rounds of one kind of race at a portal that is served, looked at in its database after each."""

    asking: Asking
    town: Town
    database: asyncpg.Connection
    chance: Random
    orders: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)

    RACES: ClassVar[tuple[str, ...]] = (
        "create and create", "submit and submit", "edit and accept", "withdraw and accept", "accept and accept",
        "close and submit",
    )  # fmt: skip

    def __post_init__(self) -> None:
        self.placing, self.start = Placing(self.asking), HeadStart(self.chance)
        self.officers = self.town["second officer"], self.town["administrator"]

    async def rounds(self, race: str, number: int) -> Counter[str]:
        """How often each of the two came first."""
        run = getattr(self, race.replace(" ", "_"))
        for _ in range(number):
            referral = await self.referred()
            self.done = Counter()
            first_won = await run(referral)
            self.orders[race.split(" and ")[0] + " first" if first_won else "the other first"] += 1
            self.start.learns(first_won)
            await self.holds(referral)
        return self.orders

    # ── races ────────────────────────────────────────────────────────────────
    async def create_and_create(self, referral: dict[str, Any]) -> bool:
        """Two colleagues begin an offer."""
        one, other = self.colleagues
        answers = await self.race("offerCreate", self.begins(one, referral), self.begins(other, referral))
        lost = self.one_lost(answers, "OFFER_EXISTS")
        assert lost == [1 if answers[0]["offer"] else 0]
        return bool(answers[0]["offer"])

    async def submit_and_submit(self, referral: dict[str, Any]) -> bool:
        """Two colleagues submit it."""
        draft = await self.drafted(referral)
        one, other = self.colleagues
        answers = await self.race("offerSubmit", self.asks(one, SUBMIT, draft), self.asks(other, SUBMIT, draft))
        self.one_lost(answers, "WRONG_STATE")
        return bool(answers[0]["offer"])

    async def edit_and_accept(self, referral: dict[str, Any]) -> bool:
        offer = await self.submitted(referral, "Alder")
        edit = self.asks(self.town["Alder"], EDIT, {**offer, "fee": "9000.00"})
        answers = await self.race("offerUpdate", edit, self.accepts(0, offer), other="offerAccept")
        self.one_lost(answers, "OFFER_LOCKED", "CORE_FEE_FIXED", "STALE_VERSION")
        edited = bool(answers[0]["offer"])
        (row,) = await self.database.fetch("SELECT status, terms FROM offer WHERE id = $1", UUID(offer["id"]))
        (fee,) = json.loads(row["terms"])["fees"]
        assert (row["status"], fee["coreFeeWeekly"]) == (
            ("SUBMITTED", "9000.00") if edited else ("ACCEPTED", "4100.00")
        )
        return edited

    async def withdraw_and_accept(self, referral: dict[str, Any]) -> bool:
        offer = await self.submitted(referral, "Alder")
        withdraw = self.asks(self.town["Alder"], WITHDRAW, offer)
        answers = await self.race("offerWithdraw", withdraw, self.accepts(0, offer), other="offerAccept")
        self.one_lost(answers, "OFFER_LOCKED")
        return bool(answers[0]["offer"])

    async def accept_and_accept(self, referral: dict[str, Any]) -> bool:
        """Two officers accept two offers."""
        one, other = [await self.submitted(referral, firm) for firm in ("Alder", "Beech")]
        answers = await self.race("offerAccept", self.accepts(0, one), self.accepts(1, other))
        self.one_lost(answers, "REFERRAL_ACCEPTED")
        return bool(answers[0]["offer"])

    async def close_and_submit(self, referral: dict[str, Any]) -> bool:
        """Whichever is first: the search has ended, and with it the offer."""
        draft = await self.drafted(referral)
        close = self.asks(self.officers[0], CLOSE, referral)
        submit = self.asks(self.colleagues[0], SUBMIT, draft)
        closed, submitted = await self.race("referralClose", close, submit, other="offerSubmit")
        assert closed["problems"] == []
        self.told(submitted, "OFFER_LOCKED", "REFERRAL_CLOSED")
        (row,) = await self.database.fetch("SELECT status, submitted_at FROM offer WHERE id = $1", UUID(draft["id"]))
        assert (row["status"], bool(row["submitted_at"])) == ("DECLINED", bool(submitted["offer"]))
        return not submitted["offer"]

    # ── what they are made of ────────────────────────────────────────────────
    @property
    def colleagues(self) -> tuple[Somebody, Somebody]:
        return self.town["Alder"], self.town["fellow"]

    async def referred(self) -> dict[str, Any]:
        id, _ = await self.placing.sent(self.officers[0])
        return {"id": id, "version": 2}

    async def create(self, who: Somebody, referral: dict[str, Any], firm: str = "Alder") -> dict[str, Any]:
        where = {"placement": {"homeId": self.town.homes[firm]}, "availableFrom": "2026-07-01"}
        terms = {**where, "fees": [{"coreFeeWeekly": "4100.00"}]}
        return await self.asking.payload(who, OFFER, referral=referral["id"], input=terms, key=new_key())

    async def drafted(self, referral: dict[str, Any], firm: str = "Alder") -> dict[str, Any]:
        made = await self.create(self.town[firm], referral, firm)
        self.done["offerCreate"] += 1
        return dict(made["offer"])

    async def submitted(self, referral: dict[str, Any], firm: str) -> dict[str, Any]:
        done = await self.asking.do(self.town[firm], SUBMIT, **await self.drafted(referral, firm))
        self.done["offerSubmit"] += 1
        return dict(done["offer"])

    def begins(self, who: Somebody, referral: dict[str, Any]) -> Racer:
        return lambda: self.create(who, referral)

    def asks(self, who: Somebody, document: str, given: dict[str, Any]) -> Racer:
        return lambda: self.asking.payload(who, document, **given)

    def accepts(self, number: int, offer: dict[str, Any]) -> Racer:
        return lambda: self.placing.accept(self.officers[number], offer)

    async def race(self, act: str, first: Racer, second: Racer, other: str = "") -> tuple[dict[str, Any], ...]:
        await self.placing.checks(self.officers[0])
        answers = await self.start.let_go(first, second)
        for name, answer in zip((act, other or act), answers, strict=True):
            self.done[name] += not answer["problems"]
            self.codes.update(problem["code"] for problem in answer["problems"])
        return answers

    def one_lost(self, answers: tuple[dict[str, Any], ...], *codes: str) -> list[int]:
        """Which of the two, when exactly one did, and was told why."""
        lost = [number for number, answer in enumerate(answers) if answer["problems"]]
        assert len(lost) == 1, answers
        self.told(answers[lost[0]], *codes)
        return lost

    def told(self, answer: dict[str, Any], *codes: str) -> None:
        assert {problem["code"] for problem in answer["problems"]} <= set(codes), answer

    # ── what holds after every round ─────────────────────────────────────────
    async def holds(self, referral: dict[str, Any]) -> None:
        id = UUID(referral["id"])
        live = f"SELECT provider_id FROM offer WHERE referral_id = $1 AND {LIVE}"
        providers = [row["provider_id"] for row in await self.database.fetch(live, id)]
        assert len(providers) == len(set(providers))
        accepted = await self.database.fetch("SELECT * FROM offer WHERE referral_id = $1 AND status = 'ACCEPTED'", id)
        assert len(accepted) <= 1
        frozen = await self.database.fetchval("SELECT accepted FROM referral WHERE id = $1", id)
        assert frozen is bool(accepted)
        for offer in accepted:
            read = "SELECT terms FROM offer_version WHERE offer_id = $1 AND version = $2"
            assert await self.database.fetchval(read, offer["id"], offer["version"] - 1) == offer["terms"]
        await self.counted(id)
        for offer in await self.database.fetch(
            "SELECT id, version, submitted_at FROM offer WHERE referral_id = $1", id
        ):
            await self.gapless(offer)

    async def counted(self, referral: UUID) -> None:
        """Exactly one event for each success, and none for what was refused."""
        kinds = {
            "offerCreate": "offer.create", "offerSubmit": "offer.submit", "offerUpdate": "offer.edit",
            "offerWithdraw": "offer.withdraw", "offerAccept": "offer.accept", "referralClose": "referral.close",
        }  # fmt: skip
        rows = await self.database.fetch("SELECT kind FROM event WHERE referral_id = $1", referral)
        found = Counter(row["kind"] for row in rows)
        assert {name: found[kind] for name, kind in kinds.items()} == {name: self.done[name] for name in kinds}

    async def gapless(self, offer: Any) -> None:
        """Each version was led to by one event. A draft that ends with its referral does so without one."""
        told = "SELECT version FROM event WHERE subject_id = $1 ORDER BY version"
        versions = [row["version"] for row in await self.database.fetch(told, offer["id"])]
        assert versions == list(range(1, len(versions) + 1))
        assert offer["version"] - len(versions) in ((0,) if offer["submitted_at"] else (0, 1))
        kept = await self.database.fetch(
            "SELECT version FROM offer_version WHERE offer_id = $1 ORDER BY version", offer["id"]
        )
        assert [row["version"] for row in kept] == list(range(2, 2 + len(kept)))
