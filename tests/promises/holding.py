"""What holds after every act of every history."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from graphql import parse

from models.base import Base
from models.ipa_form import canonical_form, read_form
from models.person import Viewer
from resolvers.operation import compiled
from schema import schema
from tests.cases import everything
from tests.promises.acting import Done, History
from tests.promises.reckoning import adds_up
from tests.promises.stage import Stage

QUESTIONS = {
    "offer": f"query ($id: UUID!) {{ offer(id: $id) {{ {everything('Offer')} }} }}",
    "ipa": f"query ($id: UUID!) {{ ipa(id: $id) {{ terms {{ {everything('IpaTerms')} }} }} }}",
}
READY: dict[str, Any] = {name: compiled(schema)(parse(text), None) for name, text in QUESTIONS.items()}
VOIDING = {"can", "status", "version", "updatedAt", "updatedByName", "voidReason", "voidedAt", "timeline"}
AROUND = {"referralStatus", "anotherAccepted", "undecidedDays", "documentsValid", "distanceMiles"}
"""What is shown with an offer and is said by no offer: how its case stands, and what day it is."""
VOIDING_ROW = {"status", "version", "updated_at", "void_reason", "voided_at"}
LIVE = ("DRAFT", "SUBMITTED", "ACCEPTED")
ONCE_ACCEPTED = ("ACCEPTED", "VOIDED")
ELSEWHERE = {"ipa"}
OF_OFFER = sorted(t.name for t in Base.metadata.tables.values() if "offer_id" in t.columns and t.name not in ELSEWHERE)


@dataclass
class Promise:
    """An offer as it was accepted: every byte of it in the database, and as each party reads it."""

    offer: UUID
    rows: bytes
    read: dict[str, bytes]
    terms: dict[str, Any]


def broken(before: Promise, after: Promise) -> list[str]:
    """What an accepted offer says otherwise than when it was accepted: its rows, and what each party reads of it."""
    found = [] if before.rows == after.rows else ["rows"]
    for who, said in before.read.items():
        then, now = orjson.loads(said), orjson.loads(after.read[who])
        found += [f"{who}: {name}" for name in then if orjson.dumps(then[name]) != orjson.dumps(now[name])]
    return found


@dataclass
class Held:
    """Looks at one history after each of its acts; whatever does not hold fails with the whole story."""

    history: History
    before: dict[str, str] = field(default_factory=dict)
    versions: dict[UUID, int] = field(default_factory=dict)
    promises: dict[UUID, Promise] = field(default_factory=dict)

    @property
    def stage(self) -> Stage:
        return self.history.stage

    async def look(self) -> None:
        self.before = await self.stage.everything()

    async def after(self, done: Done) -> None:
        offers = await self.history.offers()
        await self._refusals_changed_nothing(done)
        self._at_most_one(offers)
        self._superseding(offers)
        await self._versions(offers)
        self._sums(offers)
        await self._promises(offers)
        await self._agreements()
        await self._walls(offers)
        self.versions = {offer["id"]: offer["version"] for offer in offers}

    # ── each of them ─────────────────────────────────────────────────────────
    async def _refusals_changed_nothing(self, done: Done) -> None:
        after = await self.stage.everything()
        if done.codes:
            written = [table for table, digest in after.items() if digest != self.before[table]]
            assert not written, written
        self.before = after

    def _at_most_one(self, offers: list[dict[str, Any]]) -> None:
        live = [(o["referral_id"], o["provider_id"]) for o in offers if o["status"] in LIVE]
        accepted = [o["referral_id"] for o in offers if o["status"] == "ACCEPTED"]
        assert len(live) == len(set(live))
        assert len(accepted) == len(set(accepted))

    def _superseding(self, offers: list[dict[str, Any]]) -> None:
        """A new offer names the voided one whose place it takes, of its own provider and referral (S-078)."""
        for offer in offers:
            same = [o for o in offers if all(o[n] == offer[n] for n in ("referral_id", "provider_id"))]
            voided = [o for o in same if o["voided_at"] and o["voided_at"] <= offer["created_at"]]
            newest = max(voided, key=lambda o: o["voided_at"])["id"] if voided else None
            assert offer["supersedes_id"] == newest

    async def _versions(self, offers: list[dict[str, Any]]) -> None:
        """One act, one version: on the offer, in the chain of its events, and in its history since the submission."""
        for offer in offers:
            assert offer["version"] - self.versions.get(offer["id"], 0) in (0, 1)
            told = await self.stage.sql("SELECT version FROM event WHERE subject_id = $1 ORDER BY seq", offer["id"])
            ended = (
                offer["status"] == "DECLINED" and not offer["submitted_at"]
            )  # a draft, by the closing of its referral
            assert [row["version"] for row in told] == list(range(1, offer["version"] + (0 if ended else 1)))
            kept = await self.stage.sql("SELECT * FROM offer_version WHERE offer_id = $1 ORDER BY version", offer["id"])
            numbers = [row["version"] for row in kept]
            assert bool(numbers) == bool(offer["submitted_at"])
            assert numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True
            if offer["status"] == "SUBMITTED":
                assert numbers[-1] == offer["version"]
            if kept:
                same = ("terms", "placement", "weekly_total")
                assert [kept[-1][name] for name in same] == [offer[name] for name in same]
            for row in kept:
                assert adds_up(orjson.loads(row["terms"]), {"weeklyTotal": row["weekly_total"]}) == []

    def _sums(self, offers: list[dict[str, Any]]) -> None:
        for offer in offers:
            said = {
                "coreFeeWeekly": offer["core_fee_weekly"], "weeklyTotal": offer["weekly_total"],
                "firstYearTotal": offer["first_year_total"],
            }  # fmt: skip
            assert adds_up(orjson.loads(offer["terms"]), said) == []

    async def _promises(self, offers: list[dict[str, Any]]) -> None:
        """What has been accepted says for ever what it said then."""
        for offer in offers:
            if offer["status"] not in ONCE_ACCEPTED:
                assert offer["id"] not in self.promises
            elif offer["id"] not in self.promises:
                self.promises[offer["id"]] = await self._promised(offer)
            else:
                otherwise = broken(self.promises[offer["id"]], await self._promised(offer))
                assert not otherwise, otherwise

    async def _promised(self, offer: dict[str, Any]) -> Promise:
        parties = self.stage.parties(offer["provider_id"])
        read = {party.name: await self._read(party, offer["id"]) for party in parties}
        said = [repr({name: value for name, value in offer.items() if name not in VOIDING_ROW})]
        for table in OF_OFFER:
            rows = await self.stage.sql(f"SELECT t::text FROM {table} t WHERE offer_id = $1 ORDER BY 1", offer["id"])
            said.append(repr(rows))
        whole: dict[str, Any] = orjson.loads(read[parties[0].name])
        return Promise(offer["id"], "\n".join(said).encode(), read, whole)

    async def _read(self, who: Viewer, offer: UUID) -> bytes:
        seen = await self._asked(who, "offer", offer)
        return orjson.dumps({name: value for name, value in seen.items() if name not in VOIDING | AROUND})

    async def _asked(self, who: Viewer, name: str, id: UUID) -> Any:
        """As a client is answered, by a question that is made ready once for all."""
        answer = await READY[name].run(self.stage.world.context(who), {"id": str(id)})
        return orjson.loads(answer)[name]

    async def _agreements(self) -> None:
        """What an agreement has from its offer is what was accepted, byte for byte (S-102, S-118)."""
        agreements = await self.stage.sql("SELECT * FROM ipa WHERE referral_id = ANY($1)", self.history.referrals)
        for agreement in agreements:
            promise = self.promises[agreement["offer_id"]]
            for who in self.stage.parties(agreement["provider_id"]):
                seen = await self._asked(who, "ipa", agreement["id"])
                assert (seen is not None) or not agreement["shared_at"]
                for name, value in (seen["terms"] if seen else {}).items():
                    assert orjson.dumps(value) == orjson.dumps(promise.terms[name])
            if agreement["canonical_form"]:
                self._signed_form(agreement, promise)

    def _signed_form(self, agreement: dict[str, Any], promise: Promise) -> None:
        """Whatever is locked in what is signed says what the accepted version said, and nothing more."""
        form, offered = read_form(agreement["canonical_form"]), promise.terms
        terms, place = offered["terms"], offered["placement"]
        (fee,) = (fee for fee in terms["fees"] if fee["childId"] == str(agreement["child_id"]))
        price = {name: fee[name] for name in ("coreFeeWeekly", "weeklyTotal", "firstYearTotal", "additionalCosts")}
        locked = {
            "price": {**price, "coreFeeIncludes": fee["includes"]},
            "placement": {name: place[name] for name in ("kind", "name", "address", "postcode", "urn", "manager")},
            "framework": {"name": place["framework"], "lot": place["lot"]},
            "terms": {"conditions": terms["conditions"] or []},
            "offer": {name: terms[name] for name in ("availableFrom", "namedCarer")},
        }
        for part, said in locked.items():
            fixed = read_form(canonical_form(said))
            assert {name: form[part].get(name) for name in said} == {name: fixed.get(name) for name in said}

    async def _walls(self, offers: list[dict[str, Any]]) -> None:
        """Nobody of another provider finds an offer by any row, nor the authority one that was never submitted."""
        for provider, (member, _) in self.stage.members.items():
            await self._finds_none(member, [o["id"] for o in offers if o["provider_id"] != provider])
        await self._finds_none(self.stage.officers[0], [o["id"] for o in offers if o["submitted_at"] is None])

    async def _finds_none(self, who: Viewer, hidden: list[UUID]) -> None:
        rows = await self.stage.tables.seen_by(who)
        assert [id for id in hidden if str(id).encode() in rows] == []
        assert [id for id in hidden if await self._asked(who, "offer", id)] == []
