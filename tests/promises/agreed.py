"""What holds of agreements after every act: what is fixed stays, and everything around them agrees with them."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from models.ipa import LIFECYCLE
from tests.promises.acting import Done
from tests.promises.holding import Held

CONTENT = (
    "details", "contacts", "canonical_form", "content_hash", "pdf_sha256", "offer_id", "child_id", "reference",
    "supersedes_id", "shared_at", "enabled_at", "created_at",
)  # fmt: skip
READINGS = sorted({f"agreement.{rule.action}" for rule in LIFECYCLE if rule.reads})
STEPS = "SELECT version FROM event WHERE subject_id = $1 AND NOT kind = ANY($2) ORDER BY seq"
SIGNED = {"READY_TO_SIGN": (0,), "PARTLY_SIGNED": (1,), "SIGNED": (2,), "VOIDED": (0, 1, 2)}
OF_AGREEMENT = ("signature", "ipa_document", "ipa_file", "ipa_refusal", "ipa_opening")


def takes_place(row: dict[str, Any]) -> bool:
    """Whether it counts as having taken the place of another: what was void before it was ever shared does not."""
    return row["status"] != "VOIDED" or row["shared_at"] is not None


@dataclass
class HeldAgreements(Held):
    """Everything that holds of offers, and what holds of the agreements drawn from them."""

    fixed: dict[UUID, list[Any]] = field(default_factory=dict)
    written: dict[UUID, dict[str, Counter[str]]] = field(default_factory=dict)

    async def after(self, done: Done) -> None:
        await super().after(done)
        rows = await self.stage.sql("SELECT * FROM ipa WHERE referral_id = ANY($1)", self.history.referrals)
        offers = {offer["id"]: offer for offer in await self.history.offers()}
        for row in rows:
            await self._stays(row)
            await self._only_more(row)
            await self._signatures(row)
            told = [each["version"] for each in await self.stage.sql(STEPS, row["id"], READINGS)]
            assert told == list(range(1, row["version"] + 1)), "one act, one event"
            assert (row["status"] == "VOIDED") == (offers[row["offer_id"]]["status"] == "VOIDED")
        self._in_place_of(rows)
        for referral in self.history.referrals:
            await self._placed(referral, rows, [*offers.values()])

    async def _refusals_changed_nothing(self, done: Done) -> None:
        """But that somebody has tried a code, which is counted whatever comes of it."""
        if done.act == "ipaSign":
            self.before["throttle"] = (await self.stage.everything())["throttle"]
        await super()._refusals_changed_nothing(done)

    async def _stays(self, row: dict[str, Any]) -> None:
        """From enabling on: the content, its hash, and the bytes themselves (S-106, S-115)."""
        if not row["content_hash"]:
            assert row["id"] not in self.fixed
            return
        assert hashlib.sha256(row["canonical_form"].encode()).hexdigest() == row["content_hash"]
        kept = await self.stage.world.shell.vault.read(row["pdf_sha256"])
        said = [*(row[name] for name in CONTENT), kept]
        assert hashlib.sha256(kept).hexdigest() == row["pdf_sha256"]
        (first,) = await self.stage.sql("SELECT kind, sha256 FROM ipa_file WHERE ipa_id = $1 AND no = 0", row["id"])
        assert (first["kind"], first["sha256"]) == ("ENABLED", row["pdf_sha256"])
        assert self.fixed.setdefault(row["id"], said) == said, "what was fixed has changed"

    async def _only_more(self, row: dict[str, Any]) -> None:
        """What belongs to a fixed agreement is added to, and never changed or removed."""
        if not row["content_hash"]:
            return
        now = {
            table: Counter(
                each["row"]
                for each in await self.stage.sql(f"SELECT t::text AS row FROM {table} t WHERE ipa_id = $1", row["id"])
            )
            for table in OF_AGREEMENT
        }
        before = self.written.get(row["id"], now)
        gone = [table for table in OF_AGREEMENT if before[table] - now[table]]
        assert not gone, gone
        assert before["ipa_document"] == now["ipa_document"], "a document was attached to what is fixed (S-114)"
        self.written[row["id"]] = now

    async def _signatures(self, row: dict[str, Any]) -> None:
        """One of each party, of two people, over what the agreement says; and the state counts them (S-116)."""
        given = await self.stage.sql("SELECT * FROM signature WHERE ipa_id = $1", row["id"])
        assert len(given) in SIGNED.get(row["status"], (0,))
        assert len({each["person_id"] for each in given}) == len(given)
        parties = {each["party"] for each in given}
        flags = {"LOCAL_AUTHORITY": row["authority_signed"], "PROVIDER": row["provider_signed"]}
        assert parties == {party for party, signed in flags.items() if signed}
        for each in given:
            assert (each["content_hash"], each["pdf_sha256"]) == (row["content_hash"], row["pdf_sha256"])

    def _in_place_of(self, rows: list[dict[str, Any]]) -> None:
        """Each takes the place of one void agreement of the same parties and child at most, and no two of one."""
        by_id = {row["id"]: row for row in rows}
        taken = [row["supersedes_id"] for row in rows if row["supersedes_id"] and takes_place(row)]
        assert len(taken) == len(set(taken))
        for row in rows:
            earlier = by_id.get(row["supersedes_id"])
            same = ("child_id", "provider_id", "la_id")
            assert earlier is None or [earlier[name] for name in same] == [row[name] for name in same]
            assert earlier is None or (earlier["status"] == "VOIDED" and earlier["shared_at"] is not None)

    async def _placed(self, referral: UUID, rows: list[dict[str, Any]], offers: list[dict[str, Any]]) -> None:
        """Placed when every child's agreement of the accepted offer is signed, and only then (S-061)."""
        (case,) = await self.stage.sql("SELECT status, accepted FROM referral WHERE id = $1", referral)
        accepted = [o["id"] for o in offers if (o["referral_id"], o["status"]) == (referral, "ACCEPTED")]
        signed = {row["child_id"] for row in rows if row["offer_id"] in accepted and row["status"] == "SIGNED"}
        assert case["accepted"] == bool(accepted)
        whole = bool(accepted) and signed == set(await self.history.children(referral))
        assert case["status"] == ("PLACED" if whole else "SENT")
