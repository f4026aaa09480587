"""Two requests for one agreement at one moment: who signs, voids, edits, revokes; and what must hold after it."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, ClassVar
from uuid import UUID

import aiohttp
import asyncpg

from tests.journeys.agreements import ENABLE, SHARE, Agreements, as_it_is
from tests.journeys.asking import PROBLEMS, Asking, Somebody, new_key
from tests.journeys.racing import HeadStart, Racer
from tests.people import CHANGE_ROLES, SUSPEND

SIGN = f"""mutation ($id: UUID!, $hash: String!, $code: String!, $key: UUID!, $behalf: UUID) {{
  ipaSign(id: $id, contentHash: $hash, idempotencyKey: $key,
    input: {{code: $code, consent: true, onBehalfOf: $behalf}}) {{ ipa {{ id status }} {PROBLEMS} }} }}"""
REFUSE = f"""mutation ($id: UUID!) {{ ipaRefuse(id: $id, reason: "The start date is wrong.") {{
  ipa {{ id }} {PROBLEMS} }} }}"""
VOID = f"""mutation ($id: UUID!, $version: Int!) {{
  ipaVoid(id: $id, expectedVersion: $version, reason: "Names were wrong.") {{ ipa {{ id }} {PROBLEMS} }} }}"""
EDIT = f"""mutation ($id: UUID!, $version: Int!) {{
  ipaUpdate(id: $id, expectedVersion: $version, input: {{child: {{knownAs: "Zebedee"}}}}) {{
    ipa {{ id }} {PROBLEMS} }} }}"""
GIVE = f"""mutation ($key: UUID!, $input: DelegationInput!) {{ delegationGive(idempotencyKey: $key, input: $input) {{
  delegation {{ id version }} {PROBLEMS} }} }}"""
REVOKE = f"""mutation ($id: UUID!, $version: Int!) {{ delegationRevoke(id: $id, expectedVersion: $version) {{
  delegation {{ id }} {PROBLEMS} }} }}"""
ACCOUNT = "SELECT id, version FROM person WHERE email = $1"
SIGNED_EVENTS = "SELECT kind, seq FROM event WHERE subject_id = $1 ORDER BY seq"


@dataclass
class Signing:
    """Rounds of one kind of race at a portal that is served, looked at in its database after each.

    Two signatories of the provider, one of the authority; everybody's codes and rights are as new in every round.
    """

    asking: Asking
    agreements: Agreements
    database: asyncpg.Connection
    people: dict[str, Somebody]
    chance: Random
    orders: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)

    RACES: ClassVar[tuple[str, ...]] = (
        "one party and the other", "one signatory and a colleague", "twice by one person",
        "one code for two agreements",
        "signing and voiding", "signing and refusing", "signing and revoking", "signing and suspending",
        "signing and losing the role", "enabling and editing", "sharing and editing", "voiding and enabling",
    )  # fmt: skip

    def __post_init__(self) -> None:
        self.start = HeadStart(self.chance)

    async def rounds(self, race: str, number: int) -> Counter[str]:
        """How often each of the two came first."""
        run: Callable[[], Awaitable[bool]] = getattr(self, race.replace(" ", "_"))
        for _ in range(number):
            await self.as_new()
            first_won = await run()
            self.orders[f"{race.split(' and ')[0]} first" if first_won else "the other first"] += 1
            self.start.learns(first_won)
        return self.orders

    async def as_new(self) -> None:
        """Nobody has used a code, been suspended or lost the right to sign."""
        async with as_it_is(self.database):
            await self.database.execute("UPDATE credential SET last_step = 0")
            for who in ("director", "secretary"):
                restored = "UPDATE person SET status = 'ACTIVE', roles = '{MEMBER,SIGNATORY}' WHERE email = $1"
                await self.database.execute(restored, self.people[who].email)
            await self.database.execute("UPDATE session SET revoked_at = NULL WHERE revoked_at IS NOT NULL")

    # ── races of signatures ──────────────────────────────────────────────────
    async def one_party_and_the_other(self) -> bool:
        ready = await self.agreements.copy("READY_TO_SIGN")
        answers = await self.race(self.signs("director", ready), self.signs("councillor", ready))
        assert [answer["problems"] for answer in answers] == [[], []]
        assert {answer["ipa"]["status"] for answer in answers} == {"PARTLY_SIGNED", "SIGNED"}
        await self.holds(ready, "SIGNED", "director", "councillor")
        placed = "SELECT status FROM referral WHERE id = $1"
        assert await self.database.fetchval(placed, UUID(ready["referral_id"])) == "PLACED"
        return bool(answers[0]["ipa"]["status"] == "PARTLY_SIGNED")

    async def one_signatory_and_a_colleague(self) -> bool:
        ready = await self.agreements.copy("READY_TO_SIGN")
        answers = await self.race(self.signs("director", ready), self.signs("secretary", ready))
        lost = self.one_lost(answers, "ALREADY_SIGNED")
        await self.holds(ready, "PARTLY_SIGNED", ("director", "secretary")[1 - lost])
        return lost == 1

    async def twice_by_one_person(self) -> bool:
        """With two codes that would both do."""
        ready = await self.agreements.copy("READY_TO_SIGN")
        answers = await self.race(self.signs("director", ready), self.signs("director", ready, 1))
        lost = self.one_lost(answers, "ALREADY_SIGNED")
        await self.holds(ready, "PARTLY_SIGNED", "director")
        return lost == 1

    async def one_code_for_two_agreements(self) -> bool:
        one, other = [await self.agreements.copy("READY_TO_SIGN") for _ in range(2)]
        code = self.people["director"].code()
        answers = await self.race(*(self.signs("director", each, code=code) for each in (one, other)))
        lost = self.one_lost(answers, "CODE_USED")
        await self.holds((one, other)[1 - lost], "PARTLY_SIGNED", "director")
        await self.holds((one, other)[lost], "READY_TO_SIGN")
        return lost == 1

    async def signing_and_voiding(self) -> bool:
        ready = await self.agreements.copy("READY_TO_SIGN")
        voids = self.asks("officer", VOID, id=ready["id"], version=ready["version"])
        answers = await self.race(self.signs("director", ready), voids)
        lost = self.one_lost(answers, *(("IPA_LOCKED",), ("STALE_VERSION",))[bool(answers[1]["problems"])])
        await self.holds(ready, "PARTLY_SIGNED" if lost else "VOIDED", *(["director"] if lost else []))
        return lost == 1

    async def signing_and_refusing(self) -> bool:
        ready = await self.agreements.copy("READY_TO_SIGN")
        signed, refused = await self.race(
            self.signs("director", ready), self.asks("councillor", REFUSE, id=ready["id"])
        )
        assert refused["problems"] == []
        self.told(signed, "IPA_REFUSED")
        first = not signed["problems"]
        await self.holds(ready, "PARTLY_SIGNED" if first else "READY_TO_SIGN", *(["director"] if first else []))
        return first

    async def signing_and_revoking(self) -> bool:
        ready = await self.agreements.copy("READY_TO_SIGN")
        clerk = str((await self._row(ACCOUNT, self.people["clerk"].email))["id"])
        given = {"delegateId": clerk, "validUntil": "2026-12-31", "code": self.people["director"].code()}
        held = (await self.asking.do(self.people["director"], GIVE, key=new_key(), input=given))["delegation"]
        signed, revoked = await self.race(
            self.signs("clerk", ready, behalf=held["id"]), self.asks("director", REVOKE, **held)
        )
        assert revoked["problems"] == []
        self.told(signed, "DELEGATION_REVOKED")
        first = not signed["problems"]
        await self.holds(ready, "PARTLY_SIGNED" if first else "READY_TO_SIGN", *(["clerk"] if first else []))
        return first

    async def signing_and_suspending(self) -> bool:
        return await self._signing_and_losing(SUSPEND)

    async def signing_and_losing_the_role(self) -> bool:
        return await self._signing_and_losing(CHANGE_ROLES, input={"roles": ["MEMBER"]})

    async def _signing_and_losing(self, document: str, **more: Any) -> bool:
        ready = await self.agreements.copy("READY_TO_SIGN")
        account = await self._row(ACCOUNT, self.people["director"].email)
        takes = self.asks("administrator", document, id=str(account["id"]), version=account["version"], **more)
        signed, taken = await self.race(self.signs("director", ready), takes)
        assert taken["problems"] == []
        self.told(signed, "UNAUTHENTICATED", "NOT_A_SIGNATORY")
        first = not signed["problems"]
        await self.holds(ready, "PARTLY_SIGNED" if first else "READY_TO_SIGN", *(["director"] if first else []))
        return first

    # ── races before it can be signed ────────────────────────────────────────
    async def enabling_and_editing(self) -> bool:
        return await self._before("IN_REVIEW", ENABLE, EDIT, "READY_TO_SIGN")

    async def sharing_and_editing(self) -> bool:
        return await self._before("DRAFT", SHARE, EDIT, "IN_REVIEW")

    async def voiding_and_enabling(self) -> bool:
        return await self._before("IN_REVIEW", VOID, ENABLE, "VOIDED", "READY_TO_SIGN")

    async def _before(self, stage: str, first: str, second: str, then: str, otherwise: str = "") -> bool:
        """One is done; what is fixed says what it said then, with the edit or without."""
        drawn = await self.agreements.copy(stage)
        version = {"id": drawn["id"], "version": drawn["version"]}
        answers = await self.race(self.asks("officer", first, **version), self.asks("officer", second, **version))
        lost = self.one_lost(answers, "STALE_VERSION", "IPA_LOCKED")
        row = await self.holds(drawn, then if lost else otherwise or stage)
        edited = second is EDIT and not lost
        assert ("Zebedee" in row["details"]) is edited
        assert row["canonical_form"] is None or "Zebedee" not in row["canonical_form"]
        assert row["version"] == drawn["version"] + 1
        return lost == 1

    # ── what they are made of ────────────────────────────────────────────────
    def signs(
        self, who: str, ready: dict[str, Any], steps: int = 0, *, code: str = "", behalf: str | None = None
    ) -> Racer:
        code = code or self.people[who].code(steps)
        given = {"id": ready["id"], "hash": ready["content_hash"], "code": code, "key": new_key(), "behalf": behalf}
        return self.asks(who, SIGN, **given)

    def asks(self, who: str, document: str, **given: Any) -> Racer:
        return lambda: self._answer(self.people[who], document, given)

    async def _answer(self, who: Somebody, document: str, given: dict[str, Any]) -> dict[str, Any]:
        """The payload; a session that has ended is a problem like any other."""
        headers, sent = {"Authorization": f"Bearer {who.token}"}, {"query": document, "variables": given}
        async with (
            aiohttp.ClientSession(headers=headers) as client,
            client.post(f"{self.asking.address}/graphql", json=sent) as answer,
        ):
            assert answer.status < 500, answer.status
            told = await answer.json()
        if "errors" in told:
            return {"problems": [{"code": error["extensions"]["code"]} for error in told["errors"]]}
        (payload,) = told["data"].values()
        return dict(payload)

    async def race(self, first: Racer, second: Racer) -> tuple[dict[str, Any], ...]:
        answers = await self.start.let_go(first, second)
        for answer in answers:
            self.codes.update(problem["code"] for problem in answer["problems"])
        return answers

    def one_lost(self, answers: tuple[dict[str, Any], ...], *codes: str) -> int:
        """Which of the two, when exactly one did, and was told why."""
        (lost,) = [number for number, answer in enumerate(answers) if answer["problems"]]
        self.told(answers[lost], *codes)
        return lost

    def told(self, answer: dict[str, Any], *codes: str) -> None:
        assert {problem["code"] for problem in answer["problems"]} <= set(codes), answer

    # ── what holds after every round ─────────────────────────────────────────
    async def holds(self, agreement: dict[str, Any], status: str, *signers: str) -> asyncpg.Record:
        """It is in that state and signed by exactly these, each with one code that is spent; nothing after voiding."""
        id = UUID(agreement["id"])
        row = await self._row("SELECT * FROM ipa WHERE id = $1", id)
        assert row["status"] == status
        kept = await self.database.fetch(
            "SELECT p.email, s.party, s.code_step = c.last_step AS spent FROM signature s"
            " JOIN person p ON p.id = s.person_id JOIN credential c ON c.person_id = p.id WHERE s.ipa_id = $1", id
        )  # fmt: skip
        assert {(each["email"], each["spent"]) for each in kept} == {(self.people[who].email, True) for who in signers}
        parties = {each["party"] for each in kept}
        assert len(kept) == len(parties) == len(signers)
        assert (row["authority_signed"], row["provider_signed"]) == tuple(
            side in parties for side in ("LOCAL_AUTHORITY", "PROVIDER")
        )
        told = [event["kind"] for event in await self.database.fetch(SIGNED_EVENTS, id)]
        assert sum(kind.startswith("agreement.sign") for kind in told) == len(signers)
        assert "agreement.void" not in told[:-1]
        await self._unspent(agreement, *signers)
        return row

    async def _unspent(self, agreement: dict[str, Any], *signers: str) -> None:
        """Whoever was refused keeps the code."""
        unspent = [self.people[who].email for who in ("secretary", "councillor") if who not in signers]
        steps = "SELECT c.last_step FROM credential c JOIN person p ON p.id = c.person_id WHERE p.email = ANY ($1)"
        assert {each["last_step"] for each in await self.database.fetch(steps, unspent)} <= {0}

    async def _row(self, query: str, *values: Any) -> asyncpg.Record:
        (row,) = await self.database.fetch(query, *values)
        return row
