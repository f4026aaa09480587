"""Undoing an acceptance: the agreements go with it in whatever state they are, and everything old stays readable."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from models.lifecycle import Role
from tests.agreeing import CREATE, Agreeing
from tests.cases import Cases
from tests.waiting import until as happens
from tests.world import World

REASON = "The home has closed."
SIGNED_BY = {"PARTLY_SIGNED": 1, "SIGNED": 2}
TOLD = {
    None: [],
    "DRAFT": [],
    "IN_REVIEW": ["IPA_VOIDED"],
    "READY_TO_SIGN": ["IPA_VOIDED"],
    "PARTLY_SIGNED": ["IPA_VOIDED"],
    "SIGNED": ["IPA_VOIDED"],
}
OLD = """query ($offer: UUID!, $ipa: UUID!) {
  offer(id: $offer) { status voidReason voidedAt can terms { fees { coreFeeWeekly } } documents { id sha256 } }
  ipa(id: $ipa) { status voidReason contentHash pdfSha256 can signatures { name } } }"""
FREE = ("status", "version", "void_reason", "voided_at", "updated_at")


async def until(world: World, state: str | None) -> Agreeing:
    """A placement whose agreement is in that state; without one, an offer that is accepted."""
    agreeing = await Agreeing.among(world)
    steps: list[Callable[[], Awaitable[Agreeing]]] = [agreeing.referred, agreeing.offered, agreeing.accepted]
    more = {"DRAFT": agreeing.drawn_up, "IN_REVIEW": agreeing.shared, "READY_TO_SIGN": agreeing.ready}
    wanted = "READY_TO_SIGN" if state in SIGNED_BY else state
    steps += list(more.values())[: list(more).index(wanted) + 1] if wanted else []
    for step in steps:
        await step()
    for signer in [agreeing.authority_signatory, agreeing.provider_signatory][: SIGNED_BY.get(state or "", 0)]:
        await agreeing.opened(signer)
        assert (await agreeing.sign(signer))["problems"] == []
    return agreeing


async def void(agreeing: Agreeing) -> None:
    (row,) = await agreeing.world.sql("SELECT version FROM offer WHERE id = $1", UUID(agreeing.ids["offer"]))
    await agreeing.with_offer(agreeing.officer, "offerVoid", row["version"], f'reason: "  {REASON} "')


async def frozen(agreeing: Agreeing, table: str) -> list[dict[str, Any]]:
    """What must never change of offers or agreements, whatever becomes of them."""
    rows = await agreeing.world.sql(f"SELECT * FROM {table} ORDER BY id")
    return [{name: value for name, value in row.items() if name not in FREE} for row in rows]


# S-078, S-108
@pytest.mark.parametrize("state", TOLD)
async def test_voiding_takes_the_agreement_with_it_in_whatever_state_it_is(world: World, state: str | None) -> None:
    agreeing = await until(world, state)
    cases, colleague = Cases(world), await world.person(agreeing.officer.organisation_id, Role.PLACEMENT_OFFICER)
    (referral,) = await world.sql("SELECT status FROM referral")
    assert referral["status"] == ("PLACED" if state == "SIGNED" else "SENT")
    before, agreed = await frozen(agreeing, "offer"), await frozen(agreeing, "ipa")
    heard = {who: await cases.told(who) for who in (agreeing.member, agreeing.provider_signatory)}
    await void(agreeing)
    assert [row["status"] for row in await world.sql("SELECT status FROM ipa")] == (["VOIDED"] if state else [])
    assert await world.sql("SELECT status, accepted FROM referral") == [{"status": "SENT", "accepted": False}]
    assert await world.sql("SELECT status, searching FROM delivery") == [{"status": "OPENED", "searching": True}]
    assert (await frozen(agreeing, "offer"), await frozen(agreeing, "ipa")) == (before, agreed)
    for who, more in ((colleague, []), (agreeing.member, heard[agreeing.member])):
        told = (await cases.told(who))[len(more) :]
        assert told == ["OFFER_VOIDED"], "that its agreement is void too rings for signatories alone"
    signatories = (await cases.told(agreeing.provider_signatory))[len(heard[agreeing.provider_signatory]) :]
    assert signatories == (TOLD[state] if state not in (None, "DRAFT", "IN_REVIEW") else [])
    events = await world.sql("SELECT kind FROM event WHERE kind LIKE '%void%' ORDER BY kind")
    assert [row["kind"] for row in events] == (["agreement.void_with_offer"] if state else []) + ["offer.void"]


# S-078
@pytest.mark.parametrize("state", ["DRAFT", "IN_REVIEW", "SIGNED"])
async def test_everything_old_stays_readable_marked_void(world: World, state: str) -> None:
    """By the authority; by the provider what was shared with it."""
    agreeing = await until(world, state)
    ids = {"offer": agreeing.ids["offer"], "ipa": agreeing.ids["ipa"]}
    before = {who: await world.gql(who, OLD, **ids) for who in (agreeing.officer, agreeing.member)}
    await void(agreeing)
    for who, was in before.items():
        now = await world.gql(who, OLD, **ids)
        assert (now["offer"]["status"], now["offer"]["voidReason"], now["offer"]["can"]) == ("VOIDED", REASON, [])
        assert now["offer"]["voidedAt"]
        assert [now["offer"][part] for part in ("terms", "documents")] == [
            was["offer"][part] for part in ("terms", "documents")
        ]
        if was["ipa"] is None:
            assert (now["ipa"], state, who) == (None, "DRAFT", agreeing.member)
            continue
        assert (now["ipa"]["status"], now["ipa"]["voidReason"]) == ("VOIDED", REASON)
        for part in ("contentHash", "pdfSha256", "signatures"):
            assert now["ipa"][part] == was["ipa"][part]
        assert (await world.gql(who, OPEN, id=ids["ipa"]))["ipaOpen"]["problems"] == []


OPEN = "mutation ($id: UUID!) { ipaOpen(id: $id) { download { url } problems { code message } } }"


# S-075, S-078
@pytest.mark.parametrize("state", ["READY_TO_SIGN", "SIGNED"])
async def test_the_provider_may_offer_anew_and_the_new_one_names_what_it_supersedes(world: World, state: str) -> None:
    agreeing = await until(world, state)
    old = {name: agreeing.ids[name] for name in ("offer", "ipa")}
    await void(agreeing)
    for step in (agreeing.offered, agreeing.accepted, agreeing.drawn_up):
        await step()
    rows = await world.sql("SELECT id, supersedes_id FROM offer UNION ALL SELECT id, supersedes_id FROM ipa")
    supersedes = {str(row["id"]): row["supersedes_id"] and str(row["supersedes_id"]) for row in rows}
    assert supersedes == {
        old["offer"]: None, old["ipa"]: None, agreeing.ids["offer"]: old["offer"], agreeing.ids["ipa"]: old["ipa"],
    }  # fmt: skip
    question = "query ($id: UUID!) { offer(id: $id) { supersedesId } }"
    for who in (agreeing.officer, agreeing.member):
        shown = await world.gql(who, question, id=agreeing.ids["offer"])
        assert shown["offer"]["supersedesId"] == old["offer"]
    await void(agreeing)
    await agreeing.offered()
    last = await world.sql("SELECT supersedes_id FROM offer WHERE id = $1", UUID(agreeing.ids["offer"]))
    assert last[0]["supersedes_id"] not in (None, UUID(old["offer"]))


# S-061, S-078
async def test_every_agreement_of_a_group_goes_with_it(world: World) -> None:
    """One is ready and one a draft; those of an offer that was void before stay as they were."""
    agreeing, cases = await Agreeing.among(world), Cases(world)
    one = {"givenNames": "Ana", "familyName": "Żak", "dateOfBirth": "2014-02-03", "gender": "FEMALE"}
    await agreeing.referred(one, {**one, "givenNames": "Ada", "dateOfBirth": "2015-02-03"})
    rows = await world.sql("SELECT id FROM child ORDER BY position")
    first, second = [str(row["id"]) for row in rows]
    fees = [{"childId": child, "coreFeeWeekly": "4100.00"} for child in (first, second)]
    await agreeing.offered(fees=fees)
    await agreeing.accepted()

    async def drawn_up(child: str) -> str:
        document = CREATE.replace("$key: UUID!", "$key: UUID!, $child: UUID!").replace(
            "$key)", "$key, childId: $child)"
        )
        made = await world.do(agreeing.officer, document, id=agreeing.ids["offer"], key=str(uuid4()), child=child)
        agreeing.ids["ipa"] = made["ipa"]["id"]
        return str(made["ipa"]["id"])

    before = await drawn_up(second)
    await agreeing.well(agreeing.officer, "ipaVoid", 'reason: "Names were wrong."')
    await agreeing.offered(fees=fees)
    await agreeing.accepted()
    draft = await drawn_up(second)
    ready = await drawn_up(first)
    await agreeing.shared()
    await agreeing.ready()
    await void(agreeing)
    found = await world.sql("SELECT id, status, void_reason FROM ipa")
    assert {str(row["id"]): row["void_reason"] for row in found} == {
        before: "Names were wrong.", draft: REASON, ready: REASON,
    }  # fmt: skip
    assert {row["status"] for row in found} == {"VOIDED"}
    assert (await cases.told(agreeing.provider_signatory)).count("IPA_VOIDED") == 1
    assert (await cases.told(agreeing.member)).count("IPA_VOIDED") == 0
    assert await world.count("event", "kind = 'agreement.void_with_offer'") == 2


# S-053
async def test_the_reason_does_not_say_who_the_child_is_before_the_provider_may_know(world: World) -> None:
    agreeing = await until(world, "DRAFT")
    (row,) = await world.sql("SELECT version FROM offer")
    document = """mutation ($id: UUID!, $version: Int!, $reason: String!, $meant: Boolean!) {
      offerVoid(id: $id, expectedVersion: $version, reason: $reason, acknowledgeIdentity: $meant) {
        offer { status } problems { code path } } }"""
    given = {"id": agreeing.ids["offer"], "version": row["version"], "reason": "Ana Żak goes home.", "meant": False}
    refused = (await world.gql(agreeing.officer, document, **given))["offerVoid"]["problems"]
    assert {problem["code"] for problem in refused} == {"NAMES_THE_CHILD"}
    assert refused[0]["path"] == ["reason"]
    given["reason"] = " \n"
    assert await world.refused(agreeing.officer, document.replace("path", "message"), **given) == ["REASON_REQUIRED"]
    assert await world.count("offer", "status = 'ACCEPTED'") == 1
    given |= {"reason": "Ana Żak goes home.", "meant": True}
    assert (await world.gql(agreeing.officer, document, **given))["offerVoid"]["offer"] == {"status": "VOIDED"}


# S-034, S-078
async def test_only_the_placement_team_voids_and_only_what_is_accepted(world: World) -> None:
    agreeing, cases = await until(world, "SIGNED"), Cases(world)
    given: dict[str, Any] = {"id": agreeing.ids["offer"], "expectedVersion": 3, "reason": REASON}
    for who in (agreeing.member, agreeing.authority_signatory, await cases.officer("Birmingham", Role.READ_ONLY)):
        assert await cases.refused(who, "offerVoid", **given) == ["FORBIDDEN"]
    assert await cases.refused(await cases.officer("Coventry"), "offerVoid", **given) == ["NOT_FOUND"]
    (stale,) = await cases.problems(agreeing.officer, "offerVoid", **{**given, "expectedVersion": 2})
    assert (stale["code"], stale["currentVersion"]) == ("STALE_VERSION", 3)
    await void(agreeing)
    (again,) = await cases.problems(agreeing.officer, "offerVoid", **{**given, "expectedVersion": 4})
    assert (again["code"], again["state"]) == ("OFFER_LOCKED", "VOIDED")


# S-078, S-101
async def test_no_agreement_is_drawn_up_from_an_offer_that_is_voided_at_the_same_moment(world: World) -> None:
    agreeing = await until(world, None)
    offer = UUID(agreeing.ids["offer"])
    (row,) = await world.sql("SELECT version FROM offer WHERE id = $1", offer)
    voiding = """mutation ($id: UUID!, $version: Int!) {
      offerVoid(id: $id, expectedVersion: $version, reason: "It burnt down.") { problems { code } } }"""
    drawing = """mutation ($id: UUID!, $key: UUID!) {
      ipaCreate(offerId: $id, idempotencyKey: $key) { problems { code } } }"""
    async with world.owner.connect() as held, held.begin():
        await held.execute(text("SELECT FROM referral FOR UPDATE"))
        acts = [asyncio.create_task(world.gql(agreeing.officer, voiding, id=str(offer), version=row["version"]))]
        await waiting(world, 1)
        acts.append(asyncio.create_task(world.gql(agreeing.officer, drawing, id=str(offer), key=str(uuid4()))))
        await waiting(world, 2)
    voided, drawn = await asyncio.gather(*acts)
    assert voided["offerVoid"]["problems"] == []
    assert [problem["code"] for problem in drawn["ipaCreate"]["problems"]] == ["OFFER_NOT_ACCEPTED"]
    assert await world.count("ipa") == 0


async def waiting(world: World, acts: int) -> None:
    """Until so many acts wait for the referral."""
    locked = "datname = current_database() AND wait_event_type = 'Lock'"

    async def blocked() -> bool:
        return await world.count("pg_stat_activity", locked) >= acts

    await happens(blocked)
