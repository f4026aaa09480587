"""No way back: an agreement is voided with its offer, the search is open again, and a new one takes its place."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from models.lifecycle import Role
from models.person import Viewer
from tests.agreeing import CREATE, Agreeing
from tests.cases import CONTRACT, Cases
from tests.resolvers.test_offer_void import OPEN, TOLD, frozen, until
from tests.uplifting import Uplifting
from tests.world import World

REASON = "The fee has to rise."
STATES = ("DRAFT", "IN_REVIEW", "READY_TO_SIGN", "PARTLY_SIGNED", "SIGNED")
VOID = """mutation ($id: UUID!, $version: Int!, $reason: String!, $meant: Boolean = false) {
  ipaVoid(id: $id, expectedVersion: $version, reason: $reason, acknowledgeIdentity: $meant) {
    ipa { id status voidReason } problems { code path ... on WrongState { state } } } }"""
NAMED = """query ($id: UUID!) { ipa(id: $id) { supersedesId supersedes { id reference status }
  supersededBy { id reference status } } }"""
SIBLINGS = [
    {"givenNames": name, "familyName": "Żak", "dateOfBirth": f"201{year}-02-03", "gender": "FEMALE"}
    for name, year in (("Ana", 4), ("Ada", 5))
]


async def void(agreeing: Agreeing, reason: str = REASON) -> None:
    await agreeing.well(agreeing.officer, "ipaVoid", f'reason: "  {reason} "')


async def refused(agreeing: Agreeing, who: Viewer, **different: Any) -> list[dict[str, Any]]:
    """The problems for which nothing was voided, told or changed at all."""
    (row,) = await agreeing.world.sql("SELECT version FROM ipa WHERE id = $1", UUID(agreeing.ids["ipa"]))
    kept = Cases(agreeing.world)
    before = await kept.everything_kept(), await agreeing.world.sql("SELECT * FROM ipa ORDER BY id")
    given = {"id": agreeing.ids["ipa"], "version": row["version"], "reason": REASON, **different}
    payload = (await agreeing.world.gql(who, VOID, **given))["ipaVoid"]
    assert payload["ipa"] is None
    assert (await kept.everything_kept(), await agreeing.world.sql("SELECT * FROM ipa ORDER BY id")) == before
    return list(payload["problems"])


async def group(world: World) -> tuple[Agreeing, list[str]]:
    """Siblings with an accepted offer for both, and the agreement of each."""
    agreeing = await Agreeing.among(world)
    await agreeing.referred(*SIBLINGS)
    children = [str(row["id"]) for row in await world.sql("SELECT id FROM child ORDER BY position")]
    await agreeing.offered(fees=[{"childId": child, "coreFeeWeekly": "4100.00"} for child in children])
    await agreeing.accepted()
    return agreeing, [await drawn_up(agreeing, child) for child in children]


async def drawn_up(agreeing: Agreeing, child: str) -> str:
    document = CREATE.replace("$key: UUID!", "$key: UUID!, $child: UUID!").replace("$key)", "$key, childId: $child)")
    made = await agreeing.world.do(agreeing.officer, document, id=agreeing.ids["offer"], key=str(uuid4()), child=child)
    agreeing.ids["ipa"] = made["ipa"]["id"]
    return str(made["ipa"]["id"])


async def known(agreeing: Agreeing, who: Viewer, id: str) -> tuple[str | None, str | None]:
    """Which agreements somebody is told that this one takes the place of, and has given its place to."""
    seen = (await agreeing.world.gql(who, NAMED, id=id))["ipa"]
    return tuple(seen[name] and seen[name]["id"] for name in ("supersedes", "supersededBy"))


# ── voiding ──────────────────────────────────────────────────────────────────
# S-078, S-108, S-115
@pytest.mark.parametrize("state", STATES)
async def test_voiding_an_agreement_voids_its_offer_and_opens_the_search_again(world: World, state: str) -> None:
    agreeing = await until(world, state)
    cases, colleague = Cases(world), await world.person(agreeing.officer.organisation_id, Role.PLACEMENT_OFFICER)
    before, agreed = await frozen(agreeing, "offer"), await frozen(agreeing, "ipa")
    listeners = (colleague, agreeing.member, agreeing.provider_signatory, agreeing.authority_signatory)
    heard = {who: len(await cases.told(who)) for who in listeners}
    await void(agreeing)
    for table in ("offer", "ipa"):
        assert await world.sql(f"SELECT status, void_reason FROM {table}") == [
            {"status": "VOIDED", "void_reason": REASON}
        ]
    assert (await frozen(agreeing, "offer"), await frozen(agreeing, "ipa")) == (before, agreed)
    assert await world.sql("SELECT status, accepted FROM referral") == [{"status": "SENT", "accepted": False}]
    assert await world.sql("SELECT status, searching FROM delivery") == [{"status": "OPENED", "searching": True}]
    news = {who: (await cases.told(who))[heard[who] :] for who in listeners}
    once = TOLD[state] or ["OFFER_VOIDED"]
    assert [news[who] for who in (colleague, agreeing.member)] == [once, once], "each hears of it once"
    to_signers = TOLD[state] if state in STATES[2:] else []
    assert [news[who] for who in (agreeing.provider_signatory, agreeing.authority_signatory)] == [to_signers] * 2
    told = [row["kind"] for row in await world.sql("SELECT kind FROM event WHERE kind LIKE '%void%' ORDER BY kind")]
    assert told == ["agreement.void", "offer.void" if state == "DRAFT" else "offer.void_with_agreement"]


# S-061, S-108
async def test_voiding_one_agreement_of_a_group_voids_them_all(world: World) -> None:
    agreeing, (ready, draft) = await group(world)
    agreeing.ids["ipa"] = ready
    await agreeing.shared()
    await agreeing.ready()
    agreeing.ids["ipa"] = draft
    cases = Cases(world)
    heard = len(await cases.told(agreeing.member))
    await void(agreeing)
    rows = await world.sql("SELECT status, void_reason FROM ipa UNION ALL SELECT status, void_reason FROM offer")
    assert rows == [{"status": "VOIDED", "void_reason": REASON}] * 3
    assert (await cases.told(agreeing.member))[heard:] == ["IPA_VOIDED"], "of the draft nothing was known"
    assert await world.sql("SELECT status, accepted FROM referral") == [{"status": "SENT", "accepted": False}]


# S-090, S-108
async def test_what_was_proposed_for_any_agreement_of_the_offer_ends_with_it(world: World) -> None:
    case = await Uplifting.among(world)
    await case.to_sign()
    for signer in (case.authority_signatory, case.provider_signatory):
        assert (await case.sign(signer))["problems"] == []
    await case.proposed(case.member, {"percentage": "10"}, "2026-09-01")
    await void(case)
    assert await world.sql("SELECT status FROM uplift") == [{"status": "ENDED"}]


# S-034, S-108
async def test_only_the_placement_team_voids_and_it_says_why(world: World) -> None:
    agreeing, cases = await until(world, "SIGNED"), Cases(world)
    nobody = (
        agreeing.member, agreeing.provider_signatory, agreeing.authority_signatory,
        await cases.officer("Birmingham", Role.READ_ONLY),
    )  # fmt: skip
    for who in nobody:
        assert [problem["code"] for problem in await refused(agreeing, who)] == ["FORBIDDEN"]
    elsewhere = await cases.officer("Coventry")
    assert [problem["code"] for problem in await refused(agreeing, elsewhere)] == ["NOT_FOUND"]
    for blank in ("", " \n"):
        (problem,) = await refused(agreeing, agreeing.officer, reason=blank)
        assert (problem["code"], problem["path"]) == ("REASON_REQUIRED", ["reason"])
    assert [problem["code"] for problem in await refused(agreeing, agreeing.officer, version=1)] == ["STALE_VERSION"]
    await void(agreeing)
    (again,) = await refused(agreeing, agreeing.officer)
    assert (again["code"], again["state"]) == ("IPA_LOCKED", "VOIDED")


# S-053, S-108
async def test_the_reason_does_not_say_who_the_child_is_before_the_provider_may_know(world: World) -> None:
    agreeing = await until(world, "DRAFT")
    named = "Ana Żak goes home."
    problems = await refused(agreeing, agreeing.officer, reason=named)
    assert {problem["code"] for problem in problems} == {"NAMES_THE_CHILD"}
    given = {"id": agreeing.ids["ipa"], "version": 1, "reason": named, "meant": True}
    assert (await world.gql(agreeing.officer, VOID, **given))["ipaVoid"]["ipa"]["status"] == "VOIDED"


# S-108
async def test_no_act_leads_back(world: World) -> None:
    """There is none by any name, and the state that ends it is left by none."""
    acts = {name for name in CONTRACT.mutation_type.fields if name.startswith("ipa")}  # type: ignore[union-attr]
    assert not {name for name in acts if any(word in name.lower() for word in ("reopen", "undo", "unlock", "revert"))}
    agreeing = await until(world, "SIGNED")
    await void(agreeing)
    for who in (agreeing.officer, agreeing.member, agreeing.authority_signatory, agreeing.provider_signatory):
        seen = await world.gql(who, "query ($id: UUID!) { ipa(id: $id) { can } }", id=agreeing.ids["ipa"])
        assert set(seen["ipa"]["can"]) <= {"OPEN"}
        assert (await world.gql(who, OPEN, id=agreeing.ids["ipa"]))["ipaOpen"]["problems"] == []


# S-108, S-109
async def test_voiding_and_signing_at_once_leave_it_void_either_way(world: World) -> None:
    agreeing = await until(world, "READY_TO_SIGN")
    await agreeing.opened(agreeing.provider_signatory)
    row = (await world.sql("SELECT version FROM ipa"))[0]
    given = {"id": agreeing.ids["ipa"], "version": row["version"], "reason": REASON}
    voided, signed = await asyncio.gather(
        world.gql(agreeing.officer, VOID, **given), agreeing.sign(agreeing.provider_signatory)
    )
    first = not signed["problems"]
    assert [problem["code"] for problem in voided["ipaVoid"]["problems"]] == (["STALE_VERSION"] if first else [])
    assert [problem["code"] for problem in signed["problems"]] == ([] if first else ["IPA_LOCKED"])
    assert await world.count("signature") == int(first)
    assert await world.count("ipa", "status = 'VOIDED'") == int(not first)


# S-108
async def test_an_agreement_and_its_offer_voided_at_once_are_voided_by_one_act(world: World) -> None:
    agreeing = await until(world, "IN_REVIEW")
    (offer,), (row,) = await world.sql("SELECT id, version FROM offer"), await world.sql("SELECT version FROM ipa")
    by_offer = """mutation ($id: UUID!, $version: Int!) {
      offerVoid(id: $id, expectedVersion: $version, reason: "It burnt down.") { problems { code } } }"""
    both = await asyncio.gather(
        world.gql(agreeing.officer, VOID, id=agreeing.ids["ipa"], version=row["version"], reason=REASON),
        world.gql(agreeing.officer, by_offer, id=str(offer["id"]), version=offer["version"]),
    )
    codes = [[problem["code"] for problem in payload["problems"]] for each in both for payload in each.values()]
    assert sorted(codes) in ([[], ["OFFER_LOCKED"]], [[], ["IPA_LOCKED"]])
    assert await world.count("event", "kind LIKE 'offer.void%'") == 1
    assert await world.count("event", "kind LIKE 'agreement.void%'") == 1


# ── what takes its place ─────────────────────────────────────────────────────
# S-101, S-108
async def test_after_voiding_the_offer_is_made_anew_and_a_new_agreement_supersedes_the_old(world: World) -> None:
    agreeing = await until(world, "SIGNED")
    old = agreeing.ids["ipa"]
    await void(agreeing)
    refused = await world.refused(agreeing.officer, CREATE, id=agreeing.ids["offer"], key=str(uuid4()))
    assert refused == ["OFFER_NOT_ACCEPTED"]
    for step in (agreeing.offered, agreeing.accepted, agreeing.drawn_up):
        await step()
    new = agreeing.ids["ipa"]
    assert await known(agreeing, agreeing.officer, new) == (old, None)
    assert await known(agreeing, agreeing.officer, old) == (None, new)
    for who in (agreeing.member, agreeing.provider_signatory):
        assert await known(agreeing, who, old) == (None, None), "a draft is not shared (S-105)"
    await agreeing.shared()
    assert await known(agreeing, agreeing.member, old) == (None, new)
    assert await known(agreeing, agreeing.member, new) == (old, None)
    assert await known(agreeing, agreeing.provider_signatory, old) == (None, None)
    await agreeing.ready()
    assert await known(agreeing, agreeing.provider_signatory, old) == (None, new)
    await void(agreeing)
    for step in (agreeing.offered, agreeing.accepted, agreeing.drawn_up):
        await step()
    assert await known(agreeing, agreeing.officer, new) == (old, agreeing.ids["ipa"])


# S-105, S-108
async def test_a_draft_that_was_never_shared_takes_no_place_and_gives_none(world: World) -> None:
    """What follows it names what was before it: the provider signs nothing that names what it never saw."""
    agreeing = await until(world, "DRAFT")
    await void(agreeing)
    again = (agreeing.offered, agreeing.accepted, agreeing.drawn_up)
    for step in (*again, agreeing.shared):
        await step()
    first = agreeing.ids["ipa"]
    assert await known(agreeing, agreeing.officer, first) == (None, None)
    await void(agreeing)
    for step in again:
        await step()
    unseen = agreeing.ids["ipa"]
    assert await known(agreeing, agreeing.officer, unseen) == (first, None)
    await void(agreeing)
    for step in (*again, agreeing.shared):
        await step()
    assert await known(agreeing, agreeing.officer, first) == (None, agreeing.ids["ipa"])
    assert await known(agreeing, agreeing.member, agreeing.ids["ipa"]) == (first, None)


# S-061, S-108
async def test_each_child_of_a_group_has_its_own_line_of_agreements(world: World) -> None:
    agreeing, old = await group(world)
    for agreeing.ids["ipa"] in old:
        await agreeing.shared()
    await void(agreeing)
    children = [str(row["id"]) for row in await world.sql("SELECT id FROM child ORDER BY position")]
    await agreeing.offered(fees=[{"childId": child, "coreFeeWeekly": "4200.00"} for child in children])
    await agreeing.accepted()
    new = [await drawn_up(agreeing, child) for child in reversed(children)]
    assert [await known(agreeing, agreeing.officer, id) for id in new] == [(old[1], None), (old[0], None)]


# S-030, S-108
async def test_an_agreement_with_another_provider_takes_the_place_of_none(world: World) -> None:
    agreeing = await until(world, "READY_TO_SIGN")
    old, first = agreeing.ids["ipa"], agreeing.member
    rival = await world.provider(name="Another")
    agreeing.member = await world.person(rival.id, Role.MEMBER)
    await Cases(world).papers(rival)
    await void(agreeing)
    agreeing.firm = rival
    for step in (agreeing.offered, agreeing.accepted, agreeing.drawn_up, agreeing.shared):
        await step()
    for who in (agreeing.officer, agreeing.member):
        assert await known(agreeing, who, agreeing.ids["ipa"]) == (None, None)
    assert await known(agreeing, first, old) == (None, None)
    assert (await world.gql(agreeing.member, NAMED, id=old))["ipa"] is None
