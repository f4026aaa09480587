"""Histories of agreements: drawn up, filled in, shared, fixed, opened, signed, refused, voided, whoever tries."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pyotp

from models.lifecycle import Role
from models.person import Viewer
from tests.agreeing import OPEN, SIGN
from tests.deciding import confirming
from tests.promises import drawing
from tests.promises.acting import ERRANDS, Done, History
from tests.promises.stage import CHILDREN, Stage

READY, PARTLY = "READY_TO_SIGN", "PARTLY_SIGNED"
FILLED: dict[str, Any] = {
    "authority": {"outOfHours": "0121 000 0999"},
    "child": {"parentalResponsibility": "His mother and the authority"},
    "placement": {
        "purpose": "A home for as long as he needs one.", "education": "Stays at his school.", "health": "Well.",
        "familyTime": "Saturdays with his mother.", "delegatedAuthority": "School trips; haircuts.",
    },
    "outcomes": [{"outcome": "Stays at his school"}], "firstReviewOn": "2026-07-22",
    "fundingSplit": {"socialCare": "100", "education": "0", "health": "0"},
    "terms": {"noticeByAuthority": "28 days", "noticeByProvider": "28 days"},
}  # fmt: skip
CONTACTS = {
    "keyContact": {"name": "Mia Member", "phone": "01902 000000"},
    "emergencyContact": {"name": "On call", "phone": "01902 000001"},
}
NEXT = {
    "DRAFT": ("ipaShare", "ipaUpdate", "ipaOpen", "ipaVoid"),
    "IN_REVIEW": ("*fill", "ipaEnable", "ipaUpdate", "ipaConfirmReview", "ipaOpen", "ipaVoid"),
    READY: ("*open", "ipaSign", "ipaSign", "ipaSign", "ipaRefuse", "ipaUpdate", "ipaVoid"),
    PARTLY: ("*open", "ipaSign", "ipaSign", "ipaSign", "ipaSign", "ipaRefuse", "ipaEnable", "ipaVoid"),
    "SIGNED": ("upliftPropose", "ipaSign", "ipaOpen", "ipaVoid", "ipaShare"),
    "VOIDED": ("ipaOpen", "ipaVoid", "ipaSign", "ipaUpdate"),
}
RARE = {"ipaVoid": 0.25, "ipaRefuse": 0.3}
MEMBERS = ("ipaConfirmReview", "ipaUpdateContacts")
BEFORE_SIGNING = {"offerCreate": 2, "offerSubmit": 4, "offerAccept": 6, "ipaCreate": 8, "offerVoid": 0.4, "*agree": 40}


@dataclass
class Signatories:
    """Two people who may sign for each party, with the secrets of their authenticators."""

    authority: list[Viewer]
    of_provider: dict[UUID, list[Viewer]]
    secrets: dict[UUID, str] = field(default_factory=dict)

    @classmethod
    async def of(cls, stage: Stage) -> "Signatories":
        provider = {firm.id: [await stage.world.person(firm.id, Role.SIGNATORY)] for firm in stage.firms.values()}
        made = cls([await stage.cases.officer("Birmingham", Role.SIGNATORY) for _ in range(2)], provider)
        for signer in [*made.authority, *(one for few in provider.values() for one in few)]:
            made.secrets[signer.person_id] = pyotp.random_base32()
            sealed = stage.world.shell.keys.seal(made.secrets[signer.person_id].encode(), signer.person_id)
            await stage.sql(
                "INSERT INTO credential (person_id, authenticator, last_step) VALUES ($1, $2, 0)",
                signer.person_id, sealed,
            )  # fmt: skip
        return made

    def parties(self, provider: UUID) -> list[Viewer]:
        return [*self.authority, *self.of_provider[provider]]


@dataclass
class Agreements(History):
    """A history that begins where an offer is accepted; what comes next to an agreement is most of what happens."""

    signatories: Signatories = field(default=None)  # type: ignore[assignment]

    @classmethod
    async def agreed(cls, stage: Stage, signatories: Signatories, seed: int) -> "Agreements":
        siblings = seed % 2
        history = cls(stage, seed, [await stage.referral(CHILDREN[1 - siblings])], signatories=signatories)
        provider, referral = next(iter(stage.firms)), history.referrals[0]
        firm, member = stage.firms[provider], stage.members[provider][0]
        fees = [{"childId": str(child), "coreFeeWeekly": "4100.00"} for child in await history.children(referral)]
        offer = await stage.cases.submitted(
            member, str(referral), {"homeId": str(firm.homes[0])}, fees=fees, conditions=[]
        )
        checks = await confirming(stage.world, stage.officers[0])
        await stage.cases.on_offer(stage.officers[0], "offerAccept", offer, input=checks)
        return history

    async def step(self) -> Done:
        self.stage.world.clock.goes_on(minutes=self.chance.randint(1, 5))
        while True:
            (name,) = self.chance.choices([*BEFORE_SIGNING], [*BEFORE_SIGNING.values()])
            asked = await (self.agree() if name == "*agree" else self._on_the_offer(name))
            if asked is not None:
                self.done.append(asked)
                return asked

    async def _on_the_offer(self, name: str) -> Done | None:
        if name in ERRANDS:
            return await ERRANDS[name](self)
        offer = await self.picked(name)
        if offer is None:
            return None
        given = await self.given_to(name, offer)
        who = self.somebody(name, offer["provider_id"])
        return await self.ask(who, name, id=str(offer["id"]), expectedVersion=self.version(offer), **given)

    async def agree(self) -> Done | None:
        """Whatever may come next for one of the agreements, or may not."""
        rows = await self.stage.sql(
            "SELECT * FROM ipa WHERE referral_id = ANY($1) ORDER BY created_at, id", self.referrals
        )
        live = [row for row in rows if row["status"] != "VOIDED"]
        if not rows or (not live and self.chance.random() < 0.7):
            return None
        row = self.chance.choice(live or rows)
        act = self.chance.choice(NEXT[row["status"]])
        if self.chance.random() > RARE.get(act, 1):
            return None
        return await WAYS.get(act, Agreements.plainly)(self, act, row)

    async def plainly(self, act: str, row: dict[str, Any]) -> Done:
        """With nothing to say but which version was read."""
        theirs = self.stage.members[row["provider_id"]] if act in MEMBERS else self.stage.officers
        who = self.chance.choice(self.stage.everybody if self.chance.random() < 0.05 else theirs)
        given = {"reason": "The plan has changed."} if act == "ipaVoid" else {}
        return await self.ask(who, act, id=str(row["id"]), expectedVersion=self.version(row), **given)

    async def edit(self, act: str, row: dict[str, Any]) -> Done:
        said = {"child": {"knownAs": self.chance.choice(drawing.WORDS)}}
        given = {"id": str(row["id"]), "expectedVersion": self.version(row), "input": said}
        return await self.ask(self.chance.choice(self.stage.officers), "ipaUpdate", **given)

    async def fill(self, act: str, row: dict[str, Any]) -> Done:
        """Everything that must be said, by the authority; or the provider's part of it."""
        id, version = str(row["id"]), row["version"]
        if self.chance.random() < 0.5:
            member = self.chance.choice(self.stage.members[row["provider_id"]])
            return await self.ask(member, "ipaUpdateContacts", id=id, expectedVersion=version, input=CONTACTS)
        officer = self.chance.choice(self.stage.officers)
        return await self.ask(officer, "ipaUpdate", id=id, expectedVersion=version, input=FILLED)

    async def open(self, act: str, row: dict[str, Any]) -> Done:
        signers = self.signatories.parties(row["provider_id"])
        who = self.chance.choice(signers if act == "*open" else [*signers, *self.stage.everybody])
        payload = (await self.stage.world.gql(who, OPEN, id=str(row["id"])))["ipaOpen"]
        return Done("ipaOpen", who.name, {"id": str(row["id"])}, [each["code"] for each in payload["problems"]])

    async def sign(self, act: str, row: dict[str, Any]) -> Done:
        """With a code that is right and not used: each of wall time is made free again first."""
        who = self.chance.choice(self.signatories.parties(row["provider_id"]))
        await self.stage.sql("UPDATE credential SET last_step = 0 WHERE person_id = $1", who.person_id)
        given = {
            "id": str(row["id"]), "hash": row["content_hash"] or "", "consent": self.chance.random() < 0.95,
            "code": pyotp.TOTP(self.signatories.secrets[who.person_id]).at(datetime.now(UTC)), "key": str(uuid4()),
        }  # fmt: skip
        if self.chance.random() < 0.05:
            given["hash"] = "0" * 64
        payload = (await self.stage.world.gql(who, SIGN, **given))["ipaSign"]
        return Done("ipaSign", who.name, {"id": given["id"]}, [each["code"] for each in payload["problems"]])

    async def refuse(self, act: str, row: dict[str, Any]) -> Done:
        who = self.chance.choice(self.signatories.parties(row["provider_id"]))
        return await self.ask(who, act, id=str(row["id"]), reason=self.chance.choice(("The day is wrong.", " ")))

    async def uplift(self, act: str, row: dict[str, Any]) -> Done:
        who = self.chance.choice([*self.stage.officers, *self.stage.members[row["provider_id"]]])
        asked = {"rise": {"percentage": "10"}, "effectiveFrom": "2027-06-01", "reason": "Wages have risen."}
        return await self.ask(who, act, ipaId=str(row["id"]), input=asked, idempotencyKey=str(uuid4()))


WAYS: dict[str, Callable[[Agreements, str, dict[str, Any]], Awaitable[Done]]] = {
    "ipaUpdate": Agreements.edit, "*fill": Agreements.fill, "*open": Agreements.open, "ipaOpen": Agreements.open,
    "ipaSign": Agreements.sign, "ipaRefuse": Agreements.refuse, "upliftPropose": Agreements.uplift,
}  # fmt: skip
