"""Histories: what anybody does next is drawn from all that can be done with what there is, allowed or not."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID, uuid4

from models.person import Viewer
from tests.agreeing import CONTACTS, DETAILS
from tests.cases import CONTRACT, SENT_PAPERS
from tests.deciding import confirming
from tests.promises import drawing
from tests.promises.stage import CHILDREN, Stage

OFFERED = ("DRAFT", "SUBMITTED", "ACCEPTED", "DECLINED", "WITHDRAWN", "VOIDED")
OPEN_IN = {
    "offerUpdate": ("DRAFT", "SUBMITTED"), "offerAttach": ("DRAFT", "SUBMITTED"), "offerSubmit": ("DRAFT",),
    "offerDetach": ("DRAFT", "SUBMITTED"), "offerRefreshDocuments": ("SUBMITTED",),
    "offerWithdraw": ("DRAFT", "SUBMITTED"), "offerAccept": ("SUBMITTED",), "offerDecline": ("SUBMITTED",),
    "offerVoid": ("ACCEPTED",), "ipaCreate": ("ACCEPTED",),
}  # fmt: skip
LIVE = ("DRAFT", "SUBMITTED", "ACCEPTED")
IN_TIME = {**DETAILS, "placement": {**DETAILS["placement"], "startsOn": "2026-07-01"}}


@dataclass
class Done:
    """One act as it was asked for, and what came of it."""

    act: str
    who: str
    given: dict[str, Any]
    codes: list[str]

    def __str__(self) -> str:
        given = {name: value for name, value in self.given.items() if name != "idempotencyKey"}
        return f"{self.who}: {self.act} {given} → {self.codes or 'done'}"


@dataclass
class History:
    """The same seed draws the same acts, as long as the same comes of them."""

    stage: Stage
    seed: int
    referrals: list[UUID] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)

    @classmethod
    async def begun(cls, stage: Stage, seed: int) -> "History":
        """Two referrals: one of siblings, one of a single child."""
        return cls(stage, seed, [await stage.referral(children) for children in CHILDREN])

    @property
    def counts(self) -> Counter[str]:
        return Counter(each.act for each in self.done if not each.codes)

    async def step(self) -> Done:
        self.stage.world.clock.goes_on(minutes=self.chance.randint(1, 5))
        names = [name for name in WEIGHTS if name.startswith("*") or name in CONTRACT.mutation_type.fields]  # type: ignore[union-attr]
        while True:
            (name,) = self.chance.choices(names, [WEIGHTS[each] for each in names])
            asked = await (ERRANDS.get(name) or _on_offer(name))(self)
            if asked is not None:
                break
        self.done.append(asked)
        return asked

    async def ask(self, who: Viewer, act: str, **given: Any) -> Done:
        payload = await self.stage.cases.answer(who, act, "id", given)
        return Done(act, who.name, given, [problem["code"] for problem in payload["problems"]])

    # ── what there is ────────────────────────────────────────────────────────
    async def offers(self) -> list[dict[str, Any]]:
        wanted = "SELECT * FROM offer WHERE referral_id = ANY($1) ORDER BY created_at, id"
        return await self.stage.sql(wanted, self.referrals)

    async def picked(self, act: str) -> dict[str, Any] | None:
        """An offer for which the act is open; now and then any other."""
        offers = await self.offers()
        suitable = [each for each in offers if each["status"] in OPEN_IN.get(act, OFFERED)]
        if offers and (self.chance.random() < 0.08 or (not suitable and self.chance.random() < 0.3)):
            return self.chance.choice(offers)
        return self.chance.choice(suitable) if suitable else None

    async def children(self, referral: UUID) -> list[UUID]:
        rows = await self.stage.sql("SELECT id FROM child WHERE referral_id = $1 ORDER BY position", referral)
        return [row["id"] for row in rows]

    def provider(self) -> UUID:
        return self.chance.choice(list(self.stage.firms))

    def somebody(self, act: str, provider: UUID) -> Viewer:
        """Whose act it is: a colleague of that provider, or an officer; rarely it is somebody else who tries."""
        theirs = act in ("offerAccept", "offerDecline", "offerVoid") or act.startswith(("ipa", "referral"))
        if self.chance.random() < 0.05:
            return self.chance.choice(self.stage.everybody)
        return self.chance.choice(self.stage.officers if theirs else self.stage.members[provider])

    def version(self, row: dict[str, Any]) -> int:
        """The one that stands, or now and then one that was read earlier."""
        return int(row["version"]) - (self.chance.randint(1, 2) if self.chance.random() < 0.12 else 0)

    # ── errands ──────────────────────────────────────────────────────────────
    async def create(self) -> Done | None:
        provider, referral = self.provider(), self.chance.choice(self.referrals)
        given = await self.written(drawing.offer, provider, referral)
        if any(o["provider_id"] == provider and o["referral_id"] == referral and o["status"] in LIVE
               for o in await self.offers()) and self.chance.random() < 0.7:  # fmt: skip
            return None
        who = self.somebody("offerCreate", provider)
        return await self.ask(who, "offerCreate", referralId=str(referral), input=given)

    async def written(self, draw: Callable[..., dict[str, Any]], provider: UUID, referral: UUID) -> dict[str, Any]:
        firm, rival = self.stage.firms[provider], *[f for f in self.stage.firms.values() if f.id != provider]
        children, appendix = await self.children(referral), self.stage.leaflets[provider][-1]
        return draw(self.chance, drawing.About(firm, rival, children, appendix))

    async def another_paper(self) -> Done:
        """The profile of a provider has another document of some compulsory kind from now on."""
        provider, kind = self.provider(), self.chance.choice(SENT_PAPERS)
        await self.stage.cases.papers(self.stage.firms[provider], kind)
        return Done("*paper", str(self.stage.firms[provider].name), {"kind": kind}, [])

    async def change_referral(self) -> Done | None:
        return await self._on_referral("referralUpdate", input={"needs": self.chance.choice(drawing.WORDS)})

    async def resend(self) -> Done | None:
        return await self._on_referral("referralResend")

    async def close(self) -> Done | None:
        return await self._on_referral("referralClose", reason="NO_LONGER_NEEDED")

    async def _on_referral(self, act: str, **given: Any) -> Done:
        referral = self.chance.choice(self.referrals)
        (row,) = await self.stage.sql("SELECT version FROM referral WHERE id = $1", referral)
        who = self.somebody(act, self.provider())
        return await self.ask(who, act, id=str(referral), expectedVersion=self.version(row), **given)

    async def decline_the_rest(self) -> Done | None:
        """Those that still wait once one is accepted, of which now and then one is not named."""
        offers = await self.offers()
        accepted = [offer["referral_id"] for offer in offers if offer["status"] == "ACCEPTED"]
        if not accepted:
            return None
        referral = self.chance.choice(accepted)
        waiting = [o for o in offers if (o["referral_id"], o["status"]) == (referral, "SUBMITTED")]
        named = [{"id": str(offer["id"]), "expectedVersion": self.version(offer)} for offer in waiting]
        given = {"reasons": ["ANOTHER_OFFER_ACCEPTED"], "note": "Another offer was accepted."}
        who = self.somebody("offerDecline", self.provider())
        return await self.ask(who, "offerDeclineRemaining", referralId=str(referral), offers=named, input=given)

    async def draw_up(self) -> Done | None:
        offer = await self.picked("ipaCreate")
        if offer is None:
            return None
        child = self.chance.choice(await self.children(offer["referral_id"]))
        who = self.somebody("ipaCreate", offer["provider_id"])
        key = str(uuid4())
        return await self.ask(who, "ipaCreate", offerId=str(offer["id"]), childId=str(child), idempotencyKey=key)

    async def share(self) -> Done | None:
        return await self._on_agreement("ipaShare")

    async def enable(self) -> Done | None:
        """Enables what is filled in, and fills in what is not."""
        wanted = "SELECT * FROM ipa WHERE referral_id = ANY($1) AND status = 'IN_REVIEW' ORDER BY created_at, id"
        rows = await self.stage.sql(wanted, self.referrals)
        if not rows:
            return await self._on_agreement("ipaEnable")
        row = self.chance.choice(rows)
        act, given = "ipaEnable", dict[str, Any]()
        if "fundingSplit" not in row["details"]:
            act, given = "ipaUpdate", {"input": IN_TIME}
        elif "emergencyContact" not in row["contacts"]:
            act, given = "ipaUpdateContacts", {"input": CONTACTS}
        who = self.stage.members[row["provider_id"]][0] if act == "ipaUpdateContacts" else self.stage.officers[0]
        return await self.ask(who, act, id=str(row["id"]), expectedVersion=self.version(row), **given)

    async def _on_agreement(self, act: str, **given: Any) -> Done | None:
        wanted = "SELECT * FROM ipa WHERE referral_id = ANY($1) ORDER BY created_at, id"
        rows = await self.stage.sql(wanted, self.referrals)
        if not rows:
            return None
        row = self.chance.choice(rows)
        who = self.somebody(act, row["provider_id"])
        return await self.ask(who, act, id=str(row["id"]), expectedVersion=self.version(row), **given)

    # ── acts on an offer ─────────────────────────────────────────────────────
    async def given_to(self, act: str, offer: dict[str, Any]) -> dict[str, Any]:
        if act == "offerUpdate":
            return {"input": await self.written(drawing.edit, offer["provider_id"], offer["referral_id"])}
        if act in ("offerAttach", "offerDetach"):
            papers = self.stage.leaflets[self.chance.choice([offer["provider_id"]] * 9 + [self.provider()])]
            return {"documentId": self.chance.choice(papers)}
        if act in ("offerWithdraw", "offerVoid"):
            return {"reason": self.chance.choice(("The room is taken.", "A better match.", " "))}
        if act == "offerAccept":
            told = await confirming(self.stage.world, self.stage.officers[0])
            return {"input": {**told, "checksConfirmed": self.chance.random() < 0.9}}
        if act == "offerDecline":
            return {"input": {"reasons": ["COST"], "note": self.chance.choice(("Too dear.", " "))}}
        return {}


def _on_offer(act: str) -> Callable[[History], Awaitable[Done | None]]:
    async def taken(history: History) -> Done | None:
        offer = await history.picked(act)
        if offer is None:
            return None
        given = await history.given_to(act, offer)
        who = history.somebody(act, offer["provider_id"])
        return await history.ask(who, act, id=str(offer["id"]), expectedVersion=history.version(offer), **given)

    return taken


WEIGHTS = {
    "offerCreate": 10, "offerUpdate": 12, "offerAttach": 4, "offerDetach": 3, "offerSubmit": 12,
    "offerRefreshDocuments": 4, "offerDeclineRemaining": 2,
    "*paper": 3, "offerWithdraw": 2, "offerAccept": 12, "offerDecline": 2, "offerVoid": 6,
    "ipaCreate": 8, "ipaShare": 4, "ipaEnable": 4, "referralUpdate": 2, "referralResend": 2, "referralClose": 0.5,
}  # fmt: skip
ERRANDS: dict[str, Callable[[History], Awaitable[Done | None]]] = {
    "offerCreate": History.create, "offerDeclineRemaining": History.decline_the_rest,
    "*paper": History.another_paper, "referralUpdate": History.change_referral,
    "referralResend": History.resend, "referralClose": History.close, "ipaCreate": History.draw_up,
    "ipaShare": History.share, "ipaEnable": History.enable,
}  # fmt: skip
